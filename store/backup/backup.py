"""Backups: a whole store in a folder of its own, read back before it gets its name.

The database is copied while others go on writing, under the same data key; the key file goes with
it, so a backup opens with a passphrase or the recovery code of its day. Nothing in
the folder can be read without one of them but the manifest, which tells nothing of a client.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stepping.finland import finnish_day
from store import file_names
from store.audit import chain, origin
from store.backup import inventory, rotation, verification
from store.backup.manifest import (
    Manifest,
    Survey,
    copy_file,
    file_digest,
    open_copy,
    read_manifest,
    survey,
)
from store.database import engine, engine_errors, migrations, transactions
from store.errors import (
    BackupDamaged,
    BackupFailed,
    BackupMissing,
    DamagedStore,
    FolderMissing,
    FolderOfBackup,
    KeysMissing,
    NotAFolder,
    StoreError,
)
from store.file_names import BACKUPS, DATABASE, KEYS, MANIFEST
from store.files import disk_errors, drives, durable, ownership, removal
from store.keys import keyslots, keystore
from store.paths import StorePaths, find, real
from store.times import Clock, to_iso_utc, utc_now

if TYPE_CHECKING:
    from store.repository.store import Store

LAST = "backup.last"
"""The setting of a store that tells the instant of its last good backup."""


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


@disk_errors.as_file_work()
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
    stick is not plugged in, its folder would be made on the computer's own disk.

    Raises:
        FolderMissing: If the folder does not stand; NotAFolder, FolderOfBackup.
        DamagedStore: If a page of the store cannot be read.
        BackupFailed: If it could not be read back; DiskFull, ReadOnlyStore.
    """
    store.need("upkeep")
    made, folder = store.timestamp(), real(folder)
    spared = removal.files_of(paths.database, paths.keys)
    with engine_errors.translated(folder):
        _make_folder(folder, paths, create=create)
        rotation.sweep(folder, made, spared)
        name = f"porras-{file_names.time_in_name(made)}"
        finished, manifest = make(store.db, paths.keys, folder, name, made)
        with store.writing():  # before anything else may fail: it stands, and counts
            store.log("backup.made", finished.name, file_digest(finished / MANIFEST).sha256)
            store.put_setting({"key": LAST, "value": made})
        # By a clock that jumped ahead, the time of every older backup would be over.
        sound = manifest.first_bad is None and store.clock_doubt is None
        kept = rotation.Keep(keep, days) if sound else None
        rotated = rotation.rotate(store.db, finished, kept, made, spared)
        read, wrong = _read_one(store, finished, rotated)
        place = drives.BackupLocation(
            network=drives.network_drive(folder),
            same_disk=drives.same_disk(folder, paths.database.parent),
            not_mounted=drives.not_mounted(folder),
            private=drives.keeps_rights(finished),
        )
    with store.writing():
        log_read(store, [read] if read else [], wrong)
    read_name = read.path.name if read else None
    return Backup(finished, manifest, rotated.removed, wrong, read_name, place)


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
    with store.writing():
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
    store: Store, fresh: Path, rotated: rotation.Rotated
) -> tuple[verification.Read | None, dict[str, StoreError]]:
    """Read the backup whole that was read longest ago; what is wrong with it joins the others."""
    with store.reading():
        rows = store.rows(
            "SELECT subject, max(at) AS at FROM audit"
            " WHERE event IN ('backup.made', 'backup.read') GROUP BY subject"
        )
        read = {str(row["subject"]): str(row["at"]) for row in rows}
    older = [each.path for each in rotated.good if each.path != fresh]
    if not older:
        return None, rotated.let_alone
    oldest = min(older, key=lambda path: (read.get(path.name, ""), path.name))
    good, wrong = verification.verify_all([oldest], store.db, whole=True)
    return next(iter(good), None), rotated.let_alone | wrong


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


# Making one


def make(
    db: engine.Database,
    key_file: Path,
    folder: Path,
    name: str,
    made: str,
    *,
    migration: bool = False,
) -> tuple[Path, Manifest]:
    """Make a finished backup: under another name first, read back, and then named.

    Raises:
        DamagedStore: If a page of the store cannot be read.
        BackupFailed: If it could not be read back.
    """
    # The engine works on local disks only; what goes to a network drive is carried there whole.
    workshop = db.path.parent if drives.network_drive(folder) else folder
    # A copy can come out whole although a page is damaged that it did not need.
    if transactions.faults(db):
        raise DamagedStore(path=str(db.path))
    part = _part(workshop, name)
    try:
        _snapshot(db, part / DATABASE)
        if db.key is not None:
            _copy_keys(key_file, part / KEYS, db.key)
        manifest = _manifest(part, _proven(part, db.key), made, migration=migration)
        durable.write_whole(part / MANIFEST, _text(manifest), replace=False)
        if workshop != folder:
            carried = _carry(part, _part(folder, name))
            removal.remove_folder(part, rotation.LAID)
            part = carried
        _read_back(part, manifest)
        return _give_name(part, folder / name), manifest
    finally:
        removal.remove_folder(part, rotation.LAID)


def _part(folder: Path, name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{name}.part-", dir=folder))


def _snapshot(source: engine.Database, copy: Path) -> None:
    """Copy the database as of this instant, under its own key and without a log beside it."""
    copy.touch(mode=0o600)
    try:
        with engine_errors.translated(copy.parent):
            source.conn.execute("VACUUM INTO ?", (engine.uri(copy),))
    except DamagedStore:
        source.condemn(verdict := engine_errors.unreadable(source.path))
        raise verdict from None
    durable.sync_file(copy)


def _copy_keys(place: Path, copy: Path, key: bytes) -> None:
    try:
        copy_file(place, copy)
    except FileNotFoundError:
        raise KeysMissing(path=str(place)) from None
    # The data key may be changed just now: a database without its own key is no backup.
    if keyslots.digest(key) not in keystore.read(copy).checks:
        raise BackupFailed(path=str(copy.parent.parent))


def _proven(part: Path, key: bytes | None) -> Survey:
    try:
        with open_copy(part / DATABASE, key) as db:
            return survey(db)
    except DamagedStore:
        raise BackupFailed(path=str(part.parent)) from None


def _manifest(part: Path, found: Survey, made: str, *, migration: bool) -> Manifest:
    return Manifest(
        reason="before migration" if migration else "asked",
        made=made,
        app=origin.app_version() or "unknown",
        engine=engine.engine_version(),
        schema_version=found.schema_version,
        history=found.lineage.history,
        head_seq=found.lineage.head[0],
        head_hash=found.lineage.head[1],
        ancestry=found.lineage.ancestry,
        first_bad=found.first_bad,
        rows=found.rows,
        files={
            path.name: file_digest(path) for path in (part / DATABASE, part / KEYS) if path.exists()
        },
    )


def _text(manifest: Manifest) -> bytes:
    return manifest.model_dump_json(indent=1).encode() + b"\n"


def _carry(part: Path, target: Path) -> Path:
    for path in sorted(part.iterdir()):
        copy_file(path, target / path.name)
    return target


def _read_back(part: Path, manifest: Manifest) -> None:
    wrong = [
        name for name, written in manifest.files.items() if file_digest(part / name) != written
    ]
    if wrong or read_manifest(part) != manifest:
        raise BackupFailed(path=str(part.parent))
    durable.sync_folder(part)


def _give_name(part: Path, wanted: Path) -> Path:
    """Name a finished backup; one of the same second that stands already is left alone."""
    for number in range(1, 100):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        # A folder may take the place of an empty one only, and nobody else makes such names.
        if not os.path.lexists(path):
            for made in (*part.iterdir(), part):
                ownership.belong(made, path.parent)
            part.rename(path)
            durable.sync_folder(path.parent)
            return path
    raise BackupFailed(path=str(wanted.parent))


# Small change


def _day_of(instant: str) -> date:
    return finnish_day(datetime.fromisoformat(instant))


def _first_event(store: Store) -> str:
    with store.reading():
        row = store.row("SELECT at FROM audit ORDER BY seq LIMIT 1")
    return str(row["at"]) if row else store.timestamp()
