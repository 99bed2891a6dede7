"""What waits today, as far as there is room: no open stop and no draft is lost from sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.records import Draft, WorkItem
from store.repository.store import Store

SEATS = 5
"""How many matters are told at most, but for those that nobody may miss."""

MOST = 9
"""As many as there are digits."""

DRAFT_SEATS = 2
"""How many are kept for drafts, the ones that were worked on last."""

COUNTED = 100
"""Counting goes no further: it would take longer with everything that waits."""


@dataclass(frozen=True)
class Waiting:
    """One matter, with the draft that it is, if it is one that may be gone on with."""

    item: WorkItem
    draft: Draft | None = None


@dataclass(frozen=True)
class WaitingList:
    """What is told of all that waits."""

    shown: tuple[Waiting, ...] = ()
    more: int = 0
    """How many more there are on the worklist."""
    counted: bool = True
    """Whether `more` is all of them."""
    more_urgent: bool = False
    """Whether there are matters among them that nobody may miss."""


def list_waiting(store: Store, today: date, drafts: Sequence[Draft]) -> WaitingList:
    """Return what waits: open stops and dangers, what has its day, drafts, then the rest.

    `drafts` are those that the worker may go on with, the one last worked on first.

    Raises:
        StoreError: If the store does not tell.
    """
    items = store.worklist.list_items(today, limit=MOST + 1)
    known = {draft.assessment.id: draft for draft in drafts}
    begun = [draft.assessment.id for draft in drafts if not draft.stopped][:SEATS]
    own = store.worklist.list_drafts(begun, today) if begun else []
    told = _seated(items[:MOST], own)
    # As long as all is at hand nothing has to be counted beside it.
    whole = len(items) <= MOST
    every = len(items) if whole else store.worklist.count_items(today, at_most=COUNTED)
    shown = tuple(Waiting(item, known.get(item.assessment_id or "")) for item in told)
    more_urgent = any(map(is_urgent, items[MOST:]))
    return WaitingList(shown, max(0, every - len(told)), every < COUNTED, more_urgent)


def _seated(items: Sequence[WorkItem], drafts: Sequence[WorkItem]) -> list[WorkItem]:
    """Return what there is room for, in the order in which it is told."""
    urgent = [item for item in items if is_urgent(item)]
    dated = [item for item in items if item not in urgent and _has_its_day(item)]
    rest = [item for item in items if item not in (*urgent, *dated, *drafts)]
    kept = min(DRAFT_SEATS, len(drafts), MOST - len(urgent))
    room = max(SEATS - len(urgent), kept)
    first = dated[: room - kept]
    second = drafts[: room - len(first)]
    return [*urgent, *first, *second, *rest[: room - len(first) - len(second)]]


def is_urgent(item: WorkItem) -> bool:
    """Return whether a matter is one that nobody may miss: an open stop, a typed danger."""
    return item.kind == "open_stop" or item.occasion == "danger"


def _has_its_day(item: WorkItem) -> bool:
    return item.kind in ("next_contact", "measurement", "review")
