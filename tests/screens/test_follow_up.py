"""If these fail, a client is measured again against the wrong start, or the ground is lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from screens.care import facts_of
from screens.client import ClientScreen
from screens.episode import EpisodeScreen
from screens.past import PastScreen
from screens.pathway_browser import PickScreen
from screens.question import QuestionScreen
from screens.result import ResultScreen
from screens.visit import Visit, stored_decision
from stepping.care.events import Contact, Event, Opened, PeriodEnded, PeriodStarted
from stepping.decision import decide
from stepping.interview import remaining
from stepping.pathway import Answer
from store import pathway_files
from tests.screens.episodes import day, lived, measured
from tests.screens.running import Session, Stage, lightest
from tests.screens.test_episode import episode, to_episode
from tests.screens.test_result import MODERATE

FOLLOW_UP = pathway_files.built_in("follow_up")
GIVEN = {"care.step": 1, "care.contacts": 1, "before.phq9": 10, "before.gad7": 0}


@asynccontextmanager
async def followed(stage: Stage) -> AsyncIterator[Session]:
    """A client of step 1 after one contact, on the choice of what to ask now."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        desk = session.app.desk
        desk._found = {stage.pathway.id: stage.pathway, FOLLOW_UP.id: FOLLOW_UP}
        desk._standings = None
        await to_episode(session)
        await session.press("r", "t", "1", "enter", "enter", "enter")
        await session.press("r", "c", "enter")
        session.on(EpisodeScreen)
        await session.press("escape")
        session.on(PastScreen)
        await session.press("n")
        session.on(ClientScreen)
        await session.press("1")
        session.on(PickScreen)
        yield session


def lightly(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Add the lightest answer to every question of the follow-up that is still asked."""
    found = dict(answers)
    while left := remaining(FOLLOW_UP, found):
        found[left[0].id] = lightest(FOLLOW_UP, left[0].id)
    return {id_: answer for id_, answer in found.items() if id_ not in answers}


async def test_a_follow_up_is_offered_and_knows_the_episode(stage: Stage) -> None:
    async with followed(stage) as session:
        session.says("Follow-up of a treatment", "compares with 2026-11-22")
        await session.press("1")
        session.on(QuestionScreen)
        assert session.visit.pathway.id == "follow_up"
        assert {id_: session.visit.answers.get(id_) for id_ in GIVEN} == GIVEN
        found = session.store.episode_of(session.visit.assessment.id)
        assert found is not None


async def test_a_whole_assessment_can_be_chosen_instead(stage: Stage) -> None:
    async with followed(stage) as session:
        await session.press("2")
        session.on(QuestionScreen)
        assert session.visit.pathway.id == "adult"
        assert not GIVEN.keys() & session.visit.answers.keys()


async def test_what_a_follow_up_rests_on_stays_as_it_was_when_it_began(stage: Stage) -> None:
    async with followed(stage) as session:
        await session.press("1")
        visit = session.visit
        await session.press("escape", "l", "down", "enter")
        session.on(PastScreen)
        await session.press("c", "c", "1", "w", "w")  # the contact was a mistake
        assert [len(p.contacts) for p in episode(session).periods] == [0]
        await session.press("escape", "escape", "1")
        session.on(QuestionScreen)
        assert session.visit.assessment.id == visit.assessment.id
        assert session.visit.answers == visit.answers
        assert session.visit.answers["care.contacts"] == 1


async def test_a_confirmed_follow_up_decides_the_same_from_what_was_stored(stage: Stage) -> None:
    async with followed(stage) as session:
        await session.press("1")
        session.visit.answer(lightly(session.visit.answers))
        await session.press("escape", "l", "1")
        session.on(ResultScreen)
        id_ = session.visit.assessment.id
        await session.press("enter", "enter", "enter", "enter", "c")
        session.on(EpisodeScreen)
        session.says("reliable recovery")
        row = session.store.decision(id_)
        assert row is not None
        again = Visit.resume(session.store, session.store.assessment(id_), FOLLOW_UP)
        told = json.loads(row.decision_json)
        assert json.loads(json.dumps(again.answers)) == told["answers"]
        assert decide(FOLLOW_UP, again.answers, again.recorded) == stored_decision(row)


async def test_earlier_answers_are_not_shown_while_an_item_is_answered(stage: Stage) -> None:
    async with followed(stage) as session:
        await session.press("1")
        answers = lightly(session.visit.answers)
        until = list(answers).index("phq9.1")
        session.visit.answer({id_: answers[id_] for id_ in list(answers)[:until]})
        await session.press("escape", "l", "1")
        assert session.page == "phq9.1"
        session.lacks("(x)", "PHQ-9 at the start")


def test_contacts_are_those_of_the_treatment_that_goes_on() -> None:
    events: list[Event] = [
        Opened(day=day(0)),
        measured(0, 1, 17),
        PeriodStarted(day=day(1), period="p1", intervention="help"),
        Contact(day=day(2), period="p1"),
        Contact(day=day(3), period="p1"),
    ]
    ended = PeriodEnded(day=day(4), period="p1", why="stepped_up")
    following = PeriodStarted(day=day(5), period="p2", intervention="brief")
    assert facts_of(FOLLOW_UP, lived(*events))["care.contacts"] == 2
    assert facts_of(FOLLOW_UP, lived(*events, ended))["care.contacts"] == 2
    assert facts_of(FOLLOW_UP, lived(*events, ended, following))["care.contacts"] == 0


def test_contacts_of_a_lighter_step_do_not_count_for_the_one_that_was_stepped_up_to() -> None:
    """Else the step above would look tried in vain before its treatment has begun."""
    events: list[Event] = [
        Opened(day=day(0)),
        measured(0, 1, 17),
        PeriodStarted(day=day(1), period="p1", intervention="help", step=1),
        Contact(day=day(2), period="p1"),
    ]
    assert facts_of(FOLLOW_UP, lived(*events))["care.contacts"] == 1
    stepped_up = measured(3, 2, 18)
    assert facts_of(FOLLOW_UP, lived(*events, stepped_up))["care.contacts"] == 0


def test_a_total_that_was_not_measured_at_first_is_not_made_up() -> None:
    facts = facts_of(
        FOLLOW_UP, lived(Opened(day=day(0)), measured(0, 1, None, 9), measured(9, 1, 12))
    )
    assert facts["before.gad7"] == 9
    assert "before.phq9" not in facts
