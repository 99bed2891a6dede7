"""If these fail, a total from elsewhere lowers a step, hides a danger, or counts when it is old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.draft_status import get_draft_status
from stepping.decision.facts import FactStates, score_range
from stepping.decision.interview import shown_pages
from stepping.decision.outcome import Decision
from stepping.decision.validity import find_expired, find_kept_by_stops, get_expiry
from stepping.pathway.age import AnswerTime
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.pathway.told_totals import find_covered, list_tellable
from store.pathway_files.files import built_in
from tests.stepping.cases import WELL, adult, cases, gad7, phq9, spread, without
from tests.stepping.random_pathways import answers_to, random_pathway

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
PHQ = tuple(f"phq9.{n}" for n in range(1, 9))
GAD = tuple(f"gad7.{n}" for n in range(1, 8))
TOLD = ("phq9.total", "gad7.total", "auditc.total")


def told_instead(pathway: Pathway, case: Answers, *totals: str) -> dict[str, Answer]:
    """The same case, with what some totals cover told as what it adds up to."""
    states, answers = FactStates(pathway, case), dict(case)
    for id_ in totals:
        items = list_tellable(pathway)[id_].items
        answers[id_] = sum(score_range(states.get_state(item))[0] for item in items)
        for item in items:
            answers.pop(item, None)
    return answers


def deciding(pathway: Pathway, answers: Answers) -> tuple[object, ...]:
    """What a decision says of the step, and the rules that move it."""
    told: Decision = decide(pathway, answers)
    moving = {rule.id for rule in (*pathway.stops, *pathway.minimum_step_rules)}
    rules = [rule.id for rule in told.rules if rule.id in moving]
    limits = told.lowest_override, told.or_above, told.lowest, told.highest
    return told.status, told.step, told.stops, told.required, told.urgency, rules, limits


def test_what_may_be_told_leaves_danger_and_what_decides_alone_to_be_asked() -> None:
    tellable = list_tellable(adult())
    assert tellable["phq9.total"].items == PHQ
    assert tellable["phq9.total"].apart == ("phq9.9",)
    assert (tellable["phq9.total"].low, tellable["phq9.total"].high) == (0, 24)
    assert tellable["gad7.total"].items == GAD
    assert tellable["auditc.total"].holds == timedelta(days=30)
    assert not {"asq.total", "pcptsd5.total"} & tellable.keys() or all(
        not adult().questions[item].safety for each in tellable.values() for item in each.items
    )


@given(case=cases())
@settings(max_examples=80)
def test_a_told_total_decides_as_any_items_that_add_up_to_it(case: dict[str, Answer]) -> None:
    for totals in (TOLD, *((one,) for one in TOLD)):
        assert deciding(adult(), told_instead(adult(), case, *totals)) == deciding(adult(), case)


@pytest.mark.parametrize("pathway", ["youth", "follow_up"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=15)
def test_so_it_does_in_the_other_pathways(pathway: str, seed: int) -> None:
    ready, chance = built_in(pathway), Random(seed)
    case = {id_: chance.choice(answers_to(ready, id_)[1:]) for id_ in _asked(ready)}
    kept = {id_: answer for id_, answer in case.items() if answer is not None}
    assert deciding(ready, told_instead(ready, kept, "phq9.total", "gad7.total")) == deciding(
        ready, kept
    )


def _asked(pathway: Pathway) -> list[str]:
    return [f.id for f in pathway.facts.values() if f.origin in ("given", "question")]


def test_so_it_does_in_pathways_of_any_kind() -> None:
    tried = 0
    for seed in range(160):
        pathway, chance = random_pathway(seed), Random(seed)
        for id_ in list_tellable(pathway):
            for _ in range(6):
                case = {i: chance.choice(answers_to(pathway, i)[1:]) for i in _asked(pathway)}
                kept = {i: answer for i, answer in case.items() if answer is not None}
                told = told_instead(pathway, kept, id_)
                assert deciding(pathway, told) == deciding(pathway, kept), (seed, id_, kept)
                tried += 1
    assert tried > 100


@given(case=cases(), chosen=st.data())
@settings(max_examples=60)
def test_more_points_never_lower_a_step_nor_close_a_stop(
    case: dict[str, Answer], chosen: st.DataObject
) -> None:
    pathway = adult()
    id_ = chosen.draw(st.sampled_from(TOLD))
    told = told_instead(pathway, case, id_)
    points = int(str(told[id_]))
    more = chosen.draw(st.integers(points, list_tellable(pathway)[id_].high))
    before, after = decide(pathway, told), decide(pathway, {**told, id_: more})
    assert set(before.stops) <= set(after.stops)
    if before.step is not None and after.step is not None:
        assert after.step >= before.step


@given(case=cases(), drop=st.data())
@settings(max_examples=60)
def test_a_total_never_gives_a_lower_step_than_no_answers_at_all(
    case: dict[str, Answer], drop: st.DataObject
) -> None:
    """Whatever else is missing: told or not, what is certain without it stays certain with it."""
    pathway = adult()
    missing = drop.draw(st.sets(st.sampled_from(sorted(case)), max_size=20))
    told = told_instead(pathway, case, *TOLD)
    left = without(told, missing)
    bare = without(left, set(TOLD))
    with_it, without_it = decide(pathway, left), decide(pathway, bare)
    assert set(without_it.stops) <= set(with_it.stops)
    if with_it.lowest is not None and without_it.lowest is not None:
        assert with_it.lowest >= without_it.lowest


@pytest.mark.parametrize(
    ("id_", "below", "at", "step"),
    [
        ("phq9.total", 9, 10, 1),
        ("phq9.total", 15, 16, 2),
        ("phq9.total", 19, 20, 3),
        ("gad7.total", 9, 10, 1),
        ("gad7.total", 14, 15, 2),
    ],
)
def test_on_both_sides_of_each_limit(id_: str, below: int, at: int, step: int) -> None:
    items = PHQ if id_ == "phq9.total" else GAD
    rest = without(WELL, set(items))
    lower, reached = decide(adult(), {**rest, id_: below}), decide(adult(), {**rest, id_: at})
    assert reached.step == step
    assert lower.step is not None
    assert lower.step < step
    assert reached.scores[id_] == at
    assert lower.required == reached.required == ()


@pytest.mark.parametrize(("points", "holds"), [(4, False), (5, True)])
def test_the_limit_of_audit_c_opens_the_rest_of_audit(points: int, holds: bool) -> None:
    items = {"auditc.1", "auditc.2", "auditc.3"} | {f"audit.{n}" for n in range(4, 11)}
    case = {**without(WELL, items), "auditc.total": points}
    shown = {q.id for page in shown_pages(adult(), case) for q in page.questions}
    assert ("audit.4" in shown) is holds
    assert not {"auditc.1", "auditc.2", "auditc.3"} & shown
    told = decide(adult(), {**case, **{f"audit.{n}": 0 for n in range(4, 11)}})
    assert told.scores["audit.total"] == points


def test_items_are_not_asked_while_the_total_holds_and_item_nine_is() -> None:
    case: dict[str, Answer] = {"client.age": 40, "client.sex": "f", "phq9.total": 12}
    shown = [q.id for page in shown_pages(adult(), case) for q in page.questions]
    assert not set(PHQ) & set(shown)
    assert "phq9.9" in shown
    assert find_covered(adult(), case) == set(PHQ)
    assert decide(adult(), case).scores["phq9.total"] == (12, 15)


def test_item_nine_counts_beside_what_was_told() -> None:
    case = {**without(WELL, set(PHQ)), "phq9.total": 13}
    assert decide(adult(), {**case, "phq9.9": 0}).scores["phq9.total"] == 13
    told = decide(adult(), {**case, "phq9.9": 3})
    assert told.scores["phq9.total"] == 16
    assert told.status == "stop"
    assert "S2" in told.stops


def test_what_needs_a_single_item_stays_open_and_is_told_so() -> None:
    case = {**without(WELL, set(PHQ)), "phq9.total": 6}
    told = decide(adult(), case)
    (rule,) = (rule for rule in told.possible if rule.id == "A14")
    assert rule.missing == ("phq9.3",)
    assert told.status == "suggested"
    assert "phq9.3" in told.missing
    assert "phq9.1" not in told.missing


def test_answers_given_here_never_make_a_told_total_smaller() -> None:
    rest = without(WELL, set(PHQ))
    told = decide(adult(), {**rest, **phq9(4), "phq9.total": 12})
    assert told.scores["phq9.total"] == 12
    told = decide(adult(), {**rest, **phq9(20), "phq9.total": 12})
    assert told.scores["phq9.total"] == 20


def test_what_would_move_the_step_is_said_of_the_told_total() -> None:
    items = decide(adult(), {**WELL, **phq9(15), **gad7(0)})
    told = decide(adult(), {**without(WELL, set(PHQ)), "phq9.total": 15})
    assert items.flips == told.flips
    assert {(f.fact, f.becomes, f.step) for f in told.flips} >= {("phq9.total", 16, 2)}


@pytest.mark.parametrize(("age", "old"), [(14, False), (15, True)])
def test_it_grows_old_as_its_items_do(age: int, old: bool) -> None:
    when = NOW - timedelta(days=age)
    times = {"phq9.total": AnswerTime(when, when)}
    assert (find_expired(adult(), times, NOW) == {"phq9.total"}) is old
    assert get_expiry(adult(), times) == when + timedelta(days=14)


def test_no_stop_closes_because_a_told_total_grows_old() -> None:
    case = {**without(WELL, set(PHQ)), "phq9.total": 20, "flag.perinatal": "yes"}
    assert "phq9.total" in find_kept_by_stops(adult(), case, ())
    order = dict.fromkeys(case, 1) | {"phq9.total": 9}
    status = get_draft_status(adult(), case, order, (), ())
    assert [(s.id, s.since) for s in status.stops] == [("S4", "phq9.total")]


def test_nothing_changes_for_answers_without_a_told_total() -> None:
    case = {**WELL, **spread("phq9", 8, 13), **gad7(8)}
    assert find_covered(adult(), case) == frozenset()
    assert decide(adult(), case).missing == ()
