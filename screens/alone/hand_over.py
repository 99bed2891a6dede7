"""Tells the nurse what handing over the keyboard means, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from casework.language import N_
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.lock import TRAINING_WORD
from screens.base.page import Page

_CAN = (
    N_("answer the questions, skip one, and go back to those answered alone;"),
    N_("change the language, and call you."),
)
_CANNOT = (
    N_("see earlier answers, notes, the result, the rules or other clients;"),
    N_("see a question that only you can answer, or close the program by a key."),
)
_BACK = (
    N_("the client calls you, and does not take that back, or an answer tells of danger;"),
    N_("your own question is next, or nothing is left to ask."),
    N_("Then the screen locks and the terminal rings for you."),
)


class HandOverScreen(Page[bool]):
    """Tells the nurse what handing over the keyboard means, before it is done."""

    traits = Traits(weighs=True, hands_over=True)
    """The keyboard goes to the client."""

    def __init__(self, workspace: Workspace, back: Sequence[str] = _BACK) -> None:
        super().__init__(workspace)
        self._back = back
        """When the nurse gets it back."""

    def top(self) -> tuple[str, str]:
        """Name what is about to happen."""
        return self.t("Hand over the keyboard"), ""

    def body(self, width: int) -> list[Line]:
        """Say what the client can and cannot do, and how the nurse gets back."""
        lines: list[Line] = [()]
        lines += paragraph(self.t("The client answers alone at this keyboard. Stay near."), width)
        for title, parts in (
            (self.t("The client can"), _CAN),
            (self.t("The client cannot"), _CANNOT),
            (self.t("You get it back when"), self._back),
        ):
            lines += [(), bold(title)]
            for part in parts:
                lines += paragraph(self.t(part), width, indent=2)
        lines += paragraph(self._how_to_unlock(), width, indent=2)
        return lines

    def _how_to_unlock(self) -> str:
        if self.workspace.training:
            return self.t(
                "In training the word {word} unlocks; a real store asks your passphrase.",
                word=TRAINING_WORD,
            )
        return self.t("Only your passphrase unlocks it.")

    def key_list(self) -> Shown:
        """Hand over, or keep the keyboard."""
        return [
            KeyBinding("enter", "Enter", self.t("hand over"), partial(self.leave, True)),
            KeyBinding("escape", "Esc", self.t("back"), partial(self.leave, False)),
        ]
