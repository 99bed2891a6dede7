"""One signed-in worker at one open file: what every part of the repository stands on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from store import text_guard
from store.audit import chain, event_types, origin, seals
from store.audit import clock_check as clock_log
from store.audit.staff_ledger import Ledger
from store.database import engine
from store.database.tables import MAY_BE_PURGED
from store.errors import (
    AccountDisabled,
    CardChanged,
    ClosedAssessment,
    MarkedWrong,
    NeverKept,
    NotKeptApart,
    OtherUnit,
    StoreError,
    StoreFault,
    UnknownRecord,
)
from store.repository import permissions
from store.times import Clock, Ids, stamp

STATE = """
    CASE WHEN EXISTS (SELECT 1 FROM decisions d WHERE d.assessment_id = a.id) THEN 'confirmed'
         WHEN EXISTS (SELECT 1 FROM closings c WHERE c.assessment_id = a.id) THEN 'abandoned'
         ELSE 'draft' END"""


HEAD_KEPT = "head.kept"
"""The setting of a store that tells that it has a head record."""

BEHIND = timedelta(minutes=5)
"""A clock this far behind the newest event was put back; less is what computers correct daily."""


def footing(client: str) -> str:
    """SQL for the person that a client is and the card as it stands; `client` is a column."""
    return f"(SELECT f.person || ':' || coalesce(f.card, '') FROM persons f WHERE f.id = {client})"


class Session:
    """An open store file, the worker who uses it, and the clock."""

    clock_behind: timedelta | None = None
    """How far the clock stood behind the newest event on opening, if it was put back.

    The order of what was recorded rests on numbers and never on the clock.
    """

    clock_doubt: clock_log.Doubt | None = None
    """What is doubtful about the clock's date since the opening, until somebody has checked it."""

    clock_returned: clock_log.Span | None = None
    """The entries that a wrong clock has dated, if it was found right again on opening."""

    def __init__(
        self,
        db: engine.Database,
        handle: str,
        clock: Clock,
        *,
        training: bool,
        whence: Callable[[], origin.Origin] = origin.here,
    ) -> None:
        self.db = db
        self.handle = handle
        self.training = training
        self._clock = clock
        self._ids = Ids(clock)
        self._worker = ""
        self._whence = whence
        self._origin = origin.NOWHERE
        self._doubt_kept = False
        self._unwritten_told = False
        self._ledger = Ledger()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Seal the history and close the file; all that was recorded is on the disk already.

        A seal that cannot be made now is made by whoever closes or writes next. Raises TakenAway or
        SecondNameMeanwhile if the database has lost its name since the last entry, or what it holds
        is kept only now, and NeverKept if that could not be kept at all.
        """
        known = self.barred
        if not self.db.damaged:
            with suppress(StoreError), self._write():
                clock_log.keep(self)
                seals.seal(self.db, self._now())
        self.db.close()
        if isinstance(self.barred, NotKeptApart):
            lost = NeverKept(**self.barred.values)
            lost.cause = self.barred.cause
            raise lost
        if self.barred and (not known or isinstance(known, NotKeptApart)):
            raise self.barred

    def keep_apart(self) -> StoreError | None:
        """Look whether the database still has its name, and if not, keep what it holds if it can.

        Returns why nothing more may be read or written, if that is so.
        """
        if self.db.in_use:
            with suppress(StoreError):
                self.db.in_use.admit()
                self.db.in_use.acknowledge(None)
        return self.barred

    @property
    def barred(self) -> StoreError | None:
        """Why nothing more may be read or written: the database has lost its name."""
        return self.db.in_use.barred if self.db.in_use else None

    @property
    def head_unwritten(self) -> StoreError | None:
        """Why the head record could not be written at the newest entry, if it could not."""
        return self.db.in_use.unwritten if self.db.in_use else None

    @contextmanager
    def _write(self) -> Iterator[None]:
        known = self._ledger
        self._ledger = known.copy()
        try:
            with engine.writing(self.db):
                yield
        except BaseException:  # what was read of it may have been taken back
            self._ledger = known
            raise

    def _read(self) -> AbstractContextManager[None]:
        return engine.reading(self.db)

    @property
    def now(self) -> datetime:
        """The present instant by the clock of the store."""
        return self._clock()

    def _now(self) -> str:
        return stamp(self._clock())

    def _sign_in(self) -> None:
        """Find or add the worker, and log that the file was opened."""
        self._origin = self._whence()
        with self._write():
            # Before this opening makes an entry of its own.
            self.clock_behind = self._behind()
            doubt = None if self.training else clock_log.judge(self.db, self._clock())
            found = self._people().workers.get(self.handle)
            self._worker = found.id if found else self._ids.new()
            if not found:
                worker = {"id": self._worker, "handle": self.handle, "created_at": self._now()}
                self._append("workers", worker, "worker.added", self._worker)
            disabled = self._standing().disabled
            if kept := self._people().to_be_kept():
                self._set(kept)
            if not self.training:
                self.clock_returned = clock_log.returned(self, doubt)
            if self.clock_behind and not self.clock_returned:
                self._log("clock.behind", self._worker)
            self._make_seal_key()
            self._mind_head()
            if disabled:
                self._log("access.refused", self._worker)
            else:
                self._log("session.opened", self._worker)
        self.clock_doubt = doubt
        if disabled:
            raise AccountDisabled(handle=self.handle)

    def _mind_head(self) -> None:
        """Tell of a head record that was lost, and see to it that there is one from now on."""
        if (guard := self.db.in_use) is None:
            return
        known = self._row("SELECT 1 FROM settings WHERE key = ?", HEAD_KEPT)
        if guard.trouble == "damaged" or (guard.trouble and known):
            self._log("head.lost", guard.trouble)
        if not known:
            guard.begin()
            self._set({"key": HEAD_KEPT, "value": "yes"})

    def _make_seal_key(self) -> None:
        """Make the key of the seals, once in the life of a store."""
        if seals.public_key(self.db):
            return
        public, private = seals.new_keys()
        row = {"id": 1, "public_key": public, "private_key": private}
        row |= {"at": self._now(), "by": self._worker}
        self._append("seal_keys", row, "sealkey.made", public)

    def _behind(self) -> timedelta | None:
        row = self._row("SELECT at FROM audit ORDER BY seq DESC LIMIT 1")
        gap = datetime.fromisoformat(row["at"]) - self._clock() if row else timedelta()
        return gap if gap > BEHIND else None

    def _append(self, table: str, row: dict[str, Any], event: str, subject: str) -> None:
        """Insert one row and the event that tells of it, in the transaction that is open."""
        if table in MAY_BE_PURGED:
            row = {**row, "salt": secrets.token_urlsafe(12)}
        self.db.table(table).insert(row)
        if self.db.execute("SELECT changes()").fetchone()[0] != 1:
            raise StoreFault(reason="CHANGES")
        self._log(event_types.named(event, row), subject, chain.digest(row))

    def _set(self, row: dict[str, str]) -> None:
        """Keep one setting, `key` and `value`, in the transaction that is open."""
        self.db.execute(
            "INSERT INTO settings (key, value) VALUES (:key, :value)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            row,
        )
        self._log("setting.changed", row["key"], chain.digest(row))

    def _log(self, event: str, subject: str, written: str = chain.NOTHING) -> None:
        if self.clock_doubt and not self._doubt_kept:
            self._doubt_kept = True
            clock_log.keep(self)
        if self.head_unwritten and not self._unwritten_told:
            self._unwritten_told = True
            self._log("head.unwritten", "")
        seq = chain.append(self.db, self._now(), self.handle, event, subject, written, self._origin)
        if seq % seals.EVERY == 0:
            seals.seal(self.db, self._now())

    # -- who may do what ---------------------------------------------------

    def may(self, permission: permissions.Permission) -> bool:
        """Whether the worker has a permission now; for what a screen or a command offers."""
        with self._read():
            return self._standing().may(permission)

    def need(self, permission: permissions.Permission, **records: str) -> None:
        """Go on only with a permission, and only with clients in the worker's reach.

        `records` are ids under the names of `roles.RECORDS`; one that there is not is left to
        whoever looks for it. Raises NotAllowed or OtherUnit, and logs that somebody tried.
        """
        with self._read():
            standing = self._standing()
            beyond = self._beyond(standing, permission, records)
        if not standing.may(permission):
            self._refuse(permission.replace(" ", "-"))
            raise permissions.refusal(permission, standing.roles)
        if beyond is not None:
            self._refuse(beyond)
            raise OtherUnit

    def _people(self) -> Ledger:
        """Who works here, as the log proves it, within a transaction; StaleStore."""
        self._ledger.follow(self.db)
        return self._ledger

    def _standing(self) -> permissions.Standing:
        return self._people().standing(self._worker)

    def _beyond(
        self,
        standing: permissions.Standing,
        permission: permissions.Permission,
        records: dict[str, str],
    ) -> str | None:
        """The first client among these records that is out of the worker's reach."""
        if standing.everywhere(permission):
            return None
        for name, record in records.items():
            home = permissions.home("clients.id")
            where = f"id = {permissions.RECORDS[name]} AND nullif({home}, ?) NOTNULL"
            sql = f"SELECT id FROM clients WHERE {where}"
            if row := self._row(sql, record, standing.unit):
                return str(row["id"])
        return None

    def _within(self, client: str) -> tuple[str, dict[str, str | None]]:
        """A condition that a client is in reach to be read, and its value; `client` is a column."""
        standing = self._standing()
        if standing.everywhere("read") or not self._ledger.units:
            return "TRUE", {}
        return f"nullif({permissions.home(client)}, :home) ISNULL", {"home": standing.unit}

    def _refuse(self, subject: str) -> None:
        """Log that somebody tried what was refused; a store that takes no entry refuses as well."""
        with suppress(StoreError), self._write():
            self._log("access.refused", subject)

    def log_deed(self, event: str, subject: str = "") -> None:
        """Log what wrote no row, such as a look at a list; `subject` is the id of a record.

        ValueError for an event that the list of all deeds does not name.
        """
        if event_types.deed(event) is None:
            raise ValueError(f"no such event: {event}")
        with self._write():
            self._log(event, text_guard.code("subject", subject) if subject else "")

    def _rows(self, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
        named = values[0] if values and isinstance(values[0], dict) else values
        cursor = self.db.execute(sql, named)
        columns = [column[0] for column in cursor.description]
        return (dict(zip(columns, row, strict=True)) for row in cursor.fetchall())

    def _row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        return next(self._rows(sql, *values), None)

    def _refuse_other_card(self, assessment_id: str, on: str | None) -> None:
        """CardChanged if an assessment stands on another person or card than `on` tells."""
        sql = f"SELECT {footing('b.place')} AS it FROM belongings b WHERE b.assessment_id = ?"
        if on is not None and self._row(sql, assessment_id) != {"it": on}:
            raise CardChanged

    def _same_person(self, client_id: str) -> tuple[str, ...]:
        """The ids of every client that is the same person, the one that stands first.

        Within a transaction. UnknownRecord if there is no such client.
        """
        found = self._row("SELECT person FROM persons WHERE id = ?", client_id)
        if found is None:
            raise UnknownRecord
        sql = """
            SELECT client FROM members WHERE person = :person
            ORDER BY client = :person DESC, client"""
        return tuple(client for (client,) in self.db.execute(sql, found).fetchall())

    def _require(
        self, assessment_id: str, *, draft: bool = False, even_marked: bool = False
    ) -> None:
        """UnknownRecord if there is no such assessment, ClosedAssessment if a draft is needed.

        MarkedWrong if a draft is needed and this one is marked as of the wrong client.
        """
        sql = f"""
            SELECT {STATE} AS state, b.kind FROM assessments a
                CROSS JOIN belongings b ON b.assessment_id = a.id WHERE a.id = ?"""
        row = self._row(sql, assessment_id)
        if not row:
            raise UnknownRecord
        if draft and row["state"] != "draft":
            raise ClosedAssessment
        if draft and row["kind"] == "wrong_client" and not even_marked:
            raise MarkedWrong
