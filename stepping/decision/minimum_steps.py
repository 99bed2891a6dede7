"""What rules and missing answers leave open: minimum steps, open stops, the range of steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from stepping.decision.facts import FactStates
from stepping.decision.outcome import URGENCIES, OpenElsewhere
from stepping.pathway.condition import Condition, Truth
from stepping.pathway.model import DECLINED, Answers, Pathway, ReadyRule
from stepping.pathway.told_totals import find_covered


def open_stops(
    pathway: Pathway, states: FactStates, recorded: Collection[str]
) -> tuple[ReadyRule, ...]:
    """Return the stops that hold and are not recorded, the most urgent first."""
    held = [r for r in pathway.stops if r.id not in recorded and states.evaluate(r.condition)]
    return tuple(sorted(held, key=lambda r: -URGENCIES.index(r.rule.stop or "week")))


def missing_answers(pathway: Pathway, states: FactStates, answers: Answers) -> tuple[str, ...]:
    """Return the unanswered questions that are asked, or may be, in the order of asking.

    With those for which a total was told instead, where some rule looks at such an item by itself.
    """
    spoken_for = find_covered(pathway, answers)
    if spoken_for:
        spoken_for -= _looked_at(pathway)
    return tuple(
        id_
        for id_ in pathway.questions
        if id_ not in answers and id_ not in spoken_for and states.is_asked(id_) is not False
    )


@lru_cache(maxsize=16)
def _looked_at(pathway: Pathway) -> frozenset[str]:
    """Return the facts that rules name, be it through others, but not as a part of a total."""
    waiting = [part.fact for rule in pathway.rules for c in rule.deciding for part in c.parts()]
    seen: set[str] = set()
    while waiting:
        fact = pathway.facts[waiting.pop()]
        if fact.id not in seen:
            seen.add(fact.id)
            waiting += () if fact.origin == "total" else fact.items
            waiting += [part.fact for inner in fact.conditions for part in inner.parts()]
    return frozenset(seen)


def required_answers(pathway: Pathway, states: FactStates, answers: Answers) -> tuple[str, ...]:
    """Return the missing answers without which no step may be confirmed.

    A required question counts once it is known to be asked; until then the question that decides
    it is what is missing. Where only a declined answer leaves that open, it is asked as if the
    answer were the worst. An item is not needed while its total was told instead.
    """
    missing = missing_answers(pathway, states, answers)
    covered = find_covered(pathway, answers)
    return tuple(
        id_
        for id_ in missing
        if pathway.questions[id_].required
        and id_ not in covered
        and _is_asked(pathway, states, answers, id_)
    )


def _is_asked(pathway: Pathway, states: FactStates, answers: Answers, question: str) -> bool:
    asked = states.is_asked(question)
    if asked is not None:
        return asked
    covered = find_covered(pathway, answers)
    return not any(
        pathway.facts[root].default is None
        and root not in answers
        and root not in covered
        and states.is_asked(root) is not False
        for root in asking_inputs(pathway, question)
    )


def declined_answers(pathway: Pathway, states: FactStates, answers: Answers) -> tuple[str, ...]:
    """Return the questions that were declined and are asked, or may be, in that order."""
    return tuple(
        id_
        for id_, question in pathway.questions.items()
        if question.declinable
        and answers.get(id_) == DECLINED
        and states.is_asked(id_) is not False
    )


@lru_cache(maxsize=2048)
def asking_inputs(pathway: Pathway, question: str) -> frozenset[str]:
    """Return the questions and given facts that decide whether a question is asked."""
    ask_if = pathway.facts[question].ask_if
    return find_all_inputs(pathway, () if ask_if is None else (ask_if,))


def find_all_inputs(pathway: Pathway, conditions: Iterable[Condition]) -> frozenset[str]:
    """Return all that conditions rest on, and on which the asking of those rests in turn."""
    waiting = list(conditions)
    seen: set[str] = set()
    while waiting:
        new = find_inputs(pathway, waiting.pop()) - seen
        seen |= new
        waiting += [ask_if for id_ in new if (ask_if := pathway.facts[id_].ask_if) is not None]
    return frozenset(seen)


def applicable_minimum_steps(fired: Iterable[ReadyRule], recorded: Collection[str]) -> list[int]:
    """Return the steps that rules ask for, and stops whose safety steps are recorded."""
    floors = []
    for rule in fired:
        if rule.rule.at_least is not None:
            floors.append(rule.rule.at_least)
        elif rule.id in recorded and rule.rule.then_at_least is not None:
            floors.append(rule.rule.then_at_least)
    return floors


def lowest_allowed_step(pathway: Pathway, elsewhere: Iterable[OpenElsewhere]) -> int:
    """Return the lowest step of a pathway that stops open elsewhere leave.

    It is the pathway's highest step where they ask for more than the pathway has.
    """
    floors = [stop.floor for stop in elsewhere if stop.floor is not None]
    wanted = max(floors, default=pathway.base_step)
    steps = sorted(step.number for step in pathway.header.step)
    return next((step for step in steps if step >= wanted), steps[-1])


def possible_steps(
    pathway: Pathway, answers: Answers, recorded: Collection[str], least: int | None = None
) -> tuple[int, int, bool]:
    """Return the lowest and highest step that missing answers leave, and whether all is settled.

    Doubtful answers are doubted, so the range holds whatever is answered next. Settled means one
    step, no stop that could still open, and no rule that could still say "or above". `least` is the
    step below which nothing goes, by default the pathway's lowest.
    """
    states = FactStates(pathway, answers, strict=True)
    lowest = highest = pathway.base_step if least is None else least
    settled = True
    for rule in pathway.rules:
        truth = states.evaluate(rule.condition)
        if truth is False:
            continue
        floor = rule.rule.minimum_step
        if floor is not None:
            highest = max(highest, floor)
            if truth and (rule.rule.stop is None or rule.id in recorded):
                lowest = max(lowest, floor)
        above = is_above(states, rule)
        if truth is None and rule.rule.stop is not None:
            settled = False
        if above is not False and None in (truth, above):
            settled = False
    return lowest, highest, settled and lowest == highest


def is_above(states: FactStates, rule: ReadyRule) -> Truth:
    """Say whether a rule that holds leaves its step open upward."""
    return bool(rule.rule.or_above) if rule.above is None else states.evaluate(rule.above)


def find_inputs(pathway: Pathway, condition: Condition) -> set[str]:
    """Return the questions and given facts that a condition rests on."""
    found: set[str] = set()
    waiting = [c.fact for c in condition.parts()]
    seen: set[str] = set()
    while waiting:
        fact = pathway.facts[waiting.pop()]
        if fact.id in seen:
            continue
        seen.add(fact.id)
        if fact.origin in ("question", "given"):
            found.add(fact.id)
        waiting += fact.items
        waiting += [c.fact for inner in fact.conditions for c in inner.parts()]
    return found
