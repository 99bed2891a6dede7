"""The database engine: the only module that knows the driver, its pragmas and its errors."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, cast
from urllib.parse import quote

import sqlite_utils
from sqlcipher3 import dbapi2 as driver

from store.database import reserve, wal_check
from store.errors import (
    AffectedEngine,
    AppendOnly,
    ClosedAssessment,
    DamagedStore,
    DiskFull,
    FailingDisk,
    ForeignFile,
    FutureSchema,
    NameTooLong,
    NetworkFileSystem,
    NoAccess,
    ReadOnlyDisk,
    ReadOnlyStore,
    ReserveOpened,
    StaleStore,
    StopOpen,
    StoreBusy,
    StoreError,
    StoreExists,
    StoreFault,
    StoreMissing,
    UpdatedMeanwhile,
)
from store.files import disk_errors, drives, durable, ownership, regular_files
from store.paths import real

BUSY_SECONDS = 10.0
"""How long a write waits for another program's lock; the engine's own queue is not fair."""

Check = Callable[[Any], None]
"""Is handed a connection that changes nothing, and refuses what it does not like."""
Answer = TypeVar("Answer")

_PLAIN_HEADER = b"SQLite format 3\0"
_LONG_LOG = 1000
"""Frames of the log from which on it is brought into the file."""

# Names of the triggers' errors, and what they mean.
_RAISED: dict[str, type[StoreError]] = {
    "append only": AppendOnly,
    "closed": ClosedAssessment,
    "open stop": StopOpen,
}
_BY_CODE: dict[str, type[StoreError]] = {
    "SQLITE_FULL": DiskFull,
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_READONLY": ReadOnlyStore,
    "SQLITE_CANTOPEN": ReadOnlyStore,
    "SQLITE_PERM": ReadOnlyStore,
    "SQLITE_CORRUPT": DamagedStore,
    "SQLITE_NOTADB": DamagedStore,
}
_LONGEST_PATH = 500
"""Bytes that a path may have, the engine's own files beside it included; it takes 512."""


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
            suspect(self.path, verdict)

    def close(self) -> None:
        """Close the file; a damaged one is left as it is."""
        if self.in_use and self.in_use.leave_open():
            return
        if self.merges and not self.damaged:
            _merge(self, 1)
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


def engine_version() -> str:
    """Return the version of the SQLite that the driver was built with, such as 3.53.4."""
    return str(driver.sqlite_version)


def cipher_library() -> str:
    """Return what the engine encrypts with, such as "OpenSSL 3.6.0 1 Oct 2025"."""
    with closing(driver.connect(":memory:")) as conn:
        conn.execute(f"PRAGMA key = \"x'{bytes(32).hex()}'\"")  # before that it tells nothing
        row = conn.execute("PRAGMA cipher_provider_version").fetchone()
    return str(row[0]) if row else ""


def affected_by_wal_reset(version: str) -> bool:
    """Return whether a SQLite version can lose commits when two programs write to one WAL database.

    Source: sqlite.org/wal.html#walresetbug; 3.7.0 to 3.51.2, mended also in 3.44.6 and 3.50.7.
    """
    numbers = tuple(int(part) for part in version.split("."))
    if numbers[:2] in {(3, 44), (3, 50)}:
        return numbers < ((3, 44, 6) if numbers[1] == 44 else (3, 50, 7))
    return (3, 7, 0) <= numbers < (3, 51, 3)


def connect(
    path: Path,
    key: bytes | None,
    application_id: int,
    *,
    schema_version: int,
    create: bool = False,
    check: Check | None = None,
) -> Database:
    """Open a store file; `key` is the data key of 32 bytes, or None for a plain file.

    With `create` the file must be empty or missing. Otherwise it must carry the application id and
    a schema not above `schema_version`; a file that does not is refused before anything is written,
    and so is one that `check` refuses, which is handed a connection that changes nothing.

    Raises:
        StoreExists: If the file to be created is not empty.
        StoreMissing: Or ForeignFile, FutureSchema, DamagedStore, DamagedLog, as `inspect`.
        ReadOnlyStore: If this user or this disk takes no writes; StoreBusy, DiskFull.
        AffectedEngine: If the engine may lose entries; NetworkFileSystem.
    """
    if affected_by_wal_reset(engine_version()):
        raise AffectedEngine(version=engine_version())
    path = real(path)
    if kind := drives.network_drive(path):
        raise NetworkFileSystem(path=str(path), kind=kind)
    if create:
        if path.exists() and path.stat().st_size:
            raise StoreExists(path=str(path))
        with domain_errors(path):
            database = _open(path, key, application_id, create=True)
        database.known_schema = schema_version
        return database
    try:
        database = _open_standing(path, key, application_id, schema_version, check)
    except FailingDisk as error:
        suspect(path, error)
        raise
    except DiskFull:
        # Even reading needs a little room: for the index of the log.
        if not reserve.release(path):
            raise
        database = _open_standing(path, key, application_id, schema_version, check)
    if key is not None:
        reserve.keep(path)
    return database


def _open_standing(
    path: Path,
    key: bytes | None,
    application_id: int,
    schema_version: int,
    check: Check | None,
) -> Database:
    inspect(path, key, application_id, schema_version=schema_version)
    with domain_errors(path):
        if check:
            ask(path, key, check)
        ownership.refuse_stranger(path)
        database = _open(path, key, application_id, create=False)
    database.known_schema = schema_version
    try:
        _clear(database)
    except BaseException:
        database.close()
        raise
    return database


_BESIDE = ("-wal", "-shm", "-journal")
"""How the names of the files end that the engine opens beside a database."""


def suspicion_of(path: Path) -> Path:
    """Return where the mark lies that a damaged page was seen in a database."""
    return path.with_name(path.name + ".suspect")


def suspect(path: Path, verdict: StoreError) -> None:
    """Mark that something was found wrong with a database, so that the next start checks it all."""
    mark = suspicion_of(path)
    with suppress(OSError, NoAccess):
        if isinstance(verdict, StaleStore) or not mark.exists():
            durable.write_whole(mark, type(verdict).__name__.encode(), replace=True, beside=path)


def suspects_old_pages(path: Path) -> bool:
    """Return whether something was found that the check of all pages cannot put right."""
    try:
        return regular_files.read(suspicion_of(path), 100) == StaleStore.__name__.encode()
    except OSError:
        return False


def clear(path: Path) -> None:
    """Take the mark of a suspicion away."""
    with suppress(OSError):
        suspicion_of(path).unlink(missing_ok=True)


def _clear(database: Database) -> None:
    """Check every page of a file in which a damaged one was seen.

    Raises:
        DamagedStore: If it still is damaged.
    """
    suspicion = suspicion_of(database.path)
    if not suspicion.exists():
        return
    if faults(database):
        raise DamagedStore(path=str(database.path))
    if not suspects_old_pages(database.path):
        clear(database.path)


def companion(database: Database) -> Database:
    """Return a second connection to an open store that may only read; no other thread may use it.

    It looks at nothing first, and waits for nobody.
    """
    with domain_errors(database.path):
        connection = database.bystander()
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -512")  # KiB; it reads everything once
        other = Database(cast(Any, connection), execute_plugins=False, strict=True)
    other.path, other.key, other.known_schema = database.path, database.key, database.known_schema
    other.bystander = database.bystander
    return other


def connect_to_read(
    path: Path, key: bytes | None, application_id: int, *, schema_version: int
) -> Database:
    """Open a store file so that not a byte of it changes, not even on closing.

    For a file that may be damaged.

    Raises:
        StoreError: As `inspect`.
    """
    path = real(path)
    inspect(path, key, application_id, schema_version=schema_version)
    with domain_errors(path):
        connection = _dial(path, key, _harmless_mode(path))
        connection.execute("PRAGMA query_only = ON")
        database = Database(cast(Any, connection), execute_plugins=False, strict=True)
    database.path, database.key, database.known_schema = path, key, schema_version
    database.bystander = partial(_dial, path, key, "ro")
    return database


def in_memory() -> sqlite_utils.Database:
    """Return an empty database that lies on no disk."""
    return sqlite_utils.Database(driver.connect(":memory:"), execute_plugins=False, strict=True)


def connect_to_rescue(copy: Path, key: bytes | None) -> Database:
    """Open the copy of a damaged file, whatever is wrong with it; nothing is checked first."""
    with domain_errors(copy):
        connection = _dial(copy, key, "rw")
        database = Database(cast(Any, connection), execute_plugins=False, strict=True)
    database.path, database.key = copy, key
    database.bystander = partial(_dial, copy, key, "ro")
    return database


def inspect(path: Path, key: bytes | None, application_id: int, *, schema_version: int) -> None:
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
    with domain_errors(path):
        for end in ("", *_BESIDE):  # a pipe in the place of one would be waited for, for ever
            regular_files.refuse_else(path.with_name(path.name + end))
        _look_at_header(path, key)
        log = wal_check.look(path)
        found_id, found_schema, believed = _marks(path, key)
        wal_check.refuse_if_cut(log, path, believed, lambda: _marks(path, key)[2])
    if found_id != application_id:
        raise ForeignFile(path=str(path))
    if found_schema > schema_version:
        raise FutureSchema(path=str(path), found=found_schema, known=schema_version)


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


def ask(path: Path, key: bytes | None, question: Callable[[Any], Answer]) -> Answer:
    """Return what a connection to a file answers, by which neither file nor folder changes.

    Raises:
        driver.Error: If the engine refuses.
    """
    connection = _dial(path, key, "rw" if _cut_short(path) else _harmless_mode(path))
    try:
        return question(connection)
    finally:
        connection.close()


def _marks(path: Path, key: bytes | None) -> tuple[int, ...]:
    """Application id and schema version of a file, and how many frames of its log count."""

    def marks(connection: Any) -> tuple[int, ...]:
        # The first two wait for a program that brings the log in order after a crash; the last
        # does not, and answers -1 if another one begins with that just now.
        found = _pragma(connection, "application_id", "user_version")
        return *found, connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1]

    try:
        return ask(path, key, marks)
    except driver.DatabaseError as error:
        if _code(error) == "SQLITE_NOTADB":
            # The cipher takes a first page that the disk does not give for a foreign one.
            raise (ForeignFile if _gives_all(path) else FailingDisk)(path=str(path)) from error
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


def _harmless_mode(path: Path) -> str:
    """Return the mode in which a look at a file leaves the file and its folder as they are."""
    # With a log beside it, a connection that may write would bring the file up to date on closing;
    # without one, a connection that may not write would leave an empty log behind.
    in_use = any(path.with_name(path.name + end).exists() for end in ("-wal", "-journal"))
    return "ro" if in_use else "rw"


def _open(path: Path, key: bytes | None, application_id: int, *, create: bool) -> Database:
    connection = _dial(path, key, "rwc" if create else "rw")
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
        database = Database(cast(Any, connection), execute_plugins=False, strict=True)
    except BaseException:
        connection.close()
        raise
    database.path, database.key, database.merges = path, key, True
    database.bystander = partial(_dial, path, key, "ro")
    return database


def uri(path: Path, mode: str = "") -> str:
    """Return a path as the engine takes it, whatever bytes are in it.

    Raises:
        NameTooLong: If the engine does not take it.
    """
    name = os.fsencode(path.absolute())
    if len(name) > _LONGEST_PATH:
        raise NameTooLong(path=str(path))
    return f"file:{quote(name)}{mode and f'?mode={mode}'}"


def _dial(path: Path, key: bytes | None, mode: str) -> Any:
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


def _pragma(connection: Any, *names: str) -> tuple[int, ...]:
    return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)


@contextmanager
def writing(database: Database) -> Iterator[None]:
    """Give one transaction that writes: all of it is durable when the block ends, or none of it."""
    with _watched(database), database.atomic():
        _refuse_if_newer(database)
        yield
    _merge(database, _LONG_LOG)
    if database.reserve_open:
        database.reserve_open = not reserve.keep(database.path)


@contextmanager
def reading(database: Database) -> Iterator[None]:
    """Give one transaction that reads: everything in the block is seen as of the same instant."""
    with _watched(database):
        database.conn.execute("BEGIN")
        try:
            _refuse_if_newer(database)
            yield
        finally:
            database.rollback()


def _merge(database: Database, frames: int) -> None:
    """Bring the log into the file once it has so many frames, as far as no reader needs it.

    What was recorded is on the disk either way, so that an error stops nothing that was done; a
    disk that fails is told at the next deed. A full one leaves the log as it is.
    """
    try:
        if database.conn.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()[1] >= frames:
            database.conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except driver.Error as error:
        verdict = _translate(error, database.path)
        if isinstance(verdict, DamagedStore | FailingDisk):
            database.condemn(verdict)


def into_one_file(database: Database) -> None:
    """Bring all that was recorded into the file itself, so that it may be moved without its log.

    A log is merged on closing too, but of a disk that refuses nobody is told then, and what was in
    the log alone would stay behind.

    Raises:
        StoreBusy: If another program has the file open.
        DiskFull: Or FailingDisk, if the disk refuses.
    """
    with domain_errors(database.path):
        mode = database.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise StoreBusy(path=str(database.path))


def _refuse_if_newer(database: Database) -> None:
    """Refuse to go on once a newer program has changed the tables under this one.

    The number stands on the first page, which every transaction reads anyway.
    """
    found = _pragma(database.conn, "user_version")[0]
    if found > database.known_schema:
        raise UpdatedMeanwhile(path=str(database.path), found=found, known=database.known_schema)


@contextmanager
def _watched(database: Database) -> Iterator[None]:
    """Errors of the store; damage ends all writing, and a full disk opens the reserve."""
    if verdict := database.verdict:
        raise type(verdict)(**verdict.values)
    if database.in_use:
        database.in_use.admit()
    try:
        with domain_errors(database.path):
            yield
    except (DamagedStore, FailingDisk) as error:
        database.condemn(error)
        raise
    except DiskFull as error:
        if not reserve.release(database.path):
            raise
        database.reserve_open = True
        raise ReserveOpened(path=str(database.path)) from error


def faults(database: Database) -> list[str]:
    """Return what the engine's own checks find wrong with the file; an empty list if nothing."""
    with reading(database):
        found = _bad_pages(database)
        found += [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        if found:
            database.condemn(DamagedStore(path=str(database.path)))
        found += [str(row[0]) for row in database.execute("PRAGMA foreign_key_check")]
    return found


def _bad_pages(database: Database) -> list[str]:
    """Return what is wrong with pages of the file, but for those that the log holds anew.

    A power cut may tear these while the log is merged; nobody reads them any more, and the next
    merging puts them right. The log's own are read by the check of what the pages hold.
    """
    bad = [str(row[0]) for row in database.execute("PRAGMA cipher_integrity_check")]
    anew = wal_check.pages(database.path) if bad else frozenset()
    return [told for told in bad if not anew.intersection(_pages_in(told))]


def _pages_in(told: str) -> set[int]:
    return {int(number) for number in re.findall(r"\bpage (\d+)\b", told)}


@contextmanager
def domain_errors(path: Path) -> Iterator[None]:
    """Turn errors of the driver and the disk into errors of the store."""
    try:
        yield
    except driver.Error as error:
        raise _translate(error, path) from error
    except OSError as error:
        raise disk_errors.translate(error, path) from error


def _code(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def _translate(error: Exception, path: Path) -> StoreError:
    code = _code(error)
    if code == "SQLITE_CONSTRAINT" and str(error) in _RAISED:
        return _RAISED[str(error)]()
    if code == "SQLITE_IOERR":  # the driver tells no more than that
        return (
            DiskFull(path=str(path))
            if disk_errors.is_full(path)
            else disk_errors.failing(path, path)
        )
    kind = _BY_CODE.get(code)
    if kind is DamagedStore:
        return unreadable(path)
    if kind:
        return _not_to_be_written(path) if kind is ReadOnlyStore else kind(path=str(path))
    return StoreFault(reason=code)


def _gives_all(path: Path) -> bool:
    """Return whether the disk gives every byte of a database and of its log."""
    return all(disk_errors.is_readable(each) for each in (path, wal_check.log_of(path)))


def unreadable(path: Path) -> StoreError:
    """Return what an unreadable page of a database means: a damaged file, or a failing disk.

    The engine takes what the disk does not give for a damaged page.
    """
    return (DamagedStore if _gives_all(path) else FailingDisk)(path=str(path))


def _not_to_be_written(path: Path) -> StoreError:
    """Return what keeps a database from being opened or written: the user, or the disk."""
    if ownership.denies(path):
        return ownership.no_access(path)
    return (ReadOnlyDisk if ownership.on_read_only_disk(path) else ReadOnlyStore)(path=str(path))
