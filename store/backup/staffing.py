"""Who may do what after a restore: nobody gains a right by it.

A backup knows the roles of its day, and nobody who came later. So each staff code gets what both
the backup and the store that is set aside give it; one that the backup does not know comes in as it
stands today, or out of use where that cannot be told. Whoever restores keeps the roles of today, so
that somebody is left who looks after the store. Each change is an event of the restored store.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from store.audit import chain, staff_ledger
from store.database import engine
from store.permissions import NEWCOMER, WorkerAccess, join_roles
from store.times import UUID7Generator

_STRANGER = WorkerAccess(NEWCOMER, None, disabled=True)


def settle_roles(
    db: engine.Database,
    today: staff_ledger.Ledger | None,
    slots: Collection[str],
    who: str,
    opener: str,
    at: str,
) -> tuple[str, ...]:
    """Write into a restored database what everybody may do, within a transaction.

    `today` are the people of the store that is set aside, None if it tells none of this history;
    `slots` the staff codes of the key file that will lie beside the database, `who` restores, and
    `opener` is the staff code that opened the backup. Those that were changed are returned. A
    database of before there were roles is left as it is.
    """
    people = staff_ledger.people_in(db, torn=True)
    if people is None:
        return ()
    codes = dict.fromkeys((who, *people.workers, *slots))
    wanted = {code: _wanted(code, people, today, who) for code in codes}
    own = people.of(opener)
    # Where nobody could look after it with a passphrase, nobody could undo the restore.
    if own and opener in slots and not any(wanted[code].may("people") for code in slots):
        wanted[opener] = own
    writer = _Writer(db, people, who, at)
    changed = {code for code, access in wanted.items() if writer.settle(code, access)}
    return tuple(sorted(changed))


def _wanted(
    code: str, people: staff_ledger.Ledger, today: staff_ledger.Ledger | None, who: str
) -> WorkerAccess:
    then, now = people.of(code), today.of(code) if today else None
    if now and (code == who or not then):
        return now
    if not now or not then:
        return then or _STRANGER
    both = now.roles & then.roles
    disabled = now.disabled or then.disabled or not both
    return WorkerAccess(both or then.roles, now.unit or then.unit, disabled=disabled)


class _Writer:
    """Adds the rows about people, each with its event."""

    def __init__(self, db: engine.Database, people: staff_ledger.Ledger, who: str, at: str) -> None:
        self._db, self._people, self._who, self._at = db, people, who, at
        self._ids = UUID7Generator(lambda: datetime.fromisoformat(at))
        self._by = self._id_of(who)

    def settle(self, code: str, wanted: WorkerAccess) -> bool:
        """Let a staff code stand as it is wanted; say whether anything was to be written."""
        now = self._people.of(code)
        if now == wanted:
            return False
        worker = self._id_of(code)
        if now is None or now.roles != wanted.roles:
            self._note(worker, "roles", join_roles(wanted.roles))
        if (now.disabled if now else False) != wanted.disabled:
            self._note(worker, "disabled" if wanted.disabled else "enabled")
        if wanted.unit and (now is None or now.unit != wanted.unit):
            told = {"unit": wanted.unit, "at": self._at, "by": self._by}
            row = {"id": self._ids.new(), "worker": worker, **told}
            self._add("worker_units", row, "unit.named")
            sql = "UPDATE worklist SET unit = ? WHERE worker = ? AND unit IS NULL"
            self._db.execute(sql, (wanted.unit, worker))
        return True

    def _id_of(self, code: str) -> str:
        """Return the worker of a staff code, who is added if there is none."""
        self._people.follow(self._db)
        if found := self._people.workers.get(code):
            return found.id
        row = {"id": self._ids.new(), "handle": code, "created_at": self._at}
        self._add("workers", row, "worker.added")
        return str(row["id"])

    def _note(self, worker: str, kind: str, value: str | None = None) -> None:
        told = {"kind": kind, "value": value, "at": self._at, "by": self._by}
        row = {"id": self._ids.new(), "worker": worker, **told}
        self._add("account_changes", row, f"person.{kind}")

    def _add(self, table: str, row: dict[str, Any], event: str) -> None:
        self._db.table(table).insert(row)
        chain.append(self._db, self._at, self._who, event, row["id"], chain.digest(row))
