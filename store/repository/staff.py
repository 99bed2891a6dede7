"""The people of a store: their roles, their units, and whose staff code is in use.

Rows are only added; the latest of a kind counts. Passphrases are another
matter (`store.keys.keystore`); `store.opening.staff_accounts` keeps both in step.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from pydantic import AwareDatetime

from store import permissions, text_guard
from store.audit.staff_ledger import Worker
from store.errors import LastAdministrator, RefusedText, UnitOfOthers, UnknownHandle
from store.keys.credentials import plain_handle
from store.permissions import Role
from store.records import Record
from store.session.guarded import OPEN_TO_ALL, Repository, reads, writes
from store.session.session import Session

Change = Literal["roles", "disabled", "enabled", "os_user"]
"""What a row of `account_changes` records."""


class Person(Record):
    """A worker with their present roles and unit."""

    handle: str
    roles: tuple[Role, ...]
    unit: str | None
    disabled: bool
    since: AwareDatetime
    """When the worker was added."""


class Staff(Repository):
    """The workers of a store."""

    @reads("staff")
    def list_all(self) -> list[Person]:
        """Return every worker, in the order in which they were added."""
        return [_person(self.session, worker) for worker in self.session.ledger().workers.values()]

    @reads("read")
    def list_colleagues(self) -> list[str]:
        """Return the staff codes of all who may work here, in the order of their adding."""
        ledger = self.session.ledger()
        workers = ledger.workers.values()
        return [each.handle for each in workers if not ledger.access_of(each.id).disabled]

    @writes("people")
    def add(self, handle: str, given: Collection[Role], unit: str | None = None) -> None:
        """Add a worker with these roles; one who is there already gets them anew.

        Raises RefusedHandle, RefusedText or LastAdministrator.
        """
        plain, place = plain_handle(handle), text_guard.unit(unit) if unit else None
        worker = {
            "id": self.session.ids.new(),
            "handle": plain,
            "created_at": self.session.timestamp(),
        }
        if found := self.session.ledger().workers.get(plain):
            worker["id"] = found.id
            if "admin" not in given:
                _keep_administrator(self.session, find_worker(self.session, plain))
        else:
            self.session.append("workers", worker, "worker.added", worker["id"])
        record_change(self.session, worker["id"], "roles", _needed(given))
        if self.session.ledger().access_of(worker["id"]).disabled:
            record_change(self.session, worker["id"], "enabled")
        if place:
            _put_unit(self.session, worker["id"], place)

    @writes("people")
    def set_roles(self, handle: str, given: Collection[Role]) -> None:
        """Give a worker these roles in the place of those before.

        Raises UnknownHandle, LastAdministrator if nobody would be left who can give any, or
        RefusedText without a role.
        """
        value = _needed(given)
        worker = find_worker(self.session, handle)
        if "admin" not in given:
            _keep_administrator(self.session, worker)
        record_change(self.session, worker.id, "roles", value)

    @writes("people")
    def set_unit(self, handle: str, unit: str) -> None:
        """Say where a worker works from now on; clients stay in the unit in which they are.

        Raises UnknownHandle or RefusedText.
        """
        plain = text_guard.unit(unit)
        _put_unit(self.session, find_worker(self.session, handle).id, plain)

    @writes("people")
    def disable(self, handle: str) -> None:
        """Take a staff code out of use; what was recorded under it stays.

        Raises UnknownHandle or LastAdministrator.
        """
        worker = find_worker(self.session, handle)
        _keep_administrator(self.session, worker)
        record_change(self.session, worker.id, "disabled")

    @writes("people")
    def enable(self, handle: str) -> None:
        """Put a staff code into use again; UnknownHandle."""
        record_change(self.session, find_worker(self.session, handle).id, "enabled")

    @writes("people")
    def record_os_user(self, handle: str, os_user: str | None) -> None:
        """Keep that a staff code was bound to a user of the operating system, or to none.

        The binding itself stands in the key file. Raises UnknownHandle or RefusedOsUser.
        """
        value = text_guard.os_user(os_user) if os_user else None
        record_change(self.session, find_worker(self.session, handle).id, "os_user", value)

    @reads(OPEN_TO_ALL)
    def get_own_unit(self) -> str | None:
        """Return the unit of the worker who has signed in; None if none has been named."""
        return self.session.access().unit

    @reads(OPEN_TO_ALL)
    def list_units(self) -> list[str]:
        """Return every unit that somebody has named, the one named last first."""
        sql = "SELECT unit FROM worker_units GROUP BY unit ORDER BY max(rowid) DESC"
        return [str(row["unit"]) for row in self.session.rows(sql)]

    @writes(OPEN_TO_ALL)
    def set_own_unit(self, name: str) -> None:
        """Keep where the worker works from now on; the same unit again is not written.

        What the worker has begun stays with the unit in which it was begun, since its clients do;
        what was begun before the first unit belongs to that one.

        Raises:
            RefusedText: If the name is empty, too long, or looks like a person's data.
            UnitOfOthers: If others work there, whose clients one would see: whoever may change
                people says that.
        """
        plain = text_guard.unit(name)
        if not self.session.may("people") and _others_in(self.session, plain):
            self.session.log_refusal("unit")
            raise UnitOfOthers(unit=plain)
        _put_unit(self.session, self.session.worker_id, plain)


def record_change(session: Session, worker: str, kind: Change, value: str | None = None) -> None:
    """Keep what has changed about a worker, within a transaction."""
    row = session.new_row(worker=worker, kind=kind, value=value)
    session.append("account_changes", row, f"person.{kind}")


def find_worker(session: Session, handle: str) -> Worker:
    """Return the worker with a staff code, within a transaction.

    Raises:
        UnknownHandle: If there is none.
    """
    found = session.ledger().workers.get(handle.strip().lower())
    if found is None:
        raise UnknownHandle(handle=handle)
    return found


def _person(session: Session, worker: Worker) -> Person:
    access = session.ledger().access_of(worker.id)
    return Person(
        handle=worker.handle,
        roles=tuple(role for role in permissions.ROLES if role in access.roles),
        unit=access.unit,
        disabled=access.disabled,
        since=worker.created_at,
    )


def _keep_administrator(session: Session, worker: Worker) -> None:
    """Raise LastAdministrator if nobody but this worker may change people."""
    ledger = session.ledger()
    able = {each.id for each in ledger.workers.values() if ledger.access_of(each.id).may("people")}
    if able == {worker.id}:
        raise LastAdministrator(handle=worker.handle)


def _others_in(session: Session, unit: str) -> bool:
    """Return whether anybody else has ever worked in a unit, or a client was moved there."""
    sql = """
        SELECT 1 FROM worker_units WHERE unit = ? AND worker <> ? UNION ALL
        SELECT 1 FROM client_units WHERE unit = ? LIMIT 1"""
    return session.row(sql, unit, session.worker_id, unit) is not None


def _put_unit(session: Session, worker: str, plain: str) -> None:
    """Keep where a worker works from now on, within a transaction."""
    if session.ledger().units.get(worker) == plain:
        return
    row = session.new_row(worker=worker, unit=plain)
    session.append("worker_units", row, "unit.named")
    sql = "UPDATE worklist SET unit = ? WHERE worker = ? AND unit IS NULL"
    session.db.execute(sql, (plain, worker))


def _needed(given: Collection[Role]) -> str:
    """Return the roles as they are kept; RefusedText (missing) if there is none."""
    if not given:
        raise RefusedText("roles", "missing")
    return permissions.join_roles(frozenset(given))
