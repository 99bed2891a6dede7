"""If these fail, a nurse goes on answering into a database that nobody will ever find again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from screens.base.error import ErrorScreen, LossScreen, LostDatabaseScreen
from screens.base.page import Page
from screens.desk.start import StartScreen
from store.backup import making
from store.backup.restore import restore
from store.database import head_record
from store.keys import keystore
from store.pathway_files import files
from store.repository.store import Store
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Session, Stage
from tests.screens.test_result import MODERATE
from tests.tui.test_plain import Nurse, office, watched, whole  # noqa: F401 - a fixture
from tui.line_mode.line_io import Ended

WHERE = "was deleted, moved or replaced while Porras had it open."
HOW = "This takes it up: porras restore"


def kept(stage: Stage) -> Path:
    """What was kept apart; there is one."""
    (folder,) = (stage.places.database.parent / "backups").glob("porras-kept-apart-*")
    return folder


def answers_in(stage: Stage, folder: Path) -> list[str]:
    """The questions that are answered once a backup has been restored."""
    key = keystore.unlock(folder / "porras.keys", HANDLE, PASSPHRASE)
    restore(folder, stage.places, key, HANDLE, force=True)
    with stage.store() as store:
        return [str(row["question"]) for row in store.db.table("answers").rows]


def told(session: Session) -> None:
    session.on(ErrorScreen)
    session.says(WHERE, "All that was answered, the last answer too, is kept in", HOW)


async def test_a_nurse_is_told_at_the_answer_and_it_is_kept(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stage.resumed(CALM) as session:
        asked = session.page
        stage.places.database.unlink()
        await session.press("2")
        told(session)
        session.lacks("nothing is retyped")
        await session.press("enter", "2")
        told(session)
        await session.press("f10")
        session.says("112")
        await session.press("escape", "enter", "escape")  # to the pause, which would say: stored
        told(session)
        await session.press("enter", "escape", "l")
        told(session)
        await session.press("q")
        assert not session.app.is_running
    assert HOW in " ".join(capsys.readouterr().err.split())
    assert asked in answers_in(stage, kept(stage))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No copy can be made as long as something is in the list."""
    refused, make = [1], making.make

    def refuse(*args: Any) -> Any:
        if refused:
            raise OSError(28, "full")
        return make(*args)

    monkeypatch.setattr(making, "make", refuse)
    return refused


def unkept(session: Session) -> None:
    session.on(LostDatabaseScreen)
    session.says("lies in the open program alone", "The disk is full", "Do not close Porras.")
    session.lacks("DiskFull", "is stored", "at any moment", "nothing is retyped")


async def test_what_could_not_be_kept_is_called_stored_nowhere(
    stage: Stage, full: list[int]
) -> None:
    async with stage.resumed(CALM) as session:
        asked = session.page
        stage.places.database.unlink()
        await session.press("2")
        unkept(session)
        await session.press("enter")
        unkept(session)
        session.says("It could not be kept yet.")
        await session.press("escape")
        assert session.page == asked  # what matters can be read there and written down
        await session.press("escape")
        unkept(session)
        await session.press("escape")
        assert session.page == asked
        await session.press("2", "q")
        session.on(LossScreen)
        await session.press("enter")
        unkept(session)
        full.clear()
        await session.press("q")  # which tries once more, and now there is no loss to ask about
        told(session)
        await session.press("q")
        assert not session.app.is_running
    assert asked in answers_in(stage, kept(stage))


async def test_whoever_closes_all_the_same_has_agreed_and_is_told_what_is_lost(
    stage: Stage, full: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    async with stage.workplace() as session:
        session.on(StartScreen)
        stage.places.database.unlink()
        await session.press("q")
        unkept(session)
        await session.press("escape")
        unkept(session)
        await session.press("q", "x")
        assert not session.app.is_running
    assert full
    assert "is lost: it could not be copied." in " ".join(capsys.readouterr().err.split())


def test_line_by_line_too_nothing_unkept_is_called_stored(tmp_path: Path, full: list[int]) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    database = at.stage.places.database

    def meanwhile(sheet: Page[Any]) -> str | None:
        if "phq9.2" in nurse.asked and database.exists():
            database.unlink()
        if isinstance(sheet, LostDatabaseScreen):
            seen.append(len(nurse.said))
            return next(typed)
        if isinstance(sheet, LossScreen):
            return next(sure)
        return None

    typed, sure, seen = iter(["", "b", "q", "q"]), iter(["", "x"]), list[int]()
    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=meanwhile)
    assert at.work(nurse) == 0
    after = " ".join(" ".join(nurse.said[seen[0] :]).split())
    assert "It could not be kept yet." in after
    assert "[Enter try again; b back to the page; q close Porras;" in after
    assert nurse.asked.count("phq9.2") > 1
    assert "is lost: it could not be copied." in after
    assert "is stored" not in after


async def test_what_goes_at_the_very_end_is_told_before_porras_closes(stage: Stage) -> None:
    async with stage.workplace() as session:
        session.on(StartScreen)
        stage.places.database.unlink()
        await session.press("q")
        told(session)
        session.lacks("is stored")
        await session.press("q")
        assert not session.app.is_running
    assert answers_in(stage, kept(stage)) == []


def test_line_by_line_it_is_told_too(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    database = at.stage.places.database

    def meanwhile(sheet: Page[Any]) -> str | None:
        if "phq9.2" in nurse.asked and database.exists():
            database.unlink()
        return "" if isinstance(sheet, ErrorScreen) else None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=meanwhile)
    ask = nurse.ask

    def few(secret: bool) -> str:
        if nurse.asked.count("LostDatabaseScreen") > 1:
            raise Ended(1)
        return ask(secret)

    nurse.ask = few  # type: ignore[method-assign]
    assert at.work(nurse) == 1
    assert WHERE in nurse.text
    assert nurse.text.rindex(HOW) > nurse.text.rindex("back to the page")
    assert "start it again" not in nurse.text
    assert "phq9.2" in answers_in(at.stage, kept(at.stage))


async def test_a_key_file_that_went_is_told_at_the_next_start_page(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        content = stage.places.keys.read_bytes()
        stage.places.keys.unlink()
        await session.press("escape", "l")
        session.on(StartScreen)
        session.says("The key file porras.keys is gone.", "The draft is stored.")
        stage.places.keys.write_bytes(content)
        await session.press("1", "escape", "l")
        session.lacks("is gone")


async def test_at_the_door_it_is_told_what_is_missing(stage: Stage) -> None:
    with stage.store() as store:
        store.settings.set("earlier", "1")
    older = stage.places.database.read_bytes()
    with stage.store() as store:
        store.settings.set("later", "1")
    stage.places.database.write_bytes(older)
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.on(ErrorScreen)
        session.says("are missing from the database", "Nothing was changed.", "--accept-loss")
    assert stage.places.database.read_bytes() == older


async def test_a_record_that_was_lost_is_told_at_the_start_of_everybody(stage: Stage) -> None:
    for _ in range(2):
        with stage.store() as store:
            store.settings.set("earlier", "1")
    head_record.path_of(stage.places.database).unlink()
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.says("without the record beside it", "older database was put in place")


async def test_a_record_that_cannot_be_written_is_told_and_every_answer_stored(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.store():
        pass

    def refuse(*args: object) -> None:
        raise PermissionError(13, "no")

    monkeypatch.setattr(head_record, "advance", refuse)
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.says("Every entry is stored, but porras.db.head cannot be written.")
        assert isinstance(session.store, Store)
