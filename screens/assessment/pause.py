"""The pause: the draft is safe; go on, leave it for later, or end it without a step."""

from __future__ import annotations

from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.elsewhere.forms import takes_forms
from casework.elsewhere.navigator import takes_results
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.older_text import begun_with
from screens.base.open_stops import open_stop_lines
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.wording.decision_words import URGENCY
from stepping.pathway.model import QuestionPage
from store.codes import show

Outcome = Literal["go on", "client", "later", "ended", "stops", "navigator", "form"]
"""`stops` where the open stops have to be seen to before the assessment can be ended."""


class PauseScreen(Page[Outcome]):
    """Says what is stored; an open stop is named here too.

    `page` is the one that the pause interrupts: the client may be left alone with some.
    """

    traits = Traits(weighs=True)
    """From here an assessment is ended, or left with a stop open."""

    def __init__(
        self, workspace: Workspace, session: AssessmentSession, page: QuestionPage | None = None
    ) -> None:
        super().__init__(workspace)
        self._session = session
        self._page = page

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Pause"), show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """Say what is safe."""
        count = len(self._session.valid_answers.keys() & self._session.pathway.questions.keys())
        stored = self.t.many("{count} answer is stored.", "{count} answers are stored.", count)
        lines: list[Line] = [(), bold(stored)]
        lines += paragraph(
            self.t("You can close the program at any moment; the draft waits at this question."),
            width,
        )
        if words := begun_with(self.workspace, self._session.assessment):
            lines += [(), *paragraph(words, width)]
        for stop in self._session.open_stops:
            rule = self._session.pathway.rule(stop).rule
            urgency = self.t(URGENCY[rule.stop or "week"])
            lines += [(), bold(self.t("! A safety stop is open: {urgency}", urgency=urgency))]
            lines += paragraph(rule.because[self.workspace.language], width, indent=2)
        if elsewhere := self._session.stops_elsewhere:
            lines += [(), bold(self.t("In another draft of this client:"))]
            lines += open_stop_lines(self.workspace, elsewhere, width)
        return lines

    def key_list(self) -> Shown:
        """Go on, let the client answer alone, leave for later, or end."""
        client = self.bind("c", "hand the keyboard to the client", partial(self.leave, "client"))
        told = self.bind("n", "navigator's result", partial(self.leave, "navigator"))
        form = self.bind("f", "a form", partial(self.leave, "form"))
        return [
            KeyBinding("enter,escape", "Enter", self.t("go on"), partial(self.leave, "go on")),
            *([client] if self._session.may_hand_over(self._page) else []),
            *([told] if takes_results(self._session) else []),
            *([form] if takes_forms(self._session) else []),
            self.bind("l", "leave it for later", partial(self.leave, "later")),
            self.bind("x", "end without a step", self._end),
        ]

    async def _end(self) -> None:
        """Ask why; while a stop is open, its steps come first."""
        if self._session.open_stops:
            self.leave("stops")
            return
        prompt = PromptScreen(
            self.workspace,
            self.t("Why does this assessment end here?"),
            self.t("The answers stay in the store, but no step is suggested and it cannot go on."),
            keep=self._session.abandon,
        )
        if await self.ask(prompt):
            self.leave("ended")
