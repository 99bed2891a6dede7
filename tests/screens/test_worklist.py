"""What waits: an open stop or a deadline that nobody sees is a client who is forgotten."""

from __future__ import annotations

import datetime
from datetime import timedelta

import pytest

from screens.episode import EpisodeScreen
from screens.question import QuestionScreen
from screens.start import StartScreen
from screens.stop import StopScreen
from screens.worklist import WorklistScreen
from stepping.care.deadlines import helsinki_day
from stepping.care.events import NeedEstablished, NextContact, Opened
from stepping.care.taking import Surroundings
from store.codes import show
from store.repository import Store
from tests.screens.running import Stage


def around(day: datetime.date) -> Surroundings:
    return Surroundings(today=day, birth_year=1990, interventions={}, services={}, service_ages={})


def in_care(store: Store, opened: datetime.date, *, due: datetime.date | None = None) -> str:
    """A client in an episode with an established need; return the code as it is shown."""
    client = store.add_client(birth_year=1990, language="en", municipality="hollola")
    record = store.begin_episode(client.id, Opened(day=opened), around(opened))
    store.record(record.id, NeedEstablished(day=opened), around(opened))
    if due is not None:
        store.record(record.id, NextContact(day=opened, due=due), around(opened))
    return show(client.code)


async def test_a_safety_stop_that_was_left_stands_first(stage: Stage) -> None:
    stage.draft({})
    async with stage.workplace() as session:
        await session.press("1")
        session.on(QuestionScreen)
        await session.press("1", "enter")
        session.on(StopScreen)
        await session.press("escape", "l")
        session.on(StartScreen)
        await session.press("w")
        session.on(WorklistScreen)
        session.says("1 !", "safety stop open since")
        await session.press("1")
        session.on(StopScreen)


async def test_overdue_contacts_and_legal_times_are_told_by_the_days(stage: Stage) -> None:
    with stage.store() as store:
        today = helsinki_day(stage.clock())
        late = in_care(store, today - timedelta(days=40), due=today - timedelta(days=3))
        waiting = in_care(store, today - timedelta(days=10))
    async with stage.workplace() as session:
        await session.press("w")
        lines = [line for line in session.text.split("\n") if late in line]
        assert any("agreed contact" in line and "(3 days late)" in line for line in lines)
        assert any(waiting in line and "days left)" in line for line in session.text.split("\n"))
        assert session.text.index("agreed contact") < session.text.index("days left)")
        await session.press("1")
        session.on(EpisodeScreen)
        await session.press("escape")
        session.on(WorklistScreen)


async def test_the_list_is_paged_and_can_be_narrowed(stage: Stage) -> None:
    with stage.store() as store:
        today = helsinki_day(stage.clock())
        for number in range(12):
            in_care(store, today - timedelta(days=number))
    async with stage.workplace() as session:
        await session.press("w")
        session.says("1–9/")
        first = session.text
        await session.press("tab")
        assert session.text != first
        await session.press("o")
        session.says("begun by me", "1–9/")


async def test_an_empty_list_says_so(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("w")
        session.says("Nothing waits.")
        await session.press("escape")
        session.on(StartScreen)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_matter_fits_the_line(stage: Stage, language: str) -> None:
    with stage.store() as store:
        today = helsinki_day(stage.clock())
        in_care(store, today - timedelta(days=400), due=today - timedelta(days=300))
        in_care(store, today)
    stage.draft({"danger.suicide": "yes"}, language=language)
    async with stage.workplace(language=language) as session:
        await session.press("w")
        session.on(WorklistScreen)
        assert max(len(line) for line in session.text.split("\n")) <= 80
