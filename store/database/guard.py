"""A store in use: what stands guard beside the database while a program works with it.

Before it is opened, the database is compared with the head record. After each transaction, and
before anybody is told that it is stored, it is made sure that the database still has its name, and
the record moves on. Copies, drills and files in the making are not in use.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from store.database import connections, engine, engine_errors, head_record, transactions
from store.database.head_record import Head, Trouble
from store.errors import (
    EntriesMissing,
    FailingDisk,
    NotKeptApart,
    OtherEntries,
    SecondName,
    SecondNameMeanwhile,
    StoreBusy,
    StoreError,
    StoreGone,
    TakenAway,
)
from store.files import file_identity, ownership
from store.paths import real
from store.times import minute

KeepApart = Callable[[engine.Database], Path]
"""Makes a backup of an open database that has lost its name, and returns where it lies."""


class Missing(NamedTuple):
    """Entries that were acknowledged and are not in a database: their first and last number.

    `first` is None where the last one is another than was acknowledged: which ones are, nobody
    knows. `since` is the instant of the newest entry that there is, if there is any.
    """

    first: int | None
    last: int
    since: str | None


def connect(
    path: Path, key: bytes, schema: engine.Schema, *, keep_apart: KeepApart
) -> engine.Database:
    """Open a store to work with it, with the guard that it needs.

    Nothing is written before it is certain that nothing is missing. `keep_apart` is called once the
    open database has lost its name.

    Raises:
        EntriesMissing: If anything is missing.
        SecondName: If the database has another name.
        StoreBusy: If another program has put another file in its place meanwhile.
        StoreError: Whatever `connections.connect` raises.
    """
    path = real(path)
    if file_identity.second_name(path):
        raise SecondName(path=str(path))
    record = head_record.path_of(path)
    known = _look(record)

    def compare(connection: Any) -> None:
        if isinstance(known, Head) and (lost := find_missing(connection, known)):
            if _look(record) != known:  # another program has just put a restored store in place
                raise StoreBusy(path=str(path))
            raise _told(path, lost)

    before = file_identity.identify(path)
    database = connections.connect(path, key, schema, check=compare)
    # The engine makes log and index when something is read for the first time.
    with transactions.reading(database):
        pass
    trouble = None if isinstance(known, Head) else known
    database.in_use = InUse(database, trouble, keep_apart)
    now = file_identity.identify(path)
    # It may be another file than was opened; of two names, one may have been taken away.
    if now is None or before is None or now[:2] != before[:2]:
        database.close()
        raise StoreBusy(path=str(path))
    return database


def find_missing(connection: Any, known: Head) -> Missing | None:
    """Return what a database lacks of what was acknowledged up to an event; None if nothing.

    `connection` can be asked with SQL.
    """
    if not known.seq:
        return None
    sql = "SELECT seq, hash, at FROM audit ORDER BY seq DESC LIMIT 1"
    newest = connection.execute(sql).fetchone() or (0, "", None)
    if newest[0] < known.seq:
        return Missing(newest[0] + 1, known.seq, newest[2])
    there = connection.execute("SELECT hash FROM audit WHERE seq = ?", (known.seq,)).fetchone()
    return None if there == (known.hash,) else Missing(None, known.seq, newest[2])


def _look(record: Path) -> Head | Trouble:
    with engine_errors.translated(record):
        return head_record.examine(record)


def _told(path: Path, lost: Missing) -> EntriesMissing:
    told: dict[str, str | int] = {"path": str(path), "last": lost.last}
    told["since"] = minute(lost.since) if lost.since else "–"
    if lost.first is None:
        return OtherEntries(**told)
    return EntriesMissing(**told, first=lost.first, count=lost.last - lost.first + 1)


def refuse_if_gone(path: Path) -> None:
    """Refuse a path where no database stands and the head record tells that one did.

    Raises:
        StoreGone: If so.
    """
    record = head_record.path_of(real(path))
    if not ownership.stands(path) and isinstance(known := _look(record), Head) and known.seq:
        raise StoreGone(path=str(path), count=known.seq, record=str(record))


class InUse:
    """Stands guard over an open database."""

    def __init__(
        self, database: engine.Database, trouble: Trouble | None, keep_apart: KeepApart
    ) -> None:
        self.trouble = trouble
        """What was wrong with the record as the store was opened."""
        self.unwritten: StoreError | None = None
        """Why the record could not be moved on, until it could."""
        self.barred: StoreError | None = None
        """Why nothing more may be read or written."""
        self._database = database
        self._record = head_record.path_of(database.path)
        self._footprint = file_identity.Footprint(database.path)
        self._keep_apart = keep_apart

    def begin(self) -> None:
        """Make the first record of a store, before the store tells that it has one."""
        if self.trouble == "missing":
            self._advance(head_record.NO_EVENTS)

    def admit(self) -> None:
        """Refuse a database that has lost its name, or has got a second one.

        Raises:
            TakenAway: Or SecondNameMeanwhile, as when it was noticed.
        """
        if isinstance(self.barred, NotKeptApart):
            self.barred = self._bar()
        if self.barred:
            raise self.barred

    def acknowledge(self, newest: tuple[int, str] | None) -> None:
        """Make sure of a transaction that is on the disk, before anybody is told that it is stored.

        `newest` is the newest event that it has added. A record that cannot be written loses no
        answer: the work goes on, `unwritten` tells of it, and the next transaction tries again.

        Raises:
            TakenAway: If the database has lost its name, once what it holds has been kept apart.
            SecondNameMeanwhile: If it has got a second name.
        """
        if changed := self._footprint.changed():
            gone = changed == "gone"
            path = str(self._database.path)
            self.barred = self._bar() if gone else SecondNameMeanwhile(path=path)
            raise self.barred
        if newest:
            self._advance(Head(*newest))

    def _advance(self, newest: Head) -> None:
        in_vain = isinstance(self.unwritten, StoreBusy)
        try:
            with engine_errors.translated(self._record):
                head_record.advance(self._record, newest, self._database.path, in_vain)
            self.unwritten = None
        except StoreError as error:
            self.unwritten = error
            if isinstance(error, FailingDisk):  # which would take the next answer no better
                self._database.condemn(error)

    def _bar(self) -> TakenAway:
        path = str(self._database.path)
        self._database.in_use = None  # which would refuse to have it read
        try:
            return TakenAway(path=path, kept=str(self._keep_apart(self._database)))
        except StoreError as error:
            failed = NotKeptApart(path=path)
            failed.cause = error
            return failed
        finally:
            self._database.in_use = self

    def leave_open(self) -> bool:
        """Return whether the database must not be closed, and see to it that it is not.

        On closing, the engine deletes the log by its name: by now that may be the log of another
        database. The system closes what is left when the program ends.
        """
        if not isinstance(self.barred, TakenAway):
            return False

        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._database.conn))
        return True
