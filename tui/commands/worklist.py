"""`porras worklist`: what waits to be done, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from casework.workspace import Workspace
from screens.desk.worklist import told
from screens.wording.risk_words import glance_words
from store.codes import show
from store.records import WorkItem
from tui import say
from tui.commands.common import FORMAT, refuse_unknown, stop_as_json
from tui.commands.open_store import pass_store, warn_of_care
from tui.commands.text import labelled_lines

_EVERYTHING = -1
"""As many as there are, for the store."""


@click.command()
@click.option("--own", is_flag=True, help="Only what you began yourself.")
@click.option("--municipality", metavar="ID", help="Only clients of one municipality.")
@click.option("--unit", metavar="NAME", help="Only what was begun in one unit.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the N most pressing.")
@FORMAT
@pass_store
def worklist(
    workspace: Workspace,
    /,
    own: bool,
    municipality: str | None,
    unit: str | None,
    limit: int | None,
    form: str,
) -> None:
    """List what waits, the most pressing first.

    Open safety stops, typed items on suicide that nobody has assessed, then contacts, measurements
    and reviews whose day has come, legal times, what is not confirmed, drafts, episodes without a
    next contact. A "!" marks the first two and every day that has passed.
    """
    # An empty list of what nobody has would look as if nothing waited.
    if municipality is not None:
        known = (place.id for area in workspace.areas for place in area.municipalities)
        refuse_unknown("there is no municipality", municipality, known)
    if unit is not None:
        refuse_unknown("there is no unit", unit, workspace.store.staff.list_units())
    workspace.store.log_event("view.worklist")
    workspace.refresh_worklist()
    warn_of_care(workspace)
    items = workspace.store.worklist.list_items(
        workspace.today, own=own, municipality=municipality, unit=unit, limit=limit or _EVERYTHING
    )
    say.answer(
        form,
        lambda: [_item(item, workspace.today) for item in items],
        _lines(workspace, items),
    )


def _item(item: WorkItem, today: date) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "client": item.client,
        "due": item.due and item.due.isoformat(),
        "since": item.since.isoformat(),
        "days_left": item.due and (item.due - today).days,
        "rule": item.rule,
        "untold": item.untold,
        "track": item.track,
        "occasion": item.occasion,
        "time": item.time,
        "who": item.who,
        "role": item.role,
        "paused": item.paused,
        "municipality": item.municipality,
        "unit": item.unit,
        "worker": item.worker,
        "stops": [stop_as_json(stop) for stop in item.stops],
        "risk": [each.model_dump(mode="json") for each in item.risk],
        "assessment": item.assessment_id,
        "episode": item.episode_id,
    }


def _lines(workspace: Workspace, items: list[WorkItem]) -> Iterator[str]:
    if not items:
        yield workspace.t("Nothing waits.")
    for item in items:
        mark = "!" if item.is_pressing(workspace.today) else " "
        place = workspace.get_municipality_name(item.municipality, workspace.language)
        what = told(item, workspace.today, workspace.care_names, workspace.t)
        parts = (what, glance_words(item.risk, workspace.t), place, item.worker)
        yield from labelled_lines(f"{mark} {show(item.client)}  ", " · ".join(filter(None, parts)))
