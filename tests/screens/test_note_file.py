"""If these fail, a note lies open to others, destroys another file, or leaves without a trace."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from casework.language import LANGUAGES
from screens.base.pick import PickScreen
from screens.base.prompt import ValuePrompt
from screens.export.files import find_place, guarded_folders, write_file
from screens.note.compose import compose_note
from screens.note.kinds import NOTE
from screens.note.screen import NoteScreen
from store import output
from store.errors import StoreBusy
from store.output import Guarded, Taken, Unwritten
from tests.screens.running import Session, Stage
from tests.screens.test_result import MODERATE

OLDER = "DRAFT: not confirmed\nAssessment of care needs 2026-11-20 (nurse-1)\nRisk: none"
"""How an earlier note begins."""


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path / "store" / "porras.db")


@asynccontextmanager
async def asked_where(stage: Stage) -> AsyncIterator[Session]:
    """A draft's note, with the question where to write it."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("r")
        session.on(NoteScreen)
        await session.press("w")
        session.on(ValuePrompt)
        yield session


def exports(session: Session) -> list[str]:
    """What the audit log tells of notes that left."""
    rows = session.store.db.query("SELECT subject FROM audit WHERE event = 'export'")
    return [row["subject"] for row in rows]


async def test_a_note_is_written_for_its_owner_alone_and_logged(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    async with asked_where(stage) as session:
        session.says("it is not encrypted")
        await session.type(str(path))
        note = session.on(NoteScreen)
        assert path.read_text(encoding="utf-8") == note.note + "\n"
        assert path.stat().st_mode & 0o777 == 0o600
        session.says("The file is not encrypted: delete it as soon as it has been used.")
        assert exports(session) == [session.visit.assessment.id]
        told = session.store.db.query("SELECT * FROM audit")
        assert not any(path.name in str(value) for row in told for value in row.values())
        assert session.store.audit_log.find_bad_event() is None


async def test_a_file_that_stands_is_replaced_only_when_the_nurse_says_so(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "note.txt"
    path.write_text(OLDER, encoding="utf-8")
    path.chmod(0o644)
    async with asked_where(stage) as session:
        await session.type(str(path))
        session.on(PickScreen)
        session.says("note.txt exists already")
        await session.press("1")
        session.on(NoteScreen)
        assert path.read_text(encoding="utf-8") == OLDER
        assert exports(session) == []
        await session.press("w", "enter")  # the path stands there still
        session.on(PickScreen)
        await session.press("2")
        assert path.read_text(encoding="utf-8") == session.on(NoteScreen).note + "\n"
        assert len(exports(session)) == 1
        assert path.stat().st_mode & 0o777 == 0o600


async def test_what_is_no_earlier_note_is_never_replaced(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague", encoding="utf-8")
    (link := tmp_path / "link.txt").symlink_to(stage.places.keys)
    async with asked_where(stage) as session:
        for place, said in (
            (path, "not an earlier one of the same kind"),
            (link, "That is a link"),
            (stage.places.keys, "folder of the store"),
        ):
            await session.type(str(place))
            session.on(ValuePrompt)
            session.says(said)
        await session.press("escape")
        assert path.read_text(encoding="utf-8") == "Dear colleague"
        assert exports(session) == []


async def test_what_cannot_be_a_file_is_said_while_the_path_can_be_mended(
    stage: Stage, tmp_path: Path
) -> None:
    async with asked_where(stage) as session:
        await session.type(str(tmp_path))
        session.on(ValuePrompt)
        session.says("That is a folder")
        await session.type(str(tmp_path / "nowhere" / "note.txt"))
        session.on(ValuePrompt)
        session.says("There is no such folder.")
        await session.press("escape")
        session.on(NoteScreen)
        assert exports(session) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EROFS, "Files may not be written there."),
        (errno.EACCES, "Files may not be written there."),
        (errno.EIO, "The disk or stick reports errors"),
    ],
)
async def test_a_disk_that_refuses_is_told_in_plain_words(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    async with asked_where(stage) as session:
        monkeypatch.setattr(os, "link", refuse)
        await session.type(str(tmp_path / "note.txt"))
        session.on(NoteScreen)
        session.says(said)
        session.lacks("Written to")
        assert not list(tmp_path.glob("note.txt*"))


async def test_no_note_leaves_that_could_not_be_logged(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(subject: str) -> None:
        raise StoreBusy(path="porras.db")

    async with asked_where(stage) as session:
        monkeypatch.setattr(session.store.audit_log, "log_export", busy)
        await session.type(str(tmp_path / "note.txt"))
        assert not (tmp_path / "note.txt").exists()


def test_a_file_that_came_meanwhile_is_not_lost(tmp_path: Path, guarded: Guarded) -> None:
    path = tmp_path / "note.txt"
    write_file(path, OLDER, guarded, NOTE, replace=False)
    with pytest.raises(Taken):
        write_file(path, "other", guarded, NOTE, replace=False)
    assert path.read_text(encoding="utf-8") == OLDER + "\n"
    write_file(path, "other", guarded, NOTE, replace=True)
    assert path.read_text(encoding="utf-8") == "other\n"


@pytest.mark.parametrize("text", ["/", "/dev/null", "a\0b", "~nobody-has-this-name/x", "x" * 300])
def test_no_path_ends_in_anything_but_a_sentence(text: str, guarded: Guarded) -> None:
    with pytest.raises(Unwritten) as caught:
        write_file(find_place(text, guarded, NOTE).path, "note", guarded, NOTE, replace=False)
    assert caught.value.sentence in vars(output).values()


def test_a_tilde_is_the_users_own_folder(
    tmp_path: Path, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_place(" ~/note.txt ", guarded, NOTE) == (tmp_path / "note.txt", False)


@pytest.mark.parametrize("name", ["010190-923A.txt", "maija@example.fi.txt", "040 1234567"])
def test_a_file_is_not_named_after_the_client(name: str, tmp_path: Path, guarded: Guarded) -> None:
    with pytest.raises(Unwritten, match="who the client is"):
        find_place(str(tmp_path / name), guarded, NOTE)


@pytest.mark.parametrize("name", ["porras.db", "porras.keys", "note.txt"])
def test_a_note_never_takes_the_place_of_the_store(name: str, tmp_path: Path) -> None:
    with pytest.raises(Unwritten, match="folder of the store"):
        find_place(str(tmp_path / name), Guarded(tmp_path / "porras.db"), NOTE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_note_in_any_language_is_known_again(
    stage: Stage, tmp_path: Path, language: str
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        text = compose_note(session.app.workspace, session.visit, language)
        path = tmp_path / "note.txt"
        write_file(path, text, guarded_folders(session.app.workspace), NOTE, replace=False)
        assert find_place(str(path), guarded_folders(session.app.workspace), NOTE).taken
