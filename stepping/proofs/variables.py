"""The variables of the space of all answer sets: one for each question, a value for each cell.

Conditions compare facts with constants, so the values of a question fall into finitely many cells
between which nothing can change; the first value of a variable is "unanswered".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stepping.pathway.client_facts import AGE
from stepping.pathway.model import NO, YES, Answer, Fact, Pathway, Question
from stepping.proofs.diagrams import DecisionDiagrams

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
    """Return a variable whose cells stand from best to worst, where the fact has a worse direction.

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
