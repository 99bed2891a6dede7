"""A rule beside the step may speak on certain suggested steps alone, and never moves the step."""

from __future__ import annotations

from itertools import product

import pytest

from screens.documents.as_text import as_text
from screens.pathway.whole import review
from stepping.batch.batch import OUTPUT, Batch
from stepping.decision.decide import decide
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import check_pathway
from tests.stepping.cases import SMALL, Case, changed, text

RULES = "rules.toml"
RULE = f"""
[[rule]]
id = "G1"
when = "client.age <= 23"
add = ["doctor"]
only_steps = [1]
because = {text("the guarantee of the young")}
source = "test"
basis = "local"
"""
YOUNG: Case = {"client.age": 20, "danger": "no", "mood.1": 0, "mood.2": 0}
ILL: Case = {**YOUNG, "mood.1": 2, "weeks": 9}
"""On step 1."""


def pathway(rule: str = RULE, **more: str) -> Pathway:
    return read_pathway({**SMALL, **more, RULES: more.get(RULES, SMALL[RULES]) + rule})


def fired(read: Pathway, answers: Case, recorded: tuple[str, ...] = ()) -> list[str]:
    return [rule.id for rule in decide(read, answers, recorded).rules]


def test_it_speaks_on_its_steps_alone() -> None:
    read = pathway()
    assert "G1" not in fired(read, YOUNG)
    assert fired(read, ILL) == ["R2", "G1"]
    assert decide(read, ILL).actions == ("doctor",)
    assert fired(read, {**ILL, "client.age": 24}) == ["R2"]


def test_it_says_nothing_until_the_step_is_known() -> None:
    read = pathway()
    answers = {id_: answer for id_, answer in ILL.items() if id_ != "mood.2"}
    decision = decide(read, answers)
    assert (decision.status, decision.lowest) == ("insufficient", 1)
    assert [rule.id for rule in decision.rules] == ["R2"]
    assert fired(read, {**ILL, "danger": "yes"}) == ["R1", "R2"]
    assert fired(read, {**ILL, "danger": "yes"}, ("R1",)) == ["R1", "R2", "G1"]


def test_a_step_or_above_speaks_of_those_above_too() -> None:
    above = f"or_above = true\nconsider = {text('weigh')}\n"
    rules = changed(RULES, "at_least = 1\n", f"at_least = 0\n{above}")[RULES]
    read = pathway(**{RULES: rules})
    assert decide(read, ILL).step == 0
    assert fired(read, ILL) == ["R2", "G1"]
    assert "G1" not in fired(read, YOUNG)


def test_a_step_that_a_declined_answer_leaves_open_speaks_of_those_above_too() -> None:
    read = pathway()
    decision = decide(read, {**YOUNG, "mood.1": "declined", "mood.2": 1, "weeks": 9})
    assert (decision.step, decision.at_least) == (0, True)
    assert [rule.id for rule in decision.rules] == ["G1"]


def test_it_moves_no_step() -> None:
    plain, ruled = read_pathway(SMALL), pathway()
    for age, danger, mood in product((20, 30), ("no", "yes"), (0, 1, 2)):
        answers: Case = {**ILL, "client.age": age, "danger": danger, "mood.1": mood}
        before, after = decide(plain, answers), decide(ruled, answers)
        keys = ("status", "step", "lowest", "highest", "or_above", "stops", "flips")
        assert all(getattr(before, key) == getattr(after, key) for key in keys)


def test_many_cases_at_once_say_the_same() -> None:
    rules = (
        SMALL[RULES]
        + f"""
[[rule]]
id = "A0"
when = "mood.total >= 1"
at_least = 0
or_above = true
consider = {text("weigh")}
because = {text("a little low")}
source = "test"
basis = "local"
"""
    )
    read = pathway(**{RULES: rules})
    values = {
        "client.age": ("", "20", "30"),
        "danger": ("yes", "no", ""),
        "mood.1": ("0", "1", "2", "declined", ""),
        "mood.2": ("0", "declined"),
        "weeks": ("", "3", "9", "declined"),
    }
    rows = [dict(zip(values, row, strict=True)) for row in product(*values.values())]
    batch = Batch(read, ["case", *values, "recorded"])
    told = []
    for number, (row, recorded) in enumerate(product(rows, ("", "R1"))):
        told.append([str(number), *row.values(), recorded])
    for cells, result in zip(told, batch.decide_rows(told).rows, strict=True):
        answers: Case = {
            id_: int(cell) if cell.isdigit() else cell
            for id_, cell in zip(values, cells[1:], strict=False)
            if cell
        }
        decision = decide(read, answers, [cells[-1]] if cells[-1] else [])
        written = dict(zip(OUTPUT, result, strict=True))
        assert written["rules"] == "|".join(rule.id for rule in decision.rules), cells


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (RULE.replace("[1]", "[1, 7]"), "rule G1: there is no step 7"),
        (RULE.replace('add = ["doctor"]', "at_least = 1"), "belongs to a rule beside the step"),
    ],
)
def test_what_cannot_be_meant_is_refused(rule: str, message: str) -> None:
    with pytest.raises(PathwayError) as refused:
        pathway(rule)
    assert message in str(refused.value.diagnostics[0])


def test_the_check_tells_a_step_on_which_it_never_speaks() -> None:
    rule = RULE.replace("client.age <= 23", "mood.total >= 3 and weeks >= 5").replace(
        "[1]", "[0, 1]"
    )
    told = [f for f in check_pathway(pathway(rule)).errors if f.of == "G1"]
    assert [f.kind for f in told] == ["dead_part"]
    assert "says nothing on step 0" in str(told[0])


def test_the_document_says_on_which_steps() -> None:
    shown = " ".join(as_text(review(pathway(), "en", "rules")).split())
    assert "only where the suggested step is one of: 1" in shown
