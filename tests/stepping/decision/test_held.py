"""A rule with alternatives says which hold; what is not known never counts as held."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.language import LANGUAGES
from screens.wording.decision_words import DecisionWords, decision_text
from stepping.decision.decide import decide
from stepping.decision.explain import decision_to_json
from stepping.decision.outcome import FiredRule
from stepping.pathway.condition import (
    And,
    Compare,
    Condition,
    FactState,
    Not,
    NumberState,
    Or,
    ThreeValued,
    list_held_alternatives,
)
from stepping.pathway.condition_parser import parse_condition
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import SMALL, Case, text

RULES = "rules.toml"
ILL: Case = {"client.age": 40, "danger": "no", "mood.1": 2, "mood.2": 1, "weeks": 3}
HELD = {
    "mood.1 >= 2": (),
    "mood.1 >= 2 or weeks >= 9": ("mood.1 >= 2",),
    "weeks >= 9 or mood.1 >= 1 or mood.total >= 3": ("mood.1 >= 1", "mood.total >= 3"),
    "mood.total >= 3 and (weeks >= 9 or mood.2 >= 1)": ("mood.2 >= 1",),
    "(mood.1 >= 2 or danger) and (weeks >= 9 or weeks < 4)": ("mood.1 >= 2", "weeks < 4"),
    "danger or (mood.1 >= 1 and (weeks >= 9 or mood.2 >= 1))": ("mood.1 >= 1 and mood.2 >= 1",),
    "danger or (mood.1 >= 1 and (weeks >= 2 or mood.2 >= 1))": (
        "mood.1 >= 1 and (weeks >= 2 or mood.2 >= 1)",
    ),
    "(mood.1 >= 2 or mood.2 >= 1) and (weeks >= 9 or (mood.1 >= 2 and mood.2 >= 1))": (
        "mood.1 >= 2",
        "mood.2 >= 1",
    ),
    "not (danger and weeks >= 2)": ("not danger",),
    "not (danger or weeks >= 9)": (),
    "low or danger": ("low",),
}


def pathway(when: str, effect: str = "at_least = 1") -> Pathway:
    rule = f"""
[[rule]]
id = "R9"
when = "{when}"
{effect}
because = {text("so")}
source = "test"
basis = "local"
"""
    return read_pathway({**SMALL, RULES: SMALL[RULES] + rule})


def fired(when: str, answers: Case = ILL) -> FiredRule:
    decision = decide(pathway(when), answers)
    return next(rule for rule in decision.rules if rule.id == "R9")


@pytest.mark.parametrize("when", HELD)
def test_the_trace_tells_which_alternatives_hold(when: str) -> None:
    assert fired(when).held == HELD[when]


def test_a_missing_or_declined_answer_is_not_told_as_held() -> None:
    when = "mood.1 >= 2 or weeks >= 3 or mood.2 >= 1"
    for answer in (None, "declined"):
        answers: Case = {**ILL, "mood.1": 0, "mood.2": 1}
        answers = {k: v for k, v in answers.items() if k != "weeks"}
        if answer is not None:
            answers["weeks"] = answer
        assert fired(when, answers).held == ("mood.2 >= 1",)


def test_scripts_and_people_read_them_too() -> None:
    when = "mood.1 >= 2 or weeks >= 9 or mood.2 >= 2"
    read = pathway(when)
    decision = decide(read, ILL)
    told = decision_to_json(read, decision, "en")["rules"]
    assert isinstance(told, list)
    assert [rule["held"] for rule in told if rule["id"] == "R9"] == [["mood.1 >= 2"]]
    assert "Holds here: “sadness” is at least 2 (“much”)" in decision_text(
        read, decision, ILL, "en"
    )
    for language in LANGUAGES:
        say = DecisionWords(read, decision, language)
        assert all(bool(say.held(rule)) == bool(rule.held) for rule in decision.rules)


def test_an_older_decision_lacks_them_and_is_read() -> None:
    assert FiredRule.model_validate({"id": "A", "effect": "at_least 1", "facts": {}}).held == ()


# -- any condition -----------------------------------------------------------------------------

FACTS = ("a", "b", "c", "d")
COMPARED = st.builds(Compare, st.sampled_from(FACTS), st.just(">="), st.just(1))


def _grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(And, several) | st.builds(Or, several)


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(COMPARED, _grown, max_leaves=8)


class _Answers(ThreeValued):
    def __init__(self, values: dict[str, int | None]) -> None:
        self._values = values

    def get_state(self, fact: str) -> FactState:
        value = self._values[fact]
        return NumberState(0, 1) if value is None else NumberState(value, value)


@given(CONDITIONS, st.fixed_dictionaries({f: st.sampled_from((0, 1, None)) for f in FACTS}))
def test_what_is_told_holds_and_can_be_read_again(
    condition: Condition, values: dict[str, int | None]
) -> None:
    answers = _Answers(values)
    if answers.evaluate(condition) is not True:
        return
    for alternative in list_held_alternatives(condition, answers.evaluate):
        assert answers.evaluate(alternative) is True
        assert str(parse_condition(str(alternative))) == str(alternative)
