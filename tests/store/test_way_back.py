"""If these fail, whoever goes back to the older program finds no way to its records."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.language import LANGUAGES, speech
from store.backup import before_update, manifest
from store.backup.before_update import find_way_back, refuse_without_room
from store.backup.restore import restore
from store.database import engine, migrations
from store.errors import BackupOlder, FutureSchema, FutureSchemaWayBack, NoRoomForBackup
from store.files import drives
from store.opening.store_file import open_store
from store.paths import find
from store.session import announcements
from tests.store.test_schema import of_version


@pytest.fixture
def updated(path: Path, key: bytes) -> Path:
    """A store of the version before, which this program has opened and worked with."""
    of_version(migrations.newest() - 1, path, key)
    with open_store(path, key, "nurse-1") as store:
        store.settings.set("practised", "yes")
    return path


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let this program know one schema less, as the version before does; return that one."""
    known = migrations.newest() - 1
    schema = engine.Schema(migrations.STORE_ID, known)
    monkeypatch.setattr(migrations, "newest", lambda *_: known)
    real = migrations.schema
    monkeypatch.setattr(migrations, "schema", lambda *of, **_: real(*of) if of else schema)
    return known


def test_the_older_program_names_the_backup_and_how_much_would_be_missing(
    updated: Path, key: bytes, older: int
) -> None:
    before = updated.read_bytes()
    with pytest.raises(FutureSchemaWayBack) as refused:
        open_store(updated, key, "nurse-1")
    (backup,) = (updated.parent / "backups").iterdir()
    told = manifest.read_manifest(backup)
    assert told.schema_version == older
    values = refused.value.values
    assert values["folder"] == str(backup)
    assert isinstance(values["events"], int)
    assert values["events"] > 0
    for language in LANGUAGES:
        assert f'porras restore --force "{backup}".' in speech(language)(
            refused.value.next, **values
        )
    assert updated.read_bytes() == before


def test_the_older_program_restores_over_the_newer_store_once_that_was_said(
    updated: Path, key: bytes, older: int
) -> None:
    (backup,) = (updated.parent / "backups").iterdir()
    before = updated.read_bytes()
    with pytest.raises(BackupOlder) as refused:
        restore(backup, find(updated), key, "nurse-1")
    assert "--force" in str(refused.value)
    assert updated.read_bytes() == before
    restore(backup, find(updated), key, "nurse-1", force=True)
    with open_store(updated, key, "nurse-1") as store:
        assert store.settings.get("practised") is None


def test_everybody_is_told_once_that_the_store_was_brought_up_to_date(
    path: Path, key: bytes
) -> None:
    """Unless the program is killed, or its caller is refused, before they saw it."""
    of_version(migrations.newest() - 1, path, key)
    open_store(path, key, "nurse-1").close()
    (backup,) = (path.parent / "backups").iterdir()
    with open_store(path, key, "nurse-1") as store:
        news = announcements.find_unseen(store)
        announcements.mark_seen(store, news)
        assert store.audit_log.find_bad_event() is None
    (told,) = (each for each in news.announcements if backup.name in each.values.values())
    for language in LANGUAGES:
        said = speech(language)(told.sentence, **told.values)
        assert "nurse-1" in said
        assert said.endswith(f"{backup.name}.")
    with open_store(path, key, "nurse-1") as store:
        assert announcements.find_unseen(store).announcements == ()


def test_without_a_backup_it_says_nothing_of_one(
    updated: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "newest", lambda: 1)
    assert find_way_back(updated) is None
    error = FutureSchema(path=str(updated), found=9, known=1)
    assert before_update.with_way_back(error, updated) is error


def test_an_update_is_refused_where_the_backup_before_it_has_no_room(
    updated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_without_room(find(updated))
    refuse_without_room(find(tmp_path / "no store" / "porras.db"))
    monkeypatch.setattr(drives, "free_bytes", lambda _: 1 << 20)
    with pytest.raises(NoRoomForBackup) as refused:
        refuse_without_room(find(updated))
    assert "backups" in str(refused.value.values["path"])
    refuse_without_room(find(tmp_path / "no store" / "porras.db"))
