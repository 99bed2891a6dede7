"""Backups: a whole store in a folder of its own, read back before it gets its name.

The database is copied while others go on writing, under the same data key; the key file goes with
it, so a backup opens with a passphrase or the recovery code of its day. Nothing in
the folder can be read without one of them but the manifest, which tells nothing of a client.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stepping.care.deadlines import helsinki_day
from store import engine, schema
from store.errors import (
    BackupDamaged,
    BackupFailed,
    BackupMissing,
    DamagedStore,
    FolderMissing,
    FutureBackup,
    KeysMissing,
    NoAccess,
)
from store.log import audit
from store.places import Places, find
from store.times import Clock, stamp, utc_now
from store.upkeep import disk, owner
from store.vault import keys, slots

if TYPE_CHECKING:
    from store.repository import Store

DATABASE, KEYS, MANIFEST = "porras.db", "porras.keys", "manifest.json"
"""The files of a backup."""

KEEP = 14
"""How many of the newest backups are kept."""

LAST = "backup.last"
"""The setting of a store that tells the instant of its last good backup."""

_FORMAT: Literal["porras-backup"] = "porras-backup"
_VERSION: Literal[1] = 1
_MONTHLY_FOR = timedelta(days=366)
_CUT_SHORT_AFTER = timedelta(days=1)
_TIME = r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ"
_NAME = re.compile(rf"porras-{_TIME}(-\d+)?")
_LEFT_BEHIND = re.compile(rf"\.porras-(?:.+-)?({_TIME})(?:-\d+)?\.(?:part-.+|removed)")
_CHUNK = 1 << 20
_UNREADABLE = (BackupMissing, BackupDamaged, NoAccess, FutureBackup)
"""Why a folder may not be told to be a backup of ours; it is let alone then."""


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


class Backup(NamedTuple):
    """A finished backup, and what its maker should know of the place."""

    folder: Path
    manifest: Manifest
    removed: tuple[str, ...]
    """Names of older backups whose time was over."""
    network: str | None
    """The kind of network drive that it lies on, if any."""
    same_disk: bool
    """Whether it would be lost together with the store's own disk."""
    private: bool
    """Whether the disk keeps it from others; the database in it is encrypted all the same."""


class Survey(NamedTuple):
    """What was found in an open database, in numbers and digests."""

    schema_version: int
    history: str
    head: tuple[int, str]
    first_bad: int | None
    rows: dict[str, int]


def backup(
    store: Store, places: Places, folder: Path, keep: int = KEEP, *, create: bool = True
) -> Backup:
    """Make a backup in a folder of its own in `folder`, and remove those whose time is over.

    Others may write meanwhile: the backup holds the store as of one instant. It gets its name only
    when it has been read back whole. The newest `keep` (at least 1) stay, and the first of each
    month for a year. A backup whose history does not hold is kept, but nothing is removed then.
    Without `create` the folder must stand, or FolderMissing: where a stick is not plugged in, its
    folder would be made on the computer's own disk. Raises DamagedStore if a page of the store
    cannot be read, BackupFailed, DiskFull or ReadOnlyStore.
    """
    store.need("upkeep")
    made = store._now()
    with engine.domain_errors(folder, writing=True):
        if not create and not owner.stands(folder):
            raise FolderMissing(path=str(folder))
        disk.private_folder(folder, beside=places.database if folder == usual(places) else None)
        _sweep(folder, made)
        finished, manifest = _make(store.db, places.keys, folder, f"porras-{_in_name(made)}", made)
        # By a clock that jumped ahead, the time of every older backup would be over.
        sound = manifest.first_bad is None and store.clock_doubt is None
        removed = _rotate(store.db, finished, manifest, keep) if sound else ()
        same_disk = folder.stat().st_dev == places.database.parent.stat().st_dev
    with store._write():
        store._log("backup.made", finished.name, file_digest(finished / MANIFEST).sha256)
        store._set({"key": LAST, "value": made})
    network, private = disk.network_drive(folder), disk.keeps_rights(finished)
    return Backup(finished, manifest, removed, network, same_disk, private)


def usual(places: Places) -> Path:
    """Where backups go that were not asked to go elsewhere: beside the database."""
    return places.database.parent / "backups"


def due(store: Store, today: date, after: int = 1) -> int | None:
    """The days since the last good backup, or since the store was made if there is none.

    None if that is less than `after` days, or if the store is for training.
    """
    if store.training:
        return None
    last = _day_of(store.setting(LAST) or _first_event(store))
    if last > today + timedelta(days=1):  # it was dated by a clock that was ahead: it says nothing
        last = min(_day_of(_first_event(store)), today - timedelta(days=after))
    days = (today - last).days
    return days if days >= after else None


def ever_made(store: Store) -> bool:
    """Whether there has ever been a good backup of this store, asked for by somebody."""
    return store.setting(LAST) is not None


def before_migration(db: engine.Database, clock: Clock = utc_now) -> Path | None:
    """Back a store up before its schema is brought up to date; None if there is nothing to do.

    The backup lies in `backups` beside the database and is never removed by the program. One that
    was made of the very same events by a program that was then cut short is used again. The
    training store has nothing to lose.
    """
    version = _pragma(db, "user_version")
    if db.key is None or version in {0, schema.newest()}:
        return None
    places = find(db.path)
    folder = usual(places)
    stem = f"porras-before-schema-{schema.newest()}-"
    with engine.domain_errors(folder, writing=True):
        disk.private_folder(folder, beside=db.path)
        for old in sorted(folder.glob(f"{stem}*")):
            with contextlib.suppress(*_UNREADABLE):
                manifest = read_manifest(old)
                if (manifest.head_seq, manifest.head_hash) == audit.head(db):
                    return old
        made = stamp(clock())
        name = f"{stem}{_in_name(made)}"
        return _make(db, places.keys, folder, name, made, migration=True)[0]


def newest(folder: Path) -> Path:
    """The backup in a folder that holds the most events; the folder itself if it is a backup.

    Raises FolderMissing if it does not stand, BackupMissing if there is none, and what
    `read_manifest` raises for one that has a later name than all that can be read: an older backup
    never passes for the newest.
    """
    if not owner.stands(folder):
        raise FolderMissing(path=str(folder))
    if owner.stands(folder / MANIFEST):
        return folder
    found = [(manifest.head_seq, manifest.made, path) for path, manifest in _finished(folder)]
    last = max((path.name for _, _, path in found), default="")
    for path in _named(folder):
        if path.name > last:
            with contextlib.suppress(BackupMissing):
                read_manifest(path)
    if not found:
        raise BackupMissing(path=str(folder))
    return max(found)[2]


def later_and_apart(chosen: Path, db: engine.Database) -> str | None:
    """The name of a backup beside `chosen` that was made later and holds what that one does not.

    `db` is the database of `chosen`. Both are of one store, which was put back to an older backup
    between them: the events that were set aside then may be more than those recorded since, so
    that their number does not tell.
    """
    of = read_manifest(chosen)
    apart = [
        path.name
        for path, manifest in _finished(chosen.parent)
        if manifest.history == of.history and manifest.made > of.made and not holds(db, manifest)
    ]
    return max(apart, default=None)


def holds(db: engine.Database, manifest: Manifest) -> bool:
    """Whether a database has every event of a backup."""
    with engine.reading(db):
        row = db.execute("SELECT hash FROM audit WHERE seq = ?", (manifest.head_seq,)).fetchone()
    return row is not None and row[0] == manifest.head_hash


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
            schema_version=_pragma(db, "user_version"),
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


def discard(folder: Path) -> None:
    """Remove a folder of the program's own and the files that it laid there; others stay."""
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        if path.name == MANIFEST or path.name.startswith((DATABASE, KEYS)):
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


# Making one


def _make(
    db: engine.Database,
    key_file: Path,
    folder: Path,
    name: str,
    made: str,
    *,
    migration: bool = False,
) -> tuple[Path, Manifest]:
    """A finished backup: made under another name, read back, and then named."""
    # The engine works on local disks only; what goes to a network drive is carried there whole.
    workshop = db.path.parent if disk.network_drive(folder) else folder
    # A copy can come out whole although a page is damaged that it did not need.
    if engine.faults(db):
        raise DamagedStore(path=str(db.path))
    part = _part(workshop, name)
    try:
        _snapshot(db, part / DATABASE)
        if db.key is not None:
            _copy_keys(key_file, part / KEYS, db.key)
        manifest = _manifest(part, _proven(part, db.key), made, migration=migration)
        disk.write_whole(part / MANIFEST, _text(manifest), replace=False)
        if workshop != folder:
            carried = _carry(part, _part(folder, name))
            discard(part)
            part = carried
        _read_back(part, manifest)
        return _give_name(part, folder / name), manifest
    finally:
        discard(part)


def _part(folder: Path, name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{name}.part-", dir=folder))


def _snapshot(source: engine.Database, copy: Path) -> None:
    """The database as of this instant, under its own key and without a log beside it."""
    copy.touch(mode=0o600)
    try:
        with engine.domain_errors(copy.parent, writing=True):
            source.conn.execute("VACUUM INTO ?", (engine.uri(copy),))
    except DamagedStore:
        raise DamagedStore(path=str(source.path)) from None
    with copy.open("rb+") as file:
        os.fsync(file.fileno())


def _copy_keys(place: Path, copy: Path, key: bytes) -> None:
    try:
        copy_file(place, copy)
    except FileNotFoundError:
        raise KeysMissing(path=str(place)) from None
    # The data key may be changed just now: a database without its own key is no backup.
    if slots.digest(key) not in keys.read(copy).checks:
        raise BackupFailed(path=str(copy.parent.parent))


def _proven(part: Path, key: bytes | None) -> Survey:
    db = open_copy(part / DATABASE, key)
    try:
        return survey(db)
    except DamagedStore:
        raise BackupFailed(path=str(part.parent)) from None
    finally:
        db.close()


def _manifest(part: Path, found: Survey, made: str, *, migration: bool) -> Manifest:
    return Manifest(
        reason="before migration" if migration else "asked",
        made=made,
        app=_app_version(),
        engine=engine.engine_version(),
        schema_version=found.schema_version,
        history=found.history,
        head_seq=found.head[0],
        head_hash=found.head[1],
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
    disk.sync_folder(part)


def _give_name(part: Path, wanted: Path) -> Path:
    """Name a finished backup; one of the same second that stands already is left alone."""
    for number in range(1, 100):
        path = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        # A folder may take the place of an empty one only, and nobody else makes such names.
        if not path.exists():
            for made in (*part.iterdir(), part):
                owner.belong(made, path.parent)
            part.rename(path)
            disk.sync_folder(path.parent)
            return path
    raise BackupFailed(path=str(wanted.parent))


# Those that are there


def _finished(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    """The backups in a folder that were asked for, as far as their manifests can be read."""
    for path in _named(folder):
        with contextlib.suppress(*_UNREADABLE):
            yield path, read_manifest(path)


def _named(folder: Path) -> Iterator[Path]:
    """What bears the name of a backup that was asked for."""
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except PermissionError:
        raise owner.no_access(folder) from None
    for path in found:
        if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            yield path


def _rotate(db: engine.Database, fresh: Path, manifest: Manifest, keep: int) -> tuple[str, ...]:
    """Remove the backups of this store whose time is over; never the one just made."""
    mine = [each for each in _finished(fresh.parent) if each[1].history == manifest.history]
    # Events tell what is newer; a clock that was set back does not. Those that a restore has set
    # aside are older than all of the store's own, however many they are.
    mine.sort(key=lambda m: (holds(db, m[1]), m[1].head_seq, m[1].made), reverse=True)
    kept = {fresh, *(path for path, _ in mine[: max(keep, 1)]), *_first_of_months(mine, manifest)}
    over = [path for path, _ in mine if path not in kept]
    for path in over:
        gone = path.with_name(f".{path.name}.removed")
        path.rename(gone)  # so that no half of a backup ever bears the name of one
        discard(gone)
    return tuple(path.name for path in over)


def _first_of_months(mine: Iterable[tuple[Path, Manifest]], fresh: Manifest) -> set[Path]:
    earliest = datetime.fromisoformat(fresh.made) - _MONTHLY_FOR
    firsts: dict[str, tuple[str, Path]] = {}
    for path, manifest in mine:
        if datetime.fromisoformat(manifest.made) >= earliest:
            month, each = manifest.made[:7], (manifest.made, path)
            firsts[month] = min(firsts.get(month, each), each)
    return {path for _, path in firsts.values()}


def _sweep(folder: Path, now: str) -> None:
    """Remove what programs that were cut short left behind, once none of them can still run."""
    for path in list(folder.iterdir()):
        left = _LEFT_BEHIND.fullmatch(path.name)
        if (
            left
            and path.is_dir()
            and _instant(left[1]) + _CUT_SHORT_AFTER < _instant(_in_name(now))
        ):
            discard(path)


# Small change


def _pragma(db: engine.Database, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _history(db: engine.Database) -> str:
    row = db.execute("SELECT hash FROM audit WHERE seq = 1").fetchone()
    return str(row[0]) if row else audit.START


def _day_of(instant: str) -> date:
    return helsinki_day(datetime.fromisoformat(instant))


def _first_event(store: Store) -> str:
    with store._read():
        row = store._row("SELECT at FROM audit ORDER BY seq LIMIT 1")
    return str(row["at"]) if row else store._now()


def _in_name(instant: str) -> str:
    """An instant as it stands in a name, without what some file systems do not take."""
    return instant[: len("2026-11-22T08:30:05")].replace(":", "-") + "Z"


def _instant(in_name: str) -> datetime:
    return datetime.strptime(in_name, "%Y-%m-%dT%H-%M-%S%z")


def _app_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("porras")
    except PackageNotFoundError:
        return "unknown"
