"""The lock between client and nurse: calm words and numbers for one, the passphrase of the other.

It looks the same whether nothing is left to ask or an answer tells of danger: whoever looks over
the client's shoulder learns nothing of the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from casework.emergency_cards import list_crisis_numbers
from casework.language import N_, Speech, speech_for
from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, bold, labelled, paragraph, wrap
from screens.base.lock import TRAINING_WORD, Locked, Tries, when_forgotten
from screens.base.page import Page
from screens.wording.number_words import number_words
from stepping.pathway.model import Pathway

Reason = Literal["done", "danger", "trouble"]
"""Why the client's part ends: nothing is left to ask, an open stop, or a failure."""

Unlocks = Callable[[str, str], "str | None"]
"""Returns what is wrong with a text as the nurse's passphrase, said in a language; or nothing."""

IN_DANGER = N_("If you are in danger right now, call 112.")
_THANKS = (N_("Thank you. Your part is done for now. Please turn to the nurse."),)
_TEXTS: dict[Reason, tuple[str, ...]] = {
    "done": _THANKS,
    "danger": _THANKS,
    "trouble": (
        N_("Something did not work. What you answered before is safe."),
        N_("Please give the keyboard back to the nurse."),
    ),
}
_CALLED = (
    N_(
        "You asked for the nurse. Please turn to the nurse or somebody else here. What you "
        "answered is stored."
    ),
)


def call_key(page: Page[Any], call: Callable[[], object]) -> KeyBinding:
    """Return what calls the nurse on a client's page: a letter, and F10."""
    return replace(page.bind("h", "I want the nurse", call, also="f10"), calls=True)


class ClientLock(Locked):
    """Says nothing about the client's answers, and opens for the nurse alone."""

    traits = replace(Locked.traits, offers_emergency=False, debounce_factor=10, takes_back=True)
    """The nurse has the keyboard again once it is unlocked."""

    def __init__(
        self,
        workspace: Workspace,
        pathway: Pathway,
        language: str,
        unlocks: Unlocks,
        tries: Tries | None = None,
    ) -> None:
        super().__init__(workspace, lambda text: unlocks(text, language), tries)
        self._language = language
        self._numbers = list_crisis_numbers(pathway)
        self._tried = False
        """Whether a passphrase was wrong: only then the nurse may need another way."""

    def open(self) -> None:
        """Ring once for the nurse, whatever the reason."""
        self.host.ring()

    @property
    def t(self) -> Speech:
        """The sentences in the client's language, those to the nurse too."""
        return speech_for(self._language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Tell who is waited for."""
        return self.t("Waiting for the nurse"), ""

    def _texts(self) -> tuple[str, ...]:
        """Return what is said to the client first."""
        raise NotImplementedError

    def body(self, width: int) -> list[Line]:
        """Speak to the client, name whom to call, and then tell the nurse what to type."""
        lines: list[Line] = [()]
        for text in self._texts():
            lines += (bold(row) for row in wrap(self.t(text), width))
        lines += [(), *paragraph(self.t(IN_DANGER), width), *self._whom_to_call(width)]
        lines += [(), *paragraph(self._to_the_nurse(), width)]
        if self._tried and not self.workspace.training:
            lines += paragraph(when_forgotten(self.t), width)
        return lines

    def _try(self, text: str) -> str | None:
        fault = super()._try(text)
        self._tried = self._tried or (bool(text) and fault is not None)
        return fault

    def _whom_to_call(self, width: int) -> list[Line]:
        """Name the numbers, each on one row: where that is short, without when it was read."""
        lines: list[Line] = []
        for number in self._numbers:
            words = number_words(number, self.t.language, self.t)
            if len(labelled(label := f"  {number.number:<12}", words, width)) > 1:
                words = words.rpartition(" · ")[0]
            lines += labelled(label, words, width)
        return lines

    def _to_the_nurse(self) -> str:
        if self.workspace.training:
            return self.t(
                "For the nurse: the training store has no passphrase. Type the word {word} and "
                "press Enter.",
                word=TRAINING_WORD,
            )
        return self.t("For the nurse: type your passphrase and press Enter.")


class LockScreen(ClientLock):
    """Ends the client's part; nothing but the passphrase leads on."""

    def __init__(
        self,
        workspace: Workspace,
        pathway: Pathway,
        language: str,
        unlocks: Unlocks,
        tries: Tries | None = None,
        *,
        reason: Reason,
    ) -> None:
        super().__init__(workspace, pathway, language, unlocks, tries)
        self._reason: Reason = reason

    def _texts(self) -> tuple[str, ...]:
        return _TEXTS[self._reason]


class CalledScreen(ClientLock):
    """The client has called the nurse, and can go back until the nurse unlocks.

    So neither a stray key nor a slip of the finger ends the client's part.
    """

    def _texts(self) -> tuple[str, ...]:
        return _CALLED

    def key_list(self) -> Shown:
        """Esc goes back to the questions; Enter tries what the nurse has typed."""
        return [
            KeyBinding("escape", "Esc", self.t("back to the questions"), self.leave),
            Caption("Enter", self.t("the nurse unlocks")),
        ]
