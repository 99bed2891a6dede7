"""How much a score has changed: without it nobody sees that a treatment does not help."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest

from stepping.batch.batch import OUTPUT, Batch
from stepping.decision.counterfactuals import find_counterfactuals
from stepping.decision.decide import decide
from stepping.decision.facts import FactStates
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Answer, Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.answer_space import AnswerSpace
from stepping.proofs.checker import check_pathway
from tests.stepping.cases import SMALL, changed, text

BEFORE = f"""
[[given]]
id = "before.mood"
type = "integer"
min = 0
max = 4
label = {text("mood before")}
"""
CHANGE = f"""
[[fact]]
id = "mood.change"
difference = ["mood.total", "before.mood"]
label = {text("change of mood")}

[[rule]]
id = "C1"
when = "mood.change >= 2"
at_least = 1
because = {text("worse by two")}
source = "test"
basis = "local"
"""


@cache
def measured_again() -> Pathway:
    files = dict(SMALL)
    files["questions.toml"] = BEFORE + files["questions.toml"]
    files["rules.toml"] += CHANGE
    return read_pathway(files)


def answer_sets() -> Iterator[dict[str, Answer]]:
    scores = (None, 0, 1, 2)
    for first, second, before in product(scores, scores, (None, *range(5))):
        told = {"mood.1": first, "mood.2": second, "before.mood": before, "danger": "no"}
        yield {id_: value for id_, value in told.items() if value is not None}


@pytest.mark.parametrize(
    ("first", "second", "before", "fires"),
    [(2, 1, 1, True), (2, 1, 2, False), (2, 2, 2, True), (0, 0, 0, False), (2, 0, 0, True)],
)
def test_a_change_is_the_later_score_less_the_earlier(
    first: int, second: int, before: int, fires: bool
) -> None:
    scores = {"mood.1": first, "mood.2": second, "before.mood": before}
    answers: dict[str, Answer] = {"danger": "no", **scores}
    decision = decide(measured_again(), answers)
    assert ("C1" in {rule.id for rule in decision.rules}) is fires
    assert decision.scores["mood.change"] == first + second - before


def test_without_the_earlier_score_nothing_is_guessed() -> None:
    answers: dict[str, Answer] = {"danger": "no", "mood.1": 2, "mood.2": 2}
    decision = decide(measured_again(), answers)
    assert "C1" not in {rule.id for rule in decision.rules}
    assert decision.scores["mood.change"] == (0, 4)
    assert "before.mood" in decision.missing
    assert (decision.lowest, decision.highest) == (0, 1)


def test_every_answer_set_means_the_same_to_the_checker_and_to_the_batch() -> None:
    pathway = measured_again()
    space = AnswerSpace.of(pathway)
    condition = pathway.rule("C1").condition
    truths = space.evaluate(condition)
    columns = ("case", "mood.1", "mood.2", "before.mood", "danger")
    batch = Batch(pathway, columns)
    for answers in answer_sets():
        assignment = {}
        for number, variable in enumerate(space.variables):
            value = answers.get(variable.id)
            if value is not None:
                assignment[number] = next(
                    n
                    for n, (best, worst) in enumerate(
                        zip(variable.best, variable.worst, strict=True)
                    )
                    if value in (best, worst)
                )
        truth = FactStates(pathway, answers).evaluate(condition)
        assert bool(space.diagrams.value_at(truths.true, assignment)) is (truth is True), answers
        assert bool(space.diagrams.value_at(truths.false, assignment)) is (truth is False)
        row = ["c", *(str(answers.get(id_, "")) for id_ in columns[1:])]
        told = dict(zip(OUTPUT, batch.decide_rows([row]).rows[0], strict=True))
        fired = [rule.id for rule in decide(pathway, answers).rules]
        assert told["rules"].split("|") == fired or (not fired and told["rules"] == "")


def test_the_change_that_would_move_the_step_is_told() -> None:
    answers: dict[str, Answer] = {"danger": "no", "mood.1": 1, "mood.2": 1, "before.mood": 1}
    flips = find_counterfactuals(measured_again(), answers, (), 0)
    assert ("mood.total", 2, 3, 1) in {(f.fact, f.was, f.becomes, f.step) for f in flips}


def test_a_rule_on_change_is_proven_too() -> None:
    files = dict(measured_again().files)
    files["rules.toml"] = files["rules.toml"].replace("mood.change >= 2", "mood.change is 2")
    found = [f for f in check_pathway(read_pathway(files)).errors if f.kind == "monotone_step"]
    assert [finding.of for finding in found] == ["C1", "C1"]
    for item, finding in zip(("mood.1", "mood.2"), found, strict=True):
        assert f"lowers the step ({item} " in str(finding)


@pytest.mark.parametrize(
    ("difference", "message"),
    [
        ('["mood.total", "before.mod"]', "did you mean 'before.mood'?"),
        ('["mood.total", "weeks"]', "'weeks' is not known"),
        ('["mood.total"]', "a difference is that of two facts"),
        ('["mood.total", "low"]', "'low' is not known"),
    ],
)
def test_a_difference_is_of_two_numbers_that_are_always_there(
    difference: str, message: str
) -> None:
    files = {**measured_again().files}
    files = changed("rules.toml", '["mood.total", "before.mood"]', difference, files)
    with pytest.raises(PathwayError) as caught:
        read_pathway(files)
    assert message in str(caught.value)
