"""Asks for one text: a reason, a note, a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from casework.workspace import Workspace
from screens.base.key_pace import Press
from screens.base.lines import Line
from screens.base.page import Command, Sheet, bold, paragraph
from stepping.pathway.answers import LONGEST_TEXT, read_text

EDITING = frozenset(
    {
        *("backspace", "delete", "left", "right", "home", "end", "shift+home", "shift+end"),
        *("shift+left", "shift+right", "ctrl+left", "ctrl+right", "ctrl+backspace"),
        *("ctrl+a", "ctrl+d", "ctrl+e", "ctrl+f", "ctrl+k", "ctrl+u", "ctrl+w"),
    }
)
"""Keys that move or delete in a typed text, and do nothing else anywhere."""

Check = Callable[[str], str | None]
"""Returns what is wrong with a text, or nothing."""

Keep = Callable[[str], object]
"""Stores a text; where that fails the prompt stays open with the text in it."""


class PromptScreen(Sheet[str | None]):
    """Returns the text, or `None` when the nurse goes back."""

    CSS_PATH = Path(__file__).with_name("prompt.tcss")  # a subclass in another folder too
    AUTO_FOCUS = "Input"
    typing = True

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        explanation: str,
        *,
        secret: bool = False,
        check: Check | None = None,
        keep: Keep | None = None,
        begin_with: str = "",
        longest: int = LONGEST_TEXT,
    ) -> None:
        super().__init__(workspace)
        self._title = title
        self._explanation = explanation
        self._check = check or self._free_text
        self._keep = keep
        self.secret = secret
        """Whether what is typed may not be seen."""
        self.begins_with = begin_with
        """What stands there at first, to be changed or taken."""
        self.longest = longest
        """Characters that may be typed."""

    @cached_property
    def _input(self) -> Input:
        """The entry line, made when it is needed: where no screen is drawn there is none."""
        made = Input(
            self.begins_with,
            password=self.secret,
            max_length=self.longest,
            compact=True,
            select_on_focus=False,
            id="entry",
        )
        made.cursor_blink = False
        return made

    def compose(self) -> ComposeResult:
        """Put the entry line over the sheet."""
        yield from super().compose()
        yield self._input

    def top(self) -> tuple[str, str]:
        """Name what is asked."""
        return self._title, ""

    def body(self, width: int) -> list[Line]:
        """Explain what is asked."""
        return [
            (),
            *paragraph(self._explanation, width),
            (),
            bold(self.t("Type below and press Enter.")),
        ]

    def commands(self) -> Sequence[Command]:
        """Enter takes the text, Esc goes back."""
        return [
            Command("", "Enter", self.t("take it"), lambda: None),
            Command("escape", "Esc", self.t("back"), lambda: self.dismiss(None)),
        ]

    def edits(self, event: events.Key) -> bool:
        """Whether a key is taken as typed text."""
        return event.is_printable or event.key in EDITING

    def pressed(self, event: events.Key) -> Press:
        """Whatever does not edit the text acts."""
        return replace(super().pressed(event), moves=self.edits(event))

    def hears(self, event: events.Key) -> None:
        """Say that there is no room for a character, where that is so."""
        field = self._input
        if event.is_printable and field.selection.is_empty and len(field.value) >= self.longest:
            self.say(self.t("At most {count} characters, please.", count=self.longest))

    def take_burst(self, keys: Sequence[events.Key]) -> None:
        """Type what came at once, all or nothing; no Enter among it is obeyed."""
        if all(key.key == "backspace" for key in keys):
            for _ in keys:
                self._input.action_delete_left()
            return
        text = "".join((key.character or "").replace("\r", "\n") for key in keys)
        if self._takes(text) and "\n" in text:
            self.say(self.t("This came at once, so its Enter was not obeyed: look, then press it."))

    def take_paste(self, text: str) -> None:
        """Take a pasted text whole or not at all; its lines become one."""
        if self._takes(text) and "\n" in text.strip():
            self.say(self.t("The lines were joined to one."))

    def _takes(self, text: str) -> bool:
        """Put a text in at the cursor; say why not, and how long it is, where it cannot be."""
        rows = text.strip("\n").split("\n")
        line = rows[0] if len(rows) == 1 else " ".join(filter(None, map(str.strip, rows)))
        line = "".join(char for char in line.replace("\t", " ") if char.isprintable())
        room = self.longest - len(self._input.value) + len(self._input.selected_text)
        if self.secret and len(rows) > 1:
            self.say(self.t("This has several lines. Nothing of it was taken."))
        elif len(line) > room:
            self._say_too_long(len(line), room)
        else:
            self._input.replace(line, *sorted(self._input.selection))
            return True
        return False

    def refuse_paste(self, count: int) -> None:
        """Say that a paste is longer than any text that is taken."""
        self._say_too_long(count, self.longest - len(self._input.value))

    def _say_too_long(self, count: int, room: int) -> None:
        self.say(
            self.t(
                "Pasted: {count} characters, with room for {room}. Nothing of it was taken.",
                count=count,
                room=room,
            )
        )

    @on(Input.Submitted)
    def enter(self) -> None:
        """Take what is typed, unless something is wrong with it."""
        if not self.is_current:
            return  # the second Enter of a bouncing key
        self.take(self._input.value)

    def take(self, value: str) -> None:
        """Take a text, unless something is wrong with it."""
        text = value if self.secret else value.strip()
        fault, keep = self._check(text), self._keep
        if fault:
            self.say(fault)
        elif keep is None or self.stored(partial(keep, text)):
            self.dismiss(text)

    def _free_text(self, text: str) -> str | None:
        if not text.strip():
            return self.t("Write a few words.")
        try:
            read_text(text)
        except ValueError:
            return self.t(
                "No names, personal identity codes, phone numbers or e-mail addresses here, please."
            )
        return None
