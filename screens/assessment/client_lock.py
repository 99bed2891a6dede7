"""The lock between client and nurse: a calm text for one, the passphrase of the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from casework.language import N_, Speech, speech_for
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.host import Wait
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.prompt import Check, PromptScreen

Reason = Literal["done", "wanted", "danger", "trouble"]
"""Why the client's part ends: nothing is left to ask, a call, an open stop, or a failure."""

TRAINING_WORD = "porras"
"""What opens the lock in the training store, which has no passphrase; the lock says so."""

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
"""Each wrong try doubles the wait before the next one, up to this; nothing is ever lost."""

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


class Locked(PromptScreen):
    """Opens for the nurse alone; each wrong try makes the next one wait."""

    def __init__(self, workspace: Workspace, unlocks: Check) -> None:
        super().__init__(workspace, "", "", secret=True, check=self._try)
        self._unlocks = unlocks
        self._wait_s = FIRST_WAIT_S
        self._waiting = False

    @property
    def traits(self) -> Traits:
        """How the page wants to be treated."""
        return Traits(offers_help=False, is_lock=True)

    def key_list(self) -> Shown:
        """Enter tries what is typed, Esc takes it away; nothing else leads on."""
        return [
            Caption("Enter", self.workspace.t("unlock")),
            KeyBinding("escape", "Esc", self.workspace.t("type anew"), self._clear),
        ]

    def _to_the_nurse(self) -> str:
        """What to type."""
        raise NotImplementedError

    def _clear(self) -> None:
        self.host.typed = ""

    def _try(self, text: str) -> str | None:
        """Return what is wrong with a typed passphrase; each wrong one makes the next wait."""
        if self._waiting:
            return self.workspace.t("Wait a moment, then press Enter again.")
        if not text:
            return self._to_the_nurse()
        if (fault := self._unlocks(text)) is None:
            return None
        self._clear()
        self._waiting = True
        self.host.start(self._let_try_again(self._wait_s))
        told = self.workspace.t("The next try is possible in {count} s.", count=round(self._wait_s))
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
        return f"{fault} {told}"

    async def _let_try_again(self, seconds: float) -> None:
        await Wait(seconds)
        self._may_try()

    def _may_try(self) -> None:
        self._waiting = False
        self.say(self.workspace.t("You can try again now."))


class LockScreen(Locked):
    """Says nothing about the client, and opens for the nurse alone."""

    def __init__(self, workspace: Workspace, reason: Reason, language: str, unlocks: Check) -> None:
        super().__init__(workspace, unlocks)
        self._reason = reason
        self._language = language

    @property
    def traits(self) -> Traits:
        """The nurse has the keyboard again once it is left."""
        return replace(super().traits, offers_emergency=False, debounce_factor=10, takes_back=True)

    def open(self) -> None:
        """Ring once for the nurse, whatever the reason."""
        self.host.ring()

    @property
    def t(self) -> Speech:
        """The sentences in the client's language; those for the nurse are said by the desk."""
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
