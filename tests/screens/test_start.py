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

from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.question import QuestionScreen
from screens.base.error import CareErrorScreen, ErrorScreen, ServicesErrorScreen
from screens.desk.start import StartScreen
from stepping.finland import finnish_day
from store.backup.backup import backup, usual
from store.errors import StoreFault
from store.pathway_files import files
from store.records import Draft
from store.repository.assessments import Assessments
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Session, Stage
from tests.screens.test_words import keys_of
from tests.screens.test_worklist import in_care


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
            session.says("Waits today", "TREE-NAED")
            session.lacks("Hollola")
            await session.press("l")
            session.says("Odottaa tänään")
            goes_on.set()
            screen = session.on(StartScreen)
            await _until(lambda: not screen.looking)
            await session.settle()
            session.says("Hollola")


async def test_an_open_stop_is_seen_before_anything_is_chosen(stage: Stage) -> None:
    """Whoever left a stop unfinished, or takes over from her, is told without opening it."""
    async with stage.program(demo=True) as session:
        draft, client = (row for row in session.text.splitlines() if "TREE-NAED" in row)
        assert draft.startswith(" > 1 ! TREE-NAED  safety stop open  ")
        assert client.split()[:2] == ["!", "TREE-NAED"]


async def test_an_open_stop_is_listed_however_many_drafts_are_newer(stage: Stage) -> None:
    stage.draft({"danger.suicide": "yes"})
    for _ in range(10):
        stage.draft(CALM)
    async with stage.workplace() as session:
        _, _, first, *rows = session.text.splitlines()
        assert first.startswith(" > 1 ! ")
        assert "safety stop open" in first
        assert len([row for row in rows if " answer" in row]) == 4
        session.says("Waits today 6 more on the worklist: w")


async def test_drafts_keep_their_place_however_much_is_late(stage: Stage) -> None:
    """Whoever was interrupted finds the interview again, and every open stop before it."""
    with stage.store() as store:
        today = finnish_day(stage.clock())
        for number in range(9):
            in_care(store, today - timedelta(days=40), due=today - timedelta(days=number))
    for _ in range(3):
        stage.draft(CALM)
    async with stage.workplace() as session:
        text = session.text
        assert text.count("unfinished assessment") == 2
        assert len([row for row in text.splitlines() if "agreed contact " in row]) == 3
        assert "8 days late" in text.splitlines()[2]
        await session.press("5")
        session.on(QuestionScreen)


async def test_contacts_of_today_wait_and_those_of_a_week_are_told(stage: Stage) -> None:
    with stage.store() as store:
        today = finnish_day(stage.clock())
        codes = {
            days: in_care(store, today - timedelta(days=40), due=today + timedelta(days=days))
            for days in (-2, 0, 1, 7, 8)
        }
    async with stage.workplace() as session:
        waits, _, coming = session.text.partition("Clients seen lately")
        told = [row.strip(" >") for row in waits.splitlines() if "agreed contact" in row]
        assert [next(c for c in codes.values() if c in row) for row in told] == [
            codes[-2],
            codes[0],
        ]
        coming = coming.partition("Coming")[2]
        assert [code for code in codes.values() if code in coming] == [codes[1], codes[7]]
        await session.press("1")
        session.on(AssessmentListScreen)
        session.says(codes[-2])


async def test_the_day_and_what_waits_are_those_of_now_after_a_night(stage: Stage) -> None:
    """The program stays open overnight; the page under the lock must not tell yesterday."""
    with stage.store() as store:
        today = finnish_day(stage.clock())
        in_care(store, today - timedelta(days=40), due=today)
    async with stage.workplace() as session:
        session.says("nurse1", "Sun 2026-11-22", "today")
        stage.clock.now += timedelta(days=1)
        await session.press("f10", "escape")
        session.on(StartScreen)
        session.says("Mon 2026-11-23", "1 day late")


async def test_recent_clients_tell_the_step_the_score_and_the_next_contact(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        rows = {row.split()[0]: row for row in session.text.splitlines() if "PHQ-9" in row}
        assert rows
        assert all(row.split()[2].isdigit() for row in rows.values()), "the step"


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
        session.says("! No backup has been made yet: b")
        session.lacks("No backup for")
        backup(session.store, stage.places, usual(stage.places))
    stage.clock.now += timedelta(days=12)
    async with stage.workplace() as session:
        session.says("! No backup for 12 days: b")
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
            session.says("today 01:30")
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


async def test_a_page_that_stands_over_midnight_tells_one_day_and_then_the_next(
    stage: Stage,
) -> None:
    stage.clock.now = datetime(2026, 11, 29, 21, 50, tzinfo=UTC)
    with stage.store() as store:
        code = in_care(store, date(2026, 11, 20), due=date(2026, 11, 30))
    async with stage.workplace() as session:
        session.says("Sun 2026-11-29", f"Coming Mon 11-30 {code}")
        stage.clock.now = datetime(2026, 11, 29, 22, 10, tzinfo=UTC)
        session.screen.draw()
        await session.settle()
        session.says("Sun 2026-11-29", f"Coming Mon 11-30 {code}")
        await session.press("down")
        session.says("Mon 2026-11-30", f"> 1 {code} agreed contact today")
        session.lacks("Coming")


async def test_lists_that_cannot_be_read_are_not_shown_as_empty_or_old(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> list[Draft]:
        raise StoreFault(reason="SQLITE_X")

    stage.draft(CALM)
    async with stage.workplace() as session:
        session.says("unfinished assessment")
        with monkeypatch.context() as patch:
            patch.setattr(Assessments, "list_drafts", fail)
            await session.press("f10", "escape")
            session.on(ErrorScreen)
            await session.press("enter")
        session.says("What waits cannot be read now.")
        session.lacks("Nothing waits", "unfinished assessment", "open")
        await session.press("p", "escape")
        session.says("unfinished assessment")


async def test_a_draft_that_was_ended_elsewhere_is_not_asked_on(stage: Stage) -> None:
    ended = stage.draft(CALM)
    async with stage.workplace() as session:
        with stage.store() as store:
            store.assessments.abandon(ended, "left the building")
        await session.press("1")
        session.on(ErrorScreen)
        session.says("The assessment is closed")
        await session.press("enter")
        session.on(StartScreen)
        session.lacks("unfinished assessment")


async def test_stops_that_have_no_digit_are_told_of(stage: Stage) -> None:
    with stage.store() as store:
        for _ in range(10):
            stage.visit(store).record_answers({"danger.suicide": "yes"})
    async with stage.workplace() as session:
        session.says("9 !", "1 more on the worklist: w ! safety stops too")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_key_of_the_start_has_its_place_in_the_smallest_usual_window(
    stage: Stage, language: str
) -> None:
    """A key that is left out of the two rows is one that nobody finds, closing too."""

    def shows_all(session: Session) -> None:
        rows = " ".join(session.text.splitlines()[-2:])
        for key in keys_of(session.on(StartScreen)):
            if key.caption and key.medium != "lines":
                assert f"{key.caption} {key.label}" in rows, rows

    async with stage.program(demo=True, language=language) as session:
        shows_all(session)
    with stage.store() as store:
        in_care(store, finnish_day(store.clock()))
    async with stage.workplace(language=language) as session:
        session.says("1 ")
        shows_all(session)
