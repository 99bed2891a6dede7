"""If these fail, a trainee sees the answer before giving their own, or loses what they gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from casework.assessment import AssessmentSession
from casework.training import judging
from casework.training.judging import OwnWord
from casework.training.practice import Practice
from casework.training.shelf import CaseShelf, read_one
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.error import ErrorScreen
from screens.base.keys import find_binding
from screens.base.pick import PickScreen
from screens.desk.start import StartScreen
from screens.note.compose import compose_note
from screens.note.screen import NoteScreen
from screens.result.reading import ResultReading
from screens.training.case_list import CaseListScreen
from screens.training.judging.compared import ComparisonScreen
from screens.training.judging.own_step import BecauseScreen, OwnStepScreen, OwnWordsPrompt
from screens.training.judging.roles import RolesScreen
from screens.training.menu import TrainingMenu
from screens.training.story import StoryScreen
from stepping.decision.safety import list_safety_steps
from stepping.pathway.client_facts import AGE
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.training.reading import Case
from stepping.training.records import Judgement, SeatRecord
from store.codes import show
from store.errors import ClassGone, DiskFull
from store.pathway_files.vignettes import vignette_files, vignette_text
from store.records import AgreedContact, Draft
from store.training.places import OWN_SEAT, record_path
from store.training.seats import load_record
from tests.screens.running import Session, Stage, record_steps
from tests.training_cases import PATTERN, dark, pattern, used

CLASS = "0192f000-0000-7000-8000-000000000001"
SUGGESTS = ("Ehdotettu porras", "Suggested step", "Tapauksen porras", "The case's step")


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Case]]:
    """The cases that there are: one teacher who has thought of death."""
    cases = [dark()]
    monkeypatch.setattr(
        "casework.training.practice.read_shelf",
        lambda *_: CaseShelf({case.vignette.id: case for case in cases}, ()),
    )
    yield cases


def kept(stage: Stage) -> list[Judgement]:
    """The judgements on the disk."""
    record = load_record(record_path(stage.places, OWN_SEAT), OWN_SEAT)
    return [entry for entry in record.entries if isinstance(entry, Judgement)]


async def begins(session: Session, mode: str = "1") -> None:
    """Open a mode from the start, and its only case."""
    session.on(StartScreen)
    await session.choose("t", "training")
    session.on(TrainingMenu)
    await session.press(mode)
    session.on(CaseListScreen)
    await session.press("1")


async def answers(session: Session, *left_out: str) -> None:
    """Answer as the experts did but for some, and take the draft up again at what is left."""
    case = session.visit.pathway, dark()
    texts = {q.id: "" for q in case[0].questions.values() if q.kind == "text"}
    told = {
        id_: answer
        for id_, answer in {**case[1].answers, **texts}.items()
        if id_ in case[0].questions and id_ not in left_out
    }
    session.visit.record_answers(told)
    await leaves(session)
    await session.press("1", "1", "1")


async def leaves(session: Session) -> None:
    """Leave the draft for later."""
    await session.press("escape")
    session.on(PauseScreen)
    await session.choose("l", "leave it for later")
    session.on(TrainingMenu)


async def walks_through_the_stop(session: Session) -> None:
    """Record every safety step of the stop that is open, and take the draft up again."""
    session.on(StopScreen)
    visit = session.visit
    for stop in visit.open_stops:
        for step in list_safety_steps(visit.pathway, visit.answers, stop):
            if visit.find_outcome(step) is None:
                visit.record_safety_step(step)
    await leaves(session)
    await session.press("1", "1", "1")


def agrees(session: Session) -> None:
    """Record as done what agrees a contact, for tomorrow."""
    visit, due = session.visit, session.app.workspace.today + timedelta(days=1)
    for stop in visit.open_stops:
        for step in list_safety_steps(visit.pathway, visit.answers, stop):
            if visit.find_contact_limit(step) is not None:
                visit.record_safety_step(step, None, AgreedContact(due=due, who="nurse1", by=due))


async def says_own(session: Session, step: str = "1", words: str = "") -> None:
    """Give the own step, two scores that decided, and words."""
    session.on(OwnStepScreen)
    session.lacks(*SUGGESTS)
    await session.press("enter")
    session.on(OwnStepScreen)
    await session.press(step, "enter")
    session.on(BecauseScreen)
    session.lacks(*SUGGESTS)
    await session.press("1", "2", "enter")
    session.on(OwnWordsPrompt)
    session.lacks(*SUGGESTS)
    await session.type(words)


async def test_a_stop_that_is_missed_is_told_first_and_only_after_the_own_step_is_kept(
    stage: Stage,
) -> None:
    async with stage.program(demo=True, language="fi") as session:
        await begins(session)
        session.on(StoryScreen)
        session.says("Opetan kahdeksanvuotiaita", "nainen, 42 vuotta")
        session.lacks("turvapysäytys")
        await session.press("enter")
        session.on(QuestionScreen)
        await session.choose("t", "the story")
        session.on(StoryScreen)
        await session.press("enter")
        session.on(QuestionScreen)
        await answers(session, "phq9.9", "phq9.difficulty")
        assert session.page == "phq9.9"
        session.says("Asiakas sanoo: ”En. En koskaan.")
        session.lacks(*SUGGESTS)
        await session.press("0", "1")
        await says_own(session, "1", "Hän hoitaa työnsä.")
        session.on(ComparisonScreen)
        (judgement,) = kept(stage)
        assert (judgement.step, judgement.suggested, judgement.stops) == (1, 1, ())
        assert (judgement.case, judgement.mode) == (PATTERN, "judge")
        assert judgement.words == "Hän hoitaa työnsä."
        assert len(judgement.because) == 2
        session.says("! Vaarallista: 1 porras alle", "! Jäi huomaamatta: SAMANA PÄIVÄNÄ", "(S2)")
        assert session.text.split("\n")[1].startswith(" ! Jäi huomaamatta")
        session.says("kukaan kliinikko ei ole vielä")
        await session.press("enter")
        first = next(row for row in session.text.split("\n") if row.startswith(" !"))
        assert "PHQ-9 kohta 9" in first
        session.says("turvapysäytys S2 ei avaudu; porras 1 eikä 2", "turvapysäytys S2 avautuu")
        await session.choose("c", "the case's whole result")
        session.on(ResultReading)
        session.says("Tapauksen vastaukset", "Ehdotettu porras 2", "turvatoimet 6/6 kirjattu")
        await session.press("c", "enter")
        session.on(ComparisonScreen)
        await session.choose("o", "your whole result")
        session.on(ResultReading)
        session.says("Ehdotettu porras 1")
        await session.press("enter", "enter")
        session.says("Mitä tästä oppii", "sääntö A2")
        await session.press("enter")
        session.on(TrainingMenu)
        session.says("Arviosi on tallessa.")


async def test_the_judgement_is_on_the_disk_before_anything_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(*_: object) -> None:
        assert len(kept(stage)) == 1, "nothing is kept yet, and the next page tells the answer"
        raise DiskFull(path="record.json")

    with monkeypatch.context() as cut:
        cut.setattr("tui.flows.training.judge.judging.end", cut_short)
        async with stage.program(demo=True) as session:
            await begins(session)
            await session.press("enter")
            await answers(session)
            await walks_through_the_stop(session)
            await says_own(session, "2")
            session.on(ErrorScreen)
    (judgement,) = kept(stage)
    assert (judgement.step, judgement.stops) == (2, ("S2",))
    async with stage.program(demo=True) as session:
        await begins(session)
        session.on(ComparisonScreen)
        session.says("= Every stop of the case was found: S2")
        await session.press("escape")
        session.on(TrainingMenu)
        assert not cases_half_way(session)
        await session.press("1", "1")
        session.says("See what differed last time")
        await session.press("1")
        session.on(StoryScreen)
    assert len(kept(stage)) == 1, "what was judged is not judged again by going on"


def cases_half_way(session: Session) -> list[Draft]:
    drafts = session.store.assessments.list_drafts()
    return [each for each in drafts if ":" in each.assessment.setting]


async def test_a_case_half_way_goes_on_or_begins_anew_and_shows_its_step_nowhere(
    stage: Stage,
) -> None:
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        await answers(session)
        await walks_through_the_stop(session)
        session.on(OwnStepScreen)
        (half,), workspace = cases_half_way(session), session.app.workspace
        visit = AssessmentSession.resume(session.store, half.assessment, dark().pathway)
        assert visit.decide().status == "suggested"
        note = compose_note(workspace, visit)
        assert "a case of practice" in note
        assert not [each for each in (*SUGGESTS, "Suitable forms", "no more than") if each in note]
        page = NoteScreen(workspace, visit, visit.decide(), None)
        assert find_binding(page.key_list(), workspace.t.letter("p", "rules")) is None
    async with stage.program(demo=True) as session:
        (draft,) = [
            each
            for each in session.store.assessments.list_drafts()
            if ":" in each.assessment.setting
        ]
        said = session.app.workspace.t
        client = show(draft.client_code)
        row = next(line for line in session.text.split("\n") if client in line)
        await session.press(row.split(client)[0].strip(" >!"))
        session.on(StartScreen)
        session.says("A case of practice goes on under Training")
        session.lacks(*SUGGESTS)
        await begins(session)
        session.on(PickScreen)
        session.says("Go on where you left off", said("Begin anew"))
        await session.press("2")
        session.on(StoryScreen)
        await session.press("enter")
        session.on(QuestionScreen)
        assert session.visit.valid_answers == {}
        assert draft.assessment.id not in [each.assessment.id for each in cases_half_way(session)]


async def test_the_same_case_judged_twice_is_two_judgements_and_leaves_nothing_that_waits(
    stage: Stage,
) -> None:
    async with stage.program(demo=True) as session:
        waited = session.store.worklist.list_items(session.app.workspace.today)
        for step in ("1", "3"):
            await begins(session)
            if step == "3":
                session.on(PickScreen)
                session.says("Your step was 1, on 2026-11-22.")
                await session.press("2")
                session.on(ComparisonScreen)
                await session.choose("o", "your whole result")
                session.says("Suggested step 2")
                await session.press("enter", "escape")
                session.on(CaseListScreen)
                await session.press("1", "1")
            session.on(StoryScreen)
            await session.press("enter")
            await answers(session)
            await walks_through_the_stop(session)
            await says_own(session, step)
            session.on(ComparisonScreen)
            await session.press("escape", "escape")
        assert session.store.worklist.list_items(session.app.workspace.today) == waited
    assert [each.step for each in kept(stage)] == [1, 3]


async def test_a_stop_that_agrees_a_contact_leaves_no_care_behind(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        waited = session.store.worklist.list_items(session.app.workspace.today)
        await begins(session)
        await session.press("enter")
        await answers(session)
        agrees(session)
        client = session.visit.client.id
        assert session.store.episodes.find_open(client) is not None
        await walks_through_the_stop(session)
        await says_own(session, "2")
        session.on(ComparisonScreen)
        assert session.store.episodes.find_open(client) is None
        assert session.store.worklist.list_items(session.app.workspace.today) == waited


async def test_a_disk_that_takes_no_record_keeps_the_words_and_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull(path="record.json")

    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        await answers(session)
        await walks_through_the_stop(session)
        with monkeypatch.context() as disk:
            disk.setattr("casework.training.practice.add_to_record", full)
            await says_own(session, "2", "she thinks of death")
            session.on(ErrorScreen)
            session.lacks(*SUGGESTS)
            await session.press("enter")
            session.on(OwnWordsPrompt)
            assert session.entry.value == "she thinks of death"
        assert kept(stage) == []
        await session.press("enter")
        session.on(ComparisonScreen)
        (judgement,) = kept(stage)
        assert judgement.words == "she thinks of death"


async def test_no_name_stands_in_the_own_words(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        await answers(session)
        await walks_through_the_stop(session)
        await says_own(session, "2", "call 040 123 4567")
        session.on(OwnWordsPrompt)
        session.says("No names, personal identity codes, phone numbers")
        assert kept(stage) == []


def in_class(monkeypatch: pytest.MonkeyPatch, publish: Callable[[SeatRecord], None]) -> None:
    """Let the seat sit in a class that takes its record so."""
    room = SimpleNamespace(
        record=SimpleNamespace(id=CLASS, name="syksy"), shelf=CaseShelf({PATTERN: dark()}, ())
    )

    def seated(*given: Any) -> Practice:
        practice = Practice(*given)
        seat = SimpleNamespace(
            room=room, publish=publish, waiting=lambda _: 0, has_ended=lambda: False
        )
        practice.membership = cast("Any", seat)
        return practice

    monkeypatch.setattr("tui.flows.training.menu.Practice", seated)


async def test_a_seat_of_a_class_tells_its_trainer_the_place_and_the_judgement(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[SeatRecord] = []
    in_class(monkeypatch, seen.append)
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        session.on(QuestionScreen)
        place = seen[-1].now
        assert place is not None
        assert (place.case, place.class_id) == (PATTERN, CLASS)
        await answers(session)
        await walks_through_the_stop(session)
        await says_own(session, "2")
        assert [each.step for each in seen[-1].entries if isinstance(each, Judgement)] == [2]
        assert seen[-1].now is None


async def test_what_a_class_does_not_take_is_kept_here_and_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> None:
        raise ClassGone(path="classes/syksy")

    in_class(monkeypatch, gone)
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        session.on(QuestionScreen)
        await answers(session)
        await walks_through_the_stop(session)
        await says_own(session, "2")
        session.on(ComparisonScreen)
        session.says("Your judgement is kept here. The class's folder did not take it")
    assert [each.step for each in kept(stage)] == [2]


async def test_in_an_interview_the_nurse_sees_nothing_of_the_story(stage: Stage) -> None:
    async with stage.program(demo=True, size=(132, 40)) as session:
        await begins(session, "2")
        session.on(RolesScreen)
        session.lacks("eight-year-olds")
        await session.press("enter")
        session.on(QuestionScreen)
        session.lacks("eight-year-olds", "the story", "The client says")
        await session.press("t")
        session.on(QuestionScreen)
        case = dark()
        assert session.visit.assessment.setting.startswith(f"interview:{case.vignette.id}:")
        assert session.visit.answers[AGE] == 42


async def test_of_two_windows_the_first_word_is_kept_and_shown_in_both(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        await answers(session)
        await walks_through_the_stop(session)
        await session.press("1", "enter", "1", "enter")
        session.on(OwnWordsPrompt)
        (half,) = cases_half_way(session)
        other = Practice(session.app.workspace, record_path(stage.places, OWN_SEAT))
        there = judging.go_on(other, half)
        judging.keep(other, dark(), there, "judge", OwnWord(3, (), "first"))
        judging.end(other, there, "judged there")
        await session.type("second")
        assert session.on(ComparisonScreen)._compared.step == 3
        assert [(each.step, each.words) for each in kept(stage)] == [(3, "first")]


async def test_a_case_goes_on_in_the_language_that_was_chosen_meanwhile(stage: Stage) -> None:
    async with stage.program(demo=True, language="fi") as session:
        await begins(session)
        await session.press("enter")
        first = session.on(QuestionScreen)._language
        await leaves(session)
    async with stage.program(demo=True, language="sv") as session:
        await begins(session)
        await session.press("1")
        assert (first, session.on(QuestionScreen)._language) == ("fi", "sv")


async def test_what_was_answered_of_an_earlier_story_is_put_away(
    stage: Stage, shelf: list[Case]
) -> None:
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter", "0")
        await leaves(session)
    shelf[:] = [pattern()]
    async with stage.program(demo=True) as session:
        await begins(session)
        session.on(PickScreen)
        session.says("The case has changed since")
        session.lacks("Go on where you left off")


async def test_who_has_grown_too_old_meanwhile_goes_on_behind_the_stop(
    stage: Stage, shelf: list[Case]
) -> None:
    young = "first_flat"
    shelf[:] = [read_one(young, vignette_text(young, vignette_files()[young]), used())]
    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        session.visit.record_answers({"danger.suicide": "yes"})
        await leaves(session)
    stage.clock.now += timedelta(days=6 * 365)
    async with stage.program(demo=True) as session:
        session.app.workspace._found = dict(used())
        await begins(session)
        await session.press("1")
        session.on(StopScreen)
        for stop in session.visit.open_stops:
            record_steps(session.visit, stop)
        await session.press("x", "escape", "enter")
        assert not isinstance(session.shown, CaseListScreen)


async def test_a_draft_whose_pathway_can_no_longer_be_read_hinders_no_judgement(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever chose the case again was led back to the start, out of the class, for ever."""

    def unread(*_: object) -> None:
        raise PathwayError([Diagnostic("rules.toml", 1, "the key 'when' is not known")])

    async with stage.program(demo=True) as session:
        await begins(session)
        await session.press("enter")
        await answers(session)
        session.on(StopScreen)
        record_steps(session.visit, "S2")
        earlier = session.visit.assessment
        await leaves(session)
        with monkeypatch.context() as newer:
            newer.setattr("casework.workspace.Workspace.get_pathway", unread)
            await session.press("1", "1")
            session.on(PickScreen)
            session.says("A case half-way", "The case has changed since")
            await session.press("1")
        session.on(StoryScreen)
        store = session.app.workspace.store
        assert store.assessments.get(earlier.id).state == "abandoned"
        assert store.episodes.find_open(earlier.client_id) is None
