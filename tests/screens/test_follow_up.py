"""If these fail, a client is measured again against the wrong start, or the ground is lost."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from casework.assessment import AssessmentSession, stored_decision
from casework.episode import list_interventions
from casework.language import LANGUAGES
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.base.pick import PickScreen
from screens.episode.episode import EpisodeScreen
from screens.episode.which import which_screen
from screens.forms.form import FormScreen
from screens.result.result import ResultScreen
from screens.wording.decision_words import DecisionWords
from stepping.decision.decide import decide
from stepping.decision.interview import unanswered_questions
from stepping.episode.events import Contact, Event, Measured, Opened, PeriodEnded, PeriodStarted
from stepping.episode.given_facts import given_facts
from stepping.pathway.model import Answer, Answers
from store.pathway_files import files
from tests.screens.episodes import day, lived, measured
from tests.screens.running import Session, Stage, lightest
from tests.screens.test_episode import episode, to_episode
from tests.screens.test_result import MODERATE
from tests.stepping.cases import gad7, phq9

FOLLOW_UP = files.built_in("follow_up")
GIVEN = {
    "care.step": 1,
    "care.contacts": 1,
    "before.phq9": 10,
    "before.gad7": 0,
    "since.phq9": 10,
    "since.gad7": 0,
    "before.known": "yes",
}


@asynccontextmanager
async def followed(stage: Stage) -> AsyncIterator[Session]:
    """A client of step 1 after one contact, on the choice of what to ask now."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        workspace = session.app.workspace
        workspace._found = {stage.pathway.id: stage.pathway, FOLLOW_UP.id: FOLLOW_UP}
        workspace._statuses = None
        await to_episode(session)
        await session.press("r", "t", "1", "enter", "enter", "enter")
        await session.press("r", "c", *["enter"] * 5)
        session.on(EpisodeScreen)
        await session.press("escape")
        session.on(AssessmentListScreen)
        await session.press("n")
        session.on(ClientScreen)
        await session.press("1")
        session.on(PickScreen)
        yield session


def lightly(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Add the lightest answer to every question of the follow-up that is still asked."""
    found = dict(answers)
    while left := unanswered_questions(FOLLOW_UP, found):
        found[left[0].id] = lightest(FOLLOW_UP, left[0].id)
    return {id_: answer for id_, answer in found.items() if id_ not in answers}


async def test_a_follow_up_is_offered_and_knows_the_episode(stage: Stage) -> None:
    async with followed(stage) as session:
        session.says("Follow-up of a treatment", "compares with 2026-11-22")
        await session.press("1")
        session.on(QuestionScreen)
        assert session.visit.pathway.id == "follow_up"
        assert {id_: session.visit.answers.get(id_) for id_ in GIVEN} == GIVEN
        found = session.store.episodes.find_of_assessment(session.visit.assessment.id)
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
        session.on(AssessmentListScreen)
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
        session.visit.record_answers(lightly(session.visit.answers))
        await session.press("escape", "l", "1")
        session.on(ResultScreen)
        id_ = session.visit.assessment.id
        await session.press("enter", "enter", "enter", "enter", "c")
        session.on(EpisodeScreen)
        session.says("scores recovered", "the client has recovered")
        row = session.store.decisions.find(id_)
        assert row is not None
        again = AssessmentSession.resume(
            session.store, session.store.assessments.get(id_), FOLLOW_UP
        )
        told = json.loads(row.decision_json)
        assert json.loads(json.dumps(again.answers)) == told["answers"]
        assert decide(FOLLOW_UP, again.answers, again.recorded_stops) == stored_decision(row)


async def test_earlier_answers_are_not_shown_while_an_item_is_answered(stage: Stage) -> None:
    async with followed(stage) as session:
        await session.press("1")
        answers = lightly(session.visit.answers)
        until = list(answers).index("phq9.1")
        session.visit.record_answers({id_: answers[id_] for id_ in list(answers)[:until]})
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
    assert given_facts(FOLLOW_UP, lived(*events))["care.contacts"] == 2
    assert given_facts(FOLLOW_UP, lived(*events, ended))["care.contacts"] == 2
    assert given_facts(FOLLOW_UP, lived(*events, ended, following))["care.contacts"] == 0


def test_contacts_of_a_lighter_step_do_not_count_for_the_one_that_was_stepped_up_to() -> None:
    """Else the step above would look tried in vain before its treatment has begun."""
    events: list[Event] = [
        Opened(day=day(0)),
        measured(0, 1, 17),
        PeriodStarted(day=day(1), period="p1", intervention="help", step=1),
        Contact(day=day(2), period="p1"),
    ]
    assert given_facts(FOLLOW_UP, lived(*events))["care.contacts"] == 1
    stepped_up = measured(3, 2, 18)
    assert given_facts(FOLLOW_UP, lived(*events, stepped_up))["care.contacts"] == 0


@pytest.mark.parametrize(
    "beside",
    [
        PeriodStarted(day=day(5), period="q", intervention="monitoring", step=0),
        PeriodStarted(day=day(5), period="q", intervention="substance_service"),
        PeriodStarted(day=day(5), period="q", intervention="another", step=2),
    ],
)
def test_what_goes_on_beside_a_treatment_does_not_make_it_look_untried(
    beside: PeriodStarted,
) -> None:
    """Else whoever is not helped by it is told to go on, and never goes a step up."""
    events: list[Event] = [
        Opened(day=day(0)),
        measured(0, 2, 17),
        PeriodStarted(day=day(1), period="p1", intervention="brief", step=2),
        *(Contact(day=day(at), period="p1") for at in (2, 3, 4, 5, 6, 7)),
        beside,
        Contact(day=day(6), period="q"),
    ]
    assert given_facts(FOLLOW_UP, lived(*events))["care.contacts"] == 6
    ended = PeriodEnded(day=day(8), period="p1", why="completed")
    own = beside.step == 2
    assert given_facts(FOLLOW_UP, lived(*events, ended))["care.contacts"] == (1 if own else 6)


def test_a_treatment_of_the_step_before_it_was_left_does_not_count_when_it_comes_again() -> None:
    events: list[Event] = [
        Opened(day=day(0)),
        measured(0, 2, 17),
        PeriodStarted(day=day(1), period="p1", intervention="brief", step=2),
        Contact(day=day(2), period="p1"),
        PeriodEnded(day=day(8), period="p1", why="completed"),
        measured(9, 1, 8),
    ]
    assert given_facts(FOLLOW_UP, lived(*events))["care.contacts"] == 0
    assert given_facts(FOLLOW_UP, lived(*events, measured(40, 2, 17)))["care.contacts"] == 0


def test_a_total_that_was_not_measured_at_first_is_not_made_up() -> None:
    facts = given_facts(
        FOLLOW_UP, lived(Opened(day=day(0)), measured(0, 1, None, 9), measured(9, 1, 12))
    )
    assert facts["before.gad7"] == 9
    assert "before.phq9" not in facts
    assert facts["before.known"] == "no"


def fired(*measurements: Measured, now: Answers) -> set[str]:
    """The rules of a follow-up with the scores of today, after some measurements."""
    facts = given_facts(FOLLOW_UP, lived(Opened(day=day(0)), *measurements))
    return {rule.id for rule in decide(FOLLOW_UP, {**facts, **now}).rules}


RISEN = {"A8a", "A8b", "A8c", "A8d", "B1"}


def test_a_turn_for_the_worse_moves_up_one_step_and_not_one_at_each_follow_up() -> None:
    """From 10 to 17 on step 1, then 17 and 23 on step 2."""
    start, worse = measured(0, 1, 10, 4), measured(20, 2, 17, 4)
    first = fired(start, now={**phq9(17), **gad7(4)})
    same = fired(start, worse, now={**phq9(17), **gad7(4)})
    still = fired(start, worse, measured(30, 2, 17, 4), now={**phq9(17), **gad7(4)})
    more = fired(start, worse, measured(30, 2, 17, 4), now={**phq9(23), **gad7(4)})
    assert first & RISEN == {"A8a", "B1", "A8b"}
    assert not same & RISEN
    assert not still & RISEN
    assert more & RISEN == {"A8a", "B1", "A8b", "A8c"}


def test_who_was_kept_on_the_step_in_spite_of_a_rise_is_asked_about_again() -> None:
    kept = fired(measured(0, 1, 10, 4), measured(20, 1, 17, 4), now={**phq9(17), **gad7(4)})
    assert {"A8a", "A8b"} <= kept


def test_a_step_that_was_left_and_came_again_begins_anew() -> None:
    up_and_down = [measured(0, 1, 20, 9), measured(9, 2, 21, 9), measured(40, 1, 6, 4)]
    facts = given_facts(FOLLOW_UP, lived(Opened(day=day(0)), *up_and_down, measured(50, 1, 8, 5)))
    assert (facts["since.phq9"], facts["since.gad7"]) == (6, 4)
    assert (facts["before.phq9"], facts["before.gad7"]) == (20, 9)
    assert "A8b" in fired(*up_and_down, now={**phq9(12), **gad7(4)})


def test_a_measurement_without_a_step_begins_none() -> None:
    told = [measured(0, 1, 10, 4), measured(9, None, 15, 8), measured(20, 1, 12, 5)]
    facts = given_facts(FOLLOW_UP, lived(Opened(day=day(0)), *told))
    assert (facts["since.phq9"], facts["since.gad7"]) == (10, 4)


def test_a_total_that_the_step_did_not_begin_with_is_the_last_one_known_before() -> None:
    """Else a rise from there would go unseen until somebody measures twice."""
    told = [measured(0, 1, 10, 4), measured(9, 1, 11), measured(20, 2, None, 9)]
    facts = given_facts(FOLLOW_UP, lived(Opened(day=day(0)), *told))
    assert (facts["since.phq9"], facts["since.gad7"]) == (11, 9)
    later = [measured(0, 1, None, 4), measured(9, 1, 11, 4)]
    assert "since.phq9" not in given_facts(FOLLOW_UP, lived(Opened(day=day(0)), *later))


# -- what is not known --------------------------------------------------------------------------


async def test_a_first_score_that_nobody_knows_is_named_on_the_result(stage: Stage) -> None:
    """It cannot be answered any more: the nurse has to know why the step is left open."""
    async with followed(stage) as session:
        (client,) = session.store.clients.list_recent(1)
        visit = AssessmentSession.start(
            session.store, FOLLOW_UP, client, setting="phone", language="en"
        )
        told: dict[str, Answer] = {"care.step": 2, "care.contacts": 1}
        visit.record_answers({**told, **lightly(told)})
        await session.press("escape", "escape", "escape", "1")
        session.on(ResultScreen)
        assert session.visit.assessment.id == visit.assessment.id
        session.says(
            "Not known, and not guessed: PHQ-9 at the start, GAD-7 at the start,",
            "care stays on step 2 at least",
        )
        session.lacks("answers are missing", "remaining")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_told_apart_from_what_was_not_asked(language: str) -> None:
    told: dict[str, Answer] = {"care.step": 2, "before.phq9": 12, "before.gad7": 9}
    answers = {**told, **lightly(told)}
    del answers["treatment.felt"], answers["wish.stop"]
    said = DecisionWords(FOLLOW_UP, decide(FOLLOW_UP, answers), language).remaining()
    unknown = ("care.contacts", "since.phq9", "since.gad7")
    labels = ", ".join(FOLLOW_UP.facts[id_].label[language] for id_ in unknown)
    assert labels in said
    assert " 2 " in said.replace(labels, ""), "two questions, whatever the episode does not tell"


async def test_a_follow_up_says_what_the_first_measurement_lacks(stage: Stage) -> None:
    async with followed(stage) as session:
        workspace = session.app.workspace
        (latest,) = episode(session).measured
        real = {"assessment": latest.assessment}
        firsts = [
            each.model_copy(update=real)
            for each in (measured(0, 1, 12, 9), measured(0, 1, None, 9))
        ]
        picks = [which_screen(workspace, [FOLLOW_UP, stage.pathway], first) for first in firsts]
        said = ["".join(text for line in pick.body(500) for text, _ in line) for pick in picks]
        assert "Not measured then" not in said[0]
        assert "Not measured then: PHQ-9 total." in said[1]


async def test_a_treatment_keeps_the_plan_that_its_form_of_care_began_with(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later edit of the pathway, or a corrected day, moves no measurement that was agreed."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "t", "1", "enter", "enter", "enter")
        (period,) = episode(session).periods
        form = list_interventions(session.app.workspace)[period.started.intervention]
        assert form.measure is not None
        assert period.started.measuring == form.measure
        edited = form.model_copy(update={"measure": None})
        monkeypatch.setattr("casework.episode.list_interventions", lambda _: {form.id: edited})
        stage.clock.now += timedelta(days=2)
        await session.press("c", "1", "c")
        session.on(FormScreen)
        await session.press("up", "up", "up", "down", "down", "backspace", "3", "enter", "enter")
        session.on(PickScreen)
        (corrected,) = episode(session).periods
        assert corrected.started.day == period.started.day + timedelta(days=1)
        assert corrected.started.measuring == form.measure
