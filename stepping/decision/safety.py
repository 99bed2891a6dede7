"""The safety steps of open stops: which cards apply, and when a stop counts as recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from stepping.decision.facts import FactStates, get_fact_states
from stepping.decision.minimum_steps import find_inputs
from stepping.pathway.model import Answers, Pathway, ReadyRule
from stepping.pathway.schema import Card


@dataclass(frozen=True)
class SafetyStep:
    """One step of one card under one stop; what a nurse records as done or not done."""

    stop: str
    card: str
    step: str


@dataclass(frozen=True)
class RecordedStep:
    """That a safety step was recorded, done or not."""

    step: SafetyStep
    after: int
    """The number of the newest entry when it was recorded: it speaks for the answers up to it."""


def find_cards(pathway: Pathway, answers: Answers, stop: str) -> tuple[Card, ...]:
    """Return the cards of a stop that apply now.

    A stop is never without a card: where no card's own condition is known to hold, all are shown.
    """
    return _cards(get_fact_states(pathway, answers), pathway.rule(stop))


def list_safety_steps(pathway: Pathway, answers: Answers, stop: str) -> tuple[SafetyStep, ...]:
    """Return every safety step that a stop asks for now."""
    return tuple(
        SafetyStep(stop, card.id, step.id)
        for card in find_cards(pathway, answers, stop)
        for step in card.steps
    )


def find_stop_questions(pathway: Pathway) -> frozenset[str]:
    """Return the questions that a stop rests on or asks first, and those marked as safety."""
    marked = {question.id for question in pathway.questions.values() if question.safety}
    first = {id_ for rule in pathway.stops for id_ in rule.rule.ask_first}
    bases = (find_inputs(pathway, rule.condition) for rule in pathway.stops)
    return frozenset(marked | first).union(*bases)


def still_counts(pathway: Pathway, answers: Answers, step: SafetyStep) -> bool:
    """Say whether a recorded step counts for its stop, given the answers that it was recorded on.

    `answers` are those that stood when it was recorded and stand still. A stop that was corrected
    away and holds again for a new reason needs its steps anew.
    """
    states = get_fact_states(pathway, answers)
    rule = pathway.rule(step.stop)
    whens = [when for card, when in rule.cards if card.id == step.card and when is not None]
    return states.evaluate(rule.condition) is True and all(states.evaluate(when) for when in whens)


def find_counting_steps(
    pathway: Pathway,
    answers: Answers,
    order: Mapping[str, int],
    outcomes: Iterable[RecordedStep],
) -> frozenset[SafetyStep]:
    """Return the recorded steps that count still, as `still_counts` says.

    `order` are the numbers of the entries that hold the answers, by question id; an answer without
    one was known before the first. A stop that the pathway does not have counts for nothing.
    """
    known = {rule.id for rule in pathway.stops}
    found = set()
    for outcome in outcomes:
        stood = {id_: a for id_, a in answers.items() if order.get(id_, 0) <= outcome.after}
        if outcome.step.stop in known and still_counts(pathway, stood, outcome.step):
            found.add(outcome.step)
    return frozenset(found)


def find_recorded_stops(
    pathway: Pathway, answers: Answers, outcomes: Collection[SafetyStep]
) -> frozenset[str]:
    """Return the stops whose every safety step has an outcome.

    A new card under an old stop opens the stop again.
    """
    states = get_fact_states(pathway, answers)
    done = set(outcomes)
    return frozenset(
        rule.id
        for rule in pathway.stops
        if states.evaluate(rule.condition) and _steps(rule, _cards(states, rule)) <= done
    )


def _cards(states: FactStates, rule: ReadyRule) -> tuple[Card, ...]:
    chosen = tuple(card for card, when in rule.cards if when is None or states.evaluate(when))
    return chosen or tuple(card for card, _ in rule.cards)


def _steps(rule: ReadyRule, cards: Iterable[Card]) -> set[SafetyStep]:
    return {SafetyStep(rule.id, card.id, step.id) for card in cards for step in card.steps}
