"""The smallest change of one fact that would move the suggested step.

Conditions compare facts with constants, so between two constants nothing can change. It is enough
to try the nearest value beyond each constant, outward from the present value.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from stepping.decision.facts import FactStates, find_dependents, get_fact_states, score_range
from stepping.decision.minimum_steps import (
    applicable_minimum_steps,
    declined_answers,
    find_inputs,
    required_answers,
)
from stepping.decision.outcome import Counterfactual
from stepping.pathway.condition import Compare, HiddenState, NumberState, WordState
from stepping.pathway.model import (
    DECLINED,
    NO,
    YES,
    Answer,
    Answers,
    Fact,
    Pathway,
    Question,
    ReadyRule,
)
from stepping.pathway.told_totals import find_covered, find_told_totals


@dataclass(frozen=True)
class _Boundaries:
    """Where a change of a fact may move a step."""

    cuts: Mapping[str, tuple[int, ...]]
    """For each numeric fact, the values at which some condition changes."""
    words: tuple[str, ...]
    named: frozenset[str]
    """Every fact that a stop or minimum step names."""
    shows: frozenset[str]
    """Facts that decide whether another question is asked."""
    rests_on: Mapping[str, frozenset[str]]
    """For each stop and minimum step, the facts that its condition names."""


def find_counterfactuals(
    pathway: Pathway,
    answers: Answers,
    recorded: Collection[str],
    step: int,
    least: int | None = None,
) -> tuple[Counterfactual, ...]:
    """Return the smallest change of each fact, up and down, that moves the step from `step`.

    Changes that would open a stop or leave a required answer missing are no flips: they lead to a
    stop or a question, not to a step. The client's age and sex are not answers and do not change.
    No step goes below `least`, by default the pathway's lowest.
    """
    base = pathway.base_step if least is None else least
    finder = _Finder(
        pathway,
        answers,
        recorded,
        base,
        _find_boundaries(pathway),
        get_fact_states(pathway, answers),
    )
    flips = [*finder.try_numbers(step), *finder.try_words(step), *finder.try_declined(step)]
    return tuple(sorted(flips, key=lambda flip: (_size(flip), flip.fact, flip.step)))


def deciding_facts(pathway: Pathway) -> tuple[str, ...]:
    """Return the questions and totals that a stop or a minimum step compares with something."""
    boundaries = _find_boundaries(pathway)
    return (*boundaries.cuts, *boundaries.words)


def list_values(pathway: Pathway, fact: str) -> tuple[int | str, ...]:
    """Return the values of a question or total: all, or of many those that rules tell apart."""
    found = pathway.facts[fact]
    values = _values(pathway, found, _find_boundaries(pathway))
    return tuple(dict.fromkeys([*values, *([found.high] if found.high else [])]))


def change_answers(
    pathway: Pathway, answers: Answers, fact: str, value: Answer
) -> dict[str, Answer] | None:
    """Return answers with one question or total brought to a value; None where it has no way there.

    A total moves as in `find_counterfactuals`, by the items that no rule names on their own.
    """
    if pathway.facts[fact].origin != "total" or not isinstance(value, int):
        return {**answers, fact: value}
    here = get_fact_states(pathway, answers)
    finder = _Finder(pathway, answers, (), 0, _find_boundaries(pathway), here)
    changed = {**answers, **finder.changes(pathway.facts[fact], value)}
    now = get_fact_states(pathway, changed).get_state(fact)
    return changed if now == NumberState(value, value) else None


_ALL = 40
"""The widest range of which every value is tried."""


def _size(flip: Counterfactual) -> int:
    if isinstance(flip.was, int) and isinstance(flip.becomes, int):
        return abs(flip.becomes - flip.was)
    return 1


@dataclass(frozen=True)
class _Finder:
    pathway: Pathway
    answers: Answers
    recorded: Collection[str]
    least: int
    boundaries: _Boundaries
    here: FactStates

    @cached_property
    def holding(self) -> Mapping[str, bool]:
        """Which stops and minimum steps hold as it is."""
        return {rule.id: bool(self.here.evaluate(rule.condition)) for rule in _rules(self.pathway)}

    def try_numbers(self, step: int) -> Iterator[Counterfactual]:
        """Yield, for each number, the nearest value on each side that moves the step."""
        for name, cuts in self.boundaries.cuts.items():
            state = self.here.get_state(name)
            fact = self.pathway.facts[name]
            if not isinstance(state, NumberState) or state.low != state.high:
                continue
            if fact.origin == "question" and name not in self.answers:
                continue
            for values in _outward(state.low, cuts, _possible(self.pathway, fact)):
                yield from islice(self._moves(fact, state.low, values, step), 1)

    def try_words(self, step: int) -> Iterator[Counterfactual]:
        """Yield each word instead of an answered one that moves the step."""
        for name in self.boundaries.words:
            was, state = self.answers.get(name), self.here.get_state(name)
            if isinstance(was, str) and was != DECLINED and isinstance(state, WordState):
                fact = self.pathway.facts[name]
                yield from self._moves(fact, was, (w for w in fact.words if w != was), step)

    def try_declined(self, step: int) -> Iterator[Counterfactual]:
        """Yield, for each declined answer, the value next to the best one that moves the step."""
        for name in declined_answers(self.pathway, self.here, self.answers):
            fact = self.pathway.facts[name]
            values = _values(self.pathway, fact, self.boundaries)
            yield from islice(self._moves(fact, DECLINED, values, step), 1)

    def _moves(
        self, fact: Fact, was: int | str, values: Iterable[int | str], step: int
    ) -> Iterator[Counterfactual]:
        """Yield each value of a fact with which the step is another one."""
        for value in values:
            moved = self._step_if(fact, value)
            if moved is not None and moved != step:
                yield Counterfactual(fact=fact.id, was=was, becomes=value, step=moved)

    def _step_if(self, fact: Fact, value: int | str) -> int | None:
        """Return the step with one fact changed; nothing if that leads to a stop or question."""
        changes = self.changes(fact, value)
        answers = {**self.answers, **changes}
        moved = find_dependents(self.pathway, changes)
        states = self.here.with_changes(self.pathway, answers, moved)
        if fact.origin == "total" and states.get_state(fact.id) != NumberState(
            int(value), int(value)
        ):
            return None
        fired: list[ReadyRule] = []
        for rule in _rules(self.pathway):
            touched = not self.boundaries.rests_on[rule.id].isdisjoint(moved)
            if states.evaluate(rule.condition) if touched else self.holding[rule.id]:
                if rule.rule.stop and rule.id not in self.recorded:
                    return None
                fired.append(rule)
        if fact.id in self.boundaries.shows and required_answers(self.pathway, states, answers):
            return None
        return max([self.least, *applicable_minimum_steps(fired, self.recorded)])

    def changes(self, fact: Fact, value: int | str) -> dict[str, Answer]:
        """Return the new answers that bring a fact to a value.

        A total moves by what was told of it, and by the items that no rule names on their own, from
        the last one, as far as they go.
        """
        if fact.origin == "question":
            return {fact.id: value}
        changes: dict[str, Answer] = {}
        left = int(value) - score_range(self.here.get_state(fact.id))[0]
        covered = find_covered(self.pathway, self.answers)
        for told in find_told_totals(self.pathway, self.answers):
            if left and set(told.items) <= set(fact.items):
                now = int(str(self.answers[told.id]))
                becomes = min(max(now + left, told.low), told.high)
                left -= becomes - now
                changes[told.id] = becomes
        for item in reversed(fact.items):
            state = self.here.get_state(item)
            if item in covered:
                continue
            if left and item not in self.boundaries.named and not isinstance(state, HiddenState):
                now = score_range(state)[0]
                becomes = _nearest(self.pathway.questions[item], now, now + left)
                left -= becomes - now
                number = self.pathway.facts[item].kind == "number"
                changes[item] = becomes if number else YES if becomes else NO
        return changes


def _possible(pathway: Pathway, fact: Fact) -> Sequence[int]:
    question = pathway.questions.get(fact.id)
    return question.points if question else range(fact.low, fact.high + 1)


def _values(pathway: Pathway, fact: Fact, boundaries: _Boundaries) -> list[int | str]:
    """Return the values of a fact that a condition or a total may tell apart, best first."""
    values: list[int | str]
    match fact.kind:
        case "number" if fact.high - fact.low > _ALL:
            cuts = boundaries.cuts.get(fact.id, ())
            values = [fact.low, *sorted({value for cut in cuts for value in (cut - 1, cut)})]
        case "number":
            values = [*_possible(pathway, fact)]
        case _:
            values = [*fact.words] if fact.kind == "word" else []
    return values[::-1] if fact.worse == "down" else values


def _outward(
    value: int, cuts: tuple[int, ...], possible: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Return the nearest possible value of each cell above and below; a cell starts at a cut."""
    starts = [(cut, bisect_left(possible, cut)) for cut in cuts]
    above = [n for cut, at in starts if cut > value for n in possible[at : at + 1]]
    below = [possible[at - 1] for cut, at in reversed(starts) if cut <= value and at]
    return above, below


def _nearest(question: Question, now: int, wanted: int) -> int:
    """Return the points nearest to the wanted ones that an item can give, never beyond them."""
    points_: Sequence[int] = (0, 1) if question.kind == "yesno" else question.points
    between = [p for p in points_ if min(now, wanted) <= p <= max(now, wanted)]
    return min(between, key=lambda p: abs(wanted - p), default=now)


@lru_cache(maxsize=16)
def _find_boundaries(pathway: Pathway) -> _Boundaries:
    rules = _rules(pathway)
    named: set[str] = set()
    cuts: dict[str, set[int]] = {}
    for rule in rules:
        for compare in _reached(pathway, rule):
            named.add(compare.fact)
            if compare.cuts:
                cuts.setdefault(compare.fact, set()).update(compare.cuts)
    shows = {
        base
        for fact in pathway.facts.values()
        if fact.ask_if is not None
        for base in (*(c.fact for c in fact.ask_if.parts()), *find_inputs(pathway, fact.ask_if))
    }
    totals = [f for f in pathway.facts.values() if f.origin == "total" and f.id in cuts]
    for total in totals:
        if shows & set(total.items):
            shows.add(total.id)
        for item in set(total.items) & cuts.keys():
            # Each point of such an item moves the total too.
            fact = pathway.facts[item]
            cuts[item].update(range(fact.low + 1, fact.high + 1))
    for fact in pathway.facts.values():
        if fact.origin == "difference" and fact.id in cuts:
            # Where it moves depends on the other number: each point may.
            for moved in (pathway.facts[item] for item in fact.items):
                named.add(moved.id)
                cuts.setdefault(moved.id, set()).update(range(moved.low + 1, moved.high + 1))
    changing = [
        f for f in pathway.facts.values() if f.id in named and f.origin in ("question", "total")
    ]
    return _Boundaries(
        cuts={f.id: tuple(sorted(cuts[f.id])) for f in changing if f.id in cuts},
        words=tuple(f.id for f in changing if f.kind == "word"),
        named=frozenset(named),
        shows=frozenset(shows),
        rests_on={rule.id: frozenset(c.fact for c in rule.condition.parts()) for rule in rules},
    )


def _rules(pathway: Pathway) -> tuple[ReadyRule, ...]:
    return (*pathway.stops, *pathway.minimum_step_rules)


def _reached(pathway: Pathway, rule: ReadyRule) -> Iterator[Compare]:
    """Yield every comparison that decides a rule, through the facts that it is made of."""
    waiting = list(rule.condition.parts())
    seen: set[str] = set()
    while waiting:
        compare = waiting.pop()
        yield compare
        fact = pathway.facts[compare.fact]
        if fact.id not in seen:
            seen.add(fact.id)
            waiting += [inner for condition in fact.conditions for inner in condition.parts()]
