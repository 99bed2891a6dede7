"""The database engine: a connection through the driver, and what it is built with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import quote

import sqlite_utils
from sqlcipher3 import dbapi2 as driver

from store.database import damage_mark, engine_errors
from store.errors import DamagedStore, FailingDisk, NameTooLong, StoreError

BUSY_SECONDS = 10.0
"""How long a write waits for another program's lock; the engine's own queue is not fair."""

_LONGEST_PATH = 500
"""Bytes that a path may have, the engine's own files beside it included; it takes 512."""


class Schema(NamedTuple):
    """What a file says of itself: which program's it is and for what, and the version of it."""

    application_id: int
    version: int


class Guard(Protocol):
    """What stands guard over a database while a program works with it; see `guard.InUse`."""

    trouble: Literal["missing", "damaged"] | None
    unwritten: StoreError | None
    barred: StoreError | None

    def begin(self) -> None:
        """Make the first record of a store."""

    def admit(self) -> None:
        """Refuse a database that has lost its name."""

    def acknowledge(self, newest: tuple[int, str] | None) -> None:
        """Make sure of a transaction that is on the disk."""

    def leave_open(self) -> bool:
        """Return whether the database must not be closed."""


class Database(sqlite_utils.Database):
    """An open store file, whose outermost transactions take the write lock at once.

    A transaction that begins by reading and writes later fails at once if another program has
    written meanwhile; one that takes the lock first waits for its turn.
    """

    path: Path
    known_schema = sys.maxsize
    """The newest schema that this program knows: nothing is done to a file that has a newer one."""
    key: bytes | None
    """The data key, for what makes another file under the same key, such as a backup."""
    verdict: StoreError | None = None
    """Why nothing more is read or written here: a damaged page, or a disk that fails."""
    merges = False
    """Whether this connection brings the log into the file; one that only looks does not."""
    leaves_mark = True
    """Whether a bad page is noted beside the file, so that the next opening checks all of them."""
    reserve_open = False
    """Whether the room that was kept aside has been given up and is to be laid aside again."""
    in_use: Guard | None = None
    """What stands guard over it, where the store is in use."""
    newest: tuple[int, str] | None = None
    """Number and hash of the newest event that the open transaction has added."""
    bystander: Callable[[], Any]
    """Opens a second connection to the same file, which may only read."""

    @property
    def damaged(self) -> bool:
        """Whether the file was condemned; from then on nothing is written, on closing neither."""
        return self.verdict is not None

    def condemn(self, verdict: StoreError) -> None:
        """Write nothing from here on, and have every page checked when the file is next opened.

        The first verdict stands; whoever asks for anything later is given it again.
        """
        self.verdict = self.verdict or verdict
        if self.leaves_mark:
            damage_mark.leave(self.path, verdict)

    def close(self) -> None:
        """Close the file; a damaged one is left as it is."""
        if self.in_use and self.in_use.leave_open():
            return
        if self.merges and not self.damaged:
            self.merge_log(1)
        if not self.damaged:
            super().close()
            return
        # The last connection that may write brings the log into the file when it closes. While
        # one that may only read is there, neither is the last.
        with suppress(driver.Error), closing(self.bystander()) as other:
            with suppress(driver.Error):
                other.execute("PRAGMA user_version").fetchone()
            super().close()
            return
        super().close()

    @contextmanager
    def atomic(self) -> Generator[sqlite_utils.Database, None, None]:
        """Give a transaction that is durable when the block ends; nested blocks are savepoints."""
        if self.conn.in_transaction:
            with super().atomic():
                yield self
            return
        self.conn.execute("BEGIN IMMEDIATE")
        self.newest = None
        try:
            yield self
            self.conn.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        if self.in_use:
            self.in_use.acknowledge(self.newest)

    def add_row(self, table: str, row: Mapping[str, Any]) -> None:
        """Write one row, without asking the file first which tables and columns there are."""
        columns = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(f":{name}" for name in row)
        self.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', dict(row))

    def get_setting(self, key: str) -> str | None:
        """Return the value of a setting; None if there is none."""
        row = self.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def put_setting(self, row: dict[str, str]) -> None:
        """Keep one setting, `key` and `value`; whoever does so logs it."""
        self.execute(
            "INSERT INTO settings (key, value) VALUES (:key, :value)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            row,
        )

    def merge_log(self, frames: int) -> None:
        """Bring the log into the file once it has so many frames, as far as no reader needs it.

        What was recorded is on the disk either way, so that an error stops nothing that was done; a
        disk that fails is told at the next entry. A full one leaves the log as it is.
        """
        try:
            if self.conn.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1] >= frames:
                self.conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except driver.Error as error:
            verdict = engine_errors.translate(error, self.path)
            if isinstance(verdict, DamagedStore | FailingDisk):
                self.condemn(verdict)


def rows(
    db: sqlite_utils.Database, sql: str, values: Sequence[Any] | dict[str, Any] = ()
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a query, one by one, by the names of their columns."""
    cursor = db.execute(sql, values)
    columns = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(columns, row, strict=True))


def wrap(connection: Any, path: Path, key: bytes | None) -> Database:
    """Return a raw connection as an open store file."""
    database = Database(connection, execute_plugins=False, strict=True)
    database.path, database.key = path, key
    database.bystander = partial(dial, path, key, "ro")
    return database


def dial(path: Path, key: bytes | None, mode: str) -> Any:
    """Return a raw connection; the driver's own transactions are immediate as well."""
    connection = driver.connect(
        uri(path, mode),
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level="IMMEDIATE",
    )
    # The cipher's log goes to standard error, which is where the screen is drawn.
    connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"").fetchall()
    return connection


def pragma(connection: Any, *names: str) -> tuple[int, ...]:
    """Return the numbers that a file tells of itself, such as `user_version`."""
    return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)


def uri(path: Path, mode: str = "") -> str:
    """Return a path as the engine takes it, whatever bytes are in it.

    Raises:
        NameTooLong: If the engine does not take it.
    """
    name = os.fsencode(path.absolute())
    if len(name) > _LONGEST_PATH:
        raise NameTooLong(path=str(path))
    return f"file:{quote(name)}{mode and f'?mode={mode}'}"


def engine_version() -> str:
    """Return the version of the SQLite that the driver was built with, such as 3.53.4."""
    return str(driver.sqlite_version)


def cipher_library() -> str:
    """Return what the engine encrypts with, such as "OpenSSL 3.6.0 1 Oct 2025"."""
    with closing(driver.connect(":memory:")) as conn:
        conn.execute(f"PRAGMA key = \"x'{bytes(32).hex()}'\"")  # before that it tells nothing
        row = conn.execute("PRAGMA cipher_provider_version").fetchone()
    return str(row[0]) if row else ""


def sqlcipher_version() -> str:
    """Return the version of the SQLCipher around it, such as 4.19.0; empty if it tells none."""
    connection = driver.connect(":memory:")
    try:
        row = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return str(row[0]).partition(" ")[0] if row else ""


def affected_by_wal_reset(version: str) -> bool:
    """Return whether a SQLite version can lose commits when two programs write to one WAL database.

    Source: sqlite.org/wal.html#walresetbug; 3.7.0 to 3.51.2, mended also in 3.44.6 and 3.50.7.
    """
    numbers = tuple(int(part) for part in version.split("."))
    if numbers[:2] in {(3, 44), (3, 50)}:
        return numbers < ((3, 44, 6) if numbers[1] == 44 else (3, 50, 7))
    return (3, 7, 0) <= numbers < (3, 51, 3)
