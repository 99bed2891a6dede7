"""Says what a rule does and what it stands on, for the review and for the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casework.language import N_, Speech, speech
from screens.wording.condition_words import ConditionWords
from screens.wording.decision_words import BASIS, URGENCY
from stepping.decision.decide import UnknownStop, list_fired
from stepping.pathway.answers import AnswersError
from stepping.pathway.model import Pathway, ReadyRule
from stepping.pathway.schema import Basis, Card, Example, Level
from stepping.proofs.examples import example_answers

KINDS = {
    "stop": N_("Stops: no step before their safety steps are recorded"),
    "floor": N_("Floors: the step is the highest of those that hold"),
    "beside": N_("Beside the step"),
}
"""The three kinds of rules, in the order in which they are told."""

LEVELS: Mapping[Level, str] = {
    "E": N_("emergency"),
    "D": N_("same day"),
    "W": N_("within a week"),
    "R": N_("routine"),
}
"""How soon a card is acted on."""


@dataclass(frozen=True)
class RuleWords:
    """Says the rules of one pathway in one language."""

    pathway: Pathway
    language: str

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return speech(self.language)

    @cached_property
    def conditions(self) -> ConditionWords:
        """The words of conditions."""
        return ConditionWords(self.pathway, self.language)

    def effect(self, ready: ReadyRule) -> str:
        """Return in a few words what a rule does."""
        rule = ready.rule
        if rule.stop is not None:
            return self.t("stop: {urgency}", urgency=self.t(URGENCY[rule.stop]))
        if rule.at_least is None:
            return "; ".join(self._beside(ready))
        floor = self._floor(rule.at_least)
        return self.t("{step} or above", step=floor) if rule.or_above is True else floor

    def details(self, ready: ReadyRule) -> Iterator[str]:
        """Yield what else belongs to a rule's effect: its cards, its floor, what to weigh."""
        rule = ready.rule
        for number, (card, when) in enumerate(ready.cards):
            words = self.conditions.sentence(when) if when else ""
            yield self._card(card, words, rule.cards[number].level)
        if rule.ask_first:
            names = ", ".join(map(self.conditions.fact, rule.ask_first))
            yield self.t("may still be asked while the stop is open: {names}", names=names)
        if rule.then_at_least is not None:
            step = self._floor(rule.then_at_least)
            yield self.t("once its safety steps are recorded: {step}", step=step)
        if ready.above is not None:
            words = self.conditions.sentence(ready.above)
            yield self.t("or above, where {condition}", condition=words)
        if rule.consider:
            yield self.t("to weigh when choosing: {text}", text=rule.consider[self.language])

    def basis(self, basis: Basis) -> str:
        """Return what something stands on."""
        return self.t(BASIS[basis])

    def _card(self, card: Card, when: str, level: Level | None) -> str:
        title = card.title[self.language]
        if level is not None:
            title = f"{title} ({self.t(LEVELS[level])})"
        if not when:
            return self.t("action card “{title}”", title=title)
        return self.t("action card “{title}”, if {condition}", title=title, condition=when)

    def _floor(self, step: int) -> str:
        name = self.pathway.step_name(step)[self.language]
        return self.t("at least step {step}: {name}", step=step, name=name)

    def _beside(self, ready: ReadyRule) -> Iterator[str]:
        rule, language = ready.rule, self.language
        title = self.pathway.intervention
        for id_ in rule.add:
            yield self.t("also do: {title}", title=self.pathway.actions[id_].title[language])
        for id_ in rule.offer:
            yield self.t("offer: {title}", title=title(id_).title[language])
        for id_ in rule.avoid:
            yield self.t("do not offer: {title}", title=title(id_).title[language])
        if rule.provisional:
            yield self.t("the step is provisional")
        if rule.only_steps:
            steps = ", ".join(map(str, rule.only_steps))
            yield self.t("only where the suggested step is one of: {steps}", steps=steps)


def kind_of(ready: ReadyRule) -> str:
    """Return which of the `KINDS` a rule is."""
    if ready.rule.stop is not None:
        return "stop"
    return "beside" if ready.rule.at_least is None else "floor"


def clearest_examples(pathway: Pathway) -> Mapping[str, Example]:
    """Return for each rule the example in which it fires beside the fewest others, if any."""
    fired: list[tuple[Example, frozenset[str]]] = []
    for example in pathway.examples:
        try:
            answers = example_answers(pathway, example)
            rules = list_fired(pathway, answers, example.recorded)
        except (AnswersError, KeyError, UnknownStop):
            continue  # what is wrong with an example is for `porras pathway check` to say
        fired.append((example, rules))
    fired.sort(key=lambda found: len(found[1]))
    return {id_: example for example, ids in reversed(fired) for id_ in ids}
