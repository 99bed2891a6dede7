"""If these fail, an old recording hides a new danger, or two windows overrule each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.assessment import AssessmentSession
from stepping.decision.interview import open_stops
from store.errors import ChangedElsewhere
from tests.screens.running import Stage, record_steps


def open_now(visit: AssessmentSession) -> tuple[str, ...]:
    return open_stops(visit.pathway, visit.answers, visit.recorded_stops)


def test_a_stop_that_was_corrected_away_opens_anew_for_a_new_reason(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({"danger.suicide": "yes"})
        record_steps(visit, "S1")
        assert open_now(visit) == ()
        visit.record_answers({"danger.suicide": "no", "nurse.worried": "yes"})
        record_steps(visit, "S2")
        visit.record_answers({"asq.1": "yes"})
        visit.record_answers({"asq.5": "yes"})
        assert open_now(visit) == ("S1",)
        again = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        assert open_now(again) == ("S1",)
        record_steps(again, "S1")
        assert open_now(again) == ()


def test_a_recorded_stop_stays_recorded_while_its_reason_stands(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({"phq9.9": 1})
        record_steps(visit, "S2")
        visit.record_answers({"nurse.worried": "yes"})
        visit.record_answers({"phq9.9": 1, "phq9.1": 2})
        assert open_now(visit) == ()
        assert open_now(AssessmentSession.resume(store, visit.assessment, stage.pathway)) == ()


def test_what_another_window_answered_is_read_before_anything_is_added(stage: Stage) -> None:
    with stage.store() as store:
        here = stage.visit(store)
        there = AssessmentSession.resume(store, here.assessment, stage.pathway)
        there.record_answers({"phq9.9": 3})
        with pytest.raises(ChangedElsewhere):
            here.record_answers({"phq9.1": 0})
        assert here.given == {"phq9.9": 3}
        assert open_now(here) == ("S2",)
        here.record_answers({"phq9.1": 0})
        assert store.answers.get_progress(here.assessment.id).answers == {"phq9.9": 3, "phq9.1": 0}


def test_the_year_of_an_age_is_the_finnish_one(stage: Stage) -> None:
    """In the first two hours of a year in Finland the old year still stands in the store."""
    stage.clock.now = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    with stage.store() as store:
        visit = stage.visit(store)
        assert visit.answers["client.age"] == 2027 - (visit.client.birth_year or 0)


def test_services_are_sought_for_whoever_has_no_known_year_of_birth(stage: Stage) -> None:
    with stage.store() as store:
        client = store.clients.add(birth_year=None, language="en", why="not asked yet")
        visit = AssessmentSession.start(
            store, stage.pathway, client, setting="phone", language="en"
        )
        assert visit.seeker.age is None


def test_skipping_a_page_that_another_window_changed_leaves_nothing_skipped(stage: Stage) -> None:
    with stage.store() as store:
        here = stage.visit(store)
        there = AssessmentSession.resume(store, here.assessment, stage.pathway)
        there.record_answers({"phq9.9": 3})
        page = next(page for page in stage.pathway.pages if len(page.questions) > 1)
        with pytest.raises(ChangedElsewhere):
            here.skip_page(page)
        assert here.skipped == {} == store.answers.get_progress(here.assessment.id).skipped
        here.skip_page(page, "in a hurry")
        assert here.skipped.keys() == {question.id for question in page.questions}
        assert here.skipped == store.answers.get_progress(here.assessment.id).skipped
        assert here.seq == store.answers.get_progress(here.assessment.id).seq


def test_a_decision_is_that_of_the_answers_of_this_moment(stage: Stage) -> None:
    """What was decided before is used again for the very same answers alone."""
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
        calm = visit.decide()
        assert visit.decide() is calm
        visit.record_answers({"phq9.9": 1})
        assert visit.decide().stops == ("S2",)
