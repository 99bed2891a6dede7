"""If these fail, a nurse works under a wrong date unasked, or a right clock is called wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from screens.desk.clock_check import ClockScreen
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from store.audit.clock_check import AHEAD
from tests.screens.running import CALM, Stage

DAY = timedelta(days=1)


async def test_a_date_far_ahead_is_checked_before_work_begins(stage: Stage) -> None:
    stage.draft(CALM)
    stage.clock.now = stage.clock.now.replace(year=2031, month=3, day=3)
    async with stage.workplace() as session:
        session.on(ClockScreen)
        session.says("This computer shows: Mon 2031-03-03", "days ago", "Is the first date right?")
        await session.press("f10")
        session.on(EmergencyScreen)
        await session.press("escape", "1", "enter", "escape", "n")
        session.on(ClockScreen)
        await session.press("d")
        session.on(StartScreen)
    async with stage.workplace() as session:
        session.on(StartScreen)


async def test_a_wrong_date_is_left_without_a_word_stored_and_the_right_one_is_believed(
    stage: Stage,
) -> None:
    stage.draft(CALM)
    home = stage.clock.now
    stage.clock.now = home + 2 * AHEAD
    async with stage.workplace() as session:
        session.on(ClockScreen)
        await session.press("q")
        assert not session.app.is_running
        assert session.app.return_code in (None, 0)
    stage.clock.now = home + DAY
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.says("! The clock was wrong and is right again. Entries ", "have a wrong date.")
        session.lacks("behind the newest entry")
    async with stage.workplace() as session:
        session.lacks("The clock was wrong", "behind the newest entry")


async def test_a_clock_far_behind_is_checked_too_and_no_longer_accused(stage: Stage) -> None:
    stage.draft(CALM)
    stage.clock.now -= 40 * DAY
    async with stage.workplace() as session:
        session.on(ClockScreen)
        session.says("in 40 days")
        await session.press("d")
        session.on(StartScreen)
        session.lacks("behind the newest entry")
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.lacks("behind")


@pytest.mark.parametrize("language", ["fi", "sv"])
async def test_the_question_fits_in_every_language(stage: Stage, language: str) -> None:
    stage.draft(CALM)
    stage.clock.now += 2 * AHEAD
    async with stage.workplace(language=language) as session:
        session.on(ClockScreen)
        assert len(session.text.split("\n")) == 24
        session.lacks("page 1 of", "sivu 1/", "sida 1/")
