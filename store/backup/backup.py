"""Backups: a whole store in a folder of its own, read back before it gets its name.

The database is copied while others go on writing, under the same data key; the key file goes with
it, so a backup opens with a passphrase or the recovery code of its day. Nothing in
the folder can be read without one of them but the manifest, which tells nothing of a client.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stepping.finland import finnish_day
from store import file_names
from store.audit import chain
from store.backup import inventory, rotation, verification
from store.backup.making import make
from store.backup.manifest import Manifest, file_digest, read_manifest
from store.database import connections, engine, engine_errors, migrations, transactions
from store.errors import (
    BackupDamaged,
    BackupMissing,
    BackupPlaceDenied,
    FolderMissing,
    FolderOfBackup,
    NoAccess,
    NotAFolder,
    StoreError,
    StoreFault,
)
from store.file_names import BACKUPS, MANIFEST
from store.files import disk_errors, drives, durable, ownership, removal
from store.paths import StorePaths, find, real
from store.times import Clock, to_iso_utc, utc_now

if TYPE_CHECKING:
    from store.repository.store import Store

LAST = "backup.last"
"""The setting of a store that tells the instant of its last good backup."""

PLACE = "backup.folder"
"""The setting that tells the folder in which it lies."""


class Backup(NamedTuple):
    """A finished backup, and what its maker should know of the place."""

    folder: Path
    manifest: Manifest
    removed: tuple[str, ...]
    """Names of older backups whose time was over."""
    let_alone: dict[str, StoreError]
    """By name, what is wrong with those that do not count; they are never removed."""
    read: str | None
    """The name of the older backup that was read to the last byte this time, and was good."""
    place: drives.BackupLocation


class BackupRun:
    """Makes one backup: two pieces of work on files, and what the store records after each.

    In this order: `copy`, `record_copy`, `look_after`, `finish`. With `beside` a piece works on a
    connection of its own, and may run in any thread.
    """

    def __init__(
        self,
        store: Store,
        paths: StorePaths,
        folder: Path,
        keep: int = rotation.KEEP,
        days: int = rotation.KEEP_DAYS,
        *,
        create: bool = True,
    ) -> None:
        """Ask whether the worker may; nothing is written yet."""
        store.need("upkeep")
        self._store, self._paths, self._create = store, paths, create
        self._made, self._folder = store.timestamp(), real(folder)
        self._keep = rotation.Keep(keep, days)
        self._certain = store.clock_doubt is None
        self._spared = removal.files_of(paths.database, paths.keys)

    @contextlib.contextmanager
    def _connection(self, *, beside: bool) -> Iterator[engine.Database]:
        if not beside:
            yield self._store.db
            return
        with contextlib.closing(connections.copying(self._store.db)) as db:
            try:
                yield db
            finally:
                if db.verdict is not None:
                    self._store.db.condemn(db.verdict)

    @disk_errors.as_file_work()
    def copy(self, *, beside: bool = False) -> None:
        """Copy the store and read the copy back.

        Raises:
            FolderMissing: If the folder does not stand; NotAFolder, FolderOfBackup.
            DamagedStore: If a page of the store cannot be read.
            BackupFailed: If it could not be read back; DiskFull, ReadOnlyStore.
        """
        with _written_to(self._folder):
            _make_folder(self._folder, self._paths, create=self._create)
            rotation.sweep(self._folder, self._made, self._spared)
            name = f"porras-{file_names.time_in_name(self._made)}"
            with self._connection(beside=beside) as db:
                made = make(db, self._paths.keys, self._folder, name, self._made)
            self._finished, self._manifest = made

    @disk_errors.as_file_work()
    def record_copy(self) -> None:
        """Record that it stands, and counts, before anything else may fail."""
        store, folder = self._store, str(self._folder)
        with _written_to(self._folder), store.writing():
            digest = file_digest(self._finished / MANIFEST).sha256
            store.log("backup.made", self._finished.name, digest)
            store.put_setting({"key": LAST, "value": self._made})
            if folder.isprintable() and store.db.get_setting(PLACE) != folder:
                store.put_setting({"key": PLACE, "value": folder})

    @disk_errors.as_file_work()
    def look_after(self, *, beside: bool = False) -> None:
        """Remove those whose time is over, and read the one whole that was read longest ago."""
        with _written_to(self._folder):
            # By a clock that jumped ahead, the time of every older backup would be over.
            sound = self._manifest.first_bad is None and self._certain
            kept = self._keep if sound else None
            with self._connection(beside=beside) as db:
                self._rotated = rotation.rotate(db, self._finished, kept, self._made, self._spared)
                self._read, self._wrong = _read_one(db, self._finished, self._rotated)
            self._place = drives.BackupLocation(
                network=drives.network_drive(self._folder),
                same_disk=drives.same_disk(self._folder, self._paths.database.parent),
                not_mounted=drives.not_mounted(self._folder),
                private=drives.keeps_rights(self._finished),
            )

    @disk_errors.as_file_work()
    def finish(self) -> Backup:
        """Record what was read, and return all that its maker should know."""
        read = self._read
        # The stick may be pulled out at any moment, now as well.
        with _written_to(self._folder), self._store.writing():
            log_read(self._store, [read] if read else [], self._wrong)
        name = read.path.name if read else None
        removed, wrong = self._rotated.removed, self._wrong
        return Backup(self._finished, self._manifest, removed, wrong, name, self._place)


def backup(
    store: Store,
    paths: StorePaths,
    folder: Path,
    keep: int = rotation.KEEP,
    days: int = rotation.KEEP_DAYS,
    *,
    create: bool = True,
) -> Backup:
    """Make a backup in a folder of its own in `folder`, and remove those whose time is over.

    The newest `keep` (at least 1) stay, all of the last `days`, and what else `rotation` keeps. Of
    those that are left the one that was read longest ago is read whole. A backup whose history does
    not hold is kept, but nothing is removed then. Without `create` the folder must stand: where a
    stick is not plugged in, its folder would be made on the computer's own disk. What it raises is
    that of `BackupRun`.
    """
    run = BackupRun(store, paths, folder, keep, days, create=create)
    run.copy()
    run.record_copy()
    run.look_after()
    return run.finish()


@contextlib.contextmanager
def _written_to(folder: Path) -> Iterator[None]:
    """Tell what fails in a folder; one that is gone by then was on a stick that was pulled out.

    Raises:
        FolderMissing: If it is gone; else what `engine_errors.translated` raises.
    """
    try:
        with engine_errors.translated(folder):
            yield
    except NoAccess as error:
        there = Path(str(error.values["path"]))
        on_the_way = folder.is_relative_to(there) or there.is_relative_to(folder)
        if type(error) is NoAccess and on_the_way:
            raise BackupPlaceDenied(**error.values) from error
        raise
    except StoreFault as error:
        if ownership.stands(folder):
            raise
        raise FolderMissing(path=str(folder)) from error


def _make_folder(folder: Path, paths: StorePaths, *, create: bool) -> None:
    """Make the folder of backups, unless something that is none stands there."""
    if not create and not ownership.stands(folder):
        raise FolderMissing(path=str(folder))
    if os.path.lexists(folder) and not folder.is_dir():
        raise NotAFolder(path=str(folder))
    if ownership.stands(folder / MANIFEST):
        raise FolderOfBackup(path=str(folder))
    durable.private_folder(folder, beside=paths.database if folder == usual(paths) else None)


def check_backups(
    store: Store, folder: Path
) -> tuple[list[verification.Read], dict[str, StoreError]]:
    """Read every backup of a store in a folder to the last byte; say what is wrong with the others.

    Raises:
        FolderMissing: If the folder does not stand.
        BackupMissing: If there is none in it.
    """
    store.need("upkeep")
    folder = real(folder)
    with engine_errors.translated(folder):
        paths = [folder] if inventory.is_backup(folder) else list(inventory.list_named(folder))
        good, wrong = verification.verify_all(paths, store.db, whole=True)
    if not good and not wrong:
        raise BackupMissing(path=str(folder))
    with engine_errors.translated(folder), store.writing():
        log_read(store, good, wrong)
    return good, wrong


def log_read(store: Store, good: list[verification.Read], wrong: dict[str, StoreError]) -> None:
    """Record within a transaction which backups were read whole, and which are not as written."""
    for each in good:
        digest = file_digest(each.path / MANIFEST).sha256
        store.log("backup.read", each.path.name, digest)
    for name, error in wrong.items():
        if isinstance(error, BackupDamaged):
            store.log("backup.bad", name)


def _read_one(
    db: engine.Database, fresh: Path, rotated: rotation.Rotated
) -> tuple[verification.Read | None, dict[str, StoreError]]:
    """Read the backup whole that was read longest ago; what is wrong with it joins the others."""
    sql = """
        SELECT subject, max(at) AS at FROM audit
        WHERE event IN ('backup.made', 'backup.read') GROUP BY subject"""
    with transactions.reading(db):
        read = {str(row["subject"]): str(row["at"]) for row in engine.rows(db, sql)}
    older = [each.path for each in rotated.good if each.path != fresh]
    if not older:
        return None, rotated.let_alone
    oldest = min(older, key=lambda path: (read.get(path.name, ""), path.name))
    good, wrong = verification.verify_all([oldest], db, whole=True)
    return next(iter(good), None), rotated.let_alone | wrong


def last_folder(store: Store) -> Path | None:
    """Return the folder of the last good backup, if it is known."""
    found = store.settings.get(PLACE)
    return Path(found) if found else None


def usual(paths: StorePaths) -> Path:
    """Return where backups go that were not asked to go elsewhere: beside the database."""
    return paths.database.parent / BACKUPS


def days_since_last(store: Store, today: date, after: int = 1) -> int | None:
    """Return the days since the last good backup, or since the store was made if there is none.

    None if that is less than `after` days, or if the store is for training.
    """
    if store.training:
        return None
    last = _day_of(store.settings.get(LAST) or _first_event(store))
    if last > today + timedelta(days=1):  # it was dated by a clock that was ahead: it says nothing
        last = min(_day_of(_first_event(store)), today - timedelta(days=after))
    days = (today - last).days
    return days if days >= after else None


def was_ever_made(store: Store) -> bool:
    """Return whether there has ever been a good backup of this store, asked for by somebody."""
    return store.settings.get(LAST) is not None


def before_migration(db: engine.Database, clock: Clock = utc_now) -> Path | None:
    """Back a store up before its schema is brought up to date; None if there is nothing to do.

    The backup lies in `backups` beside the database and is never removed by the program. One that
    was made of the very same events by a program that was then cut short is used again. The
    training store has nothing to lose.
    """
    version = engine.pragma(db, "user_version")[0]
    if db.key is None or version in {0, migrations.newest()}:
        return None
    paths = find(db.path)
    folder = usual(paths)
    stem = f"porras-before-schema-{migrations.newest()}-"
    with engine_errors.translated(folder):
        durable.private_folder(folder, beside=db.path)
        for old in sorted(folder.glob(f"{stem}*")):
            with contextlib.suppress(*inventory.UNREADABLE):
                manifest = read_manifest(old)
                if (manifest.head_seq, manifest.head_hash) == chain.head(db):
                    return old
        made = to_iso_utc(clock())
        name = f"{stem}{file_names.time_in_name(made)}"
        return make(db, paths.keys, folder, name, made, migration=True)[0]


# Small change


def _day_of(instant: str) -> date:
    return finnish_day(datetime.fromisoformat(instant))


def _first_event(store: Store) -> str:
    with store.reading():
        row = store.row("SELECT at FROM audit ORDER BY seq LIMIT 1")
    return str(row["at"]) if row else store.timestamp()
