"""If these fail, the day the disk dies is the day on which everything is lost."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from store.audit import chain
from store.backup.backup import LAST, backup, before_migration, days_since_last
from store.backup.inventory import find_newest
from store.backup.manifest import Manifest, file_digest, open_copy, read_manifest, survey
from store.backup.restore import restore
from store.database import connections, engine, migrations
from store.errors import (
    BackupDamaged,
    BackupFailed,
    BackupMissing,
    BackupPlaceDenied,
    DamagedStore,
    FolderMissing,
    FutureBackup,
    KeysMissing,
    NoAccess,
)
from store.file_names import DATABASE, KEYS, MANIFEST
from store.files import drives, durable, regular_files
from store.keys import keystore
from store.opening.store_file import create_store, open_store
from store.paths import StorePaths, find
from store.records import PathwayCopy
from store.repository.store import Store
from store.times import Clock
from store.training.opening import open_training
from tests.scripts import ROOT, run_beside
from tests.store.conftest import TickingClock
from tests.store.systems import is_for_its_owner_alone
from tests.store.test_processes import WRITER, finish

PASS = "four words in a row"
FINDABLE = "findable words"


@pytest.fixture
def places(tmp_path: Path) -> StorePaths:
    return find(tmp_path / "site" / "porras.db")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def new_site(places: StorePaths, clock: Clock) -> Store:
    return create_store(
        places.database, keystore.create(places.keys, "nurse-1", PASS).key, "nurse-1", clock
    )


@pytest.fixture
def site(places: StorePaths, clock: TickingClock, pathway: PathwayCopy) -> Store:
    """A store with keys of its own, one client and one answer."""
    store = new_site(places, clock)
    client = store.clients.add(birth_year=1980, language="fi", municipality="hollola")
    assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    store.answers.record(assessment.id, {"phq9.1": FINDABLE})
    return store


def whole(folder: Path, key: bytes) -> Manifest:
    """A backup is what its manifest says, to the last byte and the last event."""
    manifest = read_manifest(folder)
    assert {path.name for path in folder.iterdir()} == {DATABASE, KEYS, MANIFEST}
    for name, written in manifest.files.items():
        assert file_digest(folder / name) == written
    db = open_copy(folder / DATABASE, key)
    try:
        found = survey(db)
    finally:
        db.close()
    assert (found.lineage.head, found.first_bad) == ((manifest.head_seq, manifest.head_hash), None)
    assert found.rows == manifest.rows
    return manifest


def older(path: Path, key: bytes | None) -> engine.Database:
    """The store as a program of an older schema left it, as far as its number tells."""
    db = connections.connect(path, key, migrations.schema())
    db.execute(f"PRAGMA user_version = {migrations.newest() - 1}")
    return db


def kill_everywhere(what: str, folder: Path, at_least: int) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed.py")), what, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= at_least


# One backup


def test_a_backup_holds_all_and_opens_with_the_passphrase(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    head = site.audit_log.get_head()
    made = backup(site, places, shelf)
    manifest = whole(made.folder, keystore.unlock(made.folder / KEYS, "nurse-1", PASS))
    assert made.folder.name == "porras-2026-11-22T08-00-" + made.folder.name[-3:]
    assert manifest == made.manifest
    assert (manifest.head_seq, manifest.head_hash) == head
    assert (manifest.schema_version, manifest.engine) == (
        migrations.newest(),
        engine.engine_version(),
    )
    assert (manifest.rows["clients"], manifest.rows["answers"]) == (1, 1)
    assert (made.removed, made.place[:3]) == ((), (None, True, None))


def test_a_backup_is_told_in_the_history_and_remembered(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf)
    rows = list(site.db.query("SELECT * FROM audit WHERE event = 'backup.made'"))
    digest = file_digest(made.folder / MANIFEST).sha256
    assert [(row["subject"], row["digest"]) for row in rows] == [(made.folder.name, digest)]
    assert site.settings.get(LAST) == made.manifest.made
    assert site.audit_log.find_bad_event() is None


def test_nothing_in_a_backup_can_be_read_without_the_key(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    code = site.clients.list_recent()[0].code
    folder = backup(site, places, shelf).folder
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    for word in (FINDABLE, code, "SQLite format", "CREATE TABLE", "hollola", "nurse-1"):
        assert word.encode() not in content[DATABASE] + content[MANIFEST]
    assert FINDABLE.encode() not in content[KEYS]


def test_a_backup_is_for_its_owner_alone(site: Store, places: StorePaths, shelf: Path) -> None:
    folder = backup(site, places, shelf).folder
    assert all(map(is_for_its_owner_alone, (shelf, folder, *folder.iterdir())))


def test_a_backup_leaves_nothing_else_behind(site: Store, places: StorePaths, shelf: Path) -> None:
    before = {path.name for path in places.database.parent.iterdir()}
    made = backup(site, places, shelf)
    assert [path.name for path in shelf.iterdir()] == [made.folder.name]
    assert {path.name for path in places.database.parent.iterdir()} == before


def test_two_backups_of_one_second_do_not_meet(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "clock", lambda: datetime.datetime(2026, 11, 22, 9, tzinfo=UTC))
    names = [backup(site, places, shelf).folder.name for _ in range(3)]
    assert names == [f"porras-2026-11-22T09-00-00Z{end}" for end in ("", "-2", "-3")]


def test_a_backup_taken_while_others_write_is_a_part_of_the_history(
    site: Store,
    places: StorePaths,
    shelf: Path,
    pathway: PathwayCopy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not a moment that never was: each backup ends at an event of the later history."""
    key = bytes(range(32))
    site.close()
    places.keys.unlink()
    with monkeypatch.context() as patched:
        # The writers know one data key only; so this key file is made of it.
        patched.setattr("store.keys.keystore.os.urandom", lambda size: key[:size])
        assert keystore.create(places.keys, "nurse-1", PASS).key == key
    with create_store(places.database.with_name("busy.db"), key, "nurse-1") as busy:
        client = busy.clients.add(birth_year=1980, language="fi")
        assessment = busy.assessments.start(client.id, pathway, setting="clinic", language="fi")
        writers = [run_beside(WRITER, busy.db.path, assessment.id, f"w{n}", 40) for n in range(4)]
        made: list[Path] = []
        while any(writer.poll() is None for writer in writers) or len(made) < 2:
            made.append(backup(busy, places, shelf, keep=1000).folder)
        for writer in writers:
            assert finish(writer) == list(range(40))
        ends = []
        for folder in made:
            manifest = whole(folder, key)
            row = busy.db.execute("SELECT hash FROM audit WHERE seq = ?", (manifest.head_seq,))
            assert row.fetchone() == (manifest.head_hash,)
            answers = "SELECT count(*) FROM audit WHERE event = 'answer.given' AND seq <= ?"
            told = busy.db.execute(answers, (manifest.head_seq,)).fetchone()[0]
            assert manifest.rows["answers"] == told
            ends.append(manifest.head_seq)
        assert ends == sorted(ends)
        assert busy.audit_log.find_bad_event() is None


# What is refused


def test_a_damaged_store_gives_no_backup_and_loses_none(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    for year in range(1940, 2000):
        site.clients.add(birth_year=year, language="fi")
    good = backup(site, places, shelf, keep=1, days=0).folder
    site.close()
    content = bytearray(places.database.read_bytes())
    content[len(content) // 2] ^= 1
    places.database.write_bytes(content)
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    with (
        open_store(places.database, key, "nurse-1") as damaged,
        pytest.raises(DamagedStore) as error,
    ):
        backup(damaged, places, shelf, keep=1, days=0)
    assert error.value.values == {"path": str(places.database)}
    assert [path.name for path in shelf.iterdir()] == [good.name]


def test_a_store_without_keys_gives_no_backup(site: Store, places: StorePaths, shelf: Path) -> None:
    places.keys.unlink()
    with pytest.raises(KeysMissing):
        backup(site, places, shelf)
    assert list(shelf.iterdir()) == []


def test_keys_that_have_just_been_changed_make_no_backup(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    """A database beside keys that do not open it would be found out on the worst of days."""
    places.keys.unlink()
    keystore.create(places.keys, "nurse-1", PASS)
    with pytest.raises(BackupFailed):
        backup(site, places, shelf)
    assert list(shelf.iterdir()) == []


def test_a_drive_that_does_not_keep_what_is_written_is_found(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = backup(site, places, shelf).folder.name
    carried = durable.write_whole

    def forgetful(path: Path, content: bytes, *, replace: bool) -> None:
        carried(path, content, replace=replace)
        kept = path.with_name(KEYS)
        kept.write_bytes(bytes(kept.stat().st_size))

    monkeypatch.setattr(durable, "write_whole", forgetful)
    with pytest.raises(BackupFailed):
        backup(site, places, shelf)
    assert [path.name for path in shelf.iterdir()] == [good]


FULL = """
import resource, sys
from pathlib import Path
from store.keys import keystore
from store.backup.backup import backup
from store.errors import DiskFull
from store.paths import find
from store.opening.store_file import open_store
places, shelf = find(Path(sys.argv[1])), Path(sys.argv[2])
key = keystore.unlock(places.keys, "nurse-1", "four words in a row")
with open_store(places.database, key, "nurse-1") as store:
    size = places.database.stat().st_size
    soft = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, resource.RLIM_INFINITY))
    try:
        backup(store, places, shelf)
    except DiskFull as error:
        print(error.values["path"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))
    print(backup(store, places, shelf).folder.name)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of Unix")
def test_a_full_disk_is_said_and_the_next_backup_works(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    site.close()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(places.database), str(shelf)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    blamed, name = done.stdout.split("\n")[:2]
    assert Path(blamed).is_relative_to(shelf)
    assert [path.name for path in shelf.iterdir()] == [name]
    whole(shelf / name, keystore.unlock(places.keys, "nurse-1", PASS))


# Which are kept


def at(site: Store, moment: datetime.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody works on that day: what counts is when something was last recorded."""
    monkeypatch.setattr(site, "clock", lambda: moment)
    site.clients.add(birth_year=1990, language="fi")


def days(shelf: Path) -> list[str]:
    return sorted(path.name[7:17] for path in shelf.iterdir())


def test_the_newest_and_the_first_of_each_month_are_kept(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = datetime.datetime(2027, 1, 20, 8, tzinfo=UTC)
    removed: set[str] = set()
    for number in range(12):
        at(site, begun + timedelta(days=5 * number), monkeypatch)
        removed |= set(backup(site, places, shelf, keep=3, days=0).removed)
    # 20, 25, 30 January, 4, 9, 14, 19, 24 February, 1, 6, 11, 16 March
    assert days(shelf) == ["2027-01-20", "2027-02-04", "2027-03-01"] + [
        f"2027-03-{day:02}" for day in (6, 11, 16)
    ]
    assert len(removed) == 6
    at(site, begun + timedelta(days=400), monkeypatch)
    backup(site, places, shelf, keep=1, days=0)
    assert days(shelf) == ["2027-03-01", "2028-02-24"]


def test_a_clock_that_was_set_back_does_not_cost_the_new_backup(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (2027, 2020):
        at(site, datetime.datetime(year, 5, 5, tzinfo=UTC), monkeypatch)
        made = backup(site, places, shelf, keep=1, days=0)
    assert made.folder.exists()
    assert find_newest(shelf) == made.folder
    assert days(shelf) == ["2020-05-05", "2027-05-05"]


def test_only_what_is_surely_ours_is_ever_removed(
    site: Store, places: StorePaths, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = find(tmp_path / "other" / "porras.db")
    at(site, datetime.datetime(2027, 3, 1, tzinfo=UTC), monkeypatch)
    with new_site(other, TickingClock()) as theirs:
        at(theirs, datetime.datetime(2027, 3, 2, tzinfo=UTC), monkeypatch)
        spared = {backup(theirs, other, shelf).folder.name}
    old = backup(site, places, shelf).folder
    (old / "letter.txt").write_text("mine")
    at(site, datetime.datetime(2027, 3, 1, 12, tzinfo=UTC), monkeypatch)
    spared.add(backup(site, places, shelf).folder.name)
    for name in ("porras-2027-03-03T00-00-00Z", "photos", ".porras-2027-03-01T23-59-59Z.part-x"):
        (shelf / name).mkdir()
        spared.add(name)
    at(site, datetime.datetime(2027, 3, 2, 1, tzinfo=UTC), monkeypatch)
    spared.add(backup(site, places, shelf, keep=1, days=0).folder.name)
    at(site, datetime.datetime(2027, 3, 2, 2, tzinfo=UTC), monkeypatch)
    made = backup(site, places, shelf, keep=1, days=0)
    assert made.removed == ("porras-2027-03-02T01-00-00Z",)
    assert old.exists(), "something of somebody else's lies in it"
    at(site, datetime.datetime(2029, 3, 2, tzinfo=UTC), monkeypatch)
    last = backup(site, places, shelf, keep=1, days=0)
    assert old.name not in last.removed, "something of somebody else's lies in it"
    spared = (spared | {old.name, last.folder.name}) - {*made.removed, *last.removed}
    spared -= {".porras-2027-03-01T23-59-59Z.part-x"}
    assert {path.name for path in shelf.iterdir()} == spared


def test_a_history_that_does_not_hold_costs_no_older_backup(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    good = backup(site, places, shelf, keep=1, days=0).folder
    site.db.execute("DROP TRIGGER answers_no_UPDATE")
    site.db.execute("UPDATE answers SET value = '0'")
    for _ in range(2):
        made = backup(site, places, shelf, keep=1, days=0)
        assert made.manifest.first_bad is not None
        assert made.removed == ()
    assert good.exists()


def test_what_a_restore_set_aside_takes_no_place_of_what_came_after(
    site: Store, places: StorePaths, shelf: Path, tmp_path: Path, clock: TickingClock
) -> None:
    old = backup(site, places, tmp_path / "elsewhere").folder
    for year in range(1950, 1970):
        site.clients.add(birth_year=year, language="fi")
    aside = [backup(site, places, shelf).folder for _ in range(3)]
    assert site.db.key is not None
    key = site.db.key
    site.close()
    restore(old, places, key, "nurse-1", clock, force=True)
    with open_store(places.database, key, "nurse-1", clock) as store:
        since = [backup(store, places, shelf, keep=2, days=0).folder for _ in range(3)]
        assert since[1].exists() and since[2].exists(), "the two newest stay"
        assert [path.exists() for path in aside] == [False, False, True], "the last of its branch"
        clock.now += timedelta(days=91)
        store.clients.add(birth_year=1990, language="fi")
        assert aside[2].name in backup(store, places, shelf, keep=2, days=0).removed


# When the next is due


def test_a_missing_backup_is_counted_in_days(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = datetime.date(2026, 11, 22)
    assert days_since_last(site, day) is None
    assert days_since_last(site, day + timedelta(days=1)) == 1
    backup(site, places, shelf)
    assert days_since_last(site, day) is None
    assert days_since_last(site, day + timedelta(days=3)) == 3
    assert days_since_last(site, day + timedelta(days=3), after=7) is None


def test_the_training_store_is_never_due(places: StorePaths) -> None:
    with open_training(places.training) as training:
        assert days_since_last(training, datetime.date(2036, 1, 1)) is None


# Before a migration


def test_an_older_store_is_backed_up_before_it_changes_and_only_once(
    site: Store, places: StorePaths
) -> None:
    assert before_migration(site.db) is None
    key = site.db.key
    site.close()
    db = older(places.database, key)
    made = before_migration(db)
    assert made is not None and made.parent == places.database.parent / "backups"
    manifest = whole(made, keystore.unlock(made / KEYS, "nurse-1", PASS))
    assert manifest.schema_version == migrations.newest() - 1
    assert manifest.reason == "before migration"
    assert (manifest.head_seq, manifest.head_hash) == chain.head(db)
    assert before_migration(db) == made
    db.close()


# Network drives


def test_a_backup_on_a_network_drive_is_carried_there_and_said(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        drives, "network_drive", lambda path: "cifs" if path.is_relative_to(shelf) else None
    )
    before = {path.name for path in places.database.parent.iterdir()}
    made = backup(site, places, shelf)
    assert made.place.network == "cifs"
    whole(made.folder, keystore.unlock(places.keys, "nurse-1", PASS))
    assert {path.name for path in places.database.parent.iterdir()} == before


# Finding one


def test_an_older_backup_never_passes_for_the_newest(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    first = backup(site, places, shelf).folder
    second = backup(site, places, shelf).folder
    assert find_newest(shelf) == second
    assert find_newest(first) == first
    told = json.loads((second / MANIFEST).read_text())
    for version, error in ((3, FutureBackup), ("3", BackupDamaged)):
        (second / MANIFEST).write_text(json.dumps({**told, "version": version}))
        with pytest.raises(error):
            read_manifest(second)
        with pytest.raises(error):
            find_newest(shelf)
    shutil.rmtree(first)
    with pytest.raises(BackupDamaged):
        find_newest(shelf)
    third = backup(site, places, shelf).folder
    assert find_newest(shelf) == third, "what is older may be damaged"
    for gone in (second, third):
        shutil.rmtree(gone)
    with pytest.raises(BackupMissing):
        find_newest(shelf)
    with pytest.raises(BackupMissing):
        find_newest(shelf / "nowhere")


@pytest.mark.skipif(os.name != "posix", reason="links of Unix")
def test_links_in_a_circle_lead_to_no_folder(
    site: Store, places: StorePaths, tmp_path: Path
) -> None:
    (circle := tmp_path / "circle").symlink_to("circle")
    with pytest.raises(FolderMissing):
        find_newest(circle)
    with pytest.raises(FolderMissing):
        backup(site, places, circle, create=False)


@pytest.mark.skipif(os.name != "posix", reason="no rights to take away")
def test_a_backup_of_another_user_is_no_missing_one(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(site, places, shelf)
    second = backup(site, places, shelf).folder
    read = regular_files.read

    def refused(path: Path, most: int, *, links: bool = True) -> bytes:
        if path.parent == second:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path, most, links=links)

    monkeypatch.setattr(regular_files, "read", refused)
    with pytest.raises(NoAccess):
        find_newest(shelf)


@pytest.mark.skipif(os.name != "posix", reason="no rights to take away")
def test_who_may_not_write_where_backups_go_is_not_sent_to_work_as_another(
    site: Store, places: StorePaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path, beside: Path | None = None) -> None:
        raise NoAccess(path=str(folder.parent), user="porras", owner="root")

    monkeypatch.setattr(durable, "private_folder", refused)
    with pytest.raises(BackupPlaceDenied) as told:
        backup(site, places, tmp_path / "stick" / "backups")
    assert "sudo" not in str(told.value)


# Cut short


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_backup_cut_short_anywhere_leaves_no_half(
    site: Store, places: StorePaths, tmp_path: Path
) -> None:
    backup(site, places, tmp_path / "backups")
    site.close()
    ready = tmp_path / "ready"
    ready.mkdir()
    shutil.move(tmp_path / "site", ready)
    shutil.move(tmp_path / "backups", ready)
    kill_everywhere("backup", ready, at_least=12)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_backup_before_a_migration_cut_short_anywhere_leaves_no_half(
    site: Store, places: StorePaths, tmp_path: Path
) -> None:
    site.close()
    ready = tmp_path / "ready"
    ready.mkdir()
    shutil.move(tmp_path / "site", ready)
    kill_everywhere("migration", ready, at_least=8)


def test_a_disk_that_fails_for_a_moment_lets_no_older_backup_pass_for_the_newest(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (1981, 1982):
        backup(site, places, shelf)
        site.clients.add(birth_year=year, language="fi")
    last = find_newest(shelf)
    failed: list[Path] = []

    def once(folder: Path) -> Manifest:
        if folder == last and not failed:
            failed.append(folder)
            raise BackupDamaged(name=folder.name, file=MANIFEST)
        return read_manifest(folder)

    monkeypatch.setattr("store.backup.inventory.read_manifest", once)
    with pytest.raises(BackupDamaged):
        find_newest(shelf)
    assert find_newest(shelf) == last
