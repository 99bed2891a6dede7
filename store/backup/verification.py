"""Reading backups: whether each is what it says, by its files, its database and its log.

A manifest is a claim that anybody may write. What counts is that the files are those of the
manifest, that the database opens under the data key of the store, and that it has the history and
the newest event that are claimed; only who has the key can make such a one.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from store.backup import inventory
from store.backup.manifest import (
    Lineage,
    Manifest,
    Written,
    file_digest,
    open_copy,
    read_lineage,
    read_manifest,
    survey,
)
from store.database import engine, transactions
from store.errors import (
    BackupDamaged,
    BackupMissing,
    BackupMixed,
    BackupOtherKey,
    DamagedStore,
    FutureSchema,
    StoreError,
    StoreFault,
)
from store.file_names import DATABASE, KEYS, MANIFEST
from store.files import drives, ownership
from store.keys import keyslots, keystore


class Read(NamedTuple):
    """A backup that is what it says."""

    path: Path
    manifest: Manifest
    lineage: Lineage
    """Which history its database has; the ancestry is told here for every version."""
    set_aside: str | None = None
    """The instant of the restore by which the store set its branch aside."""


def verify(path: Path, key: bytes | None, *, whole: bool = False) -> Read:
    """Read the files of a backup and the head of its database, or the `whole` database.

    Raises:
        BackupDamaged: If it is not what it says; or BackupMissing, BackupMixed.
        BackupOtherKey: If it is under another data key.
        NewerThanProgram: If a newer program has made it; NoAccess.
    """
    manifest = _files(path)
    with _opened(path, manifest, key) as db:
        found = read_lineage(db)
        as_told = manifest.fits(survey(db)) if whole else manifest.tells_of(found)
    if not as_told:
        raise BackupDamaged(name=path.name, file=DATABASE)
    return Read(path, manifest, found)


def verify_all(
    paths: Iterable[Path], db: engine.Database, *, whole: bool = False
) -> tuple[list[Read], dict[str, StoreError]]:
    """Return the backups that are what they say, and what is wrong with the others by name.

    `db` is the database of the store. Backups of other stores are among neither. With `whole` each
    is read to the last page and event.
    """
    good, wrong, store = [], {}, read_lineage(db)
    for path in paths:
        try:
            good.append(_far(path, db) or verify(path, db.key, whole=whole))
        except StoreError as error:
            manifest = _claimed(path)
            if manifest and manifest.history != store.history:
                continue
            told = _vouched(path, manifest, db) if isinstance(error, BackupOtherKey) else None
            if told:
                good.append(told)
            else:
                wrong[path.name] = error
    asked = [each for each in good if each.manifest.reason == "asked"]
    return [each._replace(set_aside=_set_aside(each.lineage, store)) for each in asked], wrong


def _set_aside(found: Lineage, store: Lineage) -> str | None:
    return inventory.set_aside_at(found.head[0], found.ancestry, store.ancestry)


def _far(path: Path, db: engine.Database) -> Read | None:
    """Return a backup on a network drive, where no database is opened, by its bytes alone.

    None if it lies elsewhere, or the log of the store does not tell of it.
    """
    return _vouched(path, _files(path), db) if drives.network_drive(path) else None


def _claimed(path: Path) -> Manifest | None:
    with suppress(StoreError):
        return read_manifest(path)
    return None


def _vouched(path: Path, manifest: Manifest | None, db: engine.Database) -> Read | None:
    """Return a backup of whose manifest the log of the store tells name and digest."""
    if manifest is None:
        return None
    digest = file_digest(path / MANIFEST).sha256
    with transactions.reading(db):
        told = db.execute(
            "SELECT 1 FROM audit WHERE event = 'backup.made' AND subject = ? AND digest = ?",
            (path.name, digest),
        ).fetchone()
        head = db.execute(
            "SELECT at FROM audit WHERE seq = ? AND hash = ?", manifest.head
        ).fetchone()
    if not told or not head:
        return None
    ancestry = manifest.ancestry or ()
    return Read(path, manifest, Lineage(manifest.history, manifest.head, str(head[0]), ancestry))


def _files(path: Path) -> Manifest:
    """Return the manifest of a backup whose files are those that it tells of, and no others."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):  # a link to a folder is none
        raise BackupMissing(path=str(path))
    manifest = read_manifest(path)
    try:
        there = sorted(each.name for each in path.iterdir())
    except PermissionError:
        raise ownership.no_access(path) from None
    for name in there:
        if name not in {DATABASE, KEYS, MANIFEST}:
            raise BackupMixed(name=path.name, file=name)
    for name in (DATABASE, KEYS):
        told = manifest.files.get(name)
        if told is None or _written(path / name, told.size) != told:
            raise BackupDamaged(name=path.name, file=name)
    return manifest


def _written(path: Path, size: int) -> Written | None:
    """Return what a file is; None if it is none of this size, or the disk does not give it."""
    try:
        return file_digest(path, size)
    except PermissionError:
        raise ownership.no_access(path) from None
    except OSError:
        return None


@contextmanager
def _opened(path: Path, manifest: Manifest, key: bytes | None) -> Iterator[engine.Database]:
    manifest.refuse_newer(path)
    try:
        checks = keystore.read(path / KEYS).checks
        db = open_copy(path / DATABASE, key) if _under(key, checks) else None
    except FutureSchema:
        raise
    except StoreError:
        raise BackupDamaged(name=path.name, file=DATABASE) from None
    if db is None:
        raise BackupOtherKey(name=path.name)
    try:
        yield db
    except (DamagedStore, StoreFault):
        raise BackupDamaged(name=path.name, file=DATABASE) from None
    finally:
        db.close()


def _under(key: bytes | None, checks: tuple[str, ...]) -> bool:
    return key is not None and keyslots.digest(key) in checks
