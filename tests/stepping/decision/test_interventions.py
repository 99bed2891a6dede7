"""What is offered and what is left out: nobody gets an unfit method, nobody is left with none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.explain import reason_text
from stepping.decision.outcome import Decision
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import (
    WELL,
    Case,
    adult,
    cases,
    changed,
    gad7,
    phq9,
    text,
    values_of,
    without,
)
from tests.stepping.contracts import adult_oracle as oracle

ALL_STOPS = tuple(oracle.STOPS)


def decided(more: Case, recorded: tuple[str, ...] = ()) -> Decision:
    return decide(adult(), {**WELL, **more}, recorded)


def offered(decision: Decision) -> dict[str, int]:
    return {offer.id: offer.fit for offer in decision.interventions}


def left_out(decision: Decision) -> dict[str, list[str]]:
    return {
        out.id: [reason_text(adult(), reason, "en") for reason in out.because]
        for out in decision.excluded
    }


@settings(max_examples=300)
@given(cases(), st.frozensets(st.sampled_from(sorted(oracle.QUESTIONS)), max_size=12))
def test_a_suggested_step_always_has_an_intervention(case: Case, gaps: frozenset[str]) -> None:
    decision = decide(adult(), without(case, gaps - oracle.required(case)), ALL_STOPS)
    assert decision.step is not None
    assert decision.step in {offer.step for offer in decision.interventions}
    order = [
        (
            offer.step is not None and offer.step < decision.step,
            -offer.fit - (offer.step == decision.step),
        )
        for offer in decision.interventions
    ]
    assert order == sorted(order)
    assert all(offer.fit == len(offer.because) for offer in decision.interventions)
    assert all(out.because for out in decision.excluded)
    assert not set(offered(decision)) & set(left_out(decision))


@pytest.mark.parametrize("step", range(5))
def test_every_step_has_an_intervention_whatever_the_client_needs(step: int) -> None:
    by_step: dict[int, Case] = {
        0: {},
        1: phq9(10),
        2: phq9(16),
        3: phq9(20),
        4: {**phq9(20), "history.specialised": "yes"},
    }
    unfit: Case = {
        "need.no_net": "yes",
        "need.reading": "yes",
        "need.language": "dari",
        "client.age": 80,
        "drugs": 1,
    }
    decision = decided({**by_step[step], **unfit})
    assert decision.step == step
    assert step in {offer.step for offer in decision.interventions}


def test_what_an_intervention_is_excluded_for_is_told() -> None:
    decision = decided({**phq9(10), "need.no_net": "yes", "need.reading": "yes"})
    assert left_out(decision)["net_therapy"] == [
        "the client cannot use the net",
        "the therapy is written, and reading is hard for the client",
    ]
    assert "net_therapy" not in offered(decision)
    assert "guided_self_help" in offered(decision)


def test_a_rule_that_avoids_an_intervention_is_the_reason() -> None:
    trauma: Case = {f"pcptsd5.{item}": "yes" for item in ("gate", 1, 2, 3)}
    files = dict(adult().files)
    rules = files["rules.toml"]
    files["rules.toml"] = rules.replace('avoid = ["guided_self_help"]', 'avoid = ["klt"]')
    assert files["rules.toml"] != rules
    decision = decide(read_pathway(files), {**WELL, **trauma})
    assert decision.step == 2
    out = {out.id: out.because for out in decision.excluded}
    assert [(reason.of, reason.id) for reason in out["klt"]] == [("rule", "A9i")]


def test_drugs_weekly_take_net_therapy_away() -> None:
    decision = decided({**phq9(10), "drugs": 2})
    assert left_out(decision)["net_therapy"][0] == adult().rule("A11").rule.because["en"]


def test_an_intervention_that_a_rule_offers_comes_whatever_the_step() -> None:
    decision = decided({"phq9.3": 2, "history.weeks": 13})
    assert decision.step == 0
    steps = {offer.id: offer.step for offer in decision.interventions}
    assert steps["insomnia_programme"] == 1
    assert steps["klt_insomnia"] == 2
    for offer in decision.interventions:
        if offer.id == "klt_insomnia":
            assert [(r.of, r.id) for r in offer.because] == [
                ("rule", "A14"),
                ("suits", "klt_insomnia"),
            ]


@pytest.mark.parametrize("step", [2, 3])
def test_what_a_rule_offers_from_a_lighter_step_comes_after_the_treatment(step: int) -> None:
    heavier: dict[int, Case] = {2: {"function.daily": 3}, 3: {"history.failed_step": 2}}
    poor_sleep: Case = {**gad7(10), "phq9.3": 3, "history.weeks": 20, "problem.main": ("panic",)}
    decision = decided({**poor_sleep, **heavier[step]})
    assert decision.step == step
    assert "A14" in {rule.id for rule in decision.rules}
    lighter = [(offer.step or step) < step for offer in decision.interventions]
    assert decision.interventions[0].step == step
    assert any(lighter)
    assert lighter == sorted(lighter)


def test_what_stands_beside_the_treatment_is_not_offered_before_it() -> None:
    """Heavy drinking, anxiety, low mood, two medicines tried: the therapy, then the peers."""
    drinking: Case = {"auditc.1": 4, "auditc.2": 3, "auditc.3": 3}
    drinking |= {f"audit.{item}": 2 for item in range(4, 11)}
    ill: Case = {**phq9(12), **gad7(11), **drinking, "treatment.trials": 2, "history.episodes": 2}
    order = list(offered(decided({**ill, "problem.main": ("alcohol_drugs",)})))
    assert order[0] == "brief_psychotherapy"
    assert order.index("substance_service") < order.index("third_sector_peer_support")


def test_what_stands_beside_comes_after_a_form_of_the_step_that_fits_as_well() -> None:
    order = list(offered(decided({**phq9(5), "history.mania": "yes"}, ALL_STOPS)))
    assert order == ["brief_psychotherapy", "exercise_referral"]


ALONE = {"self_care_programmes", "insomnia_programme", "net_therapy"}
"""What a client does alone, or by the net."""


@pytest.mark.parametrize("symptoms", [{}, gad7(6), phq9(9), {**gad7(10), "phq9.3": 2}, phq9(16)])
@pytest.mark.parametrize(
    "sign",
    [
        {"flag.memory": "yes", "client.age": 74},
        {"history.mania": "yes"},
        {"treatment.now": ("mood_stabiliser",)},
    ],
)
def test_whoever_a_doctor_has_to_see_first_is_offered_no_programme_to_do_alone(
    sign: Case, symptoms: Case
) -> None:
    plain = decided(symptoms, ALL_STOPS)
    decision = decided({**symptoms, **sign}, ALL_STOPS)
    assert decision.interventions
    assert not ALONE & set(offered(decision))
    if plain.step in (0, 1):
        assert ALONE & set(offered(plain))


@pytest.mark.parametrize(
    ("problem", "form"),
    [("mood", "klt"), ("mood", "klt_group"), ("burnout", "klt"), ("sleep", "klt_insomnia")],
)
def test_the_main_problem_lifts_a_form_of_the_second_step(problem: str, form: str) -> None:
    base: Case = {**phq9(16), "history.weeks": 20}
    before = offered(decided({**base, "problem.main": ("other",)}))
    assert offered(decided({**base, "problem.main": (problem,)}))[form] == before[form] + 1


@pytest.mark.parametrize(("sex", "total"), [(None, 5), ("f", 5), ("x", 5), ("m", 6)])
def test_a_high_audit_c_needs_no_age(sex: str | None, total: int) -> None:
    """A missing age must not hide what is over the limit at every age."""
    drinks: Case = {"auditc.1": 4, "auditc.2": total - 4, "auditc.3": 0}
    drinks |= {"client.sex": sex} if sex else {}
    case = without({**WELL, **drinks}, ["client.age", *([] if sex else ["client.sex"])])
    assert "A10" in {rule.id for rule in decide(adult(), case).rules}


def test_what_is_required_is_waited_for() -> None:
    """Cognitive therapy for insomnia only after three months of it."""
    for weeks in ({"history.weeks": 12}, None):
        case = {**WELL, "phq9.3": 2, **(weeks or {})}
        decision = decide(adult(), case if weeks else without(case, ["history.weeks"]))
        assert "klt_insomnia" not in offered(decision)
        assert len(left_out(decision)["klt_insomnia"]) == 1


def test_a_wish_lifts_what_meets_it() -> None:
    plain, wished = decided(gad7(10)), decided({**gad7(10), "wish.formats": ("group",)})
    before, after = offered(plain), offered(wished)
    assert after["group_treatment"] == before["group_treatment"] + 1
    assert after["net_therapy"] == before["net_therapy"]
    reasons = {o.id: [r.id for r in o.because if r.of == "wish"] for o in wished.interventions}
    assert reasons["group_treatment"] == ["group"]


def test_each_wish_that_is_met_counts() -> None:
    formats = ("self_guided", "net", "talk")
    assert (
        offered(decided({**phq9(10), "wish.formats": formats}))["guided_self_help"]
        == offered(decided(phq9(10)))["guided_self_help"] + 3
    )


def test_wishes_that_are_not_asked_do_not_count() -> None:
    files = dict(adult().files)
    mark = 'id = "wish.formats"\n'
    files["questions.toml"] = files["questions.toml"].replace(
        mark, f'{mark}ask_if = "drugs >= 1"\n'
    )
    pathway = read_pathway(files)
    case: Case = {**WELL, **gad7(10), "wish.formats": ("group",)}
    hidden = offered(decide(pathway, case))
    assert hidden == offered(decided(gad7(10)))
    assert offered(decide(pathway, {**case, "drugs": 1}))["group_treatment"] == (
        hidden["group_treatment"] + 1
    )


def test_long_psychotherapy_stays_within_its_terms() -> None:
    severe: Case = {
        **phq9(20),
        "history.specialised": "yes",
        "history.weeks": 20,
        "work.ability": 5,
    }
    assert "kela_psychotherapy" in offered(decided(severe))
    assert "kela_psychotherapy" in left_out(decided({**severe, "client.age": 68}))
    assert "kela_psychotherapy" in left_out(decided({**severe, "history.weeks": 12}))


def test_an_intervention_for_other_ages_is_left_out_with_its_ages() -> None:
    files = changed("interventions.toml", "steps = [0, 1]", "steps = [0, 1]\nages = { from = 40 }")
    extra = f"""
[[intervention]]
id = "walk"
steps = []
title = {text("walk")}
summary = {text("a walk")}
dose = {text("once")}
delivered_by = {text("nurse")}
follow_up = {text("none")}
source = "test"
basis = "local"
"""
    files["interventions.toml"] += extra
    pathway = read_pathway(files)
    answers: Case = {"danger": "no", "mood.1": 0, "mood.2": 0}
    young = decide(pathway, {**answers, "client.age": 39})
    assert [reason_text(pathway, r, "en") for r in young.excluded[0].because] == ["40–120"]
    old = decide(pathway, {**answers, "client.age": 40})
    assert [offer.id for offer in old.interventions] == ["talk"], "nothing speaks for a walk"
    assert old.excluded == ()


def test_parallel_interventions_come_only_when_something_speaks_for_them() -> None:
    assert "work_ability_team" not in offered(decided({}))
    assert "work_ability_team" in offered(decided({"work.ability": 5}))
    assert {o.id: o.step for o in decided({"work.ability": 5}).interventions}[
        "work_ability_team"
    ] is None


def test_nothing_is_offered_while_a_stop_is_open() -> None:
    decision = decided({"nurse.worried": "yes"})
    assert (decision.interventions, decision.excluded, decision.flips) == ((), (), ())


@pytest.mark.parametrize("name", oracle.QUESTIONS)
def test_reasons_have_words_in_every_language(name: str) -> None:
    base: Case = {**WELL, **phq9(12), **gad7(12), "wish.formats": ("net", "talk")}
    for value in values_of(name):
        decision = decide(adult(), {**base, name: value}, ALL_STOPS)
        parts = [
            *(o.because for o in decision.interventions),
            *(o.because for o in decision.excluded),
        ]
        for because in parts:
            for reason in because:
                for language in adult().header.languages:
                    assert reason_text(adult(), reason, language).strip()
