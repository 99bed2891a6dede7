"""Asks for one text: a reason, a note, a passphrase."""

from __future__ import annotations

from collections.abc import Callable

from casework.workspace import Workspace
from screens.base.content import TextEntry
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from stepping.pathway.answers import LONGEST_TEXT, read_text

Check = Callable[[str], str | None]
"""Returns what is wrong with a text, or nothing."""

Keep = Callable[[str], object]
"""Stores a text; where that fails the prompt stays open with the text in it."""


class PromptScreen(Page[str | None]):
    """Returns the text, or `None` when the nurse goes back."""

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
        self._entry = TextEntry(begin_with, secret, longest)
        self.kept: object = None
        """What came of storing the text."""

    @property
    def entry(self) -> TextEntry:
        """The line that is asked for."""
        return self._entry

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

    def key_list(self) -> Shown:
        """Enter takes the text, Esc goes back."""
        return [
            Caption("Enter", self.t("take it")),
            KeyBinding("escape", "Esc", self.t("back"), self.leave),
        ]

    def take(self, text: str) -> bool:
        """Take a text, unless something is wrong with it; return whether it was taken."""
        text = text if self._entry.secret else text.strip()
        if fault := self._check(text):
            self.say(fault)
            return False
        if not self.stored(lambda: self._store(text)):
            return False
        self.leave(text)
        return True

    def _store(self, text: str) -> None:
        if self._keep is not None:
            self.kept = self._keep(text)

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
