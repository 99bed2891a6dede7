"""How a decision is told: a score without its band or a reason without its words misleads."""

from __future__ import annotations

import pytest

from stepping.decision.decide import decide
from stepping.decision.explain import band_text, decision_to_json, value_text
from stepping.pathway.reader import read_pathway
from stepping.proofs.examples import example_answers, run_examples
from stepping.services.match import check_services
from store.paths import PATHWAYS
from store.pathway_files.files import neighbours, service_files
from tests.stepping.cases import SMALL, WELL, adult, changed, phq9

OFFERED = {
    care.id
    for pathway in (adult(), *neighbours(PATHWAYS / "adult"))
    for care in pathway.interventions
}


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately severe"),
        (19, "moderately severe"),
        (20, "severe"),
        (27, "severe"),
    ],
)
def test_a_score_has_its_band_from_the_lowest_score_on(score: int, band: str) -> None:
    assert band_text(adult(), "phq9.total", score, "en") == band


def test_what_has_no_bands_has_no_band() -> None:
    assert band_text(adult(), "domains.positive", 3, "en") == ""
    assert band_text(adult(), "pcptsd5.total", 3, "en") == ""


def test_values_are_told_by_their_labels() -> None:
    assert value_text(adult(), "phq9.1", 2, "en") == "More than half the days"
    assert value_text(adult(), "phq9.difficulty", 2, "en") == "Very difficult"
    assert value_text(adult(), "work.status", "retired", "fi") == "eläkkeellä"
    assert value_text(adult(), "history.weeks", 8, "en") == "8 weeks"
    assert value_text(adult(), "phq9.total", (5, 8), "en") == "5–8"
    assert value_text(adult(), "phq9.total", None, "en") == ""
    wishes = value_text(adult(), "wish.formats", ("net", "group"), "en")
    assert wishes == "therapy over the net, a group"


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_example_is_told_in_every_language(language: str) -> None:
    for example in adult().examples:
        decision = decide(adult(), example_answers(adult(), example), example.recorded)
        told = decision_to_json(adult(), decision, language)
        rules = told["rules"]
        assert isinstance(rules, list)
        for rule in rules:
            assert rule["because"].strip()
            assert rule["source"].strip()


def test_a_rule_tells_the_facts_it_was_decided_on() -> None:
    told = {rule.id: rule.facts for rule in decide(adult(), {**WELL, **phq9(10)}).rules}
    assert told["A2"] == {"phq9.total": 10, "gad7.total": 0}
    half = {name: a for name, a in WELL.items() if name != "phq9.1"} | {"phq9.2": 3, "phq9.3": 3}
    rules = {rule.id: rule.facts for rule in decide(adult(), half).rules}
    assert rules["A1a"]["phq9.total"] == (6, 9)


# -- examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("step = 0", "step = 1", "step should be 1, it is 0"),
        ('status = "suggested"', 'status = "stop"', "status should be stop, it is suggested"),
        ("step = 0", "stops = ['R1']", "stops should be R1, it is none"),
        ("step = 0", "rules = ['R2']", "rules should be R2, it is none"),
        ("step = 0", "actions = ['doctor']", "actions should be doctor, it is none"),
        ("step = 0", "highest = 1", "highest should be 1, it is 0"),
        ("danger = false", "danger = 3", "danger: needs one of no, yes, not 3"),
        ("danger = false", "dangr = false", "dangr: no such question in small"),
        ("[[example]]\n", '[[example]]\nbase = "wel"\n', "base 'wel' is not known"),
        ("[[example]]\n", '[[example]]\nrecorded = ["R2"]\n', "R2 is not a stop of small"),
        ('"mood.1" = 0, "mood.2" = 0', '"mood.1" = 0', "status should be suggested, it is insuff"),
    ],
)
def test_an_example_that_does_not_come_out_is_told(old: str, new: str, fault: str) -> None:
    problems = run_examples(read_pathway(changed("examples.toml", old, new)))
    assert any(fault in problem.message for problem in problems)
    assert all(problem.message.startswith("example well: ") for problem in problems)
    assert {(problem.file, problem.line) for problem in problems} == {("examples.toml", 1)}


def test_an_example_starts_from_its_base() -> None:
    files = dict(SMALL)
    files["examples.toml"] = """\
[base.low]
danger = false
weeks = 9

[[example]]
id = "long"
title = { en = "long", fi = "kauan" }
base = "low"
items = { mood = [1, 2] }
expect = { step = 1, rules = ["R2", "R3"], actions = ["doctor"] }

[[example]]
id = "unknown_weeks"
title = { en = "unknown", fi = "ei tietoa" }
base = "low"
items = { mood = [1, 2] }
unanswered = ["weeks"]
expect = { step = 0, lowest = 0, highest = 1 }
"""
    assert run_examples(read_pathway(files)) == ()


# -- services -----------------------------------------------------------------------------------


def test_our_example_services_fit_our_pathway() -> None:
    files = service_files(PATHWAYS / "adult")
    assert files
    assert check_services(OFFERED, files) == ()


def test_a_broken_file_of_services_does_not_hide_the_others() -> None:
    files = {**service_files(PATHWAYS / "adult"), "services/broken.toml": "id = "}
    problems = check_services(OFFERED, files)
    assert [problem.file for problem in problems] == ["services/broken.toml"]
    assert {p.file for p in check_services([], files)} == set(files)


def test_no_field_of_a_decision_is_left_out_unseen() -> None:
    """What a program is told is a list of its own, so a new field has to be named there or here."""
    decision = decide(adult(), WELL)
    told = decision_to_json(adult(), decision, "en").keys()
    ours = {"lowest", "highest"}  # told as the range
    elsewhere = {"lowest_override", "elsewhere"}  # of a draft that a person confirms
    assert type(decision).model_fields.keys() == (told - {"range"}) | ours | elsewhere
