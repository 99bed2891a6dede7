"""The way through practice: choose a mode, go through it, and come back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from casework.training.practice import Practice
from casework.workspace import Workspace
from screens.alone.client_lock import Unlocks
from screens.base.error import ErrorScreen, PathwayErrorScreen
from screens.desk.tour import TourScreen
from screens.training.menu import Exercise, Mode, TrainingMenu
from screens.training.results import OwnResultsScreen
from stepping.pathway.diagnostics import PathwayError
from stepping.training.progress import follow_progress
from store.errors import StoreError
from store.paths import StorePaths
from store.training.places import OWN_SEAT, record_path, seat_places, usual_places
from tui.flows.show import Show
from tui.flows.training.exercises import drill, find_flip, replay_case
from tui.flows.training.joining import Joining
from tui.flows.training.judge import interview, judge
from tui.flows.training.read import read_client_part
from tui.flows.training.reset import begin_anew
from tui.flows.training.room import Room
from tui.flows.training.trainer import choose_class

_EXERCISES: Mapping[Exercise, Callable[[Room], Awaitable[str]]] = {
    "judge": judge,
    "interview": interview,
    "replay": replay_case,
    "flip": find_flip,
    "drill": drill,
    "read": read_client_part,
}


class TrainingFlow:
    """Leads from the menu of practice through a mode and back, until one goes back to the start."""

    def __init__(
        self,
        workspace: Workspace,
        places: StorePaths,
        show: Show,
        knows_nurse: Unlocks,
    ) -> None:
        seat = workspace.seat or OWN_SEAT
        practice = Practice(workspace, record_path(places, seat), seat)
        self._room = Room(practice, show, self._tell, knows_nurse)
        self._workspace = workspace
        self._show = show
        self._usual = usual_places(places, workspace.seat)
        self._joining = Joining(self._room, self._usual, workspace.seat)
        self._first = workspace.seat
        """The seat that the program was started with, until its class was looked for."""

    async def run(self) -> None:
        """Show the menu until it is left.

        Raises:
            StoreError: If the store was put back and does not open again.
        """
        said = ""
        while True:
            try:
                said = await self._of_the_class() or said
                mode = await self._show(TrainingMenu(self._room.practice, said))
                if mode is None:
                    return
                said = await self._go(mode)
            except (StoreError, PathwayError) as error:
                if self._workspace.opened is None:  # one put back that does not open again
                    raise
                await self._tell(error)
                return

    async def _of_the_class(self) -> str:
        """Join the class of the seat that the program has; leave one that has ended."""
        first, self._first = self._first, None
        if first is not None:
            return await self._joining.at_once(first)
        return self._joining.look_whether_ended()

    async def _go(self, mode: Mode) -> str:
        """Go through a mode; return what to say on the menu."""
        match mode:
            case "join":
                return await self._joining.by_word()
            case "leave":
                return self._joining.leave()
            case "results":
                await self._show_results()
                return ""
            case "reset":
                places = seat_places(self._usual, self._workspace.seat)
                return await begin_anew(self._room, places)
            case "tour":
                await self._show(TourScreen(self._workspace))
                return ""
            case "class":
                return await choose_class(self._workspace, self._show, self._joining.folders)
            case _:
                return await _EXERCISES[mode](self._room)

    async def _show_results(self) -> None:
        practice = self._room.practice
        progress = follow_progress(practice.record, practice.shelf.cases)
        await self._show(OwnResultsScreen(self._workspace, practice.seat, progress))

    async def _tell(self, error: StoreError | PathwayError) -> None:
        if isinstance(error, StoreError):
            await self._show(ErrorScreen(self._workspace, error))
        else:
            await self._show(PathwayErrorScreen(self._workspace, error))
