"""The lock of the screen: after a while without a key, or at F9, nothing of a client is left on it.

What was being typed stays underneath. The passphrase opens the lock, or a PIN that the nurse chose
for this session.
"""

from __future__ import annotations

from casework.idle_timer import LONGEST_PIN, SHORTEST_PIN, IdleTimer, is_pin
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.lock import Locked, how_in_training, when_forgotten
from screens.base.prompt import Check, PromptScreen


class IdleScreen(Locked):
    """Covers everything until the nurse is back; the emergency card can be read all the same."""

    def __init__(
        self, workspace: Workspace, idle: IdleTimer, unlocks: Check, *, asked: bool = False
    ) -> None:
        super().__init__(workspace, self._open)
        self._idle = idle
        self._asked = asked
        self._knows = unlocks
        self.wants_pin = False
        """Whether the nurse asked, while unlocking, for a PIN to be used from now on."""

    def top(self) -> tuple[str, str]:
        """Tell that the program waits, and nothing else."""
        return "Porras", self.t("locked")

    def body(self, width: int) -> list[Line]:
        """Say why nothing is shown, that nothing is lost, and how to go on."""
        told = (
            self.t("Locked, because F9 was pressed. What you typed is kept.")
            if self._asked
            else self.t("Locked, because no key was pressed for a while. What you typed is kept.")
        )
        return [
            (),
            *(bold(row) for row in wrap(told, width)),
            (),
            *paragraph(self._to_the_nurse(), width),
            *([] if self.workspace.training else self._about_pins(width)),
        ]

    def _about_pins(self, width: int) -> list[Line]:
        told = self.t(
            "With F2 instead of Enter you choose a PIN of {shortest} to {longest} digits. "
            "It opens this screen until you close Porras.",
            shortest=SHORTEST_PIN,
            longest=LONGEST_PIN,
        )
        return [(), *paragraph(told, width), (), *paragraph(when_forgotten(self.t), width)]

    def _to_the_nurse(self) -> str:
        if self.workspace.training:
            return how_in_training(self.workspace)
        if self._idle.pin is None:
            return self.t("Type your passphrase and press Enter.")
        return self.t("Type your PIN or your passphrase and press Enter.")

    def key_list(self) -> Shown:
        """As at any lock; F2 asks for a PIN as well."""
        with_pin = KeyBinding("f2", "F2", self.t("unlock, choose a PIN"), self._open_with_pin)
        first, *rest = super().key_list()
        return [first, *([] if self.workspace.training else [with_pin]), *rest]

    def _open_with_pin(self) -> None:
        self.wants_pin = self.take(self.host.typed)

    def _open(self, text: str) -> str | None:
        opened = self._idle.opens(text)
        if opened is None:
            fault = self._knows(text)
        elif opened:
            fault = None
        elif self._idle.pin is None:
            fault = self.t("The PIN was wrong three times: type your passphrase.")
        else:
            fault = self.t("This is not the PIN.")
        return fault


def pin_screen(workspace: Workspace) -> PromptScreen:
    """Asks for the PIN of this session."""
    t = workspace.t
    explanation = t(
        "{shortest} to {longest} digits. The PIN opens this screen when it has locked, until you "
        "close Porras; it is stored nowhere.",
        shortest=SHORTEST_PIN,
        longest=LONGEST_PIN,
    )
    refusal = t("Only digits: {shortest} to {longest}.", shortest=SHORTEST_PIN, longest=LONGEST_PIN)
    return PromptScreen(
        workspace,
        t("A PIN for this session"),
        explanation,
        secret=True,
        check=lambda text: None if is_pin(text) else refusal,
    )
