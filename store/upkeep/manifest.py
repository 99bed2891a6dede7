"""What a backup is: its files, the manifest that tells of them, and what its database holds."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store import engine, schema
from store.errors import BackupDamaged, BackupMissing, DamagedStore, FutureBackup
from store.log import audit
from store.upkeep import owner

DATABASE, KEYS, MANIFEST = "porras.db", "porras.keys", "manifest.json"
"""The files of a backup."""

_FORMAT: Literal["porras-backup"] = "porras-backup"
_VERSION: Literal[1] = 1
_CHUNK = 1 << 20


class Written(BaseModel):
    """One file of a backup as it was written; `size` in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = Field(pattern="[0-9a-f]{64}")
    size: int = Field(ge=0)


class Manifest(BaseModel):
    """What a backup holds, in numbers and digests; nothing of a client."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["porras-backup"] = _FORMAT
    version: Literal[1] = _VERSION
    reason: Literal["asked", "before migration"]
    made: str = Field(pattern=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    """The instant, UTC."""
    app: str
    engine: str
    schema_version: int
    history: str
    """Hash of the first event: the same in all backups of one store, and in no other's."""
    head_seq: int
    head_hash: str
    first_bad: int | None
    """The first event that did not hold when the backup was made; None if all did."""
    rows: dict[str, int]
    files: dict[str, Written]


class Survey(NamedTuple):
    """What was found in an open database, in numbers and digests."""

    schema_version: int
    history: str
    head: tuple[int, str]
    first_bad: int | None
    rows: dict[str, int]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup.

    Raises BackupMissing if there is none, NoAccess if this user may not read it, FutureBackup if a
    newer program has written it, BackupDamaged if it is no such.
    """
    content = b""
    try:
        content = (folder / MANIFEST).read_bytes()
        return Manifest.model_validate_json(content)
    except (FileNotFoundError, NotADirectoryError):
        raise BackupMissing(path=str(folder)) from None
    except PermissionError:
        raise owner.no_access(folder / MANIFEST) from None
    except (OSError, ValidationError):
        if _is_newer(content):
            raise FutureBackup(path=str(folder)) from None
        raise BackupDamaged(name=folder.name, file=MANIFEST) from None


def _is_newer(content: bytes) -> bool:
    """Whether a manifest that cannot be read names a later version than this program writes."""
    try:
        told = json.loads(content)
        return bool(told["format"] == _FORMAT and told["version"] > _VERSION)
    except (ValueError, TypeError, KeyError):
        return False


def survey(db: engine.Database) -> Survey:
    """Read every page and every event of an open database; DamagedStore if the engine objects."""
    if engine.faults(db):
        raise DamagedStore(path=str(db.path))
    with engine.reading(db):
        return Survey(
            schema_version=pragma(db, "user_version"),
            history=_history(db),
            head=audit.head(db),
            first_bad=audit.first_bad(db),
            rows={name: db.table(name).count for name in sorted(db.table_names())},
        )


def open_copy(path: Path, key: bytes | None) -> engine.Database:
    """Open the database of a copy only to read it; the errors of `engine.connect_to_read`."""
    kind = schema.TRAINING_ID if key is None else schema.STORE_ID
    return engine.connect_to_read(path, key, kind, schema_version=schema.newest())


def file_digest(path: Path) -> Written:
    """Digest and size of a file; OSError if it cannot be read."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Written(sha256=digest, size=file.tell())


def copy_file(source: Path, target: Path) -> Written:
    """Copy a file for its owner alone, durably; what was written is returned. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    target.touch(mode=0o600, exist_ok=False)
    with source.open("rb") as old, target.open("wb") as new:
        while chunk := old.read(_CHUNK):
            new.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        new.flush()
        os.fsync(new.fileno())
    return Written(sha256=digest.hexdigest(), size=size)


def pragma(db: engine.Database, name: str) -> int:
    """The number that a database tells of itself, such as `user_version`."""
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _history(db: engine.Database) -> str:
    row = db.execute("SELECT hash FROM audit WHERE seq = 1").fetchone()
    return str(row[0]) if row else audit.START
