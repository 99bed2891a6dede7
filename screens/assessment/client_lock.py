"""The lock between client and nurse: a calm text for one, the passphrase of the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from casework.language import N_, Speech, speech_for
from casework.workspace import Workspace
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.lock import TRAINING_WORD, Locked
from screens.base.prompt import Check

Reason = Literal["done", "wanted", "danger", "trouble"]
"""Why the client's part ends: nothing is left to ask, a call, an open stop, or a failure."""

_IN_DANGER = N_("If you are in danger right now, call 112.")
_TEXTS: dict[Reason, tuple[str, ...]] = {
    "done": (N_("Thank you. Please give the keyboard back to the nurse."),),
    "wanted": (N_("Please turn to the nurse, who comes to you now."), _IN_DANGER),
    "danger": (N_("Thank you for telling. The nurse will come to you now."), _IN_DANGER),
    "trouble": (
        N_("Something did not work. What you answered before is safe."),
        N_("Please give the keyboard back to the nurse."),
    ),
}


class LockScreen(Locked):
    """Says nothing about the client, and opens for the nurse alone."""

    traits = replace(Locked.traits, offers_emergency=False, debounce_factor=10, takes_back=True)
    """The nurse has the keyboard again once it is left."""

    def __init__(self, workspace: Workspace, reason: Reason, language: str, unlocks: Check) -> None:
        super().__init__(workspace, unlocks)
        self._reason = reason
        self._language = language

    def open(self) -> None:
        """Ring once for the nurse, whatever the reason."""
        self.host.ring()

    @property
    def t(self) -> Speech:
        """The sentences in the client's language; those for the nurse are the workspace's."""
        return speech_for(self._language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Tell who is waited for."""
        return self.t("Waiting for the nurse"), ""

    def body(self, width: int) -> list[Line]:
        """Speak to the client first, and then tell the nurse what to type."""
        lines: list[Line] = [(), ()]
        for text in _TEXTS[self._reason]:
            lines += [*(bold(row) for row in wrap(self.t(text), width)), ()]
        return [*lines, (), *paragraph(self._to_the_nurse(), width)]

    def _to_the_nurse(self) -> str:
        if self.workspace.training:
            return self.workspace.t(
                "For the nurse: the training store has no passphrase. Type the word {word} and "
                "press Enter.",
                word=TRAINING_WORD,
            )
        return self.workspace.t("For the nurse: type your passphrase and press Enter.")
