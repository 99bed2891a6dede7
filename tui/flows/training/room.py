"""What each mode of practice is given, and how a case is chosen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from casework.training.practice import Practice
from screens.alone.client_lock import Unlocks
from screens.training.case_list import CaseListScreen
from stepping.training.reading import Case
from store.errors import StoreError
from tui.flows.show import Show, Tell


@dataclass(frozen=True)
class Room:
    """The practice of a seat with what shows its pages."""

    practice: Practice
    show: Show
    tell: Tell
    knows_nurse: Unlocks


def _any(_case: Case) -> bool:
    return True


async def choose_case(room: Room, title: str, fits: Callable[[Case], bool] = _any) -> Case | None:
    """Let somebody choose a case; None where they go back.

    Nothing in the list tells the step or the danger of a case, which are to be found.
    """
    practice = room.practice
    cases = [case for case in practice.shelf.cases.values() if fits(case)]
    tried: set[str] = set()
    with suppress(StoreError):  # a case can be read while the own record cannot
        tried = {entry.case for entry in practice.record.entries}
    return await room.show(CaseListScreen(practice.workspace, title, cases, tried))
