"""Asks for one text: a reason, a note, a passphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from screens.desk import Desk
from screens.sheet import Command, Sheet, bold, paragraph
from screens.widgets.lines import Line
from stepping.answers import LONGEST_TEXT, read_text

Check = Callable[[str], str | None]
"""Returns what is wrong with a text, or nothing."""

Keep = Callable[[str], object]
"""Stores a text; where that fails the prompt stays open with the text in it."""


class PromptScreen(Sheet[str | None]):
    """Returns the text, or `None` when the nurse goes back."""

    CSS_PATH = "prompt.tcss"
    AUTO_FOCUS = "Input"
    typing = True

    def __init__(
        self,
        desk: Desk,
        title: str,
        explanation: str,
        *,
        secret: bool = False,
        check: Check | None = None,
        keep: Keep | None = None,
        begin_with: str = "",
        longest: int = LONGEST_TEXT,
    ) -> None:
        super().__init__(desk)
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
