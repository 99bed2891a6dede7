"""Asks by a digit why a safety step is not done; the words come after it."""

from __future__ import annotations

from functools import partial

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, paragraph, plain, wrap
from screens.base.page import Page


class NotDoneScreen(Page[str | None]):
    """Returns the code of a reason, or `None` when the nurse goes back; it records nothing."""

    def __init__(self, workspace: Workspace, step: str, client: str) -> None:
        super().__init__(workspace)
        self._step = step
        self._client = client
        self._reasons = workspace.care_names.not_done_reasons()

    def top(self) -> tuple[str, str]:
        """Ask for the reason, and name the client."""
        return self.t("Not done: which reason fits best?"), self._client

    def body(self, width: int) -> list[Line]:
        """Draw the step, the reasons under their digits, and that words follow."""
        reasons = enumerate(self._reasons.values(), start=1)
        return [
            *map(bold, wrap(self._step, width)),
            (),
            *(plain(f"  {number} {reason}") for number, reason in reasons),
            (),
            *paragraph(self.t("Then say why in a few words. Only that records it."), width),
        ]

    def key_list(self) -> Shown:
        """Return the keys: a digit chooses, Esc goes back."""
        return [
            *digit_keys(self.t("choose"), (partial(self.leave, code) for code in self._reasons)),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]
