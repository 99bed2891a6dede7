"""A backup is made under another name, read back, and only then named."""

from __future__ import annotations

import os
from pathlib import Path

from store.audit import origin
from store.backup import rotation
from store.backup.manifest import (
    Manifest,
    Survey,
    copy_file,
    file_digest,
    open_copy,
    read_manifest,
    survey,
)
from store.database import engine, engine_errors, transactions
from store.errors import BackupFailed, DamagedStore, KeysMissing
from store.file_names import DATABASE, KEYS, MANIFEST
from store.files import drives, durable, in_use, ownership, removal
from store.keys import keyslots, keystore


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
    return durable.new_folder(folder, f".{name}.part-")


def _snapshot(source: engine.Database, copy: Path) -> None:
    """Copy the database as of this instant, under its own key and without a log beside it."""
    durable.new_named(copy)
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
        if ownership.stands(place):  # then it is the folder of the copy that is gone
            raise
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
            in_use.rename(part, path)
            durable.sync_folder(path.parent)
            return path
    raise BackupFailed(path=str(wanted.parent))
