"""What every page of the program is made of: its state, its content as a value, and its keys.

A page knows no terminal. A renderer shows its `content()` and runs what its keys do; see
`tui/full_screen/` and `tui/line_mode/`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.base.content import PageContent, TextEntry, Traits
from screens.base.host import Host, NoHost, Procedure
from screens.base.keys import KeyBinding, KeyPress, Medium, Shown
from screens.base.lines import Line
from store.errors import StoreError

TRAINING = N_("TRAINING")
"""The watermark of the training store, in the title of every page."""

Result = TypeVar("Result")
Value = TypeVar("Value")


class TypedField(Protocol):
    """Where characters are typed on a page."""

    def take(self, press: KeyPress) -> bool:
        """Take a key; return whether that changed anything."""

    def fits(self, press: KeyPress) -> bool:
        """Return whether a key would change anything."""


class Beside(Protocol):
    """Tells what goes on with a client, beside a list or in it; never raises."""

    def lines(self, client_id: str, width: int, *, eighths: bool) -> list[Line]:
        """Return all of it as lines of at most `width` cells."""

    def gist(self, client_id: str, width: int) -> list[Line]:
        """Return in a row or two where the client stands; nothing where nothing goes on."""


class Page(Generic[Result]):
    """One page; subclasses say what stands on it, and leave it with a result."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.host: Host = NoHost()
        self.message = ""
        self.offset_rows = 0
        """How many lines of the body are scrolled past."""
        self.seen_rows = 0
        """How many rows from the first on have been in view; 0 where nothing draws them."""
        self.in_view: tuple[int, int] | None = None
        """The first and last line that have to be in view; set as the body is made."""

    # -- what subclasses say -----------------------------------------------

    def top(self) -> tuple[str, str]:
        """Return what stands left and right in the top line."""
        raise NotImplementedError

    def body(self, width: int) -> list[Line]:
        """Return the lines of the body, each at most `width` cells wide."""
        raise NotImplementedError

    def key_list(self) -> Shown:
        """Return what the keys do now, with their captions."""
        raise NotImplementedError

    def aside(self, width: int) -> list[Line]:
        """Return what may stand beside the body on a wide terminal; the body never needs it."""
        return []

    def spoken(self, width: int) -> list[Line] | None:
        """Return the lines that are read out in place of the body, where that draws a picture."""
        return None

    @property
    def progress(self) -> tuple[int, int] | None:
        """How much of how much is done, where the page is part of a longer way."""
        return None

    @property
    def traits(self) -> Traits:
        """How the page wants to be treated."""
        return Traits()

    @property
    def entry(self) -> TextEntry | None:
        """The line of text that is asked for, if one is."""
        return None

    @property
    def field(self) -> TypedField | None:
        """Where single characters are typed now, if anywhere."""
        return None

    def open(self) -> None:
        """Look up what the page shows; called once, before it is drawn."""

    def resume(self) -> Procedure | None:
        """Return what is done beside the page whenever it is on top, if anything."""
        return None

    def take(self, text: str) -> bool:
        """Take the text of the entry line; return whether the page was left with it."""
        raise NotImplementedError

    # -- what a renderer asks ------------------------------------------------

    def content(self, width: int, *, aloud: bool = False) -> PageContent:
        """Return all that the page shows now, in lines of at most `width` cells.

        `aloud` has it as it is read out.
        """
        self.in_view = None
        spoken = self.spoken(width) if aloud else None
        lines = self.body(width) if spoken is None else spoken
        return PageContent(
            self.top(),
            tuple(lines),
            self.key_list(),
            self.message,
            self.entry,
            self.in_view,
            self.traits,
            self.progress,
        )

    @property
    def may_lock(self) -> bool:
        """Whether the nurse may lock the screen: no client is alone with it, nor is it locked."""
        workspace = self.workspace
        opened = workspace.opened is not None and not workspace.with_client
        return opened and not self.traits.is_lock

    def edits(self, press: KeyPress) -> bool:
        """Return whether a key is taken as typed text."""
        return self.field is not None and self.field.fits(press)

    def type_key(self, press: KeyPress) -> bool:
        """Take a key as typed text, before any binding; return whether it was taken."""
        if self.field is None or not self.field.take(press):
            return False
        self.message = ""
        self.draw(awake=True)
        return True

    def paste(self, text: str) -> bool:
        """Take a pasted text where words are typed; return whether that was looked after."""
        return False

    def refuse_paste(self, count: int) -> bool:
        """Refuse a paste of so many characters, which nothing takes; return the same."""
        return False

    def scroll(self, rows: int) -> None:
        """Move the body up or down."""
        self.offset_rows = max(0, self.offset_rows + rows)
        self.draw(awake=True)

    # -- what a page does ----------------------------------------------------

    @property
    def t(self) -> Speech:
        """The sentences of the screens in the nurse's language."""
        return self.workspace.t

    def bind(
        self,
        letter: str,
        label: str,
        run: Callable[[], object],
        *,
        also: str = "",
        caption: str = "{key}",
        moves: bool = False,
        medium: Medium = "any",
        **values: object,
    ) -> KeyBinding:
        """Bind a letter that means something in the language shown: "n" for "new assessment".

        `label` is a msgid; the catalogue has the letter of another language as "[n] new
        assessment". `also` names further keys, separated by commas.
        """
        key = self.t.letter(letter, label)
        keys = ",".join(dict.fromkeys(filter(None, (key, *also.split(",")))))
        shown, told = caption.format(key=key), self.t(label, **values)
        return KeyBinding(keys, shown, told, run, moves=moves, medium=medium)

    def draw(self, *, awake: bool = False) -> None:
        """Have the page drawn; keys pressed before it is drawn do not count, unless `awake`."""
        self.host.draw(awake=awake)

    def leave(self, result: Result | None = None) -> None:
        """Leave the page with a result; no key counts here any more."""
        self.host.leave(result)

    def ask(self, page: Page[Value]) -> Ask[Value]:
        """Return what shows a page over this one, to be awaited for its result."""
        return Ask(page)

    def say(self, message: str) -> None:
        """Show a sentence in the message row."""
        self.message = message
        self.draw(awake=True)

    def fail(self, error: StoreError) -> None:
        """Have a failure told by a page that says what is safe."""
        self.host.fail(error)

    def attempt(self, action: Callable[[], Value]) -> Value | None:
        """Return what an action on the store returns; nothing where it fails, which is told."""
        try:
            return action()
        except StoreError as error:
            self.fail(error)
            return None

    def stored(self, change: Callable[[], object]) -> bool:
        """Record something; return whether it is stored. A failure is told as above."""
        return self.attempt(lambda: (change(),)) is not None


@dataclass(frozen=True)
class Ask(Generic[Result]):
    """Shows a page over this one; its result is awaited."""

    page: Page[Result]

    def __await__(self) -> Generator[Any, object, Result | None]:
        """Wait until the page is left."""
        return cast("Result | None", (yield self))
