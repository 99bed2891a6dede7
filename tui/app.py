"""The application: one path through the screens, and a terminal left as it was found."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events, work
from textual._time import get_time
from textual.app import ComposeResult
from textual.worker import WorkerFailed

from screens.base.lines import plain
from store.errors import StoreError
from tui.full_screen.key_pace import ONLY_MOVES, Fingers, Pace, Press
from tui.full_screen.line_widget import Lines
from tui.full_screen.screen_lock import ScreenLock
from tui.hardening import find_missing_part
from tui.preload import QUIET_S, enable_gc, preload_modules, start_store_check
from tui.terminal.app import TerminalApp
from tui.terminal.keyboard import Burst, TooMuch

if TYPE_CHECKING:
    from casework.workspace import Workspace
    from screens.base.page import Page
    from screens.desk.wanted import Wanted
    from store.maintenance.rolling_check import Watch
    from store.paths import StorePaths
    from store.repository.store import Store
    from tui.full_screen.page_screen import PageScreen

Result = TypeVar("Result")

_MEANT_TO_LEAVE = ("ctrl+c", "ctrl+q")
"""Keys by which people leave other programs."""

_LOOK_S = 1.0
"""How often it is looked whether the screen has to lock."""


class PorrasApp(TerminalApp[int]):
    """Runs the day's work and drops keys that were pressed before their screen was drawn."""

    CSS = "Screen { background: ansi_default; color: ansi_default; }"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS = []  # noqa: RUF012 - every key belongs to a screen; none needs Ctrl

    def __init__(
        self,
        workspace: Workspace,
        places: StorePaths,
        *,
        demo: bool = False,
        begin: Wanted | None = None,
        uptime: Callable[[], float] | None = None,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(ansi_color=None)
        self.theme = "ansi-dark"
        self.workspace = workspace
        self._places = places
        self._demo = demo
        self._begin = begin
        self.tour = False
        """Whether whoever opens the program for the first time is shown around."""
        self.screen_lock = ScreenLock(workspace, places, self.push_page, self._knows_nurse, uptime)
        self._fingers = Fingers(pace or Pace())
        self._waiting: tuple[PageScreen, events.Key] | None = None
        """The page and the key that waits there until it is known not to be held."""
        self._has_read_ahead = False
        self._watch: Watch | None = None
        """The check of the open store beside work."""
        self._key_at = 0.0
        """When the last key came."""

    def compose(self) -> ComposeResult:
        """Show at once that the program is there, before the rest of it is read."""
        yield Lines([plain(" Porras"), (), plain(" " + self.workspace.t("opening …"))])

    def on_mount(self) -> None:
        """Begin the day's work once the first picture is drawn."""
        self.call_after_refresh(self.work_through)

    @work
    async def work_through(self) -> None:
        """Go through the screens until the nurse closes the program."""
        from tui.flows.main import Flow

        enable_gc()
        demo, begin, tour = self._demo, self._begin, self.tour
        await Flow(self, self.workspace, self._places, demo=demo, begin=begin, tour=tour).run()
        self.exit(return_code=0)

    async def on_page_screen_settled(self) -> None:
        """Read what the next keys will open, and begin to check the store beside work; once."""
        if not self._has_read_ahead:
            self._has_read_ahead = True
            self.run_worker(self._beside_the_screens(), exit_on_error=False)

    async def _beside_the_screens(self) -> None:
        await asyncio.to_thread(preload_modules)
        self._watch = start_store_check(self.workspace, lambda: get_time() - self._key_at > QUIET_S)

    async def show(self, page: Page[Result]) -> Result | None:
        """Show a page and return what comes of it."""
        result: Result | None = await self.push_screen_wait(screen_of(page))
        return result

    def push_page(self, page: Page[Any], callback: Callable[[Any], object] | None = None) -> None:
        """Show a page over whatever is on the screen; its result is for the callback."""
        self.push_screen(screen_of(page), callback)  # type: ignore[arg-type]

    # -- the idle lock -----------------------------------------------------

    def watch_idle(self, store: Store) -> None:
        """Lock the screen from now on when no key comes for the time that the store says."""
        self.screen_lock.watch(store)
        self.set_interval(_LOOK_S, self.lock_if_idle)

    def _knows_nurse(self, text: str) -> str | None:
        from tui.flows.sign_in import knows_nurse

        return knows_nurse(self.workspace, self._places, text)

    def lock_if_idle(self) -> bool:
        """Cover everything if no key came for too long; say whether it is covered now."""
        return self.screen_lock.lock_if_idle()

    def on_page_screen_lock_wanted(self) -> None:
        """Cover everything at once; where it is covered, what lies over the cover goes on."""
        if self.screen_lock.covers and self._on_top is not None:
            self._on_top.draw()
        self.screen_lock.lock()

    def coming_back(self) -> None:
        """Lock before anything is drawn, if the program was stopped for too long."""
        with self._context():
            self.lock_if_idle()

    def on_unmount(self) -> None:
        """Close the store, whatever ended the program."""
        if self._watch is not None and (said := ended(self._watch, self.workspace)):
            self._exit_renderables.append(said)
        if said := closed(self.workspace):
            self._exit_renderables.append(said)

    def _fatal_error(self) -> None:
        """Leave without Textual's picture of the fault, which shows the values of variables."""
        self._exit_renderables.append(fault_text(self._exception, self.workspace))
        self._close_messages_no_wait()

    def on_page_screen_emergency_wanted(self) -> None:
        """Lay the emergency card over whatever is on the screen."""
        from screens.desk.emergency import EmergencyScreen

        top = self._on_top
        if top and not isinstance(top.page, EmergencyScreen):  # a second press of one burst
            self.push_page(EmergencyScreen(self.workspace))

    def on_page_screen_help_wanted(self, message: PageScreen.HelpWanted) -> None:
        """Explain the keys of the screen that asks."""
        from screens.base.help import HelpScreen

        self.push_page(HelpScreen(self.workspace, message.keys))

    def on_page_screen_failed(self, message: PageScreen.Failed) -> None:
        """Say what failed, what is safe and what to do."""
        from screens.base.error import trouble

        self.push_page(trouble(self.workspace, message.error), self._told_of_failure)

    def _told_of_failure(self, wanted: str | None) -> None:
        if wanted == "leave":
            self.exit(return_code=0)

    def on_terminal_driver_not_utf8(self) -> None:
        """Say once that the terminal sends another character set; the letters were dropped."""
        if (screen := self._on_top) is not None:
            screen.say(
                screen.page.t("The terminal is not set to UTF-8: letters such as ä do not arrive.")
            )

    # -- keys --------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Let a key count for the page that it was meant for, and for that one only."""
        if isinstance(event, Burst | TooMuch | events.Paste) and not event.is_forwarded:
            self._at_once(event)
        elif not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif not self._dropped_with_ctrl(event) and (
            not self._comes_too_late() or self._calls(event)
        ):
            await self._key(event)

    def _dropped_with_ctrl(self, event: events.Key) -> bool:
        """Whether a key is held with Ctrl: none does anything but edit a typed text.

        Textual would end the program, speak of its own, or fill the clipboard.
        """
        if "ctrl+" not in event.key:
            return False
        screen = self._on_top
        if screen is not None and event.key in _MEANT_TO_LEAVE and not self.workspace.with_client:
            screen.say(
                screen.page.t("Ctrl ends nothing here. Esc goes back; q on the first page closes.")
            )
        return not (screen is not None and screen.edits(event) and not self.workspace.with_client)

    async def _key(self, event: events.Key) -> None:
        """Rule on a key by pace, and by what it does on the page that is shown."""
        self._key_at = event.time
        if self._fingers.is_due(event.time, event.key):
            await self._act_on_waiting()
        screen, self._waiting = self._on_top, None
        if screen is None:
            await super().on_event(event)
            return
        press, t = screen.pressed(event), screen.page.t
        ruling = self._fingers.press(press)
        if not self._counts(screen, event, waits=ruling == "waits"):
            return
        if ruling == "held":
            self._tell(screen, t("A key held down does one thing only: let go, then press."))
        elif screen.too_soon(press, event):
            if not screen.typing:
                self._tell(screen, t("This has just come up: read it, then press again."))
        elif ruling == "hasty":
            self._tell(screen, t("A key counts here after a short pause: press it again."))
        elif ruling == "waits":
            self._waiting = screen, event
            self.set_timer(self._fingers.waits_s, self._act_if_due)
        else:
            vars(event)[ONLY_MOVES] = press.moves
            await self._act_on(screen, event)

    async def _act_on(self, screen: PageScreen, event: events.Key) -> None:
        screen.hears(event)
        await super().on_event(event)

    def once_shown(self, call: Callable[[float], None]) -> None:
        """Call when what has been drawn is shown; the emergency card waits for no older picture."""
        if self._on_top is not None and self._on_top.page.traits.sent_at_once:
            self.press()
        super().once_shown(call)

    async def _act_if_due(self) -> None:
        if self._fingers.is_due(get_time()):
            await self._act_on_waiting()
        elif self._fingers.waiting is not None:  # a timer that went off a moment too early
            self.set_timer(self._fingers.waits_s, self._act_if_due)

    async def _act_on_waiting(self) -> None:
        """Let the key act that has waited, unless something else is on the screen by now."""
        self._fingers.waiting = None
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        screen, event = waiting
        if screen is self._on_top and self._counts(screen, event, waits=True):
            event.time = get_time()  # now it acts: the page has stood for as long as it waited
            await self._act_on(screen, event)

    def _counts(self, screen: PageScreen, event: events.Key, *, waits: bool) -> bool:
        """Whether a key was meant for what is shown; a call for help waits for no terminal.

        One that waits needs no moment after the page has come: it waits longer than that.
        """
        return not screen.guard.stale(event, 0.0 if waits else None) or self._calls(event)

    def _calls(self, event: events.Key) -> bool:
        """Whether a key calls for help on the screen on top."""
        return self._on_top is not None and self._on_top.call_of(event) is not None

    def _tell(self, screen: PageScreen, sentence: str) -> None:
        """Say why a key did nothing; once, however long it is held."""
        if screen.page.message != sentence:
            screen.say(sentence)

    def _at_once(self, event: Burst | TooMuch | events.Paste) -> None:
        """Take what came at once as far as it is typed text; say what was not taken."""
        screen, self._waiting = self._on_top, None
        if isinstance(event, Burst):
            self._fingers.press(Press(event.keys[-1].key, event.time))
        if screen is None or self._comes_too_late():
            return
        if screen.guard.stale(event):
            screen.say(screen.page.t("What came before this page was there is not taken."))
        elif isinstance(event, Burst):
            screen.take_burst(event.keys)
        elif isinstance(event, events.Paste):
            screen.take_paste(event.text)
        elif event.characters is None:
            screen.say(screen.page.t("Too many keys came at once: some were not taken."))
        else:
            screen.refuse_paste(event.characters)

    @property
    def _on_top(self) -> PageScreen | None:
        """The page on top; none while the program is still opening."""
        from tui.full_screen.page_screen import PageScreen

        return self.screen if isinstance(self.screen, PageScreen) else None

    def _comes_too_late(self) -> bool:
        """Whether the screen locks at this very key, as after a sleep of the computer."""
        if not self.screen_lock.covers and self.lock_if_idle():
            return True
        self.screen_lock.touch()
        return False


def screen_of(page: Page[Any]) -> PageScreen:
    """Return the screen that shows a page."""
    if page.entry is None:
        from tui.full_screen.page_screen import PageScreen

        return PageScreen(page)
    from tui.full_screen.entry_screen import TextEntryScreen

    return TextEntryScreen(page, page.entry)


def ended(watch: Watch, workspace: Workspace) -> str:
    """End the check beside work; what to say if it failed by itself."""
    watch.stop()
    if watch.fault is None:
        return ""
    return workspace.t(
        "The check of the store beside work ended because of a fault in the program ({place}). "
        "Work was not touched by it. Please report the place named here.",
        place=_place(watch.fault),
    )


def closed(workspace: Workspace) -> str:
    """Close the store; what to say last if its database was taken away."""
    told: StoreError | None = workspace.lost_database
    try:
        workspace.close()
    except StoreError as error:
        told = error
    return workspace.describe_error(told) if told else ""


def _place(error: BaseException | None) -> str:
    """Where in the code something failed, without any value."""
    if error is None or error.__traceback__ is None:
        return "?"
    last = traceback.extract_tb(error.__traceback__)[-1]
    kind = " ".join(filter(None, (type(error).__name__, find_missing_part(error))))
    return f"{kind}, {Path(last.filename).name}:{last.lineno}"


def fault_text(error: BaseException | None, workspace: Workspace) -> str:
    """Say that the program itself failed: what is safe, and the place in the code, no values."""
    if isinstance(error, WorkerFailed):
        error = error.error  # what ended the day's work; the shell around it has no place
    place = _place(error)
    if workspace.opened is None:
        return workspace.t(
            "Porras ended because of a fault in the program ({place}). No store was open, and "
            "nothing was recorded. Please report the place named here.",
            place=place,
        )
    if workspace.lost_database:  # which is told as the store is closed
        return workspace.t(
            "Porras ended because of a fault in the program ({place}). Please report the place "
            "named here.",
            place=place,
        )
    return workspace.t(
        "Porras ended because of a fault in the program ({place}). Every answer given before it is "
        "stored; start Porras again and go on with the draft. Please report the place named here.",
        place=place,
    )
