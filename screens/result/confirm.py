"""Confirm the suggested step, or another one with a coded reason and a few words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from casework.assessment import AssessmentSession
from casework.language import N_, NOT_MARKED
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, Look, bold, labelled, paragraph, plain
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.result.offers import OfferTable, place_offers
from screens.result.trace import excluded_words, listed
from screens.wording.besides import next_contact
from screens.wording.decision_words import CONSIDER, SUPPORTS, DecisionWords
from stepping.decision.outcome import Decision, StepLimit
from stepping.pathway.schema import OverrideReason
from store.codes import show
from store.errors import AnswersChanged, CardChanged, StopElsewhere, StopOpen, StoreError
from store.records import StoredDecision

_LIMITS: Mapping[StepLimit, str] = {
    "stop_elsewhere": N_("While that stop is open the step may not go below {step}."),
    "stop": N_("After a safety stop the step may not go below {step}."),
    "declined": N_("Answers were declined: the step may be higher than {step}, never lower."),
    "or_above": N_("Step {step} and every step above need no reason; one step down needs one."),
    "one_step_down": N_("One step down at most, any step up; another step needs a reason."),
}
"""What is said of the steps that may be confirmed."""


_OVERTAKEN = (AnswersChanged, CardChanged, StopElsewhere, StopOpen)
"""Why a suggestion holds no longer."""


class ConfirmScreen(Page[StoredDecision | StoreError | None]):
    """First the step, then, if it is an override, the reason; stores both.

    Where a stop is open in another draft the step is confirmed by a second press. Whatever changed
    since the suggestion was made is returned as an error: the suggestion no longer holds.

    A digit key never confirms: scores typed from paper may run on. Where the suggestion is "or
    above", it marks a step and Enter confirms the marked one.
    """

    traits = Traits(weighs=True, debounce_factor=10)
    """A confirmed step stands in the record."""

    def __init__(
        self, workspace: Workspace, session: AssessmentSession, decision: Decision
    ) -> None:
        super().__init__(workspace)
        if decision.step is None or decision.lowest_override is None:
            raise ValueError("there is no suggestion to confirm")
        self._session = session
        self._decision = decision
        self._suggested = decision.step
        self._marked = decision.step
        self._lowest = decision.lowest_override
        self._warned = False
        """Whether it was said that a stop is open elsewhere, so that the next key confirms."""
        self._other: int | None = None
        self._confirmed: StoredDecision | None = None
        self._overtaken: StoreError | None = None
        self._contact = ""

    def open(self) -> None:
        """Look up which contact is agreed or asked for."""
        self._contact = self.attempt(self._next_contact) or ""

    def _next_contact(self) -> str:
        agreed = self._session.find_agreed_contact()
        say = DecisionWords(self._session.pathway, self._decision, self.workspace.language)
        return next_contact(self._session, say, agreed, self.workspace.care)

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Confirm or change the step"), show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """List the steps, or the reasons for another one."""
        lines = self._step_lines(width) if self._other is None else self._reason_lines(width)
        return [
            *lines,
            (),
            *paragraph(self.t(SUPPORTS), width),
            *paragraph(self.t(NOT_MARKED), width),
        ]

    def _step_lines(self, width: int) -> list[Line]:
        lines = [*self._elsewhere(width), *self._to_consider(width)]
        for step in self._session.pathway.header.step:
            marked = step.number == self._marked
            name = f"{step.number}  {step.name[self.workspace.language]}"
            head = f"{'>' if marked else ' '} {name}{self._remark(step.number)}"
            look: Look = "dim" if step.number < self._lowest else "normal"
            lines.append(bold(head) if marked else plain(head, look))
            summary = step.summary[self.workspace.language]
            lines += paragraph(summary, width, indent=5, look=look)
            if marked and step.number != self._suggested:
                lines += [(), *self._offers(step.number, width), ()]
        return [*lines, (), *paragraph(self._bounds(), width), *paragraph(self._contact, width)]

    def _to_consider(self, width: int) -> list[Line]:
        say = DecisionWords(self._session.pathway, self._decision, self.workspace.language)
        rows = [row for text in say.to_consider() for row in paragraph(f"- {text}", width)]
        return [bold(self.t(CONSIDER)), *rows, ()] if rows else []

    def _elsewhere(self, width: int) -> list[Line]:
        say = DecisionWords(self._session.pathway, self._decision, self.workspace.language)
        rows = [row for text in say.elsewhere() for row in labelled("!", text, width)]
        return [*rows, ()] if rows else []

    def _remark(self, step: int) -> str:
        """Return what stands behind the name of a step."""
        if step == self._suggested:
            if self._decision.at_least:
                return "  " + self.t("(at least this one)")
            or_above = self._decision.or_above
            return "  " + (self.t("(suggested, or above)") if or_above else self.t("(suggested)"))
        return "  " + self.t("(not possible)") if step < self._lowest else ""

    def _bounds(self) -> str:
        """Which steps may be confirmed."""
        limit = self._decision.step_limit
        step = self._suggested if limit == "or_above" else self._lowest
        return self.t(_LIMITS[limit], step=step)

    def _reason_lines(self, width: int) -> list[Line]:
        title = self.t(
            "Why step {other} instead of {step}?", other=self._other, step=self._suggested
        )
        lines: list[Line] = [bold(title), ()]
        for number, reason in enumerate(self._reasons(), start=1):
            lines += labelled(f"  {number}", reason.text[self.workspace.language], width)
        return lines if self._other is None else [*lines, (), *self._offers(self._other, width)]

    def _offers(self, step: int, width: int) -> list[Line]:
        """Draw what another step offers, what there is of it, and what is left out."""
        say = DecisionWords(self._session.pathway, self._decision, self.workspace.language)
        offers, excluded = self._session.find_offers(self._decision, step)
        placed = place_offers(self.workspace, self._session, offers)
        table = OfferTable(self.workspace, self._session, say, placed, numbered=False)
        title = self.t("Step {step} offers", step=step)
        lines = table.lines(title, width)
        if not lines:
            none = self.t("Step {step} offers this client nothing on the list.", step=step)
            lines = paragraph(none, width)
        left = [excluded_words(say, each) for each in excluded]
        return [*lines, *listed(self.t("Left out"), left, width)]

    def _reasons(self) -> list[OverrideReason]:
        other = self._other or 0
        return list(self._session.pathway.header.list_override_reasons(self._suggested, other)[:9])

    def key_list(self) -> Shown:
        """Enter confirms the suggestion; a digit chooses another step, or the reason."""
        if self._other is not None:
            reasons = self._reasons()
            return [
                *digit_keys(self.t("reason"), (partial(self._give, each) for each in reasons)),
                KeyBinding("escape,left,backspace", "←", self.t("back"), self._again),
            ]
        numbers = [s.number for s in self._session.pathway.header.step]
        picks = [hidden(str(n), partial(self._pick, n)) for n in numbers]
        return [
            KeyBinding(
                # Where lines are typed, a step is confirmed by its number.
                "enter",
                "Enter",
                self._what(),
                self._accept,
                word=str(self._marked),
            ),
            Caption(f"{numbers[0]}–{numbers[-1]}", self.t("another step")),
            *picks,
            KeyBinding("escape,left,backspace", "←", self.t("back to the result"), self.leave),
        ]

    def _what(self) -> str:
        """Return what Enter confirms."""
        if self._decision.at_least and self._marked == self._suggested:
            return self.t("confirm at least step {step}", step=self._marked)
        return self.t("confirm step {step}", step=self._marked)

    def _accept(self) -> None:
        if self._session.asked_again:
            self.leave(None)
        elif self._decision.elsewhere and not self._warned:
            self._warned = True
            self.say(self.t("That stop stays open. Press once more to confirm all the same."))
        elif self.stored(partial(self._confirm, self._marked)):
            self._leave()

    def _leave(self) -> None:
        self.leave(self._overtaken or self._confirmed)

    def _confirm(self, step: int, code: str | None = None, text: str | None = None) -> None:
        try:
            self._confirmed = self._session.confirm(self._decision, step, code, text)
        except _OVERTAKEN as error:
            self._overtaken = error

    def _pick(self, step: int) -> None:
        if step == self._marked:
            self.say(self.t("Enter confirms step {step}.", step=step))
        elif step < self._lowest:
            self.say(self.t("Step {step} is too low here.", step=step))
        else:
            self._turn_to(step)

    def _turn_to(self, step: int) -> None:
        """Mark a step that needs no reason, or ask for the reason."""
        if self._decision.classify_choice(step) == "override":
            self._other, self.offset_rows = step, 0
        else:
            self._marked = step
        self.message = ""
        self.draw()

    def _again(self) -> None:
        self._other, self.offset_rows = None, 0
        self.draw()

    async def _give(self, reason: OverrideReason) -> None:
        if self._other is None:
            return
        prompt = PromptScreen(
            self.workspace,
            reason.text[self.workspace.language],
            self.t("Say in a few words why. The reason is kept with the decision."),
            keep=partial(self._confirm, self._other, reason.code),
        )
        if await self.ask(prompt) is not None:
            self._leave()
