"""People whom the first version of the adult pathway passed by, or stopped for nothing.

Each is one sentence of the review of that version: the answers, and what must come of them. All are
invented.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import pytest
from click.testing import CliRunner

from stepping.decision.decide import decide
from stepping.decision.explain import decision_to_json
from stepping.decision.facts import get_fact_states
from stepping.pathway.answers import read_answers
from store.pathway_files.files import built_in
from tests.stepping.cases import WELL, Case, adult, gad7, phq9
from tui.cli import porras

MAN_OF_50: Case = {**WELL, "client.age": 50, "client.sex": "m"}
WOMAN_OF_35: Case = {**WELL, "client.age": 35}
DENIES: Case = {f"asq.{item}": "no" for item in range(1, 6)}
DRINKING: Case = {
    **{f"auditc.{item}": 4 for item in (1, 2, 3)},
    **{f"audit.{item}": 4 for item in range(4, 11)},
}


def decided(case: Case, recorded: Collection[str] = ()) -> dict[str, Any]:
    """What the command prints, without starting it."""
    decision = decide(adult(), read_answers(adult(), case), recorded)
    told = json.loads(json.dumps(decision_to_json(adult(), decision, "en")))
    assert isinstance(told, dict)
    return told


def rules(told: dict[str, Any]) -> set[str]:
    return {rule["id"] for rule in told["rules"]}


def cards(case: Case, stop: str) -> set[str]:
    """The action cards that a stop opens for these answers."""
    states = get_fact_states(adult(), case)
    opened = adult().rule(stop).cards
    return {card.id for card, when in opened if when is None or states.evaluate(when)}


# -- an attempt --------------------------------------------------------------------------------


def test_who_attempted_suicide_two_months_ago_and_denies_thoughts_today_is_seen_today() -> None:
    """A man of 50 was suggested step 1 and net therapy."""
    case = {**MAN_OF_50, **phq9(11), "history.weeks": 10, **DENIES, "history.attempt": 3}
    told = decided(case)
    assert (told["status"], told["step"], told["urgency"]) == ("stop", None, "same_day")
    assert told["stops"] == ["S2"]
    assert told["interventions"] == []
    assert any("attempt" in card for card in cards(case, "S2"))
    after = decided(case, ["S2"])
    assert after["status"] == "suggested"
    assert after["step"] >= 2
    assert decide(adult(), case, ["S2"]).lowest_override == 2
    assert "net_therapy" not in {offer["id"] for offer in after["interventions"]}
    assert "A26s" in rules(after)


def test_the_command_says_so_too() -> None:
    case = {**MAN_OF_50, **DENIES, "history.attempt": 3}
    done = CliRunner().invoke(
        porras, ["decide", "adult", "--format", "json"], input=json.dumps(case)
    )
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout) == decided(case)


def test_asq_is_asked_after_an_attempt_however_much_is_denied() -> None:
    case = {name: value for name, value in MAN_OF_50.items() if not name.startswith("asq.")}
    assert decided(case)["required"] == []
    told = decide(adult(), {**case, "history.attempt": 3})
    assert {f"asq.{item}" for item in range(1, 5)} <= {*told.required}


def test_an_attempt_years_ago_stops_nobody_but_leaves_a_safety_plan() -> None:
    told = decided({**MAN_OF_50, "history.attempt": 1})
    assert (told["status"], told["step"]) == ("suggested", 1)
    assert {"A26", "A26s"} <= rules(told)


# -- daily life --------------------------------------------------------------------------------


@pytest.mark.parametrize("scores", [gad7(7), gad7(9), {**phq9(6), **gad7(12)}])
def test_who_cannot_leave_home_alone_for_a_year_gets_treatment_and_a_doctor(scores: Case) -> None:
    """A woman was suggested step 1: no score says what fear keeps undone."""
    case = {**WOMAN_OF_35, **scores, "phq9.difficulty": 1, "history.weeks": 52}
    told = decided({**case, "history.weeks": 25, "function.daily": 3})
    assert told["status"] == "suggested"
    assert told["step"] >= 2
    assert {"A21", "A21d"} <= rules(told)
    assert decided({**case, "function.daily": 3})["step"] >= 2


def test_who_no_longer_takes_care_of_food_or_medicines_is_seen_today() -> None:
    case: Case = {**WOMAN_OF_35, "function.daily": 4}
    told = decided(case)
    assert (told["status"], told["urgency"], told["stops"]) == ("stop", "same_day", ["S5"])
    after = decided(case, ["S5"])
    assert after["step"] >= 3


# -- mania -------------------------------------------------------------------------------------


def test_after_a_manic_spell_five_years_ago_a_doctor_comes_before_treatment_of_depression() -> None:
    """A client was suggested step 1, and so perhaps an antidepressant alone."""
    case = {**WOMAN_OF_35, **phq9(12), "history.weeks": 8, "history.mania": "yes"}
    told = decided(case)
    assert (told["status"], told["urgency"], told["stops"]) == ("stop", "week", ["S6"])
    assert any("mania" in card for card in cards(case, "S6"))
    assert decided(case, ["S6"])["step"] >= 3


def test_a_manic_spell_long_ago_stops_nobody_who_is_well_now() -> None:
    told = decided({**WOMAN_OF_35, **phq9(4), "history.mania": "yes"})
    assert told["status"] == "suggested"


# -- with child --------------------------------------------------------------------------------

PREGNANT: Case = {**WOMAN_OF_35, "flag.perinatal": "yes"}


@pytest.mark.parametrize("scores", [{}, phq9(7), gad7(9), {**phq9(9), "epds.total": 12}])
def test_pregnancy_with_mild_symptoms_stops_nobody(scores: Case) -> None:
    told = decided({**PREGNANT, **scores})
    assert told["status"] == "suggested"
    assert rules(told).isdisjoint({"A25", "A25m"})


@pytest.mark.parametrize("scores", [phq9(10), phq9(19), gad7(10), {"epds.total": 13}])
def test_pregnancy_over_a_limit_leads_to_the_maternity_clinic_within_a_week(scores: Case) -> None:
    """The same day was asked for from ten points on."""
    told = decided({**PREGNANT, **scores})
    assert told["status"] == "suggested"
    assert told["step"] >= 1
    assert {"A25", "A25m"} <= rules(told)


def test_severe_depression_and_psychosis_with_child_still_stop() -> None:
    assert decided({**PREGNANT, **phq9(20)})["stops"] == ["S4"]
    told = decided({**PREGNANT, "flag.psychosis": "yes"})
    assert told["urgency"] == "emergency"
    assert {*told["stops"]} == {"S1p", "S3"}


def test_harm_in_the_maternity_clinics_form_opens_the_questions_on_suicide() -> None:
    case: Case = {**PREGNANT, "epds.total": 9, "epds.10": 1, **DENIES}
    assert decided(case)["stops"] == ["S2"]
    gone = {name: value for name, value in case.items() if not name.startswith("asq.")}
    told = decide(adult(), gone)
    assert {f"asq.{item}" for item in range(1, 5)} <= {*told.required}


# -- the body ----------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{}, gad7(15)])
def test_chest_pain_stops_everybody(more: Case) -> None:
    """Nobody was stopped: it looks like panic, and may be a heart."""
    case: Case = {**MAN_OF_50, **more, "danger.body": "yes"}
    told = decided(case)
    assert (told["status"], told["urgency"], told["stops"]) == ("stop", "emergency", ["S1b"])
    assert any("somatic" in card or "body" in card for card in cards(case, "S1b"))


def test_the_limits_of_an_eating_disorder_are_an_emergency() -> None:
    told = decided({**WOMAN_OF_35, "flag.eating": "yes", "eating.alarm": "yes"})
    assert (told["urgency"], told["stops"]) == ("emergency", ["S1e"])


# -- substances --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "least"),
    [
        ({**DRINKING, "drugs": 3}, 2),
        (DRINKING, 2),
        ({"drugs": 3}, 2),
        ({"drugs": 2}, 1),
        ({**DRINKING, "audit.9": 0, "audit.10": 0, "audit.4": 0, "audit.5": 0, "audit.6": 0}, 2),
        ({**DRINKING, **{f"audit.{item}": 0 for item in (4, 5, 6, 7, 9, 10)}}, 1),
    ],
)
def test_heavy_use_without_any_other_symptom_is_no_self_care(more: Case, least: int) -> None:
    """AUDIT 40 with drugs every day was "self-care"."""
    told = decided({**MAN_OF_50, **more})
    assert told["status"] == "suggested"
    assert told["step"] == least
    assert "A11" in rules(told)


@pytest.mark.parametrize("name", ["adult", "youth", "follow_up"])
@pytest.mark.parametrize(
    ("language", "signs"),
    [
        ("en", ("chest", "breath", "seizure", "faint", "poison", "overdose")),
        ("fi", ("rintakipu", "hengen", "kouristu", "pyörty", "myrky", "yliannostu")),
        ("sv", ("bröstsmärta", "andnöd", "kramp", "svimning", "gift", "överdos")),
    ],
)
def test_each_bodily_danger_that_is_asked_is_told_on_the_card(
    name: str, language: str, signs: tuple[str, ...]
) -> None:
    """Who had taken poison got a card without a word of it, and no number to ask."""
    card = built_in(name).cards["somatic_alarm"]
    first = card.steps[0].text[language].lower()
    assert [sign for sign in signs if sign not in first] == []
    assert "112" in first
    assert {"112", "0800 147 111"} <= {each.number for each in card.numbers}
