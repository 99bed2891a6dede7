"""The space of all answer sets of a pathway, and its conditions as diagrams over that space.

The meaning of a condition is that of `pathway.condition` and `decision.facts`: true, false, or
neither while answers are missing, and hidden questions count for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from stepping.decision.facts import score_range, to_state
from stepping.pathway.condition import Compare, Condition, FactState, WordState
from stepping.pathway.model import YES, Answer, Fact, Pathway, ReadyRule
from stepping.proofs.diagrams import FALSE, TRUE, Assignment, DecisionDiagrams, Node
from stepping.proofs.variables import Variable, build_diagrams, build_variables


@dataclass(frozen=True)
class TruthNodes:
    """Where something is certainly true and where it is certainly false."""

    true: Node
    false: Node

    @property
    def negation(self) -> TruthNodes:
        """The same for the opposite."""
        return TruthNodes(self.false, self.true)


_ALWAYS = TruthNodes(TRUE, FALSE)


Levels = Sequence[tuple[Condition, int]]
"""Conditions, each with the level that holds where it does, the lowest first."""


def rank_minimum_steps(pathway: Pathway) -> Levels:
    """Return where which minimum step is asked for, by its rank."""
    return [(each.condition, each.rank) for each in pathway.minimum_steps]


def is_suggested(rank: int, steps: Collection[int]) -> bool:
    """Say whether an outcome suggests one of some steps, or a lower one "or above"."""
    step, above = divmod(rank, 2)
    return step in steps or (above == 1 and any(other > step for other in steps))


def highest_level(
    logic: DecisionDiagrams,
    true: Callable[[Condition], Node],
    levels: Levels,
    base: int,
) -> Node:
    """Return the outcome everywhere: the highest of the levels that hold, or the base.

    `true` says where a condition holds.
    """
    result = logic.leaf(base)
    for condition, level in levels:
        if level > base:
            result = logic.ite(true(condition), logic.leaf(level), result)
    return result


class AnswerSpace:
    """The answer sets of one pathway over given variables, and what is true in which of them."""

    def __init__(
        self, pathway: Pathway, variables: Sequence[Variable], diagrams: DecisionDiagrams
    ) -> None:
        self.pathway = pathway
        self.variables = variables
        self.diagrams = diagrams
        self._conditions: dict[Condition, TruthNodes] = {}
        self._compared: dict[Compare, TruthNodes] = {}
        self._asked: dict[str, TruthNodes] = {}
        self._sums: dict[str, tuple[Node, Node]] = {}

    @classmethod
    def of(cls, pathway: Pathway) -> AnswerSpace:
        """Return the space of a pathway on its own."""
        variables = build_variables(pathway)
        return cls(pathway, variables, build_diagrams(variables))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The variable of each question; of a multiple choice, the one that says if answered."""
        return {v.id: n for n, v in enumerate(self.variables) if v.option is None}

    def answers(self, assignment: Assignment, worst: Collection[int] = ()) -> dict[str, Answer]:
        """Return the answers of an assignment, in the order of asking.

        The variables in `worst` give the worst answer of their cell, the others the best.
        """
        found: dict[str, Answer] = {}
        for number, variable in enumerate(self.variables):
            value = assignment.get(number, 0)
            answer = (variable.worst if number in worst else variable.best)[value]
            if variable.option is None:
                if answer is not None:
                    found[variable.id] = answer
            elif answer == YES and variable.id in found:
                chosen = found[variable.id]
                found[variable.id] = (
                    *(chosen if isinstance(chosen, tuple) else ()),
                    variable.option,
                )
        return found

    # -- conditions --------------------------------------------------------

    def where_true(self, condition: Condition) -> Node:
        """Return where a condition certainly holds: where a rule with it fires."""
        return self.evaluate(condition).true

    def evaluate(self, condition: Condition) -> TruthNodes:
        """Return where a condition certainly holds and where it certainly does not."""
        found = self._conditions.get(condition)
        if found is None:
            found = self._conditions[condition] = condition.evaluate(self)
        return found

    def asked(self, question: str) -> TruthNodes:
        """Return where a question is certainly asked and where it is certainly not."""
        found = self._asked.get(question)
        if found is None:
            ask_if = self.pathway.facts[question].ask_if
            found = _ALWAYS if ask_if is None else self.evaluate(ask_if)
            self._asked[question] = found
        return found

    def meaning(self, fact: str) -> object:
        """Return something that is equal for two facts of one space if they always agree."""
        found = self.pathway.facts[fact]
        match found.origin:
            case "given" | "question":
                return found.kind, found.words, found.default, self.asked(fact)
            case "condition":
                return self.evaluate(found.conditions[0])
            case "total" | "count" | "difference":
                return self._sum(found)

    def unanswered(self, question: str) -> Node:
        """Return where a question has no answer."""
        number = self.places[question]
        return self._of(number, lambda value: value == 0)

    # -- rules -------------------------------------------------------------

    @cached_property
    def outcome(self) -> Node:
        """The outcome of every answer set: twice the highest step, one more for "or above"."""
        levels = rank_minimum_steps(self.pathway)
        return highest_level(self.diagrams, self.where_true, levels, 2 * self.pathway.base_step)

    def where_suggested(self, *steps: int) -> Node:
        """Return where the step is one of these, or a lower one "or above"."""
        return self.diagrams.threshold(self.outcome, lambda rank: is_suggested(rank, steps))

    def where_speaks(self, rule: ReadyRule) -> Node:
        """Return where a rule fires and the step is one on which it says something."""
        fires = self.where_true(rule.condition)
        if not rule.rule.only_steps:
            return fires
        return self.diagrams.conj(fires, self.where_suggested(*rule.rule.only_steps))

    # -- the algebra of conditions --------------------------------------------

    def neg(self, part: TruthNodes) -> TruthNodes:
        """Return the opposite."""
        return part.negation

    def conj(self, parts: Iterable[TruthNodes]) -> TruthNodes:
        """Return where all parts hold, and where one does not."""
        logic, parts = self.diagrams, list(parts)
        true = logic.conj_all(part.true for part in parts)
        return TruthNodes(true, logic.disj_all(part.false for part in parts))

    def disj(self, parts: Iterable[TruthNodes]) -> TruthNodes:
        """Return where any part holds, and where none does."""
        logic, parts = self.diagrams, list(parts)
        true = logic.disj_all(part.true for part in parts)
        return TruthNodes(true, logic.conj_all(part.false for part in parts))

    def compare(self, comparison: Compare) -> TruthNodes:
        """Return where a comparison certainly holds and where it certainly does not."""
        found = self._compared.get(comparison)
        if found is None:
            found = self._compared[comparison] = self._compare(comparison)
        return found

    def _compare(self, compare: Compare) -> TruthNodes:
        fact = self.pathway.facts[compare.fact]
        match fact.origin:
            case "given" | "question":
                return self._compare_answer(compare, fact)
            case "condition":
                return self._compare_truth(compare, self.evaluate(fact.conditions[0]))
            case "total" | "count" | "difference":
                return self._compare_sum(compare, *self._sum(fact))

    def _compare_answer(self, compare: Compare, fact: Fact) -> TruthNodes:
        """Compare an answer, which counts unless its question is certainly not asked."""
        logic, asked = self.diagrams, self.asked(fact.id)
        given, yes, no = self._matches(compare, fact)
        counts = logic.ite(given, logic.neg(asked.false), asked.true)
        return TruthNodes(logic.conj(yes, counts), logic.disj(no, asked.false))

    def _matches(self, compare: Compare, fact: Fact) -> tuple[Node, Node, Node]:
        """Return where there is an answer, where it surely matches, where it surely does not."""
        number = self.places[fact.id]
        given = self._of(number, lambda value: value > 0 or fact.default is not None)
        if fact.kind == "set":
            chosen = next(
                n
                for n, v in enumerate(self.variables)
                if v.id == fact.id and v.option == compare.constant
            )
            has = self._of(chosen, lambda value: value == 1)
            logic = self.diagrams
            return given, logic.conj(given, has), logic.conj(given, logic.neg(has))
        truths = [compare.holds_in(state) for state in self._states(number, fact)]
        yes = self._of(number, lambda value: truths[value] is True)
        no = self._of(number, lambda value: truths[value] is False)
        return given, yes, no

    def _compare_truth(self, compare: Compare, whole: TruthNodes) -> TruthNodes:
        """Compare a fact made of a condition: the word yes or no."""
        of_yes = compare.holds_in(WordState(frozenset({YES})))
        return whole if of_yes else whole.negation

    def _compare_sum(self, compare: Compare, low: Node, high: Node) -> TruthNodes:
        logic, constant = self.diagrams, int(compare.constant)
        match compare.operator:
            case ">=" | ">":
                passes = constant if compare.operator == ">=" else constant + 1
                return TruthNodes(
                    logic.threshold(low, lambda n: n >= passes),
                    logic.threshold(high, lambda n: n < passes),
                )
            case "<" | "<=":
                bound = constant if compare.operator == "<" else constant + 1
                return TruthNodes(
                    logic.threshold(high, lambda n: n < bound),
                    logic.threshold(low, lambda n: n >= bound),
                )
            case _:
                same = logic.conj(
                    logic.threshold(low, lambda n: n == constant),
                    logic.threshold(high, lambda n: n == constant),
                )
                other = logic.disj(
                    logic.threshold(low, lambda n: n > constant),
                    logic.threshold(high, lambda n: n < constant),
                )
                truths = TruthNodes(same, other)
                return truths if compare.operator == "is" else truths.negation

    def _sum(self, fact: Fact) -> tuple[Node, Node]:
        """Return the least and the most that a total, a count or a difference may be."""
        found = self._sums.get(fact.id)
        if found is None:
            match fact.origin:
                case "total":
                    terms = [self._points(self.pathway.facts[item]) for item in fact.items]
                case "count":
                    terms = [self._counted(condition) for condition in fact.conditions]
                case _:
                    terms = self._apart(*fact.items)
            low = high = self.diagrams.leaf(0)
            for least, most in terms:
                low, high = self.diagrams.add(low, least), self.diagrams.add(high, most)
            found = self._sums[fact.id] = low, high
        return found

    def _apart(self, later: str, earlier: str) -> list[tuple[Node, Node]]:
        """Return the two terms of a difference: what is taken away is most where it lowers most."""
        facts = (self.pathway.facts[id_] for id_ in (later, earlier))
        ends, taken = (self._points(f) if f.origin == "given" else self._sum(f) for f in facts)
        low, high = taken
        return [ends, (self.diagrams.negate(high), self.diagrams.negate(low))]

    def _counted(self, condition: Condition) -> tuple[Node, Node]:
        truths = self.evaluate(condition)
        return truths.true, self.diagrams.neg(truths.false)

    def _points(self, fact: Fact) -> tuple[Node, Node]:
        logic, asked, number = self.diagrams, self.asked(fact.id), self.places[fact.id]
        pairs = [score_range(state) for state in self._states(number, fact)]
        nothing = logic.leaf(0)
        given = self._of(number, lambda value: value > 0 or fact.default is not None)
        counts = logic.ite(given, logic.neg(asked.false), asked.true)
        least = logic.ite(counts, logic.branch(number, [low for low, _ in pairs]), nothing)
        most = logic.ite(asked.false, nothing, logic.branch(number, [high for _, high in pairs]))
        return least, most

    def _states(self, number: int, fact: Fact) -> list[FactState]:
        answers = self.variables[number].best
        return [to_state(fact, fact.default if answer is None else answer) for answer in answers]

    def _of(self, number: int, passes: Callable[[int], bool]) -> Node:
        size = len(self.variables[number].best)
        return self.diagrams.branch(number, [int(passes(value)) for value in range(size)])
