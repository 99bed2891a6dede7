"""The diagrams behind the proofs: they must mean what the plain evaluation of conditions means.

A proof is only as good as its picture of the answers. Where the two differ, a fault in a pathway
would be proven not to exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.facts import FactStates
from stepping.pathway.condition import Condition
from stepping.pathway.model import Answer, Pathway
from stepping.proofs.answer_space import AnswerSpace
from stepping.proofs.diagrams import FALSE, TRUE, DecisionDiagrams, Node
from stepping.proofs.variables import Variable
from store.pathway_files.files import built_in, ids
from tests.stepping.random_pathways import AGES, answer_sets, answers_to, random_pathway

# -- diagrams against tables -------------------------------------------------------------------

SIZES = (2, 3, 2, 4)
COSTS = ((0, 5), (0, 2, 3), (0, 1), (0, 7, 8, 9))
POINTS = tuple(product(*(range(size) for size in SIZES)))
"""Every assignment of the four variables."""

Table = tuple[int, ...]
"""A value for each of the points: a diagram written out."""


def diagram(logic: DecisionDiagrams, table: Sequence[int], level: int = 0) -> Node:
    """A table as a diagram, put together from single variables alone."""
    if level == len(SIZES):
        return logic.leaf(table[0])
    width = len(table) // SIZES[level]
    node = logic.leaf(0)
    for value in range(SIZES[level]):
        branch = diagram(logic, table[value * width : (value + 1) * width], level + 1)
        here = logic.branch(level, [int(value == other) for other in range(SIZES[level])])
        node = logic.ite(here, branch, node)
    return node


def table_of(logic: DecisionDiagrams, node: Node) -> Table:
    """A diagram written out."""
    return tuple(logic.value_at(node, dict(enumerate(point))) for point in POINTS)


def tables(most: int = 1) -> st.SearchStrategy[Table]:
    """Tables, some of them of few variables, so that diagrams with left-out levels come up."""
    full = st.tuples(*(st.integers(0, most) for _ in POINTS))
    of_two = st.tuples(
        st.sampled_from([(0, 1), (0, 2), (1, 3), (2, 3)]),
        st.dictionaries(
            st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(0, most), max_size=8
        ),
    ).map(lambda two: tuple(two[1].get((p[two[0][0]], p[two[0][1]]), 0) for p in POINTS))
    return full | of_two


@given(tables(), tables())
def test_logic_on_diagrams_is_logic_on_tables(a: Table, b: Table) -> None:
    logic = DecisionDiagrams(COSTS)
    x, y = diagram(logic, a), diagram(logic, b)
    pairs = list(zip(a, b, strict=True))
    assert table_of(logic, logic.conj(x, y)) == tuple(p & q for p, q in pairs)
    assert table_of(logic, logic.disj(x, y)) == tuple(p | q for p, q in pairs)
    assert table_of(logic, logic.neg(x)) == tuple(1 - p for p in a)
    assert logic.neg(logic.neg(x)) == x
    assert logic.implies(x, y) == all(q for p, q in pairs if p)
    assert (x == y) == (a == b)
    assert logic.conj_all([x, y, x]) == logic.conj(x, y)
    assert logic.disj_all([x, y, FALSE]) == logic.disj(x, y)
    assert logic.conj_all([]) == TRUE
    assert logic.disj_all([]) == FALSE


@given(tables(), tables(5), tables(5))
def test_sums_and_choices_on_diagrams_are_those_on_tables(c: Table, a: Table, b: Table) -> None:
    logic = DecisionDiagrams(COSTS)
    condition, x, y = diagram(logic, c), diagram(logic, a), diagram(logic, b)
    rows = list(zip(c, a, b, strict=True))
    assert table_of(logic, logic.add(x, y)) == tuple(p + q for _, p, q in rows)
    assert table_of(logic, logic.ite(condition, x, y)) == tuple(p if r else q for r, p, q in rows)
    for bound in range(7):
        passed = logic.threshold(x, lambda n, bound=bound: n >= bound)  # type: ignore[misc]
        assert table_of(logic, passed) == tuple(int(p >= bound) for p in a)


@given(tables(3))
def test_a_fixed_variable_no_longer_matters(a: Table) -> None:
    logic = DecisionDiagrams(COSTS)
    x = diagram(logic, a)
    by_point = dict(zip(POINTS, a, strict=True))
    needed = set()
    for variable, size in enumerate(SIZES):
        for value in range(size):
            fixed = logic.fix(x, variable, value)
            assert variable not in logic.variables(fixed)
            expected = (by_point[(*p[:variable], value, *p[variable + 1 :])] for p in POINTS)
            assert table_of(logic, fixed) == tuple(expected)
        if len({logic.fix(x, variable, value) for value in range(size)}) > 1:
            needed.add(variable)
    assert logic.variables(x) == needed


@given(st.lists(tables(), min_size=1, max_size=3))
def test_the_cheapest_assignment_is_the_cheapest(wanted: list[Table]) -> None:
    """Else a counter-example is longer than it need be, and nobody reads it."""
    logic = DecisionDiagrams(COSTS)
    found = logic.cheapest(*(diagram(logic, table) for table in wanted))
    good = [p for p, *row in zip(POINTS, *wanted, strict=True) if all(row)]
    prices = [sum(COSTS[n][value] for n, value in enumerate(point)) for point in good]
    if found is None:
        assert not good
        return
    point = tuple(found.get(variable, 0) for variable in range(len(SIZES)))
    assert point in good
    assert logic.cost(found) == sum(COSTS[n][v] for n, v in enumerate(point)) == min(prices)


# -- the space against the plain evaluation ----------------------------------------------------


def assignment_of(space: AnswerSpace, answers: Mapping[str, Answer]) -> dict[int, int]:
    """The cells in which answers lie, found by the ends of the cells alone."""
    found = {}
    for number, variable in enumerate(space.variables):
        answer = answers.get(variable.id)
        if variable.option is not None:
            found[number] = int(isinstance(answer, tuple) and variable.option in answer)
        elif answer is not None:
            found[number] = _cell(variable, answer)
    return found


def _cell(variable: Variable, answer: Answer) -> int:
    for value, (best, worst) in enumerate(zip(variable.best, variable.worst, strict=True)):
        match best, answer, worst:
            case int(), int(), int():
                here = min(best, worst) <= answer <= max(best, worst)
            case tuple(), tuple(), _:
                here = True
            case _:
                here = answer == best or (best == "x" and answer not in ("", None))
        if value and here:
            return value
    raise AssertionError(f"{variable.id} has no cell for {answer!r}")


def plain(truth: bool | None) -> tuple[bool, bool]:
    return truth is True, truth is False


def same(
    space: AnswerSpace, answers: Mapping[str, Answer], conditions: Sequence[Condition]
) -> None:
    """Every condition and every asking means the same both ways."""
    logic, view = space.diagrams, FactStates(space.pathway, answers)
    assignment = assignment_of(space, answers)

    def symbolic(true: Node, false: Node) -> tuple[bool, bool]:
        values = logic.value_at(true, assignment), logic.value_at(false, assignment)
        return bool(values[0]), bool(values[1])

    for condition in conditions:
        truths = space.evaluate(condition)
        assert symbolic(truths.true, truths.false) == plain(view.evaluate(condition)), str(
            condition
        )
    for question in space.pathway.questions:
        asked = space.asked(question)
        assert symbolic(asked.true, asked.false) == plain(view.is_asked(question)), question
        unanswered = logic.value_at(space.unanswered(question), assignment)
        assert bool(unanswered) == (question not in answers)


def test_the_space_of_small_pathways_means_what_plain_evaluation_does() -> None:
    for seed in range(120):
        _all_the_same(random_pathway(seed, 120))


@pytest.mark.nightly
def test_the_space_means_what_plain_evaluation_does_on_thousands() -> None:
    for seed in range(5000, 7000):
        _all_the_same(random_pathway(seed, 300))


def _all_the_same(pathway: Pathway) -> None:
    space, conditions = AnswerSpace.of(pathway), list(pathway.conditions)
    for answers in answer_sets(pathway):
        same(space, answers, conditions)


@cache
def space_of(name: str) -> tuple[AnswerSpace, tuple[Condition, ...]]:
    """The space of a pathway that comes with Porras, and all its conditions."""
    pathway = built_in(name)
    return AnswerSpace.of(pathway), tuple(dict.fromkeys(pathway.conditions))


def some_answers(pathway: Pathway, random: Random) -> dict[str, Answer]:
    """Random answers: full, sparse, mostly calm or wild; ages and long ranges anywhere."""
    left_out = random.choice((0.0, 0.05, 0.3, 0.8))
    calm = random.choice((0.0, 0.5, 0.9))
    found: dict[str, Answer] = {}
    for id_, fact in pathway.facts.items():
        if fact.origin not in ("given", "question") or random.random() < left_out:
            continue
        if id_ == "client.age":
            ages = pathway.header.ages
            found[id_] = random.randint(ages.from_, ages.to)
            continue
        choices = [answer for answer in answers_to(pathway, id_) if answer is not None]
        found[id_] = choices[0] if random.random() < calm else random.choice(choices)
    return found


@pytest.mark.parametrize("name", ids())
@given(seed=st.integers(0, 10**9))
@settings(max_examples=60)
def test_the_space_of_what_is_shipped_means_what_plain_evaluation_does(
    name: str, seed: int
) -> None:
    space, conditions = space_of(name)
    same(space, some_answers(space.pathway, Random(seed)), conditions)


@pytest.mark.parametrize("name", ids())
@given(seed=st.integers(0, 10**9))
@settings(max_examples=60)
def test_all_answers_of_a_cell_mean_the_same(name: str, seed: int) -> None:
    """Answers that a proof takes for one must be one to every condition."""
    space, conditions = space_of(name)
    random = Random(seed)
    answers = some_answers(space.pathway, random)
    moved = dict(answers)
    assignment = assignment_of(space, answers)
    for number, variable in enumerate(space.variables):
        value = assignment.get(number, 0)
        ends = variable.best[value], variable.worst[value]
        match ends:
            case int(best), int(worst) if variable.option is None:
                moved[variable.id] = random.randint(min(best, worst), max(best, worst))
    assert assignment_of(space, moved) == assignment
    here, there = FactStates(space.pathway, answers), FactStates(space.pathway, moved)
    for condition in conditions:
        assert here.evaluate(condition) == there.evaluate(condition), str(condition)


@pytest.mark.parametrize("seed", range(40))
def test_an_assignment_gives_answers_that_lie_in_its_cells(seed: int) -> None:
    space = AnswerSpace.of(random_pathway(seed, 300))
    random = Random(seed)
    for _ in range(30):
        drawn = {n: random.randrange(len(v.best)) for n, v in enumerate(space.variables)}
        places = space.places
        for number, variable in enumerate(space.variables):
            if variable.option is not None and not drawn[places[variable.id]]:
                drawn[number] = 0  # no option is chosen of a question without an answer
        for worst in ((), tuple(drawn)):
            answers = space.answers(drawn, worst)
            found = assignment_of(space, answers)
            assert {n: v for n, v in found.items() if v} == {n: v for n, v in drawn.items() if v}


@pytest.mark.parametrize("seed", range(40))
def test_the_cells_hold_every_answer_and_no_other(seed: int) -> None:
    pathway = random_pathway(seed, 300)
    space = AnswerSpace.of(pathway)
    for variable in space.variables:
        if variable.option is not None or pathway.facts[variable.id].kind in ("set", "remark"):
            continue
        cells = list(zip(variable.best, variable.worst, strict=True))
        assert cells[0] == (None, None)
        for answer in answers_to(pathway, variable.id):
            if answer is not None:
                assert sum(_holds(cell, answer) for cell in cells[1:]) == 1
        if variable.id == "client.age":
            ends = [end for cell in cells[1:] for end in cell if isinstance(end, int)]
            assert (min(ends), max(ends)) == AGES


def _holds(cell: tuple[Answer | None, Answer | None], answer: Answer) -> bool:
    match cell, answer:
        case (int(best), int(worst)), int(number):
            return min(best, worst) <= number <= max(best, worst)
        case _:
            return cell == (answer, answer)


def test_the_ages_of_the_space_are_those_of_the_pathway() -> None:
    """No other age may be answered, so no proof may rest on one."""
    for name in ids():
        space, _ = space_of(name)
        ages = space.pathway.header.ages
        variable = space.variables[space.places["client.age"]]
        ends = [end for end in (*variable.best, *variable.worst) if isinstance(end, int)]
        assert (min(ends), max(ends)) == (ages.from_, ages.to)
