"""Opening the file of a store: to work with it, to read it only, or to salvage what it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlcipher3 import dbapi2 as driver

from store.database import damage_mark, engine, engine_errors, inspection, reserve, transactions
from store.errors import AffectedEngine, DiskFull, FailingDisk, NetworkFileSystem, StoreExists
from store.files import drives, ownership
from store.paths import real

Check = Callable[[Any], None]
"""Is handed a connection that changes nothing, and refuses what it does not like."""


def connect(
    path: Path,
    key: bytes | None,
    schema: engine.Schema,
    *,
    create: bool = False,
    check: Check | None = None,
) -> engine.Database:
    """Open a store file; `key` is the data key of 32 bytes, or None for a plain file.

    With `create` the file must be empty or missing. Otherwise its application id must be that of
    `schema`, and its version not above that; a file that does not fit is refused before anything is
    written, and so is one that `check` refuses, which is handed a connection that changes nothing.

    Raises:
        StoreExists: If the file to be created is not empty.
        StoreMissing: Or ForeignFile, FutureSchema, DamagedStore, DamagedLog.
        ReadOnlyStore: If this user or this disk takes no writes; StoreBusy, DiskFull.
        AffectedEngine: If the engine may lose entries; NetworkFileSystem.
    """
    if engine.affected_by_wal_reset(engine.engine_version()):
        raise AffectedEngine(version=engine.engine_version())
    path = real(path)
    if kind := drives.network_drive(path):
        raise NetworkFileSystem(path=str(path), kind=kind)
    if create:
        if path.exists() and path.stat().st_size:
            raise StoreExists(path=str(path))
        with engine_errors.translated(path):
            database = _open(path, key, schema.application_id, create=True)
        database.known_schema = schema.version
        return database
    try:
        database = _open_standing(path, key, schema, check)
    except FailingDisk as error:
        damage_mark.leave(path, error)
        raise
    except DiskFull:
        # Even reading needs a little room: for the index of the log.
        if not reserve.release(path):
            raise
        database = _open_standing(path, key, schema, check)
    if key is not None:
        reserve.keep(path)
    return database


def companion(database: engine.Database) -> engine.Database:
    """Return a second connection to an open store that may only read; no other thread may use it.

    It looks at nothing first, and waits for nobody.
    """
    with engine_errors.translated(database.path):
        connection = database.bystander()
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -512")  # KiB; it reads everything once
    other = engine.wrap(connection, database.path, database.key)
    other.known_schema = database.known_schema
    return other


def copying(database: engine.Database) -> engine.Database:
    """Return a second connection to an open store by which it is copied into another file.

    No other thread may use it. A connection that may only read cannot make the copy; this one
    writes nothing else, and does not bring the log into the file.
    """
    with engine_errors.translated(database.path):
        connection = engine.dial(database.path, database.key, "rw")
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
    other = engine.wrap(connection, database.path, database.key)
    other.known_schema = database.known_schema
    return other


def connect_to_read(path: Path, key: bytes | None, schema: engine.Schema) -> engine.Database:
    """Open a store file so that not a byte of it changes, not even on closing.

    For a file that may be damaged.
    """
    path = real(path)
    inspection.inspect(path, key, schema)
    with engine_errors.translated(path):
        connection = engine.dial(path, key, inspection.harmless_mode(path))
        connection.execute("PRAGMA query_only = ON")
    database = engine.wrap(connection, path, key)
    database.known_schema = schema.version
    return database


def in_memory() -> sqlite_utils.Database:
    """Return an empty database that lies on no disk."""
    return sqlite_utils.Database(driver.connect(":memory:"), execute_plugins=False, strict=True)


def connect_to_salvage(copy: Path, key: bytes | None) -> engine.Database:
    """Open the copy of a damaged file, whatever is wrong with it; nothing is checked first."""
    with engine_errors.translated(copy):
        return engine.wrap(engine.dial(copy, key, "rw"), copy, key)


def _open_standing(
    path: Path, key: bytes | None, schema: engine.Schema, check: Check | None
) -> engine.Database:
    inspection.inspect(path, key, schema)
    with engine_errors.translated(path):
        if check:
            inspection.ask(path, key, check)
        ownership.refuse_stranger(path)
        database = _open(path, key, schema.application_id, create=False)
    database.known_schema = schema.version
    try:
        transactions.check_if_marked(database)
    except BaseException:
        database.close()
        raise
    return database


def _open(path: Path, key: bytes | None, application_id: int, *, create: bool) -> engine.Database:
    connection = engine.dial(path, key, "rwc" if create else "rw")
    try:
        for setting in (
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {setting}")
        if create:
            connection.execute(f"PRAGMA application_id = {application_id:d}")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = FULL")
        # The engine would tell nobody of a disk that fails while it brings the log into the file.
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
        database = engine.wrap(connection, path, key)
    except BaseException:
        connection.close()
        raise
    database.merges = True
    return database
