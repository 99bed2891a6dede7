"""The check of the whole store beside the screens: it begins, tells, and ends with the program."""

from __future__ import annotations

import asyncio
import threading

import pytest

from casework.workspace import Workspace
from screens.base.error import ErrorScreen
from screens.desk.start import StartScreen
from store.maintenance import rolling_check
from tests.screens.running import CALM, Stage
from tests.store.tampered import without_guard
from tui.app import ended
from tui.preload import start_store_check


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling_check, "PAUSE_S", 0)
    monkeypatch.setattr("tui.app.QUIET_S", -1)


def looking() -> bool:
    return any(thread.name == rolling_check.NAME for thread in threading.enumerate())


@pytest.mark.usefixtures("hasty")
async def test_what_is_found_is_told_at_the_next_deed_and_not_before(stage: Stage) -> None:
    stage.draft(CALM)
    with stage.store() as store:
        without_guard(store, "answers_no_UPDATE", "UPDATE answers SET value = '3' WHERE seq = 2")
    async with stage.workplace() as session:
        store = session.app.workspace.store
        while not store.db.damaged:
            await asyncio.sleep(0.01)
        session.on(StartScreen)
        await session.press("1")
        session.on(ErrorScreen)
        session.says("not as its log tells it", "porras doctor --rescue")
    assert not looking()


async def test_it_goes_on_beside_the_start_and_ends_with_the_program(stage: Stage) -> None:
    async with stage.workplace() as session:
        while not looking():
            await asyncio.sleep(0.01)
        assert not session.app.workspace.store.db.damaged
    assert not looking()


async def test_a_fault_of_the_check_itself_is_said_at_the_end_and_stops_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(rolling_check, "round_of", broken)
    async with stage.workplace() as session:
        app = session.app
        while looking() or app._watch is None:
            await asyncio.sleep(0.01)
        assert not app.workspace.store.db.damaged
    said = ended(app._watch, app.workspace)
    assert "check of the store beside work" in said
    assert "KeyError, test_beside_work.py" in said and "secret" not in said


def test_there_is_none_in_practice_and_without_a_store(stage: Stage) -> None:
    assert start_store_check(Workspace(stage.clock)) is None
    with stage.store() as store:
        assert start_store_check(Workspace(stage.clock, opened=store, training=True)) is None
        watch = start_store_check(Workspace(stage.clock, opened=store))
        assert watch and looking()
        watch.stop()
    assert not looking()
