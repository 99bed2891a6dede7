"""Asks for one text: a reason, a note, a passphrase."""

from __future__ import annotations

from collections.abc import Callable

from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.base.content import TextEntry
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page, Value
from stepping.pathway.answers import LONGEST_TEXT, read_text

Check = Callable[[str], str | None]
"""Returns what is wrong with a text, or nothing."""

Keep = Callable[[str], object]
"""Stores a text; where that fails the prompt stays open with the text in it."""

NAMES_SOMEBODY = N_(
    "No names, personal identity codes, phone numbers or e-mail addresses here, please."
)


def find_words_fault(t: Speech, text: str, *, in_words: bool) -> str | None:
    """Say why a text cannot be kept as somebody's words; `in_words` asks for letters."""
    if not text.strip() or (in_words and not any(map(str.isalpha, text))):
        return t("Write a few words.")
    try:
        read_text(text)
    except ValueError:
        return t(NAMES_SOMEBODY)
    return None


class Refused(Exception):
    """A typed text cannot be taken; says why, in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ValuePrompt(Page[Value]):
    """Returns what is read from the text, or `None` when the nurse goes back.

    `read` raises Refused where another text is to be typed. Where the store fails the prompt stays
    open with the text in it.
    """

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        explanation: str,
        read: Callable[[str], Value],
        *,
        secret: bool = False,
        begin_with: str = "",
        longest: int = LONGEST_TEXT,
    ) -> None:
        super().__init__(workspace)
        self._title = title
        self._explanation = explanation
        self._read = read
        self._entry = TextEntry(begin_with, secret, longest)

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
        try:
            read = self.attempt(lambda: (self._read(text if self._entry.secret else text.strip()),))
        except Refused as error:
            self._clear_secret()
            self.say(error.why)
            return False
        if read is None:
            return False
        self.leave(read[0])
        return True

    def _clear_secret(self) -> None:
        """Take away what cannot be seen, so that nobody types behind it."""
        if self._entry.secret:
            self.host.typed = ""


class PromptScreen(ValuePrompt[str]):
    """Returns the text, checked and kept; `in_words` takes no digits alone, as typed from paper."""

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        explanation: str,
        *,
        check: Check | None = None,
        keep: Keep | None = None,
        secret: bool = False,
        begin_with: str = "",
        longest: int = LONGEST_TEXT,
        in_words: bool = False,
    ) -> None:
        super().__init__(
            workspace,
            title,
            explanation,
            self._checked,
            secret=secret,
            begin_with=begin_with,
            longest=longest,
        )
        self._check = check or self._free_text
        self._keep = keep
        self._in_words = in_words
        self.kept: object = None
        """What came of storing the text."""

    def _checked(self, text: str) -> str:
        if fault := self._check(text):
            raise Refused(fault)
        if self._keep is not None:
            self.kept = self._keep(text)
        return text

    def _free_text(self, text: str) -> str | None:
        return find_words_fault(self.t, text, in_words=self._in_words)
