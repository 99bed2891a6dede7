"""If these fail, what was confirmed can no longer be read, or an old draft is out of reach."""

from __future__ import annotations

from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from store.codes import show
from store.database import transactions
from tests.screens.running import Session, Stage
from tests.screens.test_result import MODERATE, read_through


async def confirm(session: Session) -> str:
    """Confirm the suggestion, leave the note, and return the client's code."""
    session.on(ResultScreen)
    code = session.visit.client.code
    await session.press("enter")
    session.on(ConfirmScreen)
    await session.press("enter")
    await session.skip_what_is_asked_once()
    session.on(NoteScreen)
    await session.press("enter")
    session.on(StartScreen)
    return code


async def test_the_note_of_a_confirmed_assessment_can_be_read_again(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        code = await confirm(session)
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.says(show(code), "confirmed step 1")
        await session.press("1")
        session.on(NoteScreen)
        note = await read_through(session)
        assert "Confirmed step 1" in note
        assert "DRAFT" not in note
        await session.press("enter")
        session.on(AssessmentListScreen)
        subjects = [row["event"] for row in session.store.db.query("SELECT event FROM audit")]
        assert subjects.count("view") == 4  # the draft, the list, the note, the list again
        await session.press("escape")
        session.on(StartScreen)


async def test_a_client_is_found_by_code_and_a_wrong_code_is_named(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        code = await confirm(session)
        await session.press("c")
        session.on(ValuePrompt)
        await session.type("A")
        session.on(ValuePrompt)
        assert session.shown.message
        session.entry.value = ""
        await session.type(code.lower())
        session.on(AssessmentListScreen)
        await session.press("n")
        session.on(ClientScreen)
        session.says(show(code))


async def test_a_draft_is_gone_on_with_from_its_client(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        session.on(QuestionScreen)
        page, code = session.page, session.visit.client.code
        await session.press("escape")
        session.on(PauseScreen)
        await session.press("l", "down", "enter")
        session.on(AssessmentListScreen)
        session.says(show(code), "draft")
        await session.press("1")
        session.on(QuestionScreen)
        assert session.page == page


async def test_the_note_of_what_ended_at_an_open_stop_tells_no_step(stage: Stage) -> None:
    """An earlier version let it end so; its note is read as it was."""
    answers = {**stage.whole(MODERATE), "phq9.9": 1}
    id_ = stage.draft(answers)
    with stage.store() as store:
        with transactions.writing(store.db):
            store.db.execute("DELETE FROM open_stops")
        store.assessments.abandon(id_, "went home")
    async with stage.workplace() as session:
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.says("ended without a step")
        await session.press("1")
        session.on(NoteScreen)
        note = session.on(NoteScreen).note
        assert "OPEN" in note
        assert "A2" not in note
        assert "Suggested step" not in note
