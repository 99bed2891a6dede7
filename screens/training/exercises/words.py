"""The words of a case: its facts and values, what it would give, and its rules."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from casework.language import Speech, speech
from screens.base.lines import Line, capital, paragraphs
from screens.wording.client_words import SEXES
from screens.wording.decision_words import DecisionWords
from stepping.pathway.client_facts import SEX
from stepping.pathway.model import Answer
from stepping.training.exercises.what_if import Outcome, Span
from stepping.training.reading import Case


@dataclass(frozen=True)
class CaseWords:
    """Says the parts of one case in one language."""

    case: Case
    language: str

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return speech(self.language)

    @cached_property
    def say(self) -> DecisionWords:
        """The words of its decision."""
        return DecisionWords(self.case.pathway, self.case.decision, self.language)

    def label(self, fact: str) -> str:
        """Return the name of a question or score."""
        return capital(self.case.pathway.facts[fact].label[self.language])

    def value(self, fact: str, value: Answer) -> str:
        """Return a value: a number with the words beside it; a word for no value."""
        if fact == SEX:
            return self.t(SEXES[str(value)]).partition(":")[0]
        told = self.say.value(fact, value)
        if isinstance(value, int) and not told.startswith(str(value)):
            return f"{value} {told}"
        return told or self.t("nothing")

    def with_value(self, fact: str, value: Answer) -> str:
        """Return a fact with its value."""
        return f"{self.label(fact)}: {self.value(fact, value)}"

    def span(self, fact: str, span: Span) -> str:
        """Return the values of a span: one in full, of several the first and the last."""
        first, last = span.values[0], span.values[-1]
        return self.value(fact, first) if first == last else f"{first}–{last}"

    def outcome(self, outcome: Outcome) -> str:
        """Return in a few words what a set of answers gives: a step, and stops on the way."""
        return " · ".join([*self._stops(outcome), self.step(outcome)])

    def _stops(self, outcome: Outcome) -> list[str]:
        names = ", ".join(outcome.stops)
        return [f"! {self.t('stop {names}', names=names)}"] if names else []

    def step(self, outcome: Outcome) -> str:
        """Return the step of a set of answers."""
        if outcome.step is None:
            return self.t("no step, answers missing")
        if outcome.or_above:
            return self.t("step {step} or above", step=outcome.step)
        return self.t("step {step}", step=outcome.step)

    def rule(self, id_: str) -> str:
        """Return a rule: its id, its reason, and what it does."""
        effect = self.say.effect(self.case.pathway.rule(id_).rule.effect(above=False))
        return f"{id_} {self.say.because(id_, marked=False)} ({effect})"

    def came(self, rules: tuple[str, ...], width: int) -> list[Line]:
        """Return the rules that came to hold as lines."""
        return paragraphs((f"+ {self.rule(id_)}" for id_ in rules), width)

    def went(self, rules: tuple[str, ...], width: int) -> list[Line]:
        """Return the rules that hold no longer as lines."""
        told = (self.t("{rule} no longer holds", rule=self.rule(id_)) for id_ in rules)
        return paragraphs((f"- {each}" for each in told), width)

    def opened(self, stops: tuple[str, ...], width: int) -> list[Line]:
        """Return the stops that open as lines."""
        return paragraphs((f"! {self.rule(id_)}" for id_ in stops), width, "danger")
