"""What is known of every fact, given the answers so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

from stepping.pathway.condition import (
    Condition,
    FactState,
    HiddenState,
    NumberState,
    RemarkState,
    SetState,
    ThreeValued,
    Truth,
    WordState,
)
from stepping.pathway.model import DECLINED, NO, YES, Answer, Answers, Fact, Pathway
from stepping.pathway.told_totals import ToldTotal, find_told_totals, list_tellable

HIDDEN = HiddenState()
_EITHER = frozenset({NO, YES})


class FactStates(ThreeValued):
    """The facts of a pathway under a set of answers; computed when looked at, then kept.

    An unanswered fact may be anything in its range, and so may a declined one; items that nobody
    answered add up to what was told of them, if a total was (`told_totals`). An answer counts
    unless its question is definitely not asked. With `strict`, an answer whose question may turn
    out not to be asked is doubted too, which is what a proof over the remaining questions needs.
    """

    def __init__(self, pathway: Pathway, answers: Answers, *, strict: bool = False) -> None:
        self._facts = pathway.facts
        self._told = find_told_totals(pathway, answers)
        self._answers = answers
        self._strict = strict
        self._states: dict[str, FactState] = {}
        self._asked: dict[str, Truth] = {}

    def get_state(self, fact: str) -> FactState:
        """Return what is known of a fact."""
        state = self._states.get(fact)
        if state is None:
            state = self._states[fact] = self._work_out(self._facts[fact])
        return state

    def with_changes(
        self, pathway: Pathway, answers: Answers, changed: frozenset[str]
    ) -> FactStates:
        """Return the states under answers by which only some facts can be other ones than here."""
        other = FactStates(pathway, answers, strict=self._strict)
        other._states, other._asked = self._states.copy(), self._asked.copy()
        for fact in changed:
            other._states.pop(fact, None)
            other._asked.pop(fact, None)
        return other

    def is_asked(self, question: str) -> Truth:
        """Say whether a question is asked; `None` while that depends on something unanswered."""
        if question not in self._asked:
            ask_if = self._facts[question].ask_if
            asked = True if ask_if is None else self.evaluate(ask_if)
            if asked is None and any(map(partial(self._has_points, ask_if), self._told)):
                asked = True
            self._asked[question] = asked
        return self._asked[question]

    def _has_points(self, condition: Condition | None, told: ToldTotal) -> bool:
        """Say whether a condition asks for any point in items of which some were told."""
        return told.items_with_points(condition) == set(told.items) and self._answers[told.id] != 0

    def _work_out(self, fact: Fact) -> FactState:
        match fact.origin:
            case "given" | "question":
                return self._of_question(fact)
            case "total":
                return self._total(fact)
            case "condition":
                return _word(self.evaluate(fact.conditions[0]))
            case "count":
                truths = [self.evaluate(condition) for condition in fact.conditions]
                return NumberState(truths.count(True), len(truths) - truths.count(False))
            case "difference":
                return self._difference(fact)

    def _of_question(self, fact: Fact) -> FactState:
        asked = self.is_asked(fact.id)
        if asked is False:
            return HIDDEN
        answer = drop_declined(fact, self._answers.get(fact.id, fact.default))
        doubtful = asked is None and (self._strict or answer is None)
        state = to_state(fact, answer, maybe_hidden=doubtful)
        for told in self._told:
            if answer is None and isinstance(state, NumberState) and fact.id in told.items:
                return told.limit(state, int(str(self._answers[told.id])))
        return state

    def _difference(self, fact: Fact) -> NumberState:
        (low, high), (less, more) = (score_range(self.get_state(item)) for item in fact.items)
        return NumberState(low - more, high - less)

    def _total(self, fact: Fact) -> NumberState:
        """Add up the items; a total that was told speaks for those that it covers."""
        left, low, high = set(fact.items), 0, 0
        for told in self._told:
            if left.issuperset(told.items):
                left.difference_update(told.items)
                points = self._told_points(told)
                low, high = low + points, high + points
        for item in fact.items:
            if item in left:
                least, most = score_range(self.get_state(item))
                low, high = low + least, high + most
        return NumberState(low, high)

    def _told_points(self, told: ToldTotal) -> int:
        """Return what is told of some items; never better than what they have answered themselves.

        It counts whatever else is answered: a question that is hidden does not take it back.
        """
        points = int(str(self._answers[told.id]))
        ranges = [score_range(self.get_state(item)) for item in told.items]
        if self._facts[told.id].worse == "down":
            return min(points, sum(most for _, most in ranges))
        return max(points, sum(least for least, _ in ranges))


def get_fact_states(pathway: Pathway, answers: Answers) -> FactStates:
    """Return the view of a set of answers; asked again for the same set, the same view."""
    return _view_of(pathway, frozenset(answers.items()))


@lru_cache(maxsize=4)
def _view_of(pathway: Pathway, answers: frozenset[tuple[str, Answer]]) -> FactStates:
    return FactStates(pathway, dict(answers))


def find_dependents(pathway: Pathway, facts: Iterable[str]) -> frozenset[str]:
    """Return some facts and all that may become others when these do."""
    followers = _followers(pathway)
    return frozenset().union(*(followers[fact] for fact in facts))


@lru_cache(maxsize=16)
def _followers(pathway: Pathway) -> Mapping[str, frozenset[str]]:
    """Return, for each fact, itself and all that is worked out from it, however indirectly."""
    next_ones: dict[str, set[str]] = {fact: set() for fact in pathway.facts}
    for fact in pathway.facts.values():
        conditions = (*fact.conditions, *([fact.ask_if] if fact.ask_if else ()))
        named = (part.fact for condition in conditions for part in condition.parts())
        for base in (*fact.items, *named):
            next_ones[base].add(fact.id)
    for told in list_tellable(pathway).values():
        for fact in pathway.facts.values():
            if fact.origin == "total" and set(told.items) <= set(fact.items):
                next_ones[told.id].add(fact.id)
    found = {}
    for start in next_ones:
        reached, waiting = {start}, [start]
        while waiting:
            new = next_ones[waiting.pop()] - reached
            reached |= new
            waiting += new
        found[start] = frozenset(reached)
    return found


def drop_declined(fact: Fact, answer: Answer | None) -> Answer | None:
    """Return an answer, or nothing for one that was declined; a text says what it says."""
    return None if answer == DECLINED and fact.kind != "remark" else answer


def to_state(fact: Fact, answer: Answer | None, *, maybe_hidden: bool = False) -> FactState:
    """Return the state of a fact for an answer, or for none."""
    match fact.kind:
        case "number":
            if answer is None:
                return NumberState(fact.low, fact.high, maybe_hidden)
            return NumberState(int(str(answer)), int(str(answer)), maybe_hidden)
        case "word":
            words = frozenset(fact.words) if answer is None else frozenset({str(answer)})
            return WordState(words, maybe_hidden)
        case "set":
            chosen = (
                None if answer is None else frozenset(answer if isinstance(answer, tuple) else ())
            )
            return SetState(chosen, maybe_hidden)
        case "remark":
            return RemarkState(None if answer is None else answer != "", maybe_hidden)


def score_range(state: FactState) -> tuple[int, int]:
    """Return the least and the most that an item adds to a total: yes and refused 1, hidden 0."""
    match state:
        case NumberState(low, high, maybe_hidden):
            return (0 if maybe_hidden else low), high
        case WordState(values, maybe_hidden):
            scores = {0 if value == NO else 1 for value in values}
            return (0 if maybe_hidden else min(scores)), max(scores)
        case _:
            return 0, 0


def _word(truth: Truth) -> WordState:
    return WordState(_EITHER if truth is None else frozenset({YES if truth else NO}))
