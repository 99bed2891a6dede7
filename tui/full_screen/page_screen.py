"""The screen that shows any page: a top line, a scrolling body, a message, the keys that work."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from inspect import CORO_CLOSED, getcoroutinestate
from threading import Thread
from typing import Any, Protocol, cast

from textual import events
from textual._time import get_time
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from screens.base.host import Beside, Procedure, Wait
from screens.base.keys import KeyBinding, KeyPress, Shown, find_binding
from screens.base.page import Ask, Page
from store.errors import StoreError
from tui.full_screen.everywhere import AT_ANY_TIME, HELP, everywhere, scrolling
from tui.full_screen.frame import Picture, is_readable, too_small
from tui.full_screen.key_pace import ONLY_MOVES, Press
from tui.full_screen.line_widget import Lines
from tui.full_screen.typeahead import TypeAheadGuard


class PageApp(Protocol):
    """What a page on a screen needs of the application."""

    def push_page(self, page: Page[Any], callback: Callable[[Any], object]) -> None:
        """Show a page over whatever is on the screen; its result is for the callback."""


class PageScreen(Screen[Any]):
    """Draws one page by one line widget, and runs what its keys do.

    A key is looked up in the list that the bottom rows show, so that a key that is shown always
    works. What lies over any page (emergency card, help, a failure) is asked for by a message,
    which the application answers.
    """

    class EmergencyWanted(Message):
        """The nurse wants the emergency card."""

    class HelpWanted(Message):
        """The nurse wants to know what the keys do."""

        def __init__(self, keys: Shown) -> None:
            super().__init__()
            self.keys = keys

    class LockWanted(Message):
        """The nurse leaves the screen for a moment."""

    class Failed(Message):
        """The store could not do what was asked."""

        def __init__(self, error: StoreError) -> None:
            super().__init__()
            self.error = error

    class Settled(Message):
        """All is done that the page does by itself."""

    typing = False
    """Whether an entry line takes every printable key."""

    def __init__(self, page: Page[Any]) -> None:
        super().__init__()
        self.page = page
        self.guard = TypeAheadGuard(page.workspace.debounce_s)
        self._lines = Lines(id="page")
        self._resumed: Procedure | None = None
        """What the page does by itself since it came on top."""
        self.readable = True
        """Whether the window was large enough when the page was last drawn."""
        page.host = self

    # -- what a page asks of its host ----------------------------------------

    redraws = True
    """A page that changes by itself is seen to."""

    @property
    def eighths(self) -> bool:
        """Whether the terminal's font has blocks of each eighth of a cell."""
        found: bool = getattr(self.app, "eighths", True)
        return found

    @property
    def typed(self) -> str:
        """The text in the entry line; none without one."""
        return ""

    @typed.setter
    def typed(self, text: str) -> None:
        raise AttributeError("there is no entry line")

    def leave(self, result: object) -> None:
        """Take the page away; no key counts here any more."""
        if self.is_current:
            self.guard.drawing()
            self.dismiss(result)

    def fail(self, error: StoreError) -> None:
        """Have a failure told over the page."""
        self._ask_for(self.Failed(error))

    def ring(self) -> None:
        """Ring for the nurse."""
        self.app.bell()

    def start(self, procedure: Procedure) -> None:
        """Go through an async function of the page until it waits for something, and so on."""
        self._go_on(procedure, None)

    def _go_on(self, procedure: Procedure, answer: object) -> None:
        if getcoroutinestate(procedure) == CORO_CLOSED:  # begun anew meanwhile
            return
        try:
            request = procedure.send(answer)
        except StopIteration:
            if procedure is self._resumed:
                self.post_message(self.Settled())
            return
        match request:
            case Ask(page):
                cast("PageApp", self.app).push_page(page, partial(self._go_on, procedure))
            case Wait(seconds):
                self.set_timer(seconds, partial(self._go_on, procedure, None))
            case Beside(action):
                self.run_worker(self._beside(procedure, action))

    async def _beside(self, procedure: Procedure, action: Callable[[], object]) -> None:
        await _in_thread(action)
        self._go_on(procedure, None)

    # -- drawing -----------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Put the line widget on the screen."""
        yield self._lines

    def on_mount(self) -> None:
        """Let the page look up what it shows, and draw it for the first time."""
        self.page.open()
        self.draw()

    def on_screen_resume(self) -> None:
        """Go on with what the page does by itself; draw after another screen lay on top."""
        if self._resumed is not None:
            self._resumed.close()
        self._resumed = self.page.resume()
        if self._resumed is not None:
            self.start(self._resumed)
        self.draw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.draw(awake=True)

    @property
    def text(self) -> str:
        """What is on the screen, as plain text."""
        return self._lines.text

    def draw(self, *, awake: bool = False) -> None:
        """Draw what should stand here now; keys pressed before it is drawn will not count.

        `awake` keeps the keys alive: for a change that asks nothing new. In a window that is too
        small to read the page, none is.
        """
        size = self.app.size
        readable = is_readable(size)
        awake = awake and readable and self.readable
        self.readable = readable
        if not awake:
            self.guard.drawing()
        self._lines.show(
            self._picture.lines(self._everywhere, self._lines.pointed)
            if readable
            else too_small(self.page, size)
        )
        if readable and not awake:
            # Asked of the lines: the screen's own turn may come before it hears that they changed.
            self._lines.call_after_refresh(self._once_shown, self.guard.once_drawn())

    def _once_shown(self, drawn: Callable[[float], None]) -> None:
        """Wake up when the terminal shows the page, if the application knows when that is."""
        getattr(self.app, "once_shown", _now)(drawn)

    @property
    def _picture(self) -> Picture:
        return Picture(self.page, self.app.size, typing=self.typing)

    @property
    def room(self) -> int:
        """How many rows the body has."""
        return self._picture.room

    # -- keys --------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Take a typed character, or run what a key does.

        The application drops what is stale when it comes; here fall the keys of one burst that
        came together with the key that changed the screen.
        """
        if not self.is_current or self.guard.stale(event):
            event.stop()
            if self.is_current and (call := self.call_of(event)) is not None:
                self._run(call)
            return
        if self.page.type_key(press_of(event)):
            event.stop()
        elif binding := find_binding(self.working_keys(), event.key):
            event.stop()
            if binding.moves or not vars(event).get(ONLY_MOVES):
                self._run(binding)

    def _run(self, binding: KeyBinding) -> None:
        outcome = binding.run()
        if isinstance(outcome, Coroutine):
            self.start(outcome)

    def edits(self, event: events.Key) -> bool:
        """Return whether a key is taken as typed text."""
        return self.page.edits(press_of(event))

    def pressed(self, event: events.Key) -> Press:
        """Return what a key is here; what calls for help is never held up."""
        binding = None if self.edits(event) else find_binding(self.working_keys(), event.key)
        moves = binding is None or binding.moves
        helps = binding is not None and (binding.calls or binding.keys == HELP)
        return Press(event.key, event.time, moves, self.page.traits.weighs and not helps, helps)

    def too_soon(self, press: Press, event: events.Key) -> bool:
        """Return whether a key acts on a page that has only just come up."""
        wakes_s = self.page.workspace.debounce_s * self.page.traits.debounce_factor
        sleeps = self.typing or not press.moves
        return sleeps and not press.helps and self.guard.stale(event, wakes_s)

    def hears(self, event: events.Key) -> None:
        """Note a key that counts, before it is taken."""

    def take_burst(self, keys: Sequence[events.Key]) -> None:
        """Take keys that came at once as far as they are typed text; nothing else is done."""
        taken = [self.edits(key) and self.page.type_key(press_of(key)) for key in keys]
        if not all(taken):
            self.say(self.page.t("Several keys came at once: none of them acts. Press one by one."))

    def take_paste(self, text: str) -> None:
        """Hand a pasted text to the page, or say that nothing is pasted here."""
        if not self.page.paste(text):
            self._refuse()

    def _refuse(self) -> None:
        self.say(self.page.t("What was pasted is not taken here: press keys one by one."))

    def refuse_paste(self, count: int) -> None:
        """Say that a paste of so many characters was not even read."""
        if not self.page.refuse_paste(count):
            self._refuse()

    def say(self, message: str) -> None:
        """Show a sentence in the message row."""
        self.page.say(message)

    def call_of(self, event: Message) -> KeyBinding | None:
        """Return what a key does even while it is not known that the page has been shown.

        F10 and F9 act at any time, the other keys of such a binding once the page is overdue, if
        they are no text.
        """
        if not isinstance(event, events.Key) or not self.readable:
            return None
        text = self.typing or self.page.field is not None
        if event.key not in AT_ANY_TIME and (text or not self.guard.overdue(event)):
            return None
        shown = (each for each in self.all_keys() if isinstance(each, KeyBinding))
        found = next((each for each in shown if event.key in each.names), None)
        return found if found is not None and found.calls else None

    def all_keys(self) -> Shown:
        """Return the keys of the page, with those of every page."""
        own = self.page.key_list()
        return [*own, *self._everywhere(own)]

    def working_keys(self) -> Shown:
        """Return all keys, with those that scroll."""
        return [*self.all_keys(), *scrolling(self.page.scroll, self.room)]

    def _everywhere(self, own: Shown) -> list[KeyBinding]:
        """Return the keys that the page has beside its own."""
        return everywhere(
            self.page,
            own,
            typing=self.typing,
            emergency=self._want_emergency,
            help_=self._want_help,
            lock=self._want_lock,
        )

    def _want_emergency(self) -> None:
        self._ask_for(self.EmergencyWanted())

    def _want_help(self) -> None:
        self._ask_for(self.HelpWanted(self.page.key_list()))

    def _want_lock(self) -> None:
        self._ask_for(self.LockWanted())

    def _ask_for(self, message: Message) -> None:
        """Ask the program for another screen; until it stands, no key counts here."""
        self.guard.drawing()
        self.post_message(message)


def press_of(event: events.Key) -> KeyPress:
    """Return a key of Textual's as pages know it."""
    return KeyPress(event.key, event.character)


def _now(call: Callable[[float], None]) -> None:
    call(get_time())


async def _in_thread(action: Callable[[], object]) -> None:
    """Do something in a thread that the end of the program does not wait for."""
    loop = get_running_loop()
    done: Future[None] = loop.create_future()

    def run() -> None:
        try:
            action()
        except Exception as error:
            tell = partial(done.set_exception, error)
        else:
            tell = partial(done.set_result, None)
        with suppress(RuntimeError):  # the program has ended meanwhile
            loop.call_soon_threadsafe(lambda: done.done() or tell())

    Thread(target=run, daemon=True).start()
    await done
