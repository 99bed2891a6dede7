"""If these fail, a stray key costs what was practised, or there is no way to begin anew."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from screens.base.error import ErrorScreen
from screens.base.pick import PickScreen
from screens.base.prompt import PromptScreen
from screens.training.menu import TrainingMenu
from screens.training.reset import BeginAnewScreen
from screens.training.results import OwnResultsScreen
from store.errors import StoreBusy
from store.repository.store import Store
from store.times import Clock
from store.training.opening import open_training
from store.training.reset import look
from tests.screens.running import Session, Stage
from tests.screens.test_training import on
from tui.flows.training import reset


def clients(stage: Stage) -> int:
    found = look(stage.places.training)
    assert found
    return found.clients


async def _to_the_word(session: Session) -> None:
    await session.press("t")
    on(session, TrainingMenu)
    await session.choose("b", "begin anew")
    on(session, PickScreen)
    await session.press("1")
    on(session, PromptScreen)
    session.says("7 invented clients go", "Your own results stay.")


async def _until_done(session: Session) -> None:
    for _ in range(200):
        if not isinstance(session.shown, BeginAnewScreen):
            return
        on(session, BeginAnewScreen)
        await asyncio.sleep(0.05)
        await session.settle()
    raise AssertionError(session.text)


async def test_a_word_begins_anew_and_nothing_else_does(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        session.store.clients.add(birth_year=1980, language="fi")
        await _to_the_word(session)
        await session.type("yes")
        on(session, PromptScreen)
        assert clients(stage) == 7
        await session.press("escape")
        on(session, TrainingMenu)
        assert clients(stage) == 7


async def test_work_goes_on_in_the_new_one(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        session.store.clients.add(birth_year=1980, language="fi")
        await _to_the_word(session)
        await session.type("anew")
        await _until_done(session)
        on(session, TrainingMenu)
        session.says("The training store is as it begins")
        assert clients(stage) == 6
        await session.press("escape", "w")
        session.says("TREE-NABK")


async def test_another_window_keeps_its_store_and_this_one_goes_on(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        session.store.clients.add(birth_year=1980, language="fi")
        await _to_the_word(session)
        with open_training(stage.places.training, stage.clock) as other:
            await session.type("anew")
            await _until_done(session)
            on(session, ErrorScreen)
            session.says("is open in another window")
            other.clients.add(birth_year=1981, language="fi")
        await session.press("enter")
        on(session, TrainingMenu)
        assert clients(stage) == 8
        await session.press("escape", "w")
        session.says("TREE-NABK")


async def test_own_results_are_told_where_there_are_none(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("t")
        await session.choose("o", "own results")
        on(session, OwnResultsScreen)
        session.says("Nothing has been tried at this seat yet.")


async def test_old_practice_data_is_told_at_the_start(stage: Stage) -> None:
    then = stage.clock() - timedelta(days=30)
    open_training(stage.places.training, lambda: then).close()
    async with stage.program(demo=True) as session:
        session.says("Practice data is 30 days old", "Begin anew: t, then b")


async def test_new_practice_data_is_told_nowhere(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        session.lacks("Practice data")


async def test_a_store_that_does_not_open_again_is_told_and_the_program_ends(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(path: Path, _: Clock) -> Store:
        raise StoreBusy(path=str(path))

    async with stage.program(demo=True) as session:
        await session.press("t")
        await session.choose("b", "begin anew")
        await session.press("1")
        monkeypatch.setattr(reset, "open_training", busy)
        await session.type("anew")
        await _until_done(session)
        on(session, ErrorScreen)
        session.says("keeps the database", "close Porras")
        await session.press("enter")
    assert clients(stage) == 6
