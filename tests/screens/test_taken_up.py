"""If these fail, one assessment is made of May and November, or a danger passes by waiting."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from casework.assessment import AssessmentSession
from screens.assessment.question import QuestionScreen
from screens.assessment.resumed import ResumedScreen
from screens.assessment.stop import StopScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.decision import interview
from stepping.decision.safety import list_safety_steps
from stepping.pathway.model import Answer
from store.errors import AnswersOutdated, ClockPutBack
from store.records import Confirmation
from store.repository.internal.assessments import HIDDEN, OUTDATED
from store.repository.store import Store
from store.session import clock_doubt
from tests.screens.running import CALM, MOOD, Session, Stage, lightest, record_steps

MAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def history(store: Store, question: str) -> list[tuple[str, str | None, str | None]]:
    """Every entry at a question, in the order in which it was made."""
    rows = store.db.execute(
        "SELECT state, value, why FROM answers WHERE question = ? ORDER BY seq", (question,)
    )
    return [tuple(row) for row in rows]


def page_of(visit: AssessmentSession) -> str:
    now = visit.find_next()
    assert isinstance(now, interview.Ask), now
    return now.page.id


def stops_of(visit: AssessmentSession) -> tuple[str, ...]:
    now = visit.find_next()
    return now.stops if isinstance(now, interview.Stop) else ()


# -- answers have an age --------------------------------------------------------------------------


def test_what_was_answered_in_may_counts_for_nothing_in_november(stage: Stage) -> None:
    """Not for the step, not for its range, not as answered; what does not go away is kept."""
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole() | {"history.episodes": 2})
        assert visit.decide().step == 0
        stage.clock.now = NOVEMBER
        again = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        for each in (visit, again):
            decision = each.decide()
            assert decision.status == "insufficient"
            assert {"danger.suicide", "phq9.9", "phq9.1", "flag.psychosis"} <= set(
                decision.required
            )
            assert (decision.lowest, decision.highest, decision.settled) == (0, 4, False)
            assert each.valid_answers.keys() == {"history.episodes", "history.specialised"}


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        (11 * HOUR, set()),
        (13 * HOUR, {"danger.suicide", "phq9.9", "suicide.thoughts", "nurse.worried"}),
        (4 * DAY, {"flag.psychosis", "flag.eating", "phq9.9"}),
        (15 * DAY, {"phq9.1", "gad7.7", "history.weeks"}),
        (731 * DAY, {"history.episodes"}),
    ],
)
def test_each_question_is_asked_again_after_its_own_time(
    stage: Stage, later: timedelta, asked: set[str]
) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
        stage.clock.now += later
        assert asked <= visit.asked_again
        kept = (
            {"phq9.1"} if later < 14 * DAY else {"history.episodes"} if later < 730 * DAY else set()
        )
        assert kept <= visit.valid_answers.keys()
        assert bool(visit.asked_again) is bool(asked)


def test_danger_is_asked_before_all_else_and_the_rest_in_the_order_of_the_pathway(
    stage: Stage,
) -> None:
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
        stage.clock.now = NOVEMBER
        visit = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        visit.reopen_outdated()
        pages = []
        while isinstance(now := visit.find_next(), interview.Ask):
            pages.append(now.page.id)
            whole = stage.whole()
            visit.record_answers({q.id: whole[q.id] for q in now.page.questions})
        first = pages[: pages.index("phq9.1")]
        asked = ["phq9.9", "suicide.thoughts", "history.attempt", "flags", "nurse.worried"]
        assert first == ["danger", *asked]
        order = [page.id for page in stage.pathway.pages]
        rest = pages[len(first) :]
        assert rest == sorted(rest, key=order.index)
        assert "history.episodes" not in pages
        assert visit.decide().step == 0


def test_what_the_episode_and_the_card_tell_has_no_age(stage: Stage) -> None:
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.store.answers.record(
            visit.assessment.id, {"phq9.1": 2, "phq9.2": 2}, told=["phq9.1"], after=0
        )
        stage.clock.now = NOVEMBER
        again = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        assert again.valid_answers == {"phq9.1": 2}
        assert again.answers["client.sex"] == "f"


def test_asking_again_keeps_the_earlier_answer_in_the_history_with_why(stage: Stage) -> None:
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(dict(CALM))
        stage.clock.now = NOVEMBER
        visit.reopen_outdated()
        assert visit.given == {}
        visit.record_answers(dict(CALM))
        assert history(store, "danger.suicide") == [
            ("given", '"no"', None),
            ("withdrawn", None, OUTDATED),
            ("given", '"no"', None),
        ]
        assert visit.asked_again == frozenset()
        assert AssessmentSession.resume(
            store, visit.assessment, stage.pathway
        ).valid_answers == dict(CALM)


def test_the_same_answer_given_again_is_as_young_as_it_was_given(stage: Stage) -> None:
    """The program stood open over the limit: nothing was withdrawn yet."""
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(dict(CALM))
        stage.clock.now += 13 * HOUR
        visit.record_answers(dict(CALM))
        for each in (visit, AssessmentSession.resume(store, visit.assessment, stage.pathway)):
            assert each.valid_answers == dict(CALM)
        assert len(history(store, "danger.child")) == 2


def test_a_skip_has_an_age_too(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        page = next(p for p in stage.pathway.pages if p.id == "phq9.1")
        visit.record_answers(dict(CALM))
        visit.skip_page(page, "too tired")
        assert page_of(visit) == "phq9.2"
        stage.clock.now += 15 * DAY
        visit.record_answers(dict(CALM))
        assert visit.asked_again == {"phq9.1"}
        visit.skip_page(page, "too tired")
        for each in (visit, AssessmentSession.resume(store, visit.assessment, stage.pathway)):
            assert each.asked_again == frozenset()
            assert page_of(each) == "phq9.2"


# -- the clock ------------------------------------------------------------------------------------


def test_a_clock_set_back_makes_no_answer_younger_than_it_is_known_to_be(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(dict(CALM))
        began = stage.clock.now
        stage.clock.now += 20 * HOUR
        visit.record_answers({"phq9.1": 1})
        stage.clock.now = began + HOUR
        for each in (visit, AssessmentSession.resume(store, visit.assessment, stage.pathway)):
            assert "danger.suicide" in each.asked_again


def test_an_answer_from_ahead_of_the_clock_is_asked_again_and_then_holds(stage: Stage) -> None:
    """A wrong clock must not keep a draft from ever being confirmed."""
    with stage.store() as store:
        visit = stage.visit(store)
        right = stage.clock.now
        stage.clock.now = right.replace(year=2030)
        visit.record_answers(stage.whole())
        stage.clock.now = right + HOUR
        visit = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        assert visit.valid_answers == {}
        visit.reopen_outdated()
        visit.record_answers(stage.whole())
        assert visit.asked_again == frozenset()
        with pytest.raises(ClockPutBack):
            visit.confirm(visit.decide(), 0)
        clock_doubt.confirm(store)  # somebody has looked at a calendar
        assert visit.confirm(visit.decide(), 0).confirmed_step == 0


def test_a_clock_that_is_put_right_by_minutes_asks_nothing_again(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(dict(CALM))
        stage.clock.now -= timedelta(minutes=5)
        assert visit.valid_answers == dict(CALM)


# -- stops ----------------------------------------------------------------------------------------


def test_an_open_stop_does_not_close_by_waiting(stage: Stage) -> None:
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole() | {"phq9.9": 1})
        assert stops_of(visit) == ("S2",)
        stage.clock.now = NOVEMBER
        again = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        for each in (visit, again):
            assert stops_of(each) == ("S2",)
            assert each.valid_answers["phq9.9"] == 1
            assert "phq9.1" not in each.valid_answers
            assert each.decide().status == "stop"
        record_steps(again, "S2")
        assert all(
            again.find_outcome(s) for s in list_safety_steps(stage.pathway, again.given, "S2")
        )
        assert stops_of(again) == ()
        assert {"phq9.9", "danger.suicide"} <= again.asked_again
        assert again.decide().status == "insufficient"


def test_safety_steps_are_recorded_anew_for_answers_that_are_asked_again(stage: Stage) -> None:
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(dict(CALM) | {"phq9.9": 1})
        record_steps(visit, "S2")
        assert stops_of(visit) == ()
        stage.clock.now = NOVEMBER
        visit = AssessmentSession.resume(store, visit.assessment, stage.pathway)
        visit.reopen_outdated()
        visit.record_answers(dict(CALM) | {"phq9.9": 1})
        for each in (visit, AssessmentSession.resume(store, visit.assessment, stage.pathway)):
            assert stops_of(each) == ("S2",)
        record_steps(visit, "S2")
        assert stops_of(visit) == ()


def test_what_hides_a_question_does_not_grow_old_under_an_open_stop(stage: Stage) -> None:
    """S3 rests on `eating.alarm`, which is asked only while `flag.eating` is yes."""
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole() | {"flag.eating": "yes", "eating.alarm": "yes"})
        open_before = stops_of(visit)
        assert open_before
        stage.clock.now += 400 * DAY
        assert stops_of(visit) == open_before
        assert {"flag.eating", "eating.alarm"} <= visit.valid_answers.keys()


# -- confirming -----------------------------------------------------------------------------------


def test_a_result_left_open_overnight_is_not_confirmed(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
        decision = visit.decide()
        stage.clock.now += 13 * HOUR
        with pytest.raises(AnswersOutdated):
            visit.confirm(decision, 0)
        assert store.decisions.find(visit.assessment.id) is None
        assert store.assessments.get(visit.assessment.id).state == "draft"


def test_the_store_itself_refuses_a_step_past_the_time_of_its_answers(stage: Stage) -> None:
    """Between the last look of the screen and the commit a limit may pass."""
    with stage.store() as store:
        visit = stage.visit(store)
        seq = store.answers.record(visit.assessment.id, {"danger.suicide": "no"})
        late = Confirmation(
            decision_json="{}",
            suggested_step=0,
            confirmed_step=0,
            final_answers_seq=seq,
            holds_until=stage.clock.now,
        )
        with pytest.raises(AnswersOutdated):
            store.decisions.confirm(visit.assessment.id, late)
        in_time = late.model_copy(update={"holds_until": stage.clock.now + HOUR})
        assert store.decisions.confirm(visit.assessment.id, in_time).confirmed_step == 0


def test_what_is_confirmed_stays_as_it_was(stage: Stage) -> None:
    stage.clock.now = MAY
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
        whole = visit.answers
        visit.confirm(visit.decide(), 0)
        stage.clock.now = NOVEMBER
        closed = store.assessments.get(visit.assessment.id)
        for each in (visit, AssessmentSession.resume(store, closed, stage.pathway)):
            assert each.answers == whole
            assert each.decide().step == 0


@pytest.mark.parametrize("seed", range(6))
def test_at_confirmation_every_counting_answer_holds(stage: Stage, seed: int) -> None:
    """Whatever is answered, waited, corrected and left, one assessment is of one time."""
    chance = random.Random(seed)
    waits = [timedelta(seconds=20)] * 12 + [5 * HOUR, 13 * HOUR, 2 * DAY, 20 * DAY, -3 * HOUR]
    with stage.store() as store:
        visit = stage.visit(store)
        for _ in range(150):
            stage.clock.now += chance.choice(waits)
            now = visit.find_next()
            if chance.random() < 0.1:
                visit = AssessmentSession.resume(store, visit.assessment, stage.pathway)
            elif chance.random() < 0.2:
                visit.reopen_outdated()
            elif isinstance(now, interview.Stop):
                for stop in now.stops:
                    record_steps(visit, stop)
            elif isinstance(now, interview.Ask):
                visit.record_answers({q.id: _some(stage, q.id, chance) for q in now.page.questions})
                left = interview.unanswered_questions(stage.pathway, visit.answers)[
                    : chance.randrange(60)
                ]
                visit.record_answers({q.id: _some(stage, q.id, chance) for q in left})
            else:
                decision = visit.decide()
                stage.clock.now += chance.choice([timedelta(), 6 * HOUR, 12 * HOUR, 15 * DAY])
                if decision.status != "suggested":
                    continue
                try:
                    stored = visit.confirm(decision, decision.step or 0)
                except AnswersOutdated:
                    continue
                _all_hold(store, visit, stored.at, json.loads(stored.decision_json)["answers"])
                return
        pytest.fail("nothing was ever confirmed")


def _some(stage: Stage, question: str, chance: random.Random) -> Answer:
    """Mostly the lightest answer, sometimes what opens a stop or shows further questions."""
    if question in ("phq9.9", "gad7.1", "phq9.1") and chance.random() < 0.2:
        return 1
    return lightest(stage.pathway, question)


def _all_hold(
    store: Store, visit: AssessmentSession, at: datetime, decided: dict[str, object]
) -> None:
    """Judge by the rows in the store alone, not by what the visit thinks of them."""
    for question, value in decided.items():
        if question.startswith("client."):
            continue
        row = store.db.execute(
            "SELECT at, value FROM answers WHERE assessment_id = ? AND question = ?"
            " ORDER BY seq DESC LIMIT 1",
            (visit.assessment.id, question),
        ).fetchone()
        assert json.loads(row[1]) == (list(value) if isinstance(value, tuple) else value)
        given = datetime.fromisoformat(row[0])
        assert at - given <= visit.pathway.questions[question].holds, question


# -- hidden by a correction -----------------------------------------------------------------------


def test_a_safety_answer_that_a_correction_hid_is_asked_again_when_it_comes_back(
    stage: Stage,
) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({"phq9.9": 0})
        visit.record_answers({"suicide.thoughts": "no"})
        visit.record_answers({"phq9.9": 1})  # the direct question is not asked any more
        assert history(store, "suicide.thoughts")[-1] == ("withdrawn", None, HIDDEN)
        visit.record_answers({"phq9.9": 0})
        for each in (visit, AssessmentSession.resume(store, visit.assessment, stage.pathway)):
            assert "suicide.thoughts" not in each.valid_answers
            assert "suicide.thoughts" in each.decide().required


def test_any_other_answer_comes_back_with_its_value(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({"phq9.1": 1, "phq9.difficulty": 2})
        whole = {f"phq9.{n}": 0 for n in range(1, 10)} | {f"gad7.{n}": 0 for n in range(1, 8)}
        visit.record_answers(whole)
        assert (
            interview.find_counting_answers(stage.pathway, visit.answers)["phq9.difficulty"]
            is False
        )
        visit.record_answers({"phq9.1": 1})
        assert visit.valid_answers["phq9.difficulty"] == 2


def test_hiding_and_answering_are_one_transaction(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({"phq9.9": 0})
        visit.record_answers({"suicide.thoughts": "no"})
        before = visit.seq
        visit.record_answers({"phq9.9": 2})
        assert visit.seq == before + 2
        assert store.answers.get_progress(visit.assessment.id).seq == visit.seq


# -- the pages ------------------------------------------------------------------------------------


async def test_a_draft_of_may_taken_up_in_november(stage: Stage) -> None:
    """With item 9 on "several days" and the stop open when the nurse went home."""
    stage.clock.now = MAY
    mood = dict.fromkeys(MOOD, 0)
    stage.draft(dict(CALM) | mood | {"phq9.9": 1, "history.episodes": 3})
    stage.clock.now = NOVEMBER
    async with stage.workplace() as session:
        await session.press("1")
        session.on(StopScreen)
        await _through_the_stop(session)
        session.on(ResumedScreen)
        session.says(
            "Asked again, danger first",
            f"Safety first: {len(CALM)} answers, Mon 2026-05-04, 6 months",
        )
        session.says("Care and services: 1 answer, Mon 2026-05-04, 6 months ago")
        asked, kept = session.flat.split("Kept, and counts on")
        assert "Mood: 8 answers" in asked and "Mood" not in kept
        assert asked.index("Safety first:") < asked.index("Mood: 1") < asked.index("Mood: 8")
        await session.press("enter")
        assert session.page == "danger"
        session.lacks("[x]")
        await session.press("0")
        assert session.page == "phq9.9"
        session.lacks("(x)")
        await session.press("0")
        assert session.page == "suicide.thoughts"
        assert session.visit.valid_answers.keys() == CALM.keys() | {"phq9.9", "history.episodes"}


async def _through_the_stop(session: Session) -> None:
    for step in list_safety_steps(session.visit.pathway, session.visit.answers, "S2"):
        session.visit.record_safety_step(step)
    await session.press("escape", "enter")
    if isinstance(session.shown, StopScreen):
        await session.press("enter")


async def test_a_draft_of_today_goes_on_without_a_word(stage: Stage) -> None:
    stage.draft(dict(CALM))
    stage.clock.now += 2 * HOUR
    async with stage.workplace() as session:
        await session.press("1")
        assert session.page == "phq9.1"


async def test_a_pause_at_the_page_leaves_everything_as_it_is(stage: Stage) -> None:
    stage.draft(dict(CALM))
    stage.clock.now += 2 * DAY
    async with stage.workplace() as session:
        await session.press("1")
        session.on(ResumedScreen)
        await session.press("escape", "enter")
        session.on(ResumedScreen)
        await session.press("enter")
        assert session.page == "danger"


async def test_a_question_left_open_overnight_leads_to_what_is_asked_again(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        assert session.page == "phq9.1"
        stage.clock.now += 13 * HOUR
        await session.press("2")
        session.on(ResumedScreen)
        assert session.visit.valid_answers == {"phq9.1": 2}


async def test_a_pause_over_night_leads_to_what_is_asked_again(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("escape")
        stage.clock.now += 13 * HOUR
        await session.press("enter")
        session.on(ResumedScreen)


@pytest.mark.parametrize("at", ["result", "confirm"])
async def test_a_result_left_open_overnight_leads_to_what_is_asked_again(
    stage: Stage, at: str
) -> None:
    async with stage.resumed(stage.whole()) as session:
        session.on(ResultScreen)
        if at == "confirm":
            await session.press("enter")
            session.on(ConfirmScreen)
        stage.clock.now += 13 * HOUR
        await session.press("enter")
        session.on(ResumedScreen)
        await session.press("enter", "0")
        assert session.page == "phq9.9"
        await session.press("0", "n", "0", "0", "n")
        session.on(ResultScreen)
        taken_up = session.visit.assessment.id
        await session.press("enter", "enter")
        assert session.store.decisions.find(taken_up) is not None


async def test_the_page_is_not_shown_for_answers_that_nobody_asks_for(stage: Stage) -> None:
    """A hidden answer grows old in silence; nothing rests on it."""
    stage.draft(stage.whole() | {"audit.total": 3})
    stage.clock.now += 2 * HOUR
    async with stage.workplace() as session:
        await session.press("1")
        session.on(ResultScreen)
        assert not isinstance(session.shown, QuestionScreen)
