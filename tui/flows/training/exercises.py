"""What one practises alone: a case step by step, the flip, the emergency drill."""

from __future__ import annotations

from collections.abc import Callable

from casework.idle_timer import uptime_s
from casework.training.practice import Practice
from screens.training.exercises.drill import DrillScreen
from screens.training.exercises.flip import FlipScreen
from screens.training.exercises.replay import ReplayScreen
from stepping.training.exercises.what_if import list_flips
from stepping.training.reading import Case
from stepping.training.records import DrillTry, Judgement
from tui.flows.training.room import Room, choose_case


async def replay_case(room: Room) -> str:
    """Show one case after the other answer by answer; return what to say on the menu."""
    workspace = room.practice.workspace
    while case := await choose_case(room, workspace.t("Replay"), shows_its_step(room.practice)):
        await room.show(ReplayScreen(workspace, case))
    return _of_the_class(room)


async def find_flip(room: Room) -> str:
    """Ask which answer would move the step, as often as wanted; return what to say on the menu."""
    workspace, may = room.practice.workspace, shows_its_step(room.practice)

    def fits(case: Case) -> bool:
        return may(case) and bool(list_flips(case))

    while case := await choose_case(room, workspace.t("Find the flip"), fits):
        while await room.show(FlipScreen(room.practice, case)):
            pass
    return _of_the_class(room)


async def drill(room: Room) -> str:
    """Go through cases that turn; return what to say on the menu."""
    practice = room.practice
    while case := await choose_case(room, practice.workspace.t("Emergency drill"), _turns):
        tries = _tries(room, case)
        while await room.show(DrillScreen(practice, case, tries, uptime_s)):
            tries += 1
    return ""


def shows_its_step(practice: Practice) -> Callable[[Case], bool]:
    """Return which cases may be shown with their step: in a class those that were judged there.

    Else somebody would have seen the step of a case before judging it.
    """
    if practice.class_id is None:
        return lambda _case: True
    own = [each for each in practice.record.entries if each.class_id == practice.class_id]
    judged = {each.case for each in own if isinstance(each, Judgement)}
    return lambda case: case.vignette.id in judged


def _of_the_class(room: Room) -> str:
    if room.practice.class_id is None:
        return ""
    return room.practice.workspace.t("In a class only cases that you have judged are listed here.")


def _turns(case: Case) -> bool:
    return case.vignette.turn is not None


def _tries(room: Room, case: Case) -> int:
    entries = room.practice.record.entries
    return sum(isinstance(each, DrillTry) and each.case == case.vignette.id for each in entries)
