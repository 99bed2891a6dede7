"""Looking at a file before it is opened, so that not a byte of it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2 as driver

from store.database import engine, engine_errors, wal_check
from store.errors import DamagedStore, FailingDisk, ForeignFile, FutureSchema, StoreMissing
from store.files import regular_files
from store.paths import real

Answer = TypeVar("Answer")

_PLAIN_HEADER = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm", "-journal")
"""How the names of the files end that the engine opens beside a database."""


def inspect(path: Path, key: bytes | None, schema: engine.Schema) -> None:
    """Refuse a file that is not ours, and leave it and its folder as they are.

    Raises:
        StoreMissing: If there is none.
        ForeignFile: If it is not this program's, or under another key.
        FutureSchema: If a newer program has written it.
        DamagedStore: If a page cannot be read; DamagedLog if its log lacks entries.
        NoAccess: If this user may not read it.
    """
    # The engine keeps the log of a linked database beside the file itself, not beside the link.
    path = real(path)
    with engine_errors.translated(path):
        for end in ("", *_BESIDE):  # a pipe in the place of one would be waited for, for ever
            regular_files.refuse_else(path.with_name(path.name + end))
        _look_at_header(path, key)
        log = wal_check.read_log(path)
        found_id, found_schema, believed = _marks(path, key)
        wal_check.refuse_if_cut(log, path, believed, lambda: _marks(path, key)[2])
    if found_id != schema.application_id:
        raise ForeignFile(path=str(path))
    if found_schema > schema.version:
        raise FutureSchema(path=str(path), found=found_schema, known=schema.version)


def ask(path: Path, key: bytes | None, question: Callable[[Any], Answer]) -> Answer:
    """Return what a connection to a file answers, by which neither file nor folder changes."""
    connection = engine.dial(path, key, "rw" if _cut_short(path) else harmless_mode(path))
    try:
        return question(connection)
    finally:
        connection.close()


def harmless_mode(path: Path) -> str:
    """Return the mode in which a look at a file leaves the file and its folder as they are."""
    # With a log beside it, a connection that may write would bring the file up to date on closing;
    # without one, a connection that may not write would leave an empty log behind.
    in_use = any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    return "ro" if in_use else "rw"


def _look_at_header(path: Path, key: bytes | None) -> None:
    try:
        with regular_files.open_regular(path) as file:
            header = file.read(len(_PLAIN_HEADER))
    except FileNotFoundError:
        raise StoreMissing(path=str(path)) from None
    if not header:
        raise DamagedStore(path=str(path))
    if (header == _PLAIN_HEADER) == (key is not None):
        raise ForeignFile(path=str(path))


def _marks(path: Path, key: bytes | None) -> tuple[int, ...]:
    """Application id and schema version of a file, and how many frames of its log count."""

    def marks(connection: Any) -> tuple[int, ...]:
        # The first two wait for a program that brings the log in order after a crash; the last
        # does not, and answers -1 if another one begins with that just now.
        found = engine.pragma(connection, "application_id", "user_version")
        return *found, connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1]

    try:
        return ask(path, key, marks)
    except driver.DatabaseError as error:
        if engine_errors.code_of(error) == "SQLITE_NOTADB":
            # The cipher takes a first page that the disk does not give for a foreign one.
            kind = ForeignFile if engine_errors.gives_all(path) else FailingDisk
            raise kind(path=str(path)) from error
        raise


def _cut_short(path: Path) -> bool:
    """Return whether a change was cut short that only a connection which may write can take back.

    Taking it back puts whole pages in place as they were; a wrong key does no harm in it.
    """
    try:
        with regular_files.open_regular(path.with_name(path.name + "-journal")) as journal:
            return journal.read(1) not in {b"", b"\0"}
    except OSError:
        return False
