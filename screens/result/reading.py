"""A result to read alone, as practice shows it once a case was judged: nothing is confirmed."""

from __future__ import annotations

from functools import partial

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.result.result import ResultScreen
from stepping.decision.outcome import Decision


class ResultReading(ResultScreen):
    """Says a suggestion with its reasons under a title of its own."""

    def __init__(
        self, workspace: Workspace, session: AssessmentSession, decision: Decision, title: str
    ) -> None:
        super().__init__(workspace, session, decision)
        self._title = title

    def top(self) -> tuple[str, str]:
        """Name whose answers they are, and the pathway."""
        return self._title, super().top()[1].partition(" · ")[2]

    def key_list(self) -> Shown:
        """Look closer, or go back."""
        offers = () if self._full else self._decision.interventions[:9]
        looks = [partial(self._look_at, at) for at in range(len(offers))]
        return [
            self._more,
            *digit_keys(self.t("care"), looks),
            KeyBinding("enter,escape,left,backspace", "Enter", self.t("back"), self.leave),
        ]
