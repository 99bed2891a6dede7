"""The start screen stands before everything is read, and tells the rest when it is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from screens.base.error import CareErrorScreen, ServicesErrorScreen
from screens.desk.start import StartScreen
from store.backup.backup import backup, usual
from store.pathway_files import files
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Session, Stage


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Let the reading of services take until the event that is returned."""
    goes_on, load = Event(), files.load_areas

    def slowly(root: Path) -> object:
        assert goes_on.wait(20)
        return load(root)

    monkeypatch.setattr(files, "load_areas", slowly)
    monkeypatch.setattr(Session, "patient", False)
    try:
        yield goes_on
    finally:
        goes_on.set()


async def test_the_lists_and_keys_do_not_wait_for_the_disk(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow network folder the nurse still reads the lists and presses keys at once."""
    with held_up(monkeypatch) as goes_on:
        async with stage.program(demo=True) as session:
            session.says("Drafts to go on with", "TREE-NAED")
            session.lacks("Hollola")
            await session.press("l")
            session.says("Keskeneräiset")
            goes_on.set()
            screen = session.on(StartScreen)
            await _until(lambda: not screen.looking)
            await session.settle()
            session.says("Hollola")


async def test_an_open_stop_is_seen_before_anything_is_chosen(stage: Stage) -> None:
    """Whoever left a stop unfinished, or takes over from her, is told without opening it."""
    async with stage.program(demo=True) as session:
        rows = [row for row in session.text.splitlines() if "safety stop open" in row]
        draft, client = rows
        assert "TREE-NAED" in draft.split()
        assert client.split()[0] == "TREE-NAED"
        assert all("! safety" in row for row in rows), "not by its place alone"


async def test_an_open_stop_is_listed_however_many_drafts_are_newer(stage: Stage) -> None:
    stage.draft({"danger.suicide": "yes"})
    for _ in range(10):
        stage.draft(CALM)
    async with stage.workplace() as session:
        rows = [row for row in session.text.splitlines() if "answers" in row or "answer " in row]
        assert len(rows) == 9
        assert "! safety stop open" in rows[-1]
        session.says("2 older drafts")


async def test_a_key_that_needs_what_is_being_read_waits_for_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place on the client card comes from the same reading, not from a second one."""
    times: list[Path] = []
    load = files.load_areas

    def counted(root: Path) -> object:
        times.append(root)
        return load(root)

    monkeypatch.setattr(files, "load_areas", counted)
    monkeypatch.setattr(Session, "patient", False)
    async with stage.program(demo=True) as session:
        assert session.app.workspace.get_municipality_name("hollola", "fi") == "Hollola"
        screen = session.on(StartScreen)
        await _until(lambda: not screen.looking)
    assert len(times) == 1


async def test_faulty_services_are_told_once(stage: Stage, tmp_path: Path) -> None:
    """Whoever has read it goes on working; it must not come back after each assessment."""
    pathways = tmp_path / "own"
    (pathways / "services").mkdir(parents=True)
    (pathways / "services" / "area.toml").write_text("[[", encoding="utf-8")
    async with stage.program(demo=True, pathways=pathways) as session:
        session.on(ServicesErrorScreen)
        await session.press("enter")
        session.on(StartScreen)
        await session.press("w", "escape")
        session.on(StartScreen)


async def test_faulty_tracks_are_told_once_and_ours_take_their_place(
    stage: Stage, tmp_path: Path
) -> None:
    pathways = tmp_path / "own"
    (pathways / "care").mkdir(parents=True)
    (pathways / "care" / "tracks.toml").write_text("track = 3\n", encoding="utf-8")
    async with stage.program(demo=True, pathways=pathways) as session:
        session.on(CareErrorScreen)
        session.says("care/tracks.toml:1: track")
        assert "doctor" in session.app.workspace.care.tracks
        await session.press("enter")
        session.on(StartScreen)
        await session.press("w", "escape")
        session.on(StartScreen)


async def test_no_backup_yet_is_no_old_backup(stage: Stage) -> None:
    with stage.store():
        pass
    stage.clock.now += timedelta(days=12)
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.says("! No backup has been made yet: porras backup FOLDER")
        session.lacks("No backup for")
        backup(session.store, stage.places, usual(stage.places))
    stage.clock.now += timedelta(days=12)
    async with stage.workplace() as session:
        session.says("! No backup for 12 days")
        session.lacks("has been made yet")


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "garbage!", ""])
async def test_drafts_are_dated_by_finnish_clocks_wherever_the_computer_is(
    stage: Stage, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.clock.now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    stage.draft(CALM)
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        async with stage.workplace() as session:
            session.says("2026-07-02 01:30")
            assert session.app.workspace.today == date(2026, 7, 2)
    time.tzset()


async def test_a_role_that_somebody_took_is_told_to_everybody_at_their_next_start(
    stage: Stage,
) -> None:
    with stage.store() as store:
        store.staff.set_roles(HANDLE, ["nurse", "admin"])
        for _ in range(4):
            store.staff.set_roles(HANDLE, ["admin"])
            store.staff.set_roles(HANDLE, ["nurse", "lead", "admin"])
    took = f"{HANDLE} took more roles for themselves: nurse, lead."
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.says(took, "1 more of this kind are in the log")
        await session.press("l")
        session.says("antoi itselleen lisää rooleja")
        await session.press("w", "escape")
        session.says("antoi itselleen lisää rooleja")
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.on(StartScreen)
        session.lacks("rooleja")
