"""Whom a search finds, and a backup that is made from the start page."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from screens.assessment.assessment_list import AssessmentListScreen
from screens.base.keys import find_binding
from screens.base.prompt import ValuePrompt
from screens.desk.backup import BackupScreen
from screens.desk.found import FoundScreen
from screens.desk.setup import PlaceScreen
from screens.desk.start import StartScreen
from screens.wording.day_words import moment_text
from store.backup import backup as backups
from store.backup import making, rotation
from store.backup.inventory import list_finished
from store.codes import show
from store.errors import BackupFailed
from store.records import Client, FoundClients
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_roles import colleague, comes_in


def clients(stage: Stage, *years: int) -> list[Client]:
    """Leave clients in the store."""
    with stage.store() as store:
        return [store.clients.add(birth_year=year, language="en", sex="f") for year in years]


def events(session: Session, event: str) -> int:
    """How many events of a kind the log has."""
    return sum(row["event"] == event for row in session.store.db.table("audit").rows)


# -- search ------------------------------------------------------------------------------------


async def test_a_client_is_found_by_the_beginning_of_the_code(stage: Stage) -> None:
    (client, *_) = clients(stage, 1984, 1990)
    async with stage.workplace() as session:
        await session.press("c")
        session.says("a year of birth")
        await session.type(show(client.code)[:6].lower())
        session.on(AssessmentListScreen)
        session.says(show(client.code))
        assert events(session, "view.search") == 1


async def test_several_of_a_year_are_listed_and_a_digit_chooses(stage: Stage) -> None:
    made = clients(stage, *[1984] * 11)
    async with stage.workplace() as session:
        await session.press("c")
        await session.type("1984")
        session.on(FoundScreen)
        session.says("1984", "woman", "2 more: type more of the code.")
        await session.press("escape")
        session.on(ValuePrompt)
        assert session.entry.value == "1984", "what was typed can be mended"
        await session.type("1984")
        await session.press("1")
        session.on(AssessmentListScreen)
        session.says(show(made[-1].code))


async def test_a_client_found_by_an_older_code_says_so(stage: Stage) -> None:
    """Under a code that begins otherwise it would look like somebody else."""
    with stage.store() as store:
        made = [store.clients.add(birth_year=year, language="fi") for year in (1980, 1980)]
        stands, other = made
        store.corrections.join_clients(stands.id, other.id, "the same person")
    async with stage.program(demo=True, language="fi") as session:
        with stage.store() as store:
            found = store.clients.search(begins=other.code[:4])
            by_year = store.clients.search(birth_year=1980)
        for typed in (other.code[:4], f" {other.code[:4].lower()}-"):
            told = _text(FoundScreen(session.app.workspace, typed, found))
            assert f"myös {show(other.code)}" in told
        assert "myös" not in _text(FoundScreen(session.app.workspace, "1980", by_year))
        assert "myös" not in _text(FoundScreen(session.app.workspace, stands.code[:7], found))


def _text(page: FoundScreen) -> str:
    return "\n".join("".join(text for text, _ in line) for line in page.body(78))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("A", "Type at least two characters"),
        ("A-", "Type at least two characters"),
        ("AO", "Character 2 of the code, O, is never used in codes."),
        ("1985", "No client here was born in 1985."),
        ("ZZZZ", "No client here has a code that begins so."),
        ("TREENAAX", "The code has a wrong character"),
    ],
)
async def test_what_finds_nobody_is_said_and_stays_to_be_mended(
    stage: Stage, typed: str, why: str
) -> None:
    clients(stage, 1984)
    async with stage.workplace() as session:
        await session.press("c")
        await session.type(typed)
        session.on(ValuePrompt)
        session.says(why)
        assert session.entry.value == typed


# -- backup ------------------------------------------------------------------------------------


async def to_backup(session: Session, folder: Path) -> None:
    """Ask for a backup in a folder, and wait until it is made or has failed."""
    await session.press("b")
    session.on(ValuePrompt)
    await session.type(str(folder))
    for _ in range(400):
        await session.settle()
        page = session.shown
        if not isinstance(page, BackupScreen) or page._done:
            return
        await session.pilot.pause(0.05)


async def test_a_backup_is_made_told_and_offered_again(stage: Stage, tmp_path: Path) -> None:
    stage.draft(CALM)
    stick = tmp_path / "stick"
    stick.mkdir()
    async with stage.workplace() as session:
        session.says("! No backup has been made yet: b")
        await to_backup(session, stick)
        session.says("Backup made and read back", "1 clients, 1 assessments")
        session.says("As of " + moment_text(session.store.now, session.app.workspace.t)[:14])
        await session.press("enter")
        session.on(StartScreen)
        session.says("The backup is made and read back.")
        session.lacks("No backup")
        assert [each.path.parent for each in list_finished(stick)] == [stick]
        assert events(session, "backup.made") == 1
        await session.press("b")
        assert session.entry.value == str(stick)


async def test_the_folder_beside_the_store_is_offered_first_and_made(stage: Stage) -> None:
    stage.draft(CALM)
    async with stage.workplace() as session:
        await to_backup(session, backups.usual(stage.places))
        session.says("Backup made and read back", "same disk as the store")


async def test_a_folder_that_is_not_there_is_asked_for_again(stage: Stage, tmp_path: Path) -> None:
    stage.draft(CALM)
    async with stage.workplace() as session:
        await session.press("b")
        await session.type('""')
        session.says("Type the folder.")
        await session.press("escape")
        await to_backup(session, Path("~nobody/stick"))
        session.says("There is no folder")
        await session.press("enter", "escape")
        await to_backup(session, tmp_path / "nothing")
        session.says("What happened", "What is safe", "What to do")
        await session.press("enter")
        session.on(ValuePrompt)
        assert session.entry.value == str(tmp_path / "nothing")
        await session.press("escape")
        session.says("! No backup has been made yet")


async def test_what_fails_after_the_copy_says_that_the_copy_stands(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise BackupFailed(path=str(tmp_path))

    stage.draft(CALM)
    monkeypatch.setattr(rotation, "rotate", fail)
    async with stage.workplace() as session:
        await to_backup(session, tmp_path)
        session.says("The backup itself was made and read back.", "What is safe")
        await session.press("enter")
        session.on(StartScreen)


async def test_a_stick_that_is_pulled_out_half_way_is_missed_by_name(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, snapshot = tmp_path / "stick", making._snapshot

    def pulled_out(*given: Any) -> None:
        snapshot(*given)
        stick.rename(tmp_path / "pocket")

    stage.draft(CALM)
    stick.mkdir()
    monkeypatch.setattr(making, "_snapshot", pulled_out)
    async with stage.workplace() as session:
        await to_backup(session, stick)
        session.says("There is no folder", "Plug in the disk")
        await session.press("enter", "escape")
        session.says("! No backup has been made yet")


async def test_a_stick_that_is_pulled_out_last_of_all_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled_out(*_: object) -> None:
        raise OSError(errno.EIO, "gone", str(tmp_path / "manifest.json"))

    stage.draft(CALM)
    monkeypatch.setattr(backups, "log_read", pulled_out)
    async with stage.workplace() as session:
        await to_backup(session, tmp_path)
        session.says("The backup itself was made and read back.", "What to do")


async def test_a_backup_that_stands_is_not_called_unfinished(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, real = Event(), rotation.rotate

    def slowly(*given: Any) -> object:
        assert goes_on.wait(20)
        return real(*given)

    stage.draft(CALM)
    monkeypatch.setattr(rotation, "rotate", slowly)
    async with stage.workplace() as session:
        await session.press("b")
        await session.type(str(tmp_path))
        while not session.on(BackupScreen)._recorded:
            await session.pilot.pause(0.01)
        await session.press("escape")
        session.on(StartScreen)
        session.says("The backup is made and read back.")
        goes_on.set()


async def test_only_who_looks_after_the_store_is_offered_a_backup(stage: Stage) -> None:
    colleague(stage, "nurse")
    stage.clock.now += timedelta(days=3)
    async with stage.program() as session:
        await comes_in(session)
        session.says("No backup has been made yet: porras backup FOLDER")
        await session.press("b")
        session.on(StartScreen)
        session.lacks("b backup")
    async with stage.program(demo=True) as session:
        session.lacks("backup")


async def test_a_backup_under_way_is_left_by_a_second_press(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, real = Event(), making.make

    def slowly(*given: object, **named: object) -> object:
        assert goes_on.wait(20)
        make: Callable[..., object] = real
        return make(*given, **named)

    stage.draft(CALM)
    monkeypatch.setattr(backups, "make", slowly)
    async with stage.workplace() as session:
        await session.press("b")
        await session.type(str(tmp_path))
        session.says("Making a backup in")
        await session.press("f10", "escape", "escape")
        session.on(BackupScreen)
        session.says("Esc again leaves it")
        await session.press("escape")
        session.on(StartScreen)
        session.says("The backup was left before it was finished")
        goes_on.set()


# -- the place -----------------------------------------------------------------------------------


async def test_letters_narrow_the_places_and_enter_takes_the_only_one(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        page = PlaceScreen(session.app.workspace)
        await session.put(page)
        await session.settle()
        assert find_binding(page.key_list(), "enter") is None
        await session.press("l", "a", "h", "t")
        session.says("1 Lahti", "1–1 of 1", "Enter Lahti")
        await session.press("q")
        session.says("no such name")
        assert find_binding(page.key_list(), "enter") is None


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_the_columns_of_those_found_have_a_gap_in_each_language(
    stage: Stage, language: str
) -> None:
    async with stage.program(demo=True, language=language) as session:
        workspace = session.app.workspace
        ((head, _),) = FoundScreen(workspace, "", FoundClients(shown=(), total=0)).body(80)[0]
        words = [workspace.t(word) for word in ("code", "born", "sex", "seen last")]
        assert head.split() == " ".join(words).split()
