"""If these fail, a forged or rotten backup costs a real one, or passes for one itself."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from store.backup import backup as making
from store.backup import inventory, verification
from store.backup.backup import backup
from store.backup.drill import drill
from store.backup.manifest import file_digest, open_copy
from store.backup.restore import restore
from store.database import engine, transactions
from store.errors import (
    BackupDamaged,
    BackupMissing,
    DamagedStore,
    FailingDisk,
    FolderMissing,
    NotAFolder,
    NotRegular,
    RestorePlanBroken,
    StoreError,
)
from store.file_names import DATABASE, KEYS, MANIFEST
from store.files import drives
from store.paths import StorePaths
from store.repository.store import Store
from tests.store.conftest import TickingClock
from tests.store.test_backup import places, shelf, site
from tests.store.test_branches import Yard

__all__ = ["places", "shelf", "site"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of Unix")

NEWER, OLDER = "porras-2099-01-01T00-00-00Z", "porras-2000-01-01T00-00-00Z"


@pytest.fixture
def yard(site: Store, places: StorePaths, shelf: Path, clock: TickingClock) -> Yard:
    key = site.db.key
    assert key is not None
    site.close()
    return Yard(places, shelf, key, clock)


def damaged(path: Path, place: int = 9000) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


# Forged


def told(**changes: Any) -> Callable[[Path, Path], None]:
    """A copy of a real backup whose manifest says something else."""

    def forge(real: Path, at: Path) -> None:
        shutil.copytree(real, at)
        said = json.loads((at / MANIFEST).read_text())
        for name, value in changes.items():
            said[name] = value(said[name]) if callable(value) else value
        (at / MANIFEST).write_text(json.dumps(said))

    return forge


def another_database(real: Path, at: Path) -> None:
    """Digests that fit what lies there, which is no database of the store."""
    shutil.copytree(real, at)
    (at / DATABASE).write_bytes(os.urandom(8192))
    said = json.loads((at / MANIFEST).read_text())
    said["files"][DATABASE] = file_digest(at / DATABASE).model_dump()
    said["head_seq"] += 1000
    (at / MANIFEST).write_text(json.dumps(said))


def manifest_only(real: Path, at: Path) -> None:
    at.mkdir()
    shutil.copy(real / MANIFEST, at)


def folder_of_links(real: Path, at: Path) -> None:
    at.mkdir()
    for path in real.iterdir():
        (at / path.name).symlink_to(path)


def link_to_a_backup(real: Path, at: Path) -> None:
    at.symlink_to(real)


def with_something_else(real: Path, at: Path) -> None:
    shutil.copytree(real, at)
    (at / "letter.txt").write_text("mine")


def cut_off(real: Path, at: Path) -> None:
    shutil.copytree(real, at)
    os.truncate(at / DATABASE, 4096)


def rotten(real: Path, at: Path) -> None:
    shutil.copytree(real, at)
    damaged(at / DATABASE)


FORGED: dict[str, Callable[[Path, Path], None]] = {
    "a plain copy": told(),
    "made later": told(made="2099-01-01T00:00:00.000Z"),
    "made long ago": told(made="2000-01-01T00:00:00.000Z"),
    "more events": told(head_seq=lambda seq: seq + 1000),
    "fewer events": told(head_seq=1),
    "another head": told(head_hash="f" * 64),
    "another history": told(history="f" * 64),
    "other rows": told(rows=lambda rows: {**rows, "clients": 99}),
    "restores that never were": told(ancestry=[{"seq": 2, "hash": "f" * 64, "at": "2026"}]),
    "an older version": told(version=1, ancestry=None),
    "a newer version": told(version=3),
    "no files": told(files={}),
    "files elsewhere": told(
        files=lambda files: {f"../{name}": each for name, each in files.items()}
    ),
    "before a migration": told(reason="before migration"),
    "another database": another_database,
    "a manifest alone": manifest_only,
    "a folder of links": folder_of_links,
    "a link": link_to_a_backup,
    "something else in it": with_something_else,
    "cut off": cut_off,
    "rotten": rotten,
}


@pytest.mark.parametrize("forgery", FORGED)
def test_what_is_forged_costs_no_real_backup(yard: Yard, forgery: str) -> None:
    """Four of each kind lie there, newer and older by name; the two newest real ones stay."""
    real = []
    for year in range(1950, 1953):
        yard.work(range(year, year + 1))
        real.append(yard.save())
    for number, name in enumerate((NEWER, OLDER)):
        for source in (real[0], real[2]):
            FORGED[forgery](source, yard.stick / f"{name}-{number + 2 + (source == real[2])}")
    yard.work(range(1953, 1954))
    last = yard.save(keep=2)
    assert real[2].exists() and last.exists()
    assert real[0].exists(), "it is the first of its month"
    assert set(last.iterdir()) and (real[2] / DATABASE).stat().st_size > 0
    assert drill(yard.stick, yard.places, yard.key, "nurse-1", yard.clock).backup.exists()


def test_what_does_not_verify_is_told_and_let_alone(yard: Yard) -> None:
    real = yard.save()
    rotten(real, yard.stick / OLDER)
    manifest_only(real, yard.stick / NEWER)
    with yard.open() as store:
        made = backup(store, yard.places, yard.stick, 1, 0)
    assert made.let_alone.keys() == {OLDER, NEWER}
    assert (yard.stick / OLDER).exists() and (yard.stick / NEWER).exists()


def test_a_drill_goes_on_to_the_next_good_one_and_says_so(yard: Yard) -> None:
    good = yard.save()
    for year in (1950, 1951):
        yard.work(range(year, year + 1))
        damaged(yard.save() / (DATABASE if year == 1950 else MANIFEST), 20)
    done = drill(yard.stick, yard.places, yard.key, "nurse-1", yard.clock)
    assert done.backup == good
    assert [type(error) for error in done.passed_over] == [BackupDamaged, BackupDamaged]


def test_on_a_network_drive_no_database_is_opened(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its locks cannot be trusted there; the log of the store tells what was made."""
    first, second = yard.save(), yard.save()
    really = open_copy

    def local_only(path: Path, key: bytes | None) -> engine.Database:
        assert path.parent.parent != yard.stick
        return really(path, key)

    monkeypatch.setattr(drives, "network_drive", lambda path: path.is_relative_to(yard.stick))
    monkeypatch.setattr(verification, "open_copy", local_only)
    damaged(first / DATABASE)
    with yard.open() as store:
        good, wrong = making.check_backups(store, yard.stick)
    assert ([each.path for each in good], list(wrong)) == ([second], [first.name])


# By time


def test_all_of_the_last_days_are_kept_however_many(yard: Yard) -> None:
    made = []
    for _ in range(4):
        yard.work(range(1950, 1951))
        made.append(yard.save(keep=1, days=7))
    assert all(path.exists() for path in made)
    yard.clock.now += timedelta(days=8)
    yard.work(range(1950, 1951))
    last = yard.save(keep=1, days=7)
    assert [path.exists() for path in (*made, last)] == [True, False, False, False, True]


def test_what_was_kept_apart_is_told_as_lasting(yard: Yard) -> None:
    """Nothing removes it, so whoever deletes a client's data has to know of it."""
    beside = yard.places.database.parent / "backups"
    made = yard._replace(stick=beside).save()
    shutil.copytree(made, beside / "porras-kept-apart-2026-11-22T08-00-00Z")
    found = inventory.find_copies(yard.places.database)
    assert (found.backups, found.lasting) == (1, ("porras-kept-apart-2026-11-22T08-00-00Z",))


# Reading them all


def test_every_backup_is_read_in_turn(yard: Yard) -> None:
    """Each new one reads again the one that was read longest ago."""
    first, second = yard.save(), yard.save()  # with which the first was read
    made = []
    for _ in range(4):
        with yard.open() as store:
            made.append(backup(store, yard.places, yard.stick))
    third = made[0].folder
    assert [each.read for each in made] == [each.name for each in (second, first, third, second)]


def test_a_rotten_page_is_found_beside_work_and_by_the_check(yard: Yard) -> None:
    first, second = yard.save(), yard.save()
    damaged(first / DATABASE)
    with yard.open() as store:
        assert backup(store, yard.places, yard.stick).let_alone.keys() == {first.name}
        good, wrong = making.check_backups(store, yard.stick)
        assert second in {each.path for each in good}
        assert isinstance(wrong[first.name], BackupDamaged)
        bad = store.db.execute("SELECT subject FROM audit WHERE event = 'backup.bad'").fetchall()
        assert bad == [(first.name,), (first.name,)]
        good, wrong = making.check_backups(store, second)
        assert ([each.path for each in good], wrong) == ([second], {})
        with pytest.raises(FolderMissing):
            making.check_backups(store, yard.stick / "none")
        assert store.audit_log.find_bad_event() is None


def test_a_check_tells_what_was_set_aside(yard: Yard) -> None:
    first = yard.save()
    yard.work(range(1950, 1951))
    second = yard.save()
    yard.put_back(first)
    with yard.open() as store:
        good, _ = making.check_backups(store, yard.stick)
    assert {each.path: each.set_aside is not None for each in good} == {first: False, second: True}


# What is no file


def pipe(path: Path) -> None:
    os.mkfifo(path)


def zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(path))


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 << 30)


def folder(path: Path) -> None:
    path.mkdir()


IN_PLACE = (pipe, zeros, bound, sparse, folder)


@pytest.mark.parametrize("name", [DATABASE, KEYS, MANIFEST])
def test_nothing_hangs_or_fills_the_disk(
    yard: Yard, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made := yard.save())  # a socket takes a short name only
    Path(name).rename(yard.stick / "aside")
    before = {path.name for path in yard.places.database.parent.iterdir()}
    for what in IN_PLACE:
        what(Path(name))
        for deed in (restore, drill):
            with pytest.raises((BackupDamaged, BackupMissing)):
                deed(made, yard.places, yard.key, "nurse-1", yard.clock)
        after = {path.name for path in yard.places.database.parent.iterdir()}
        assert after - before <= {"porras.keys.lock"}, "no half of a copy is left"
        with yard.open() as store:
            assert made.name in making.check_backups(store, yard.stick)[1], what.__name__
        before = {path.name for path in yard.places.database.parent.iterdir()}
        (Path(name).rmdir if what is folder else Path(name).unlink)()
    with yard.open() as store:
        assert made.name in backup(store, yard.places, yard.stick).let_alone


@pytest.mark.parametrize("name", ["porras.db", "porras.keys", "porras.db.restoring"])
@pytest.mark.parametrize("what", [pipe, bound], ids=lambda what: what.__name__)
def test_nothing_hangs_at_the_store_that_stands(
    yard: Yard, name: str, what: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = yard.save()
    monkeypatch.chdir(yard.places.database.parent)
    Path(name).unlink(missing_ok=True)
    what(Path(name))
    if name == "porras.keys":  # it can answer nothing, and its place is taken
        yard.put_back(made)
        yard.open().close()
    else:
        with pytest.raises((NotRegular, RestorePlanBroken)):
            yard.put_back(made)


@pytest.mark.parametrize("what", [pipe, zeros, bound], ids=lambda what: what.__name__)
def test_a_backup_goes_into_nothing_but_a_folder(
    yard: Yard, what: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(yard.stick.parent)
    what(Path("odd"))
    with yard.open() as store, pytest.raises(NotAFolder):
        backup(store, yard.places, yard.stick.parent / "odd")


def test_the_place_of_a_disk_that_is_not_there_is_told(
    yard: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "fstab"
    table.write_text(f"# a stick\nLABEL=x   {yard.stick}\tvfat noauto 0 0\n")
    monkeypatch.setattr(drives, "FSTAB", table)
    with yard.open() as store:
        assert backup(store, yard.places, yard.stick / "in it").place.not_mounted == yard.stick
    monkeypatch.setattr(drives, "is_mount_point", lambda path: path == yard.stick)
    assert drives.not_mounted(yard.stick / "in it") is None


def test_two_parts_of_one_disk_are_lost_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Partitions of one disk, and a volume that lies on one of them."""
    for name in ("sda", "sda/sda1", "sda/sda2", "sdb", "sdb/sdb1", "dm-0/slaves/sda2"):
        (tmp_path / "devices" / name).mkdir(parents=True, exist_ok=True)
    for name in ("sda/sda1", "sda/sda2", "sdb/sdb1"):
        (tmp_path / "devices" / name / "partition").touch()
    (tmp_path / "devices/dm-0/slaves/sda2").rmdir()
    (tmp_path / "devices/dm-0/slaves/sda2").symlink_to(tmp_path / "devices/sda/sda2")
    (tmp_path / "block").mkdir()
    for number, name in {"8:1": "sda/sda1", "8:17": "sdb/sdb1", "253:0": "dm-0"}.items():
        (tmp_path / "block" / number).symlink_to(tmp_path / "devices" / name)
    monkeypatch.setattr(drives, "BLOCKS", tmp_path / "block")
    first, other, volume, unknown = map(os.makedev, (8, 8, 253, 9), (1, 17, 0, 9))
    assert drives._disks(first) == drives._disks(volume) == {"sda"}
    assert drives._disks(other) == {"sdb"}
    assert drives._disks(unknown) == set()


@pytest.mark.parametrize("verdict", [DamagedStore, FailingDisk])
def test_a_bad_moment_of_a_stick_costs_no_backup(
    yard: Yard, monkeypatch: pytest.MonkeyPatch, verdict: type[StoreError]
) -> None:
    made = yard.save()

    def bad(database: engine.Database) -> list[str]:
        raise verdict(path=str(database.path))

    with monkeypatch.context() as moment:
        moment.setattr(transactions, "_bad_pages", bad)
        with pytest.raises(StoreError):
            verification.verify(made, yard.key, whole=True)
    assert {each.name for each in made.iterdir()} == {DATABASE, KEYS, MANIFEST}
    assert verification.verify(made, yard.key, whole=True).path == made
