"""If these fail, what a client told a navigator is lost, believed too long, or hides a danger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.assessment import AssessmentSession
from casework.elsewhere.navigator import (
    FaultyResult,
    navigator_form,
    sort_told,
    take_result,
    takes_results,
)
from stepping.decision import interview
from stepping.finland import day_begins
from stepping.interchange.navigator import NavigatorResult
from stepping.pathway.age import Elsewhere
from stepping.pathway.model import Answer
from stepping.reports.past_cases import PastCase, count_outcomes
from store.errors import ChangedElsewhere, ClosedAssessment
from store.repository.store import Store
from tests.screens.running import CALM, Stage, record_steps

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
DAY = date(2026, 11, 20)
FORM = navigator_form()
TOLD = NavigatorResult(
    DAY,
    {"phq9": 14, "phq9_item9": 0, "difficulty": 2, "gad7": 9, "auditc": 2},
    ("net", "group"),
    "AB12",
)
TAKEN: Mapping[str, Answer] = {
    "phq9.total": 14,
    "phq9.difficulty": 2,
    "gad7.total": 9,
    "auditc.total": 2,
    "wish.formats": ("net", "group"),
}


def entries(store: Store) -> list[tuple[str, ...]]:
    sql = "SELECT question, state, elsewhere, given_at FROM answers ORDER BY seq"
    return [tuple(row) for row in store.db.execute(sql)]


def events(store: Store) -> list[str]:
    return [row[0] for row in store.db.execute("SELECT event FROM audit ORDER BY seq")]


def asked(visit: AssessmentSession) -> set[str]:
    pages = interview.shown_pages(visit.pathway, visit.answers)
    shown = {question.id for page in pages for question in page.questions}
    return shown - visit.valid_answers.keys()


@pytest.fixture(autouse=True)
def _now(stage: Stage) -> None:
    stage.clock.now = NOW


def test_a_result_is_taken_with_its_own_day_and_not_asked_again(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        taken = take_result(visit, FORM, TOLD, "Navigator 2026-11-20: PHQ-9 14")
        assert taken.answers == TAKEN
        assert taken.asked == (("phq9_item9", "danger"),)
        again = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        for each in (visit, again):
            assert each.valid_answers == TAKEN
            assert each.elsewhere == dict.fromkeys(TAKEN, Elsewhere("navigator", DAY))
            assert {t.at for t in each.times.values()} == {day_begins(DAY)}
            assert each.notes == ["Navigator 2026-11-20: PHQ-9 14"]
            left = asked(each)
            assert not {"phq9.1", "phq9.8", "gad7.1", "auditc.1", "wish.formats"} & left
            assert {"phq9.9", "danger.suicide", "flag.psychosis"} <= left
        assert {row[2:] for row in entries(store)} == {("navigator", "2026-11-19T22:00:00.000Z")}
        assert events(store).count("answer.told") == len(TAKEN)


def test_the_same_result_once_more_changes_nothing(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        take_result(visit, FORM, TOLD, "told")
        before, log = entries(store), events(store)
        take_result(visit, FORM, TOLD, "told")
        take_result(AssessmentSession.resume(store, visit.assessment, stage.pathway), FORM, TOLD)
        assert entries(store) == before
        assert events(store) == log


def test_a_newer_result_takes_the_place_of_an_older_one(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        take_result(visit, FORM, TOLD)
        newer = NavigatorResult(date(2026, 11, 30), {"gad7": 15})
        take_result(visit, FORM, newer)
        assert visit.valid_answers["gad7.total"] == 15
        assert visit.elsewhere["gad7.total"].day == date(2026, 11, 30)
        assert visit.elsewhere["phq9.total"].day == DAY


def test_item_nine_opens_its_stop_at_once_however_old_it_is(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        result = NavigatorResult(date(2026, 11, 2), {"phq9": 8, "phq9_item9": 1})
        taken = take_result(visit, FORM, result)
        assert taken.answers == {"phq9.9": 1}
        assert taken.asked == (("phq9", "too_old"),)
        assert visit.open_stops == ("S2",)
        assert store.open_stops.list_of(visit.client.id)[0].stop == "S2"
        (mark,) = store.risk_marks.list_of(visit.client.id)
        assert [sign.kind for sign in mark.signs] == ["suicide"]


def test_item_nine_is_asked_again_once_its_stop_is_seen_to(stage: Stage) -> None:
    """And a calm answer of today does not declare wrong what was told on another day."""
    with stage.store() as store:
        visit = stage.visit(store)
        take_result(visit, FORM, replace(TOLD, points={**TOLD.points, "phq9_item9": 2}))
        assert visit.valid_answers["phq9.total"] == 12
        assert visit.decide().scores["phq9.total"] == 14
        for item in "1234":
            visit.record_answers({f"asq.{item}": "no"})
        record_steps(visit, "S2")
        assert visit.open_stops == ()
        assert "phq9.9" in visit.asked_again
        visit.reopen_outdated()
        visit.record_answers({"phq9.9": 0})
        assert visit.decide().scores["phq9.total"] == 12
        (mark,) = store.risk_marks.list_of(visit.client.id)
        assert [sign.wrong for sign in mark.signs] == [None]


def test_what_the_nurse_asked_here_is_not_overwritten_but_by_danger(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({"gad7.1": 3, "phq9.9": 0, "wish.formats": ("talk",)})
        danger = replace(TOLD, points={**TOLD.points, "phq9_item9": 1})
        taken = take_result(visit, FORM, danger)
        assert dict(taken.asked) == {"gad7": "answered_here", "wishes": "answered_here"}
        assert visit.valid_answers["wish.formats"] == ("talk",)
        assert visit.open_stops == ("S2",)
        visit.record_answers({"phq9.9": 1})
        assert "phq9.9" not in visit.elsewhere


@pytest.mark.parametrize(("age", "holds"), [(13, True), (14, False), (15, False)])
def test_each_part_grows_old_as_its_questions_do(stage: Stage, age: int, holds: bool) -> None:
    """From the beginning of its day; at 10 o'clock of the fourteenth day after it is over."""
    with stage.store() as store:
        visit = stage.visit(store)
        taken = take_result(visit, FORM, replace(TOLD, day=(NOW - timedelta(days=age)).date()))
        assert ("phq9.total" in taken.answers) is holds
        assert "auditc.total" in taken.answers
        assert (("phq9", "too_old") in taken.asked) is not holds


def test_a_draft_that_waits_asks_the_items_of_an_old_total(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        take_result(visit, FORM, TOLD)
        stage.clock.now = NOW + timedelta(days=4)
        assert {"phq9.total", "gad7.total"} <= visit.asked_again
        assert "auditc.total" not in visit.asked_again
        assert "phq9.1" in asked(visit)
        visit.reopen_outdated()
        assert "phq9.total" not in visit.given
        assert visit.decide().scores["phq9.total"] == (0, 27)


@pytest.mark.parametrize(
    ("result", "kinds"),
    [
        (NavigatorResult(None, {"gad7": 3}), ["no_day"]),
        (NavigatorResult(date(2026, 12, 2), {"gad7": 3}), ["future"]),
        (NavigatorResult(date(2026, 10, 30), {"gad7": 3}), ["too_old"]),
        (NavigatorResult(DAY), ["nothing"]),
        (NavigatorResult(DAY, {"phq9": 1, "phq9_item9": 3}), ["part_above"]),
        (NavigatorResult(DAY, {"phq9": 28, "phq9_item9": 0}), ["range"]),
        (NavigatorResult(DAY, {"phq9": 25, "phq9_item9": 0}), ["rest"]),
        (NavigatorResult(DAY, {"phq9": 12}), ["item_missing"]),
        (NavigatorResult(DAY, {"gad7": 22}), ["range"]),
        (NavigatorResult(DAY, {"audit": 3, "auditc": 6}), ["part_above"]),
        (NavigatorResult(DAY, {"audit": 40, "auditc": 5}), ["rest"]),
        (NavigatorResult(DAY, {"gad7": 3}, reference="010190-912K"), ["reference"]),
        (NavigatorResult(DAY, {"gad7": 3}, reference="MATTI"), ["reference"]),
    ],
)
def test_a_result_that_cannot_be_is_told_and_nothing_of_it_stored(
    stage: Stage, result: NavigatorResult, kinds: list[str]
) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        before = events(store)
        with pytest.raises(FaultyResult) as refused:
            take_result(visit, FORM, result, "told")
        assert [fault.kind for fault in refused.value.faults] == kinds
        assert entries(store) == []
        assert visit.notes == []
        assert events(store) == before


def test_the_day_itself_and_the_last_readable_day_are_taken(stage: Stage) -> None:
    with stage.store() as store:
        for day in (date(2026, 12, 1), date(2026, 10, 31)):
            visit = stage.visit(store)
            take_result(visit, FORM, NavigatorResult(day, {"auditc": 5}))
            assert ("auditc.total" in visit.given) is (day.month == 12)


def test_the_whole_audit_needs_audit_c_beside_it(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        alone = NavigatorResult(DAY, {"audit": 18})
        assert sort_told(visit, FORM, alone).asked == (("audit", "part_missing"),)
        take_result(visit, FORM, NavigatorResult(DAY, {"audit": 18, "auditc": 6}))
        assert visit.valid_answers == {"auditc.total": 6, "audit.total": 12}
        assert visit.decide().scores["audit.total"] == 18
        assert {"A11", "A11f"} <= {rule.id for rule in visit.decide().rules}


def test_a_step_is_confirmed_on_told_totals_and_stands(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        take_result(visit, FORM, TOLD)
        rest = stage.whole({**CALM, **visit.valid_answers, "phq9.9": 0})
        left = {id_: a for id_, a in rest.items() if id_ not in visit.given and id_ != "phq9.3"}
        visit.record_answers(left)
        decision = visit.decide()
        assert (decision.status, decision.step) == ("suggested", 2)
        assert decision.scores["phq9.total"] == 14
        visit.confirm(decision, 2)
        found = store.episodes.find_open(visit.client.id)
        assert found is not None
        assert found[1].baseline is not None
        assert found[1].baseline.scores["phq9.total"] == 14
        assert found[1].baseline.told == {
            "phq9.total": DAY,
            "gad7.total": DAY,
            "auditc.total": DAY,
        }
        again = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        assert again.elsewhere["phq9.total"] == Elsewhere("navigator", DAY)
        assert again.decide().scores == decision.scores
        with pytest.raises(ClosedAssessment):
            take_result(again, FORM, TOLD)
        assert not takes_results(again)


def test_another_window_is_read_first(stage: Stage) -> None:
    with stage.store() as store:
        here = stage.visit(store)
        there = AssessmentSession.resume(store, here.assessment, stage.pathway)
        there.record_answers({"gad7.1": 3})
        before = events(store)
        with pytest.raises(ChangedElsewhere):
            take_result(here, FORM, TOLD, "told")
        assert events(store) == before
        taken = take_result(here, FORM, TOLD)
        assert ("gad7", "answered_here") in taken.asked


def test_past_cases_with_told_totals_are_counted_and_not_decided_again(stage: Stage) -> None:
    """The items are not known, and another version may look at one by itself."""
    case = PastCase("p", {"client.age": 40, "client.sex": "f", **TAKEN}, ())
    counts = count_outcomes(stage.pathway, [[case]])
    assert list(counts) == [("unfit", "question", "auditc.total")]
