"""Says what a class shows, in sentences that blame nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework.language import N_, Speech, speech
from screens.base.lines import capital
from screens.wording.decision_words import DecisionWords
from stepping.pathway.model import Answer
from stepping.training.agreement import ClassFigures, JudgedCase, LeftOut, Shares
from stepping.training.disputed import Change, Disputed, TalkPoint, find_talk_points
from stepping.training.kappa import Figure, Undefined

_WHY_NOT: dict[Undefined, str] = {
    "nobody": N_("Nobody has judged yet."),
    "one_trainee": N_("One trainee alone agrees with nobody: there is no figure."),
    "one_case": N_("There is one case only: there is no figure."),
    "one_expected": N_("The same step is expected of each case: there is no figure."),
    "one_step": N_("Everybody chose the same step throughout: there is no figure."),
}
_CHANGES: dict[Change, str] = {
    "nothing": "",
    "step": N_("moves the step"),
    "stop": N_("opens or closes a stop"),
}
MEANING = (
    N_("0 is what chance would give, 1 is full agreement."),
    N_("Two steps apart count twice."),
    N_("The band of 95 % tells how far, at least, other such cases could have moved it."),
)
"""What κ means, for whoever sees it for the first time."""


@dataclass(frozen=True)
class ClassWords:
    """Says the figures of a class in one language."""

    language: str

    @property
    def speech(self) -> Speech:
        """The sentences of the program."""
        return speech(self.language)

    def t(self, message: str, **values: object) -> str:
        """Return a sentence of the program."""
        return self.speech(message, **values)

    def many(self, one: str, more: str, count: int, **values: object) -> str:
        """Return a sentence about `count` things."""
        return self.speech.many(one, more, count, **values)

    def title(self, judged: JudgedCase) -> str:
        """Return the name of a case."""
        return judged.case.vignette.title[self.language]

    def heading(self, judged: JudgedCase) -> str:
        """Return the name of a case, with a mark where it is for talking."""
        mark = "" if judged.tests else f" ({self.t('for talking')})"
        return f"{self.title(judged)}{mark}"

    def decimals(self, value: float) -> str:
        """Return a coefficient with two decimals, as the language writes it."""
        sign = self.speech.number(0.5)[1]
        near = round(value, 2) or 0.0  # no zero below zero
        return f"{near:.2f}".replace("-", "−").replace(".", sign)

    def step(self, judged: JudgedCase, step: int) -> str:
        """Return the name of a step; its number where its pathway has none such."""
        names = {each.number: each.name for each in judged.case.pathway.header.step}
        return names[step][self.language] if step in names else str(step)

    def expectation(self, judged: JudgedCase) -> str:
        """Say which steps are expected, why where the pathway suggests others, and by whom."""
        expect = judged.case.vignette.expect
        told = self.t("Expected: step {steps}.", steps=expect.steps)
        why = expect.why.get(self.language, "")
        draft = ""
        if judged.case.vignette.status == "draft":
            draft = self.t("A draft: no clinician has signed the case yet.")
        return " ".join(filter(None, (told, why, draft)))

    def shares(self, shares: Shares) -> str:
        """Say the shares in one sentence."""
        return self.t(
            "{exact} of {count} exact, {near} within one step, {low} too low to be safe",
            exact=shares.exact,
            count=shares.of,
            near=shares.near,
            low=shares.unsafe_low,
        )

    def counted(self, judged: JudgedCase) -> str:
        """Say the shares of a case that counts; of another one, that it is for talking."""
        if not judged.first:
            return self.t("Nobody has judged this case.")
        if judged.tests:
            return f"{self.shares(judged.shares)}."
        return self.t("This case is for talking: it counts in no figure of the class.")

    def figure(self, figure: Figure) -> str:
        """Return a coefficient with its band; or why there is none."""
        if figure.value is None:
            return self.t(_WHY_NOT[figure.why_not or "nobody"])
        return f"{self.decimals(figure.value)} ({self.band(figure)})"

    def band(self, figure: Figure) -> str:
        """Return the band of a coefficient, or say that there is none."""
        if figure.band is None:
            return self.t("too few cases for a band")
        low, high = (self.decimals(end) for end in figure.band)
        return self.t("band {low} to {high}", low=low, high=high)

    def disputed(self, judged: JudgedCase, disputed: Disputed) -> str:
        """Name a question, and say how many answered otherwise than the case."""
        name = capital(judged.case.pathway.facts[disputed.fact].label[self.language])
        told = self.t(
            "{name}: {count} of {of} otherwise than the case",
            name=name,
            count=disputed.differ,
            of=disputed.of,
        )
        change = self.t(_CHANGES[disputed.changes]) if disputed.changes != "nothing" else ""
        return f"{told} · {change}" if change else told

    def answers(self, judged: JudgedCase, disputed: Disputed) -> str:
        """Return what was answered, the most frequent first, and what the case has."""
        given = (
            f"{count} × {self._answer(judged, disputed.fact, answer)}"
            for answer, count in disputed.given.items()
        )
        expert = self._answer(judged, disputed.fact, disputed.expert)
        return f"{'; '.join(given)}. {self.t('The case: {answer}', answer=expert)}"

    def _answer(self, judged: JudgedCase, fact: str, answer: Answer | None) -> str:
        if answer is None:
            return self.t("no answer")
        case = judged.case
        return DecisionWords(case.pathway, case.stopped, self.language).value(fact, answer)

    def stop(self, judged: JudgedCase, stop: str) -> str:
        """Return what a stop is about."""
        case = judged.case
        return DecisionWords(case.pathway, case.stopped, self.language).because(stop, marked=False)

    def missed(self, judged: JudgedCase, stop: str, count: int) -> str:
        """Say how many did not come upon a stop."""
        of, name = len(judged.first), self.stop(judged, stop)
        return self.t("{count} of {of} without it: {stop}", count=count, of=of, stop=name)

    def talk(self, judged: JudgedCase) -> Iterator[str]:
        """Yield questions to talk about, danger first."""
        for point in find_talk_points(judged):
            yield self._talk(judged, point)

    def _talk(self, judged: JudgedCase, point: TalkPoint) -> str:
        low, high = point.steps
        values: dict[str, object] = {
            "count": point.count,
            "of": point.of,
            "low": low,
            "high": high,
            "lowest": judged.case.vignette.expect.lowest,
            "highest": judged.case.vignette.expect.highest,
        }
        match point.kind:
            case "missed_stop":
                values["stop"] = self.stop(judged, point.name)
                said = N_(
                    "{count} of {of} went on without this stop: {stop} "
                    "What would have brought it up?"
                )
            case "too_low":
                said = N_(
                    "{count} of {of} chose less than step {lowest}. "
                    "What could happen to this person with less care?"
                )
            case "too_high":
                said = N_(
                    "{count} of {of} chose more than step {highest}. "
                    "What spoke for more, and what does it cost?"
                )
            case "split":
                said = N_("Steps from {low} to {high} were chosen. What speaks for each of them?")
            case "agreed":
                said = N_("All {of} agree. Which answer would have changed your mind?")
            case "question":
                label = judged.case.pathway.facts[point.name].label[self.language]
                values["name"] = capital(label)
                said = N_("{name}: what exactly did the person say, and how did you read it?")
        return self.t(said, **values)

    def teaching(self, judged: JudgedCase) -> Iterator[str]:
        """Yield the teaching points of a case, each with the rule or source that it stands on."""
        for point in judged.case.vignette.teach:
            ground = point.rule or point.card or point.source
            yield f"{point.text[self.language]} ({ground})"

    def left_out(self, left: LeftOut) -> Iterator[str]:
        """Say which judgements do not count, and why."""
        if left.again:
            yield self.many(
                "{count} judgement is a second one of a case, and does not count.",
                "{count} judgements are second ones of a case, and do not count.",
                left.again,
            )
        if left.other_text:
            yield self.many(
                "{count} judgement was made on another text of the case or the pathway.",
                "{count} judgements were made on another text of the case or the pathway.",
                left.other_text,
            )
        if left.elsewhere:
            yield self.many(
                "{count} judgement is of a case that the class does not have.",
                "{count} judgements are of cases that the class does not have.",
                left.elsewhere,
            )

    def unread(self, figures: ClassFigures) -> str:
        """Say how many cases of the class do not fit the pathways in use here, if any."""
        count = len(figures.record.cases) - len(figures.cases)
        if not count:
            return ""
        return self.many(
            "{count} case does not fit the pathways in use here and is left out.",
            "{count} cases do not fit the pathways in use here and are left out.",
            count,
        )
