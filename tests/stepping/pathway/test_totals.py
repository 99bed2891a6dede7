"""Totals that count another instrument's: AUDIT is AUDIT-C and seven items more."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

import pytest

from stepping.batch.batch import OUTPUT, Batch
from stepping.decision.counterfactuals import find_counterfactuals
from stepping.decision.decide import decide
from stepping.decision.facts import FactStates
from stepping.episode.alcohol import WHO_ZONES
from stepping.pathway.answers import read_answer
from stepping.pathway.condition import NumberState
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import DECLINED, Answer, Pathway
from stepping.pathway.reader import read_pathway
from stepping.pathway.schema import Instrument
from stepping.proofs.answer_space import AnswerSpace
from stepping.proofs.checker import check_pathway
from store.paths import PATHWAYS
from tests.stepping.cases import SMALL, changed, text

MORE = f"""\
id = "more"
version = "1"
name = "MORE"
title = {text("more")}
stem = {text("lately")}
window = {text("two weeks")}
source = "test"
licence = "free"

[wording]
en = {{ status = "published", source = "test" }}
fi = {{ status = "working", source = "test" }}

[[item]]
id = "3"
text = {text("hurt")}
label = {text("hurt")}
options = [
  {{ score = 0, label = {text("no")} }},
  {{ score = 2, label = {text("once")} }},
  {{ score = 4, label = {text("often")} }},
]

[[total]]
id = "total"
plus = ["mood.total"]
label = {text("all")}
source = "test"
"""
RULE = f"""
[[rule]]
id = "M1"
when = "more.total >= 5"
at_least = 1
because = {text("five or more")}
source = "test"
basis = "local"
"""
USE = '\n[[ask]]\ninstrument = "more"\nsection = "mood"\nask_if = "mood.total >= 2"\n'


def files(more: str = MORE) -> dict[str, str]:
    """The small pathway, whose mood of 0–4 points is followed by one more item of 0, 2 or 4."""
    section = tomllib.loads(SMALL["questions.toml"])["ask"][-1]["section"]
    return {
        **SMALL,
        "questions.toml": SMALL["questions.toml"] + USE.replace('"mood"\nask', f'"{section}"\nask'),
        "rules.toml": SMALL["rules.toml"] + RULE,
        "instruments/more.toml": more,
    }


@cache
def longer() -> Pathway:
    return read_pathway(files())


def total(answers: Mapping[str, Answer]) -> tuple[int, int]:
    state = FactStates(longer(), {"danger": "no", **answers}).get_state("more.total")
    assert isinstance(state, NumberState)
    return state.low, state.high


@pytest.mark.parametrize(
    ("answers", "sum_"),
    [
        ({"mood.1": 2, "mood.2": 2, "more.3": 4}, (8, 8)),
        ({"mood.1": 2, "mood.2": 2}, (4, 8)),  # asked and missing
        ({"mood.1": 2, "mood.2": 2, "more.3": DECLINED}, (4, 8)),
        ({"mood.1": 1, "mood.2": 0}, (1, 1)),  # not asked
        ({"mood.1": 1, "mood.2": 0, "more.3": 4}, (1, 1)),  # no longer asked
        ({"mood.1": 1}, (1, 7)),  # not known whether it will be asked
        ({}, (0, 8)),
    ],
)
def test_a_total_counts_the_other_one_and_its_own_items(
    answers: dict[str, Answer], sum_: tuple[int, int]
) -> None:
    assert total(answers) == sum_


def answer_sets() -> Iterator[dict[str, Answer]]:
    scores = (None, DECLINED, 0, 1, 2)
    for first, second, third in product(scores, scores, (None, DECLINED, 0, 2, 4)):
        told = {"mood.1": first, "mood.2": second, "more.3": third, "danger": "no"}
        yield {id_: value for id_, value in told.items() if value is not None}


def test_columns_and_proofs_sum_as_a_single_case_does() -> None:
    pathway = longer()
    space = AnswerSpace.of(pathway)
    condition = pathway.rule("M1").condition
    truths = space.evaluate(condition)
    ids = ("mood.1", "mood.2", "more.3", "danger")
    batch = Batch(pathway, ("case", *ids))
    cases = list(answer_sets())
    rows = batch.decide_rows([["c", *(str(case.get(id_, "")) for id_ in ids)] for case in cases])
    for case, row in zip(cases, rows.rows, strict=True):
        decision = decide(pathway, case)
        told = dict(zip(OUTPUT, row, strict=True))
        fired = [rule.id for rule in decision.rules]
        assert told["rules"].split("|") == fired or (not fired and told["rules"] == "")
        if DECLINED not in case.values():
            assignment = {
                number: variable.best.index(case[variable.id])
                for number, variable in enumerate(space.variables)
                if variable.id in case
            }
            truth = FactStates(pathway, case).evaluate(condition)
            assert bool(space.diagrams.value_at(truths.true, assignment)) is (truth is True)
            assert bool(space.diagrams.value_at(truths.false, assignment)) is (truth is False)


def test_no_counterfactual_asks_for_points_that_nobody_can_give() -> None:
    for case in answer_sets():
        decision = decide(longer(), case)
        if decision.step is None:
            continue
        for flip in find_counterfactuals(longer(), case, (), decision.step):
            if flip.fact == "more.3":
                assert flip.becomes in (0, 2, 4)


def test_points_between_the_options_are_no_answer() -> None:
    with pytest.raises(ValueError, match="needs one of 0, 2, 4, not 3"):
        read_answer(longer(), "more.3", 3)
    with pytest.raises(ValueError, match=r"give mood\.1 … more\.3 instead"):
        read_answer(longer(), "more.total", 3)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"mood.total"', '"mood.totl"', "did you mean 'mood.total'"),
        ('"mood.total"', '"mood.1"', "total 'mood.1'"),
        ('"mood.total"', '"mood.total", "mood.total"', "item mood.1 is defined twice"),
        ('id = "total"\n', 'id = "total"\nworse = "down"\n', "cannot be added"),
    ],
)
def test_a_total_that_cannot_be_counted_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(PathwayError, match=message):
        read_pathway(changed("instruments/more.toml", old, new, files()))


def test_the_order_of_asking_does_not_matter() -> None:
    turned = files()
    whole, use = turned["questions.toml"], files()["questions.toml"].rpartition("[[ask]]")[2]
    first = whole.index("[[ask]]")
    asked_first = "[[ask]]" + use.replace('ask_if = "mood.total >= 2"\n', "")
    turned["questions.toml"] = whole[:first] + asked_first + whole[first : whole.rindex("[[ask]]")]
    assert read_pathway(turned).facts["more.total"].high == 8


def test_the_longer_pathway_is_proven() -> None:
    assert not [f for f in check_pathway(longer()).errors if f.kind not in ("uncovered", "content")]


# -- AUDIT as it is shipped -------------------------------------------------------------------


@cache
def audit() -> Instrument:
    read = tomllib.loads((PATHWAYS / "instruments" / "audit.toml").read_text(encoding="utf-8"))
    return Instrument.model_validate(read)


def test_audit_goes_from_0_to_40_with_audit_c() -> None:
    assert [item.id for item in audit().item] == [str(number) for number in range(4, 11)]
    scores = [[o.score for o in (item.options or audit().options)] for item in audit().item]
    assert scores == [[0, 1, 2, 3, 4]] * 5 + [[0, 2, 4]] * 2
    assert sum(map(max, scores)) + 12 == 40
    assert audit().total[0].plus == ("auditc.total",)


def test_its_bands_are_the_zones_by_which_the_episode_reads_a_total() -> None:
    assert [band.from_ for band in audit().total[0].bands] == [zone.low for zone in WHO_ZONES]


def test_its_terms_stand_beside_it_and_it_does_not_say_mit() -> None:
    assert "Not MIT" in audit().licence
    terms = (PATHWAYS / "instruments" / "LICENCE-AUDIT.md").read_text(encoding="utf-8")
    assert "not sold" in terms
