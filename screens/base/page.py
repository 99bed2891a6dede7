"""The sheet that every screen is written on: a top line, a scrolling body, the keys that work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from textual import events
from textual._time import get_time
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen, ScreenResultType

from casework.language import N_
from casework.workspace import Workspace
from screens.base.key_pace import ONLY_MOVES, Press
from screens.base.lines import Line, Lines, plain, wrap
from screens.base.typeahead import TypeAheadGuard
from store.errors import StoreError

if TYPE_CHECKING:
    from casework.language import Speech
    from screens.base.themes import Look

SMALLEST = Size(80, 23)
"""The smallest window that a sheet fits in: what tmux leaves of 24 rows."""

_KEY_ROWS = 2
_MARGIN = " "
_HELP = "question_mark,f1"
TRAINING = N_("TRAINING")
"""The watermark of the training store, in the top line of every screen."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Command:
    """Something that a key does now."""

    keys: str
    """Textual's names of the keys, separated by commas."""
    cap: str
    """The key as it is drawn; empty where it is not."""
    label: str
    run: Callable[[], object]
    calls: bool = False
    """Whether it calls for help or leaves the card: it answers nothing, and never waits long."""
    moves: bool = False
    """Whether it only moves, so that a held key may repeat it; everything else is done once."""


class TextField(Protocol):
    """Where characters are typed on a sheet."""

    def take(self, event: events.Key) -> bool:
        """Take a key; say whether that changed anything."""

    def fits(self, event: events.Key) -> bool:
        """Whether a key would change anything."""


class Sheet(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A full-screen page drawn by one line widget; subclasses say what stands on it.

    A key is looked up in `commands()`, which is also what the bottom rows show, so that a key that
    is shown always works. What lies over any sheet (emergency card, help, a failure) is asked for
    by a message, which the application answers.
    """

    class EmergencyWanted(Message):
        """The nurse wants the emergency card."""

    class HelpWanted(Message):
        """The nurse wants to know what the keys do."""

        def __init__(self, commands: Sequence[Command]) -> None:
            super().__init__()
            self.commands = commands

    class Failed(Message):
        """The store could not do what was asked."""

        def __init__(self, error: StoreError) -> None:
            super().__init__()
            self.error = error

    offers_emergency = True
    offers_help = True
    wakes_after = 1
    """How many times the desk's moment a fresh screen does nothing that acts; it moves at once."""
    presses = False
    """Whether the page is sent at once, whatever the terminal has not yet said of older ones."""
    shows_answers = False
    """Whether it may be read on while what was answered lies in the open program alone."""
    typing = False
    """Whether a text field takes every printable key."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.guard = TypeAheadGuard(workspace.wake_s)
        self.message = ""
        self.offset_rows = 0
        self.in_view: tuple[int, int] | None = None
        """The first and last row of the body that have to be in view; set as the body is made."""
        self._lines = Lines(id="sheet")
        self.readable = True
        """Whether the window was large enough when the sheet was last drawn."""

    # -- what subclasses say -----------------------------------------------

    def top(self) -> tuple[str, str]:
        """Return what stands left and right in the top line."""
        raise NotImplementedError

    def body(self, width: int) -> list[Line]:
        """Return the lines of the body, each at most `width` cells wide."""
        raise NotImplementedError

    def commands(self) -> Sequence[Command]:
        """Return what the keys do now."""
        raise NotImplementedError

    @property
    def field(self) -> TextField | None:
        """Where characters are typed now, if anywhere."""
        return None

    @property
    def weighs(self) -> bool:
        """Whether what is done here weighs so much that each key needs a pause before it."""
        return False

    def other_key(self, event: events.Key) -> bool:
        """Take a key as typed text, before any command; say whether it was taken."""
        if self.field is None or not self.field.take(event):
            return False
        self.message = ""
        self.draw(awake=True)
        return True

    # -- drawing -----------------------------------------------------------

    @property
    def t(self) -> Speech:
        """The sentences of the screens in the nurse's language."""
        return self.workspace.t

    def compose(self) -> ComposeResult:
        """Put the line widget on the screen."""
        yield self._lines

    def on_mount(self) -> None:
        """Draw for the first time."""
        self.draw()

    def on_screen_resume(self) -> None:
        """Draw again after another screen lay on top."""
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
        small to read the sheet, none is.
        """
        size = self.app.size
        readable = size.width >= SMALLEST.width and size.height >= SMALLEST.height
        awake = awake and readable and self.readable
        self.readable = readable
        if not awake:
            self.guard.drawing()
        self._lines.show(self._whole(size) if readable else self._too_small(size))
        if readable and not awake:
            # Asked of the lines: the sheet's own turn may come before it hears that they changed.
            self._lines.call_after_refresh(self._once_shown, self.guard.once_drawn())

    def _once_shown(self, drawn: Callable[[float], None]) -> None:
        """Wake up when the terminal shows the page, if the application knows when that is."""
        getattr(self.app, "once_shown", _now)(drawn)

    def _whole(self, size: Size) -> list[Line]:
        width, room = size.width, self.room
        body = self.body(width - 2)
        if self.in_view is not None:
            first, last = self.in_view
            self.offset_rows = min(max(self.offset_rows, last - room + 1), first)
            self.in_view = None
        self.offset_rows = max(0, min(self.offset_rows, len(body) - room))
        seen = body[self.offset_rows : self.offset_rows + room]
        padded = [((_MARGIN, "normal"), *self._lines.pointed(line)) for line in seen]
        blank: list[Line] = [()] * (room - len(seen))
        return [
            self._top_line(width),
            *padded,
            *blank,
            *self._message_lines(len(body), width),
            *self._key_lines(width),
        ]

    @property
    def room(self) -> int:
        """How many rows the body has."""
        return max(1, self.app.size.height - 1 - _KEY_ROWS - len(self._message_rows()))

    def _top_line(self, width: int) -> Line:
        left, right = self.top()
        look: Look = "alarm" if left.startswith("!") else "reverse"
        if self.workspace.training:
            left = f"{self.t(TRAINING)} · {left}" if left else self.t(TRAINING)
        space = width - 2 - len(left) - len(right)
        return plain(f" {left}{' ' * max(1, space)}{right} "[:width].ljust(width), look)

    def _message_lines(self, rows: int, width: int) -> list[Line]:
        below, above = self._more()
        more = above if self.offset_rows else ""
        if rows - self.offset_rows - self.room > 0:
            more = below
        *first, last = self._message_rows()
        space = width - 2 - len(more)
        return [
            *(bold(_MARGIN + row) for row in first),
            ((f"{_MARGIN}{last}".ljust(space + 1), "bold"), (more, "normal")),
        ]

    def _message_rows(self) -> list[str]:
        """The message, broken so that the hint to read on always has its place beside it."""
        return wrap(self.message, self.app.size.width - 3 - max(map(len, self._more())))

    def _more(self) -> tuple[str, str]:
        return self.t("more below: Space"), self.t("end; more above: PgUp")

    def _key_lines(self, width: int) -> list[Line]:
        rows: list[list[tuple[str, str]]] = [[]]
        used = 1
        for command in self._all_commands():
            if not command.cap:
                continue
            size = len(command.cap) + len(command.label) + 3
            if used + size > width and rows[-1]:
                rows.append([])
                used = 1
            rows[-1].append((command.cap, command.label))
            used += size
        lines: list[Line] = []
        for row in rows[:_KEY_ROWS]:
            spans: list[tuple[str, str]] = [(_MARGIN, "normal")]
            for cap, label in row:
                spans += [(cap, "key"), (f" {label}  ", "normal")]
            lines.append(tuple(spans))  # type: ignore[arg-type]
        return lines + [()] * (_KEY_ROWS - len(lines))

    def _too_small(self, size: Size) -> list[Line]:
        sentence = self.t(
            "The window is {width}×{height}. Porras needs {need_width}×{need_height}. Make it "
            "larger; "
            "nothing is lost. In an emergency call 112.",
            width=size.width,
            height=size.height,
            need_width=SMALLEST.width,
            need_height=SMALLEST.height,
        )
        return [plain(row) for row in wrap(sentence, max(2, size.width))]

    # -- keys --------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Take a typed character, or run the command of a key.

        The application drops what is stale when it comes; here fall the keys of one burst that
        came together with the key that changed the screen.
        """
        if not self.is_current or self.guard.stale(event):
            event.stop()
            if self.is_current and (call := self.call_of(event)) is not None:
                call.run()
            return
        if self.other_key(event):
            event.stop()
        elif command := self._command(event.key):
            event.stop()
            if command.moves or not vars(event).get(ONLY_MOVES):
                command.run()

    def _command(self, key: str) -> Command | None:
        """What a key does now; with Caps Lock on, a capital is its small letter."""
        commands = (*self._all_commands(), *self._scrolling())
        names = (key, key.lower()) if len(key) == 1 else (key,)
        return next((c for name in names for c in commands if name in c.keys.split(",")), None)

    def edits(self, event: events.Key) -> bool:
        """Whether a key is taken as typed text."""
        return self.field is not None and self.field.fits(event)

    def pressed(self, event: events.Key) -> Press:
        """Say what a key is here; what calls for help is never held up."""
        command = None if self.edits(event) else self._command(event.key)
        moves = command is None or command.moves
        helps = command is not None and (command.calls or command.keys == _HELP)
        return Press(event.key, event.time, moves, self.weighs and not helps, helps)

    def too_soon(self, press: Press, event: events.Key) -> bool:
        """Whether a key acts on a page that has only just come up."""
        wakes_s = self.workspace.wake_s * self.wakes_after
        sleeps = self.typing or not press.moves
        return sleeps and not press.helps and self.guard.stale(event, wakes_s)

    def hears(self, event: events.Key) -> None:
        """Note a key that counts, before it is taken."""

    def take_burst(self, keys: Sequence[events.Key]) -> None:
        """Take keys that came at once as far as they are typed text; nothing else is done."""
        taken = [self.edits(key) and self.other_key(key) for key in keys]
        if not all(taken):
            self.say(self.t("Several keys came at once: none of them acts. Press one by one."))

    def take_paste(self, text: str) -> None:
        """Say that nothing is pasted here."""
        self.say(self.t("What was pasted is not taken here: press keys one by one."))

    def refuse_paste(self, count: int) -> None:
        """Say that a paste of so many characters was not even read."""
        self.take_paste("")

    @property
    def takes_text(self) -> bool:
        """Whether a letter is text now."""
        return self.typing or self.field is not None

    def call_of(self, event: Message) -> Command | None:
        """Return what a key does even while it is not known that the page has been shown.

        F10 calls at any time, the other keys of such a command once the page is overdue, if they
        are no text.
        """
        if not isinstance(event, events.Key) or not self.readable:
            return None
        if event.key != "f10" and (self.takes_text or not self.guard.overdue(event)):
            return None
        commands = (each for each in self._all_commands() if event.key in each.keys.split(","))
        found = next(commands, None)
        return found if found is not None and found.calls else None

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave the screen; no key counts here any more."""
        if not self.is_current:
            return AwaitComplete()
        self.guard.drawing()
        return super().dismiss(result)

    def _all_commands(self) -> list[Command]:
        return [*self.commands(), *self._everywhere()]

    def _everywhere(self) -> list[Command]:
        """The emergency card and the help, from every sheet but themselves."""
        emergency = Command(
            "f10,e",
            "F10",
            self.t("emergency card"),
            lambda: self._ask_for(self.EmergencyWanted()),
            calls=True,
        )
        help_key = Command(
            _HELP,
            "F1" if self.typing else "?",
            self.t("help"),
            lambda: self._ask_for(self.HelpWanted(self.commands())),
        )
        shown = ((emergency, self.offers_emergency), (help_key, self.offers_help))
        return [command for command, offered in shown if offered]

    def _ask_for(self, message: Message) -> None:
        """Ask the program for another screen; until it stands, no key counts here."""
        self.guard.drawing()
        self.post_message(message)

    def _scrolling(self) -> list[Command]:
        return [
            Command(keys, "", "", partial(self.scroll_rows, rows), moves=True)
            for keys, rows in (
                ("down", 1),
                ("up", -1),
                ("space,pagedown", self.room - 1),
                ("pageup", 1 - self.room),
            )
        ]

    def scroll_rows(self, rows: int) -> None:
        """Move the body up or down."""
        self.offset_rows = max(0, self.offset_rows + rows)
        self.draw(awake=True)

    def say(self, message: str) -> None:
        """Show a sentence in the message row."""
        self.message = message
        self.draw(awake=True)

    def attempt(self, action: Callable[[], Value]) -> Value | None:
        """Do something with the store; a failure becomes a screen that says what is safe."""
        try:
            return action()
        except StoreError as error:
            self._ask_for(self.Failed(error))
            return None

    def stored(self, change: Callable[[], object]) -> bool:
        """Record something; say whether it is stored. A failure becomes a screen, as above."""
        return self.attempt(lambda: (change(),)) is not None


def _now(call: Callable[[float], None]) -> None:
    call(get_time())


def bold(text: str) -> Line:
    """Return a line in bold."""
    return plain(text, "bold")


def paragraph(text: str, width: int, *, indent: int = 0, hanging: int = 0) -> list[Line]:
    """Return a text as lines, indented, the second and later ones further by `hanging`."""
    return [plain(" " * indent + row) for row in wrap(text, width - indent, hanging)]


def labelled(label: str, text: str, width: int, look: str = "bold") -> list[Line]:
    """Return a short label with its text beside it."""
    indent = len(label) + 1
    rows = wrap(text, width - indent)
    first: Line = ((label + " ", look), (rows[0], "normal"))  # type: ignore[assignment]
    return [first, *(plain(" " * indent + row) for row in rows[1:])]
