"""The way through the screens: open the store, then one assessment after another."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from casework.workspace import Workspace
from screens.base.page import Page
from screens.desk.announcements import key_file_gone, unwritten
from screens.desk.start import StartScreen
from screens.desk.wanted import (
    Browse,
    Find,
    Look,
    Mend,
    New,
    Quit,
    Report,
    Resume,
    Save,
    ShowClass,
    Train,
    Wanted,
    Work,
)
from store.audit.clock_check import PUT_BACK
from store.errors import NotKeptApart, StoreError, TakenAway
from store.paths import StorePaths
from store.session import clock_doubt
from tui.flows.sign_in import SignInFlow

if TYPE_CHECKING:
    from stepping.pathway.diagnostics import PathwayError
    from store.repository.store import Store
    from tui.flows.clients import ClientFlow
    from tui.flows.training.menu import TrainingFlow

Result = TypeVar("Result")


class Left(Exception):
    """The nurse leaves a store that has lost its database."""


class Program(Protocol):
    """What the flow asks of whatever shows the pages."""

    async def show(self, page: Page[Result], /) -> Result | None:
        """Show a page and return what the nurse wants next."""
        ...

    def watch_idle(self, store: Store, /) -> None:
        """Lock from now on when nobody is there."""
        ...


class Flow:
    """Leads from the sign-in to the start and back to it, until the nurse closes the program."""

    def __init__(
        self,
        app: Program,
        workspace: Workspace,
        places: StorePaths,
        *,
        demo: bool,
        begin: Wanted | None = None,
        tour: bool = False,
    ) -> None:
        self._app = app
        self._places = places
        self._tour = tour
        self._begin = begin
        """What comes before the start is shown, as if it had been chosen there."""
        self._training: TrainingFlow | None = None
        self._workspace = workspace
        self._sign_in = SignInFlow(workspace, places, self._show, app.watch_idle, demo=demo)

    @cached_property
    def _clients(self) -> ClientFlow:
        """The way through assessments; what it shows is read when it is first taken."""
        from tui.flows.clients import ClientFlow

        return ClientFlow(self._workspace, self._show, self._sign_in.knows_nurse)

    async def _show(self, page: Page[Result]) -> Result | None:
        """Show a page; where the store has lost its database, tell that in its place.

        No page may look as if the database had what was answered.

        Raises:
            Left: If the nurse leaves.
        """
        error = self._workspace.lost_database
        readable = page.traits.shows_answers and isinstance(error, NotKeptApart)
        # Before the store is spoken of, the nurse unlocks what a client held.
        if error is None or readable or self._workspace.with_client:
            return await self._app.show(page)
        await self._tell_lost_database(error, back=not page.traits.is_home)
        return None

    async def _tell_lost_database(self, error: TakenAway, *, back: bool) -> None:
        from screens.base.error import LostDatabaseScreen

        back = back and isinstance(error, NotKeptApart)
        if await self._app.show(LostDatabaseScreen(self._workspace, error, back=back)):
            raise Left

    async def run(self) -> None:
        """Open a store, then work until the nurse closes the program."""
        try:
            if await self._sign_in.open():
                if await self._is_day_certain():
                    await self._day()
                self._workspace.store.keep_apart()
                if error := self._workspace.lost_database:
                    await self._tell_lost_database(error, back=False)
                self._workspace.close()
        except Left:  # whoever closes the store tells once more what has become of it
            return
        except StoreError as error:
            from screens.base.error import ErrorScreen

            # Between two screens nothing lies below to go back to.
            await self._show(ErrorScreen(self._workspace, error, last=True))

    async def _is_day_certain(self) -> bool:
        """Have a date that is in doubt checked before anything is stored under it."""
        store = self._workspace.store
        if store.clock_doubt is None:
            return True
        from screens.desk.clock_check import ClockScreen

        clock_doubt.keep(store)
        if not await self._show(ClockScreen(self._workspace, store.clock_doubt)):
            return False
        clock_doubt.confirm(store)
        return True

    # -- the day -----------------------------------------------------------

    async def _day(self) -> None:
        message = unwritten(self._workspace) or self._of_the_clock()
        shows_class = isinstance(self._begin, ShowClass)  # on a projector, before a class
        if self._tour and self._sign_in.first_time and not shows_class:
            from screens.desk.tour import TourScreen

            await self._show(TourScreen(self._workspace))
        wanted: Wanted | Quit | None = self._begin
        while True:
            if wanted is None:
                wanted = await self._show(StartScreen(self._workspace, message))
            if wanted is None or isinstance(wanted, Quit):
                return
            said = await self._take_up(wanted) or unwritten(self._workspace)
            message = " ".join(filter(None, (key_file_gone(self._workspace), said)))
            wanted = None

    def _of_the_clock(self) -> str:
        """Say that the clock was or may be wrong, since days and deadlines are counted by it."""
        store, t = self._workspace.store, self._workspace.t
        if store.clock_returned:
            first, last = store.clock_returned
            return t(
                "! The clock was wrong and is right again. Entries {first}–{last} of the log have "
                "a wrong date.",
                first=first,
                last=last,
            )
        behind = store.clock_behind
        if behind is None or behind > PUT_BACK:  # what is more has been asked about
            return ""
        return self._workspace.t.many(
            "! This computer's clock is {count} minute behind the newest entry: check the time.",
            "! This computer's clock is {count} minutes behind the newest entry: check the time.",
            int(behind.total_seconds()) // 60,
        )

    async def _take_up(self, wanted: Wanted) -> str:
        """Do what was chosen at the start; return what to say there afterwards."""
        match wanted:
            case New():
                return await self._clients.new(None)
            case Find():
                from tui.flows.find import find

                found = await find(self._workspace, self._show)
                return await self._clients.look_up(found) if found else ""
            case Look(client_id):
                return await self._clients.look_up(client_id)
            case Resume(draft):
                return await self._clients.resume(draft)
            case Work():
                return await self._clients.work()
            case Browse() | Report():
                await self._read(wanted)
                return ""
            case Save():
                from tui.flows.backup import make_backup

                return await make_backup(self._workspace, self._show)
            case Train() | ShowClass():
                await self._practise(wanted)
                return ""
            case Mend(fault):
                return await self._tell_of_fault(fault)

    async def _read(self, wanted: Browse | Report) -> None:
        """Show the rules of the pathways, or sums; neither is of a client."""
        if isinstance(wanted, Browse):
            await self._clients.browse()
            return
        from tui.flows.reports import show_reports

        await show_reports(self._workspace, self._show)

    async def _practise(self, wanted: Train | ShowClass) -> None:
        """Show a class, or go to the menu of practice; whoever comes back sits where they sat."""
        if isinstance(wanted, ShowClass):
            from tui.flows.training.trainer import show_class

            await show_class(self._workspace, self._show, wanted.folder)
            return
        from tui.flows.training.menu import TrainingFlow

        if self._training is None:
            knows = self._sign_in.knows_nurse
            self._training = TrainingFlow(self._workspace, self._places, self._show, knows)
        await self._training.run()

    async def _tell_of_fault(self, fault: PathwayError | StoreError) -> str:
        """Say once that content, services, or what goes on beside the steps cannot be read, why."""
        from screens.base.error import CareErrorScreen, ErrorScreen, ServicesErrorScreen

        self._workspace.shown_faults.append(fault)
        if isinstance(fault, StoreError):
            await self._show(ErrorScreen(self._workspace, fault))
        elif fault is self._workspace.area_fault:
            await self._show(ServicesErrorScreen(self._workspace, fault))
        else:
            await self._show(CareErrorScreen(self._workspace, fault))
        return self._of_the_clock()
