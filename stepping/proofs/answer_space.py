"""The space of all answer sets of a pathway, and its conditions as diagrams over that space.

Conditions compare facts with constants, so the values of a question fall into finitely many cells
between which nothing can change. A variable of the space is a question with a value for each cell
and one for "unanswered". The meaning of a condition is that of `pathway.condition` and
`decision.facts`: true, false, or neither while answers are missing, and hidden questions count for
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from stepping.decision.facts import score_range, to_state
from stepping.pathway.client_facts import AGE
from stepping.pathway.condition import (
    Compare,
    Condition,
    FactState,
    WordState,
)
from stepping.pathway.model import NO, YES, Answer, Fact, Pathway, Question, ReadyRule
from stepping.proofs.diagrams import FALSE, TRUE, Assignment, DecisionDiagrams, Node

_Version = tuple[Fact, Question | None]
"""A fact as one pathway has it, with its question if it is not given."""

_ANSWERED = 10_000
"""What an answer costs in a smallest example, so that fewer answers win over better ones."""


@dataclass(frozen=True)
class Variable:
    """A question, or one option of a multiple choice, and the cells of its answers.

    The first value is "unanswered" (for an option: not chosen). `best` and `worst` are the answers
    at the two ends of each cell.
    """

    id: str
    best: tuple[Answer | None, ...]
    worst: tuple[Answer | None, ...]
    worse: tuple[tuple[int, int], ...] = ()
    """Pairs of values of which the second is a worse answer than the first."""
    option: str | None = None


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


def build_variables(*pathways: Pathway) -> tuple[Variable, ...]:
    """Return the variables of a pathway, or of several that are compared, in the order of asking.

    A given number that is taken from a total stands right behind that total's last item: apart, a
    diagram of their difference would keep both in mind over everything between them. Of several
    pathways, a question has the cells that any of them tells apart.
    """
    cuts: dict[str, set[int]] = {}
    options: dict[str, set[str]] = {}
    summed: set[str] = set()
    facts: dict[str, list[_Version]] = {}
    for pathway in pathways:
        for condition in pathway.conditions:
            for compare in condition.parts():
                cuts.setdefault(compare.fact, set()).update(compare.cuts)
                if compare.operator == "has":
                    options.setdefault(compare.fact, set()).add(str(compare.constant))
        for intervention in pathway.interventions:
            ages = intervention.content.ages
            cuts.setdefault(AGE, set()).update((ages.from_, ages.to + 1))
        for fact in pathway.facts.values():
            summed.update(fact.items)
            if fact.origin in ("given", "question"):
                version = limit_to_ages(fact, pathway), pathway.questions.get(fact.id)
                facts.setdefault(fact.id, []).append(version)
    found: list[Variable] = []
    for id_, versions in facts.items():
        apart = None if id_ in summed else cuts.get(id_, set())
        found += _variables(id_, versions, apart, options.get(id_, ()))
    return tuple(_behind_their_totals(found, pathways))


def _behind_their_totals(
    variables: Sequence[Variable], pathways: Sequence[Pathway]
) -> Iterator[Variable]:
    behind: dict[str, str] = {}
    for pathway in pathways:
        for fact in pathway.facts.values():
            if fact.origin == "difference":
                later, earlier = (pathway.facts[id_] for id_ in fact.items)
                if later.origin == "total" and earlier.origin == "given":
                    behind[earlier.id] = later.items[-1]
    for variable in variables:
        if variable.id not in behind:
            yield variable
            yield from (other for other in variables if behind.get(other.id) == variable.id)


def _variables(
    id_: str,
    versions: Sequence[_Version],
    cuts: Collection[int] | None,
    options: Collection[str],
) -> Iterator[Variable]:
    fact, question = versions[-1]
    match fact.kind:
        case "number":
            numbers = sorted({n for version in versions for n in _numbers(*version)})
            cells = _cells(numbers, cuts)
            down = fact.worse == "down"
            ends = [(cell[-1], cell[0]) if down else (cell[0], cell[-1]) for cell in cells]
            yield _ordered(id_, ends[::-1] if down else ends, fact)
        case "word":
            words = dict.fromkeys(word for version, _ in versions for word in version.words)
            listed = list(words)[::-1] if fact.worse == "down" else list(words)
            yield _ordered(id_, [(word, word) for word in listed], fact)
        case "set":
            yield Variable(id_, (None, ()), (None, ()))
            words = dict.fromkeys(word for version, _ in versions for word in version.words)
            for option in (word for word in words if word in options):
                yield Variable(id_, (NO, YES), (NO, YES), option=option)
        case "remark":
            dated = question is not None and question.kind == "date"
            given = (None, "2000-01-01") if dated else (None, "", "x")
            yield Variable(id_, given, given)


def limit_to_ages(fact: Fact, pathway: Pathway) -> Fact:
    """Return a fact, the client's age within the ages of the pathway: no other may be answered."""
    if fact.id != AGE:
        return fact
    ages = pathway.header.ages
    return replace(fact, low=max(fact.low, ages.from_), high=min(fact.high, ages.to))


def _numbers(fact: Fact, question: Question | None) -> Iterable[int]:
    if question is not None and question.words:
        return [int(word) for word in question.words]
    return range(fact.low, fact.high + 1)


def _cells(numbers: Sequence[int], cuts: Collection[int] | None) -> list[list[int]]:
    """Group numbers that no condition tells apart; `None` tells all of them apart."""
    cells: list[list[int]] = []
    for before, number in zip([None, *numbers], numbers, strict=False):
        apart = before is None or cuts is None or any(before < cut <= number for cut in cuts)
        if apart:
            cells.append([])
        cells[-1].append(number)
    return cells


def _ordered(id_: str, ends: Sequence[tuple[Answer, Answer]], fact: Fact) -> Variable:
    """A variable whose cells stand from best to worst, where the fact has a worse direction.

    Learning the worst of something unanswered is worse, too.
    """
    pairs: tuple[tuple[int, int], ...] = ()
    if fact.worse != "none":
        steps = [(value, value + 1) for value in range(1, len(ends))]
        pairs = (*steps, (0, len(ends)))
    best, worst = zip(*ends, strict=True)
    return Variable(id_, (None, *best), (None, *worst), pairs)


def build_diagrams(variables: Sequence[Variable]) -> DecisionDiagrams:
    """Return fresh diagrams over variables; a cheapest assignment has the fewest answers."""
    return DecisionDiagrams([_costs(variable) for variable in variables])


def _costs(variable: Variable) -> list[int]:
    if variable.option is not None:
        return [0, 1]
    return [0, *(_ANSWERED + value for value in range(len(variable.best) - 1))]


def rank_minimum_steps(pathway: Pathway) -> tuple[tuple[ReadyRule, int], ...]:
    """Return every rule that sets a floor, also after a stop, and how high it lies, lowest first.

    A step counts two, and one more where the rule leaves it open upward: "or above" lies between
    two steps.
    """
    floors = ((rule, rule.rule.minimum_step) for rule in pathway.rules)
    found = [(r, 2 * floor + r.rule.or_above) for r, floor in floors if floor is not None]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def highest_level(
    logic: DecisionDiagrams,
    true: Callable[[Condition], Node],
    levels: Sequence[tuple[ReadyRule, int]],
    base: int,
) -> Node:
    """Return the outcome everywhere: the highest level of the rules that hold, or the base.

    `levels` stand lowest first; `true` says where a condition holds.
    """
    result = logic.leaf(base)
    for rule, level in levels:
        if level > base:
            result = logic.ite(true(rule.condition), logic.leaf(level), result)
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
        """An answer counts unless its question is certainly not asked; see `decision.facts`."""
        logic, asked = self.diagrams, self.asked(fact.id)
        given, yes, no = self._matches(compare, fact)
        counts = logic.ite(given, logic.neg(asked.false), asked.true)
        return TruthNodes(logic.conj(yes, counts), logic.disj(no, asked.false))

    def _matches(self, compare: Compare, fact: Fact) -> tuple[Node, Node, Node]:
        """Where there is an answer, where it certainly matches, where it certainly does not."""
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
        """A fact made of a condition is the word yes or no."""
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
        """The least and the most that a total, a count or a difference may be."""
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
        """The two terms of a difference: what is taken away is most where it lowers most."""
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
