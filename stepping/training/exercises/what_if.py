"""What a case would give if one answer, or one score, were another; the case stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from stepping.decision.counterfactuals import change_answers, deciding_facts, list_values
from stepping.decision.decide import decide, to_fact_value
from stepping.decision.facts import get_fact_states
from stepping.decision.outcome import Counterfactual
from stepping.pathway.condition import HiddenState
from stepping.pathway.model import DECLINED, Answer, Answers, Fact, Pathway
from stepping.training.comparison import reach
from stepping.training.reading import Case

Direction = Literal["up", "down"]
MOST_CHOICES = 6
"""As many as one page of choices holds."""
_MOST_RIGHT = 3
"""At most so many of the choices move the step."""


@dataclass(frozen=True)
class Outcome:
    """What a set of answers gives once every stop that it opens is recorded."""

    step: int | None
    """None where an answer is missing without which there is no step."""
    or_above: bool
    stops: tuple[str, ...]
    rules: tuple[str, ...]
    """The rules that hold, without the stops."""
    required: tuple[str, ...]


@dataclass(frozen=True)
class Span:
    """Values of a fact that all give the same."""

    values: tuple[Answer, ...]
    """Rising where they are numbers, of which some may be left out: those between are alike."""
    outcome: Outcome
    now: bool
    """Whether the case's own value is among them."""


def outcome_of(pathway: Pathway, answers: Answers) -> Outcome:
    """Return what a set of answers gives, with every stop recorded that it opens."""
    decision = decide(pathway, answers)
    stops = decision.stops
    if stops:
        decision = decide(pathway, answers, stops)
    return Outcome(
        decision.step,
        decision.or_above,
        stops,
        tuple(rule.id for rule in decision.rules if not pathway.rule(rule.id).rule.stop),
        decision.required,
    )


def value_of(case: Case, fact: str) -> Answer | None:
    """Return what a fact is in a case; None where it is not known, not one value, or not asked."""
    states = get_fact_states(case.pathway, case.answers)
    if isinstance(states.get_state(fact), HiddenState):
        return None
    if fact in case.pathway.questions:
        return case.answers.get(fact)
    value = to_fact_value(states.get_state(fact))
    return value if isinstance(value, int) else None


def sweep(case: Case, fact: str, *, declined: bool = False) -> tuple[Span, ...]:
    """Return what the case would give over the whole range of a question or a score.

    Of a few values each is a span by itself; of many, those side by side that give the same are
    one. Values that a score cannot have, since rules name some of its items by themselves, are left
    out. With `declined`, that too is tried where it is an answer.
    """
    now = value_of(case, fact)
    values = [*_values(case, fact, now)]
    found = [*_outcomes(case, fact, values)]
    if declined and (question := case.pathway.questions.get(fact)) and question.declinable:
        found += _outcomes(case, fact, [DECLINED])
    known = case.pathway.facts[fact]
    few = known.kind != "number" or known.high - known.low < _EACH
    groups = groupby(
        enumerate(found),
        key=lambda each: (each[0] if few else 0, each[1][0] == DECLINED, each[1][1]),
    )
    spans = []
    for (*_, outcome), group in groups:
        told = tuple(value for _, (value, _) in group)
        spans.append(Span(told, outcome, _holds(told, now)))
    return tuple(spans)


_EACH = 6
"""So many values are told one by one."""


def _values(case: Case, fact: str, now: Answer | None) -> Iterator[Answer]:
    """Yield the values of a fact that are tried: numbers rising, words in their order."""
    found = case.pathway.facts[fact]
    match found.kind:
        case "number":
            own = {now} if isinstance(now, int) else set()
            values = {int(value) for value in list_values(case.pathway, fact)}
            yield from sorted(own | values | _around_cuts(case.pathway, found))
        case "word":
            yield from found.words
        case "set":
            yield ()
            yield from ((word,) for word in found.words)


def _around_cuts(pathway: Pathway, fact: Fact) -> set[int]:
    """Return the values on both sides of where any rule changes, also one that moves no step."""
    compares = (each for rule in pathway.rules for each in rule.condition.parts())
    cuts = {cut for each in compares if each.fact == fact.id for cut in each.cuts}
    return {n for cut in cuts for n in (cut - 1, cut) if fact.low <= n <= fact.high}


def _outcomes(case: Case, fact: str, values: Iterable[Answer]) -> Iterator[tuple[Answer, Outcome]]:
    for value in values:
        changed = change_answers(case.pathway, case.answers, fact, value)
        if changed is not None:
            yield value, outcome_of(case.pathway, changed)


def _holds(values: tuple[Answer, ...], now: Answer | None) -> bool:
    if isinstance(now, int) and isinstance(values[0], int) and isinstance(values[-1], int):
        return values[0] <= now <= values[-1]
    return now in values


# -- find the flip ---------------------------------------------------------------------------


def list_flips(case: Case) -> tuple[Counterfactual, ...]:
    """Return the single changes that move the step of a case, the smallest first.

    A declined answer that would move it, if it were given, is none: it is not known.
    """
    return tuple(flip for flip in case.decision.flips if flip.was != DECLINED)


def list_choices(case: Case) -> tuple[str, ...]:
    """Return questions and scores of a case of which some alone would move the step, some not.

    They are the same for the same case, in the order of the pathway. Nothing of a case without
    flips, and nothing without a wrong choice. What would open a stop is no wrong choice.
    """
    moving = list(dict.fromkeys(flip.fact for flip in list_flips(case)))
    right = [*sorted(moving[: 2 * _MOST_RIGHT], key=lambda f: _rank(case, f))][:_MOST_RIGHT]
    wrong: list[str] = []
    others = [fact for fact in deciding_facts(case.pathway) if fact not in moving]
    for fact in sorted(others, key=lambda f: _rank(case, f)):
        if right and len(wrong) < MOST_CHOICES - len(right) and _moves_nothing(case, fact):
            wrong.append(fact)
    chosen = {*right, *wrong}
    return tuple(id_ for id_ in case.pathway.facts if id_ in chosen) if wrong else ()


def _rank(case: Case, fact: str) -> str:
    return hashlib.sha256(f"{case.vignette.id} {fact}".encode()).hexdigest()


def _moves_nothing(case: Case, fact: str) -> bool:
    """Say whether a fact is known in a case, can be another one, and then leaves all as it is."""
    now = value_of(case, fact)
    if now in (None, DECLINED):
        return False
    others = [value for value in _values(case, fact, now) if value != now]
    answers = (change_answers(case.pathway, case.answers, fact, value) for value in others)
    tried = [each for each in answers if each is not None]
    here = reach(case.pathway, case.answers)
    return bool(tried) and all(reach(case.pathway, each) == here for each in tried)


def directions(case: Case, fact: str) -> frozenset[Direction]:
    """Return in which directions a fact alone would move the step of a case."""
    here = case.decision.step or 0
    return frozenset(
        "up" if flip.step > here else "down" for flip in list_flips(case) if flip.fact == fact
    )
