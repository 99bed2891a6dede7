"""The screen of a page that asks for a line of text, with Textual's own entry line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from screens.base.content import TextEntry
from screens.base.page import Page
from tui.full_screen.key_pace import Press
from tui.full_screen.page_screen import PageScreen

EDITING = frozenset(
    {
        *("backspace", "delete", "left", "right", "home", "end", "shift+home", "shift+end"),
        *("shift+left", "shift+right", "ctrl+left", "ctrl+right", "ctrl+backspace"),
        *("ctrl+a", "ctrl+d", "ctrl+e", "ctrl+f", "ctrl+k", "ctrl+u", "ctrl+w"),
    }
)
"""Keys that move or delete in a typed text, and do nothing else anywhere."""


class TextEntryScreen(PageScreen):
    """Takes typed and pasted text whole or not at all; Enter hands it to the page."""

    CSS_PATH = "entry.tcss"
    AUTO_FOCUS = "Input"
    typing = True

    def __init__(self, page: Page[Any], entry: TextEntry) -> None:
        super().__init__(page)
        self._entry = entry
        self._input = Input(
            entry.begins_with,
            password=entry.secret,
            max_length=entry.longest,
            compact=True,
            select_on_focus=False,
            id="entry",
        )
        self._input.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Put the entry line over the page."""
        yield from super().compose()
        yield self._input

    def draw(self, *, awake: bool = False) -> None:
        """Draw the page, with the entry line above whatever is said."""
        self._input.styles.margin = (0, 1, self._picture.below_entry, 1)
        super().draw(awake=awake)

    @property
    def typed(self) -> str:
        """The text in the entry line."""
        return self._input.value

    @typed.setter
    def typed(self, text: str) -> None:
        self._input.value = text

    @on(Input.Submitted)
    def enter(self) -> None:
        """Hand what is typed to the page."""
        if self.is_current:  # not so at the second Enter of a bouncing key
            self.page.take(self.typed)

    def edits(self, event: events.Key) -> bool:
        """Return whether a key is taken as typed text."""
        return event.is_printable or event.key in EDITING

    def pressed(self, event: events.Key) -> Press:
        """Return what a key is here: whatever does not edit the text acts."""
        return replace(super().pressed(event), moves=self.edits(event))

    def hears(self, event: events.Key) -> None:
        """Take away what was said of the text before; say where there is no room for more."""
        if self.page.message and self.edits(event):
            self.say("")
        entry, longest = self._input, self._entry.longest
        if event.is_printable and entry.selection.is_empty and len(entry.value) >= longest:
            self.say(self.page.t("At most {count} characters, please.", count=longest))

    def take_burst(self, keys: Sequence[events.Key]) -> None:
        """Type what came at once, all or nothing; no Enter among it is obeyed."""
        if all(key.key == "backspace" for key in keys):
            for _ in keys:
                self._input.action_delete_left()
            return
        text = "".join((key.character or "").replace("\r", "\n") for key in keys)
        if self._takes(text) and "\n" in text:
            self.say(
                self.page.t("This came at once, so its Enter was not obeyed: look, then press it.")
            )

    def take_paste(self, text: str) -> None:
        """Take a pasted text whole or not at all; its lines become one."""
        if self._takes(text) and "\n" in text.strip():
            self.say(self.page.t("The lines were joined to one."))

    def _takes(self, text: str) -> bool:
        """Put a text in at the cursor; say why not, and how long it is, where it cannot be."""
        rows = text.strip("\n").split("\n")
        line = rows[0] if len(rows) == 1 else " ".join(filter(None, map(str.strip, rows)))
        line = "".join(char for char in line.replace("\t", " ") if char.isprintable())
        room = self._entry.longest - len(self._input.value) + len(self._input.selected_text)
        if self._entry.secret and len(rows) > 1:
            self.say(self.page.t("This has several lines. Nothing of it was taken."))
        elif len(line) > room:
            self._say_too_long(len(line), room)
        else:
            self._input.replace(line, *sorted(self._input.selection))
            return True
        return False

    def refuse_paste(self, count: int) -> None:
        """Say that a paste is longer than any text that is taken."""
        self._say_too_long(count, self._entry.longest - len(self._input.value))

    def _say_too_long(self, count: int, room: int) -> None:
        self.say(
            self.page.t(
                "Pasted: {count} characters, with room for {room}. Nothing of it was taken.",
                count=count,
                room=room,
            )
        )
