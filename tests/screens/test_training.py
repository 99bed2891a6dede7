"""If these fail, practice is taken for care, or care for practice."""

from __future__ import annotations

import pytest

from screens.assessment.client_card import ClientScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.error import ErrorScreen
from screens.base.help import HelpScreen
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.episode.recording.at_first import AtFirstScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from store.training.opening import HANDLE
from store.training.places import seat_places
from tests.screens.running import Session, Stage
from tests.store.training.test_classes import close


def on(session: Session, *screens: type) -> None:
    """The screen on top is one of these and carries the watermark in its top line."""
    assert isinstance(session.shown, screens), session.text
    assert session.text.split("\n")[0].startswith(" TRAINING")


async def test_every_screen_of_a_practice_session_carries_the_watermark(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        on(session, StartScreen)
        session.says("TREE-NAFB")
        await session.press("n")
        on(session, ClientScreen)
        await session.press("enter", *"1986", "enter", "1", "3", "1", "1")
        on(session, QuestionScreen)
        for key, screen in (("!", EmergencyScreen), ("f1", HelpScreen), ("m", ValuePrompt)):
            await session.press(key)
            on(session, screen)
            await session.press("escape")
        await session.press("1", "enter")
        on(session, StopScreen)
        await session.press("escape")
        on(session, PauseScreen)
        session.visit.record_answers(stage.whole())
        await session.press("l", "4")
        on(session, ResultScreen)
        await session.press("r")
        on(session, NoteScreen)
        session.says("TRAINING – invented client, not a patient record")
        await session.press("enter", "enter")
        on(session, ConfirmScreen)
        await session.press("enter")
        on(session, AtFirstScreen)
        await session.press("escape")
        on(session, NoteScreen)
        session.says("TRAINING – invented client, not a patient record")
        assert session.store.handle == HANDLE


async def test_care_carries_no_watermark(stage: Stage) -> None:
    async with stage.resumed(stage.whole()) as session:
        session.lacks("TRAINING")
        await session.press("r")
        session.lacks("TRAINING")


async def test_one_that_does_not_open_is_no_fault_of_care(stage: Stage) -> None:
    stage.places.training.parent.mkdir(parents=True, exist_ok=True)
    stage.places.training.write_bytes(b"junk" * 100)
    async with stage.program(demo=True) as session:
        on(session, ErrorScreen)
        session.says("is not a training store of Porras")
        await session.press("enter")


async def test_practice_is_kept_apart_and_goes_on(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("n", *"treenaam", "enter", "1")
        session.on(QuestionScreen)
        await session.press("escape", "l", "q")
    assert stage.places.get_state() == "nothing"
    async with stage.program(demo=True) as session:
        session.says("4 TREE-NAAM unfinished assessment, 0 answers")
        await session.press("4")
        assert session.page == "danger"


async def test_nobody_in_practice_has_answered_what_is_not_asked(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("c")
        await session.type("treenabk")
        await session.press("enter", "c")
        session.says("GAD-7")
        session.lacks("EPDS")


async def test_a_seats_folder_of_another_account_is_told_and_no_fault_of_the_program(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands where somebody once started the program at a seat as root."""
    stage.places = seat_places(stage.places, "koivu")
    stage.places.training.parent.mkdir(parents=True)
    close(stage.places.training.parent, monkeypatch)
    async with stage.program(demo=True) as session:
        on(session, ErrorScreen)
        session.says("koivu", "everything recorded so far is safe")
