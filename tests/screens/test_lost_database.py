"""If these fail, a nurse goes on answering into a database that nobody will ever find again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from screens.sheet import Sheet
from screens.start import StartScreen
from screens.trouble import TroubleScreen
from store.library import pathway_files
from store.log import head_record
from store.repository import Store
from store.upkeep.restore import restore
from store.vault import keys
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Session, Stage
from tests.screens.test_result import MODERATE
from tests.tui.test_plain import Nurse, office, whole
from tui.plain.paper import Ended

WHERE = "was deleted, moved or replaced while Porras had it open."
HOW = "This takes it up: porras restore"


def kept(stage: Stage) -> Path:
    """What was kept apart; there is one."""
    (folder,) = (stage.places.database.parent / "backups").glob("porras-kept-apart-*")
    return folder


def answers_in(stage: Stage, folder: Path) -> list[str]:
    """The questions that are answered once a backup has been restored."""
    key = keys.unlock(folder / "porras.keys", HANDLE, PASSPHRASE)
    restore(folder, stage.places, key, HANDLE, force=True)
    with stage.store() as store:
        return [str(row["question"]) for row in store.db.table("answers").rows]


def told(session: Session) -> None:
    session.on(TroubleScreen)
    session.says(WHERE, "All that was answered, the last answer too, is kept in", HOW)


async def test_a_nurse_is_told_at_the_answer_and_it_is_kept(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        asked = session.page
        stage.places.database.unlink()
        await session.press("2")
        told(session)
        await session.press("enter", "2")
        told(session)
        await session.press("f10")
        session.says("112")
    assert asked in answers_in(stage, kept(stage))


async def test_what_goes_at_the_very_end_is_told_before_porras_closes(stage: Stage) -> None:
    async with stage.workplace() as session:
        session.on(StartScreen)
        stage.places.database.unlink()
        await session.press("q")
        told(session)
    assert answers_in(stage, kept(stage)) == []


def test_line_by_line_it_is_told_too(tmp_path: Path) -> None:
    adult = pathway_files.built_in("adult")
    at = office(tmp_path, adult)
    database = at.stage.places.database

    def meanwhile(sheet: Sheet[Any]) -> str | None:
        if "phq9.2" in nurse.asked and database.exists():
            database.unlink()
        return "" if isinstance(sheet, TroubleScreen) else None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=meanwhile)
    ask = nurse.ask

    def few(secret: bool) -> str:
        if nurse.asked.count("TroubleScreen") > 1:
            raise Ended(1)
        return ask(secret)

    nurse.ask = few  # type: ignore[method-assign]
    assert at.work(nurse) == 1
    assert WHERE in nurse.text
    assert nurse.text.rindex(HOW) > nurse.text.rindex("back, nothing is retyped")
    assert "start it again" not in nurse.text
    assert "phq9.2" in answers_in(at.stage, kept(at.stage))


async def test_at_the_door_it_is_told_what_is_missing(stage: Stage) -> None:
    with stage.store() as store:
        store.set_setting("earlier", "1")
    older = stage.places.database.read_bytes()
    with stage.store() as store:
        store.set_setting("later", "1")
    stage.places.database.write_bytes(older)
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        session.on(TroubleScreen)
        session.says("are missing from the database", "Nothing was changed.", "--accept-loss")
    assert stage.places.database.read_bytes() == older


async def test_a_record_that_was_lost_is_told_at_the_start_of_everybody(stage: Stage) -> None:
    for _ in range(2):
        with stage.store() as store:
            store.set_setting("earlier", "1")
    head_record.place(stage.places.database).unlink()
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
