"""If these fail, a trainee finds no way into practice, or out of it again."""

from __future__ import annotations

from screens.desk.start import StartScreen
from screens.training.case_list import CaseListScreen
from screens.training.client_part import ClientPartScreen
from screens.training.menu import TrainingMenu
from tests.screens.running import Stage
from tests.screens.test_training import on


async def test_the_way_leads_from_the_start_to_a_case_and_back(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("t")
        on(session, TrainingMenu)
        session.says("6 Play the client")
        await session.press("6")
        on(session, CaseListScreen)
        session.says("years ·")
        session.lacks("step", "stop")
        await session.press("1")
        on(session, ClientPartScreen)
        session.says("You are a ", "Read it once, then tell it")
        await session.press("escape", "escape")
        on(session, TrainingMenu)
        await session.press("escape")
        on(session, StartScreen)


async def test_care_has_no_key_to_practice(stage: Stage) -> None:
    async with stage.resumed(stage.whole()) as session:
        await session.press("escape", "l")
        session.on(StartScreen)
        session.lacks("training")
        await session.press("t")
        session.on(StartScreen)
