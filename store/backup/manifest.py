"""What a backup is: its files, the manifest that tells of them, and what its database holds."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.audit import chain
from store.database import connections, engine, migrations, transactions
from store.errors import BackupDamaged, BackupMissing, DamagedStore, FutureBackup, FutureSchema
from store.file_names import BACKUP_FORMAT, MANIFEST
from store.files import drives, durable, in_use, ownership, regular_files

_VERSION: Literal[2] = 2
_CHUNK = 1 << 20
_LARGEST = 1 << 20
"""Bytes that a manifest may have: an hour's restores for years make it no longer."""
_SPARE_ROOM = 4 << 20
"""Free bytes that no copy takes, so that a forged size fills no disk."""

_MOST = 2**63 - 1
"""The largest number that the engine counts to."""
_HASH, _INSTANT = "^[0-9a-f]{64}$", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
_Count = Annotated[int, Field(ge=0, le=_MOST)]
_Name = Annotated[str, Field(max_length=100)]

Event = tuple[int, str]
"""An event of the log: its number and its hash."""


class Written(BaseModel):
    """One file of a backup as it was written; `size` in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = Field(pattern=_HASH)
    size: _Count


class Restoring(BaseModel):
    """The event of a restore: with it a branch of the history begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int = Field(ge=1, le=_MOST)
    hash: str = Field(pattern=_HASH)
    at: str = Field(pattern=_INSTANT)


class Manifest(BaseModel):
    """What a backup holds, in numbers and digests; nothing of a client.

    Version 1 did not tell the ancestry.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["porras-backup"] = BACKUP_FORMAT
    version: Literal[1, 2] = _VERSION
    reason: Literal["asked", "before migration"]
    made: str = Field(pattern=_INSTANT)
    """The instant, UTC."""
    app: _Name
    engine: _Name
    schema_version: _Count
    history: str = Field(pattern=_HASH)
    """Hash of the first event: the same in all backups of one store, and in no other's."""
    head_seq: _Count
    head_hash: str = Field(pattern=_HASH)
    ancestry: tuple[Restoring, ...] | None = None
    """Every restore that this history has gone through, the oldest first; None if not told."""
    first_bad: _Count | None
    """The first event that did not hold when the backup was made; None if all did."""
    rows: dict[_Name, _Count]
    files: dict[_Name, Written]

    @property
    def head(self) -> Event:
        """The newest event."""
        return self.head_seq, self.head_hash

    def tells_of(self, found: Lineage) -> bool:
        """Return whether a database has the history that this says, as far as this says."""
        alike = (self.history, self.head) == (found.history, found.head)
        return alike and self.ancestry in {None, found.ancestry}

    def fits(self, found: Survey) -> bool:
        """Return whether a database is what this says of it."""
        alike = (self.first_bad, self.rows) == (found.first_bad, found.rows)
        return alike and self.tells_of(found.lineage)

    def refuse_newer(self, folder: Path) -> None:
        """Refuse the backup in a folder if its tables are of a newer program.

        Raises:
            FutureSchema: If they are.
        """
        found, known = self.schema_version, migrations.newest()
        if found > known:
            raise FutureSchema(path=str(folder), found=found, known=known)

    @property
    def branch(self) -> str:
        """What tells the branches of a store apart: its last restore, else its first event."""
        return self.ancestry[-1].hash if self.ancestry else self.history


class Lineage(NamedTuple):
    """Which history a database has, and how far it goes."""

    history: str
    head: Event
    at: str
    """The instant of the newest event; empty if there is none."""
    ancestry: tuple[Restoring, ...]

    @property
    def branch(self) -> str:
        """What tells the branches of a store apart: its last restore, else its first event."""
        return self.ancestry[-1].hash if self.ancestry else self.history


class Survey(NamedTuple):
    """What was found in an open database, in numbers and digests."""

    lineage: Lineage
    schema_version: int
    first_bad: int | None
    rows: dict[str, int]


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        BackupMissing: If there is none.
        NoAccess: If this user may not read it.
        FutureBackup: If a newer program has written it.
        BackupDamaged: If it is no manifest.
    """
    content = b""
    try:
        content = regular_files.read(folder / MANIFEST, _LARGEST, links=False)
        return Manifest.model_validate_json(content)
    except (FileNotFoundError, NotADirectoryError):
        raise BackupMissing(path=str(folder)) from None
    except PermissionError:
        raise ownership.no_access(folder / MANIFEST) from None
    except (OSError, ValidationError):
        if _is_newer(content):
            raise FutureBackup(path=str(folder)) from None
        raise BackupDamaged(name=folder.name, file=MANIFEST) from None


def _is_newer(content: bytes) -> bool:
    """Return whether what cannot be read names a later version than this program writes."""
    try:
        told = json.loads(content)
        return bool(told["format"] == BACKUP_FORMAT and told["version"] > _VERSION)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def survey(db: engine.Database) -> Survey:
    """Read every page and every event of an open database.

    Raises:
        DamagedStore: If the engine objects to a page.
    """
    if transactions.faults(db):
        raise DamagedStore(path=str(db.path))
    with transactions.reading(db):
        return Survey(
            lineage=_read_lineage(db),
            schema_version=engine.pragma(db, "user_version")[0],
            first_bad=chain.first_bad(db),
            rows={name: db.table(name).count for name in sorted(db.table_names())},
        )


def read_lineage(db: engine.Database) -> Lineage:
    """Return which history an open database has, without reading all of it."""
    with transactions.reading(db):
        return _read_lineage(db)


def _read_lineage(db: engine.Database) -> Lineage:
    first = db.execute("SELECT hash FROM audit WHERE seq = 1").fetchone()
    last = db.execute("SELECT at FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    restores = db.execute(
        "SELECT seq, hash, at FROM audit WHERE event = 'store.restored' ORDER BY seq"
    )
    return Lineage(
        history=str(first[0]) if first else chain.START,
        head=chain.head(db),
        at=str(last[0]) if last else "",
        ancestry=tuple(Restoring(seq=seq, hash=hash_, at=at) for seq, hash_, at in restores),
    )


def open_copy(path: Path, key: bytes | None) -> engine.Database:
    """Open the database of a copy only to read it; the errors of `connections.connect_to_read`."""
    db = connections.connect_to_read(path, key, migrations.schema(training=key is None))
    # With a mark among its files a backup would be none any more, after one bad moment of a stick.
    db.leaves_mark = False
    return db


def file_digest(path: Path, most: int | None = None) -> Written:
    """Return digest and size of a file, which is no link.

    Raises:
        TooLarge: If it has more than `most` bytes, of which not one is read.
        OSError: If the disk refuses.
    """
    digest, size = hashlib.sha256(), 0
    with _bounded(path, most) as file:
        for chunk in _chunks(file, path):
            digest.update(chunk)
            size = _within(size + len(chunk), most, path)
    return Written(sha256=digest.hexdigest(), size=size)


def copy_file(source: Path, target: Path, most: int | None = None) -> Written:
    """Copy a file for its owner alone, durably, and return what was written.

    Raises:
        TooLarge: If it has more than `most` bytes.
        OSError: If there is no room, or the disk refuses; no half is left then.
    """
    digest, size = hashlib.sha256(), 0
    with _bounded(source, most) as old:
        if drives.free_bytes(target) < os.fstat(old.fileno()).st_size + _SPARE_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        durable.new_named(target)
        try:
            with target.open("wb") as new:
                for chunk in _chunks(old, source):
                    new.write(chunk)
                    digest.update(chunk)
                    size = _within(size + len(chunk), most, source)
                new.flush()
                os.fsync(new.fileno())
        except BaseException:
            in_use.remove(target)
            raise
    return Written(sha256=digest.hexdigest(), size=size)


@contextmanager
def _bounded(path: Path, most: int | None) -> Iterator[BinaryIO]:
    with regular_files.open_regular(path, links=False) as file:
        _within(os.fstat(file.fileno()).st_size, most, path)
        yield file


def _chunks(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """Yield the content of a file; an error of its disk names it, and blames no other disk."""
    while True:
        try:
            chunk = file.read(_CHUNK)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error
        if not chunk:
            return
        yield chunk


def _within(size: int, most: int | None, path: Path) -> int:
    if most is not None and size > most:
        raise regular_files.TooLarge(errno.EINVAL, f"is larger than {most} bytes", str(path))
    return size
