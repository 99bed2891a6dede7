"""One signed-in worker at one open store: what every repository stands on."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

from store import permissions, text_guard
from store.audit import chain, clock_check, event_types, origin, seals
from store.audit.staff_ledger import Ledger
from store.database import engine, transactions
from store.database.tables import MAY_BE_PURGED
from store.database.tables.v3_units import unit_then
from store.errors import NeverKept, NotKeptApart, OtherUnit, StoreError, StoreFault
from store.session.touched import Touched
from store.times import Clock, UUID7Generator, to_iso_utc

if TYPE_CHECKING:
    from stepping.pathway.care.schema import CareRules

RECORDS: Mapping[str, str] = {
    "client_id": "?",
    "other_id": "?",
    "assessment_id": "(SELECT place FROM belongings WHERE assessment_id = ?)",
    "episode_id": "(SELECT client_id FROM episodes WHERE id = ?)",
    "plan_id": """(SELECT coalesce(b.place, p.client_id) FROM safety_plans p
        LEFT JOIN belongings b ON b.assessment_id = p.assessment_id WHERE p.id = ?)""",
}
"""The arguments by which methods name a record, and whose client that is, as SQL."""

_UNIT = f"""
    (SELECT coalesce(
        (SELECT m.unit FROM client_units m WHERE m.client = h.person
            ORDER BY m.rowid DESC LIMIT 1),
        {unit_then("h.created_by", "h.created_at")})
    FROM persons h WHERE h.id = {{client}})"""


class Session:
    """An open store file, the worker who uses it, the clock, and one transaction at a time.

    Within an open transaction `writing` and `reading` are parts of it.
    """

    clock_behind: timedelta | None = None
    """How far the clock stood behind the newest event on opening, if it was put back.

    The order of what was recorded rests on numbers and never on the clock.
    """

    clock_doubt: clock_check.Doubt | None = None
    """What is doubtful about the clock's date since the opening, until somebody has checked it."""

    clock_returned: clock_check.Span | None = None
    """The entries that a wrong clock has dated, if it was found right again on opening."""

    def __init__(self, db: engine.Database, handle: str, clock: Clock, *, training: bool) -> None:
        self.db = db
        self.handle = handle
        """The staff code of the worker."""
        self.training = training
        self.clock = clock
        self.ids = UUID7Generator(clock)
        self.worker_id = ""
        self.origin = origin.NOWHERE
        """Where the worker works from; it is collected as they sign in."""
        self._doubt_kept = False
        self._unwritten_told = False
        self._ledger = Ledger()
        self._transaction: Literal["reads", "writes", "failed"] | None = None
        self._refused: list[str] = []
        self.site_care: Callable[[], CareRules] | None = None
        """Reads the site's tracks and deadlines; `None` for those that come with Porras."""
        self.touched = Touched()
        """What the open transaction has written about."""

    @property
    def care(self) -> CareRules:
        """The tracks and deadlines by which events are checked and listed."""
        from store.pathway_files.care import shipped_care

        return (self.site_care or shipped_care)()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Seal the history and close the file; all that was recorded is on the disk already.

        A seal that cannot be made now is made by whoever closes or writes next.

        Raises:
            TakenAway: If the database has lost its name since the last entry, or what it holds is
                kept only now.
            SecondNameMeanwhile: If it has got a second name since.
            NeverKept: If what it holds could not be kept at all.
        """
        known = self.barred
        if not self.db.damaged:
            with suppress(StoreError), self.writing():
                self.keep_clock_doubt()
                seals.seal(self.db, self.timestamp())
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

    @property
    def now(self) -> datetime:
        """The present instant by the clock of the store."""
        return self.clock()

    def timestamp(self) -> str:
        """Return the present instant as it stands on disk."""
        return to_iso_utc(self.clock())

    # -- transactions ------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open one transaction that writes, or be part of the one that is open.

        All of it is durable when the outermost block ends, or none of it: not even if an error of
        a part is passed over.

        Raises:
            RuntimeError: If the open transaction only reads, or an error of a part was passed over.
        """
        if self._transaction == "reads":
            raise RuntimeError("a transaction that reads cannot write")
        if self._transaction:
            try:
                yield
            except BaseException:
                self._transaction = "failed"
                raise
            return
        known = self._ledger
        self._ledger = known.copy()
        self._transaction = "writes"
        try:
            with transactions.writing(self.db):
                yield
                self._refuse_failed()
                self.follow()
        except BaseException:  # what was read of it may have been taken back
            self._ledger = known
            raise
        finally:
            self._transaction = None
            self.touched = Touched()
            self._log_refused()

    def follow(self) -> None:
        """Make anew what follows from all that the open transaction has written so far."""

    def _refuse_failed(self) -> None:
        if self._transaction == "failed":
            raise RuntimeError("a part of the transaction has failed")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Open one transaction that reads, or be part of the one that is open."""
        if self._transaction:
            yield
            return
        self._transaction = "reads"
        try:
            with transactions.reading(self.db):
                yield
        finally:
            self._transaction = None
            self._log_refused()

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """Return the rows of a query by column; values by place, or one mapping by name."""
        named = values[0] if values and isinstance(values[0], dict) else values
        return list(engine.rows(self.db, sql, named))

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """Return the first row of a query, None if there is none."""
        return next(iter(self.rows(sql, *values)), None)

    # -- what is written, with its entry in the log --------------------------

    def new_row(self, **columns: Any) -> dict[str, Any]:
        """Return a row with a new id, the present instant and the worker."""
        return {"id": self.ids.new(), **columns, "at": self.timestamp(), "by": self.worker_id}

    def append(self, table: str, row: dict[str, Any], event: str, subject: str = "") -> None:
        """Insert one row and its event in the audit log, in the open transaction.

        `subject` is by default the id of the row.

        Raises:
            StoreFault: If the engine has not written exactly one row.
        """
        if table in MAY_BE_PURGED:
            row = {**row, "salt": secrets.token_urlsafe(12)}
        self.db.add_row(table, row)
        if self.db.execute("SELECT changes()").fetchone()[0] != 1:
            raise StoreFault(reason="CHANGES")
        self.touched.note(table, row)
        self.log(event_types.name_event(event, row), subject or row["id"], chain.digest(row))

    def put_setting(self, row: dict[str, str]) -> None:
        """Keep one setting, `key` and `value`, in the transaction that is open."""
        self.db.put_setting(row)
        self.log("setting.changed", row["key"], chain.digest(row))

    def log(self, event: str, subject: str, written: str = chain.NOTHING) -> None:
        """Add an event to the log in the transaction that is open; `written` is a row's digest."""
        if self.clock_doubt and not self._doubt_kept:
            self._doubt_kept = True
            self.keep_clock_doubt()
        if self.head_unwritten and not self._unwritten_told:
            self._unwritten_told = True
            self.log("head.unwritten", "")
        seq = chain.append(
            self.db, self.timestamp(), self.handle, event, subject, written, self.origin
        )
        if seq % seals.EVERY == 0:
            seals.seal(self.db, self.timestamp())

    def log_event(self, event: str, subject: str = "") -> None:
        """Log what wrote no row, such as a look at a list; `subject` is the id of a record.

        Raises:
            ValueError: If the list of all events does not name this one.
        """
        if event_types.find_type(event) is None:
            raise ValueError(f"no such event: {event}")
        with self.writing():
            self.log(event, text_guard.code("subject", subject) if subject else "")

    def keep_clock_doubt(self) -> None:
        """Keep a doubt until it is settled, in the transaction of the first entry under it."""
        if self.clock_doubt and not clock_check.find_pending(self.db):
            self.put_setting(clock_check.doubt_setting(self.clock_doubt))
            self.log("clock.doubted", self.worker_id)

    # -- who may do what -----------------------------------------------------

    def ledger(self) -> Ledger:
        """Return who works here, as the log proves it, within a transaction.

        Raises StaleStore where it does not.
        """
        self._ledger.follow(self.db)
        return self._ledger

    def access(self) -> permissions.WorkerAccess:
        """Return what the worker may do, within a transaction."""
        return self.ledger().access_of(self.worker_id)

    def may(self, permission: permissions.Permission) -> bool:
        """Return whether the worker has a permission now; for what a screen or a command offers."""
        with self.reading():
            return self.access().may(permission)

    def need(self, permission: permissions.Permission, **records: str) -> None:
        """Go on only with a permission, and only with clients in the worker's reach.

        `records` are ids under the names of `RECORDS`; one that there is not is left to
        whoever looks for it. That somebody tried is logged.

        Raises:
            NotAllowed: If the worker has not the permission.
            OtherUnit: If a client is out of reach.
        """
        with self.reading():
            access = self.access()
            beyond = self._find_out_of_reach(access, permission, records)
        if not access.may(permission):
            self.log_refusal(permission.replace(" ", "-"))
            raise permissions.refusal(permission, access.roles)
        if beyond is not None:
            self.log_refusal(beyond)
            raise OtherUnit

    def is_in_reach(self, client_id: str) -> bool:
        """Return whether the worker may read a client's data, within a transaction."""
        return self._find_out_of_reach(self.access(), "read", {"client_id": client_id}) is None

    def _find_out_of_reach(
        self,
        access: permissions.WorkerAccess,
        permission: permissions.Permission,
        records: dict[str, str],
    ) -> str | None:
        """Return the first client among these records that is out of the worker's reach."""
        if access.everywhere(permission):
            return None
        for name, record in records.items():
            unit = unit_of("clients.id")
            where = f"id = {RECORDS[name]} AND nullif({unit}, ?) NOTNULL"
            if row := self.row(f"SELECT id FROM clients WHERE {where}", record, access.unit):
                return str(row["id"])
        return None

    def reach_condition(self, client: str) -> tuple[str, dict[str, str | None]]:
        """Return SQL that a client is in reach to be read, and its value; `client` is a column."""
        access = self.access()
        if access.everywhere("read") or not self._ledger.units:
            return "TRUE", {}
        return f"nullif({unit_of(client)}, :home) ISNULL", {"home": access.unit}

    def log_refusal(self, subject: str) -> None:
        """Log that somebody tried what was refused, once no transaction is open.

        A store that takes no entry refuses as well.
        """
        self._refused.append(subject)
        if not self._transaction:
            self._log_refused()

    def _log_refused(self) -> None:
        subjects, self._refused = self._refused, []
        for subject in subjects:
            with suppress(StoreError), self.writing():
                self.log("access.refused", subject)


def unit_of(client: str) -> str:
    """Return SQL for the unit that a client belongs to, NULL for none; `client` is a column or `?`.

    It is the one that the client was moved to last, else that in which whoever added the client
    worked then. Of several codes of one person the one that stands counts.
    """
    return _UNIT.format(client=client)
