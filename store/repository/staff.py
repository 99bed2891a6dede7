"""The people of a store: their roles, their units, and whose staff code is in use.

All of it is told by rows that are only added; the latest of a kind stands. Passphrases are another
matter (`store.keys.keys`); `store.keys.staff` keeps both in step.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

from pydantic import AwareDatetime

from store import text_guard
from store.audit.staff_ledger import Worker
from store.errors import LastAdministrator, RefusedText, UnknownHandle, UnknownRecord
from store.keys.keystore import plain_handle
from store.records import Record
from store.repository import permissions as roles
from store.repository.permissions import Role
from store.repository.worklist import Worklist, plain_unit

Change = Literal["roles", "disabled", "enabled", "os_user"]
"""What a row of `account_changes` tells."""


class Person(Record):
    """A worker with the roles and the unit as they stand now."""

    handle: str
    roles: tuple[Role, ...]
    unit: str | None
    disabled: bool
    since: AwareDatetime
    """When the worker was added."""


class People(Worklist):
    """The part of the store that knows who works with it."""

    def me(self) -> Person:
        """The worker who has signed in."""
        with self._read():
            return self._person(self._worker_of(self.handle))

    def people(self) -> list[Person]:
        """Every worker, in the order in which they were added."""
        with self._read():
            return [self._person(worker) for worker in self._people().workers.values()]

    def colleagues(self) -> list[str]:
        """The staff codes of everybody who may work here, in the order in which they were added."""
        with self._read():
            people = [self._person(worker) for worker in self._people().workers.values()]
        return [person.handle for person in people if not person.disabled]

    def add_person(self, handle: str, given: Collection[Role], unit: str | None = None) -> None:
        """Add a worker with these roles; one who is there already gets them anew.

        Raises RefusedHandle, RefusedText or LastAdministrator.
        """
        plain, place = plain_handle(handle), plain_unit(unit) if unit else None
        worker = {"id": self._ids.new(), "handle": plain, "created_at": self._now()}
        with self._write():
            if found := self._people().workers.get(plain):
                worker["id"] = found.id
                if "admin" not in given:
                    self._keep_administrator(self._worker_of(plain))
            else:
                self._append("workers", worker, "worker.added", worker["id"])
            self._note_change(worker["id"], "roles", _needed(given))
            if self._standing_of(worker["id"]).disabled:
                self._note_change(worker["id"], "enabled")
            if place:
                self._put_unit(worker["id"], place)

    def set_roles(self, handle: str, given: Collection[Role]) -> None:
        """Give a worker these roles in the place of those before.

        Raises UnknownHandle, LastAdministrator if nobody would be left who can give any, or
        RefusedText without a role.
        """
        value = _needed(given)
        with self._write():
            worker = self._worker_of(handle)
            if "admin" not in given:
                self._keep_administrator(worker)
            self._note_change(worker.id, "roles", value)

    def give_unit(self, handle: str, unit: str) -> None:
        """Say where a worker works from now on; clients stay in the unit in which they are.

        Raises UnknownHandle or RefusedText.
        """
        plain = plain_unit(unit)
        with self._write():
            self._put_unit(self._worker_of(handle).id, plain)

    def disable(self, handle: str) -> None:
        """Take a staff code out of use; what was recorded under it stays.

        Raises UnknownHandle or LastAdministrator.
        """
        with self._write():
            worker = self._worker_of(handle)
            self._keep_administrator(worker)
            self._note_change(worker.id, "disabled")

    def enable(self, handle: str) -> None:
        """Put a staff code into use again; UnknownHandle."""
        with self._write():
            self._note_change(self._worker_of(handle).id, "enabled")

    def note_os_user(self, handle: str, os_user: str | None) -> None:
        """Keep that a staff code was bound to a user of the operating system, or to none.

        The binding itself stands in the key file. Raises UnknownHandle or RefusedOsUser.
        """
        value = text_guard.os_user(os_user) if os_user else None
        with self._write():
            self._note_change(self._worker_of(handle).id, "os_user", value)

    def move_client(self, client_id: str, unit: str) -> None:
        """Let a client belong to another unit, which somebody has to work or have worked in.

        What waits stays listed under the unit in which it was begun. Raises UnknownRecord, or
        RefusedText (missing) for a unit that nobody has named.
        """
        plain = plain_unit(unit)
        row = {
            "id": self._ids.new(),
            "client": client_id,
            "unit": plain,
            "at": self._now(),
            "by": self._worker,
        }
        with self._write():
            if not self._row("SELECT 1 FROM clients WHERE id = ?", client_id):
                raise UnknownRecord
            if not self._row("SELECT 1 FROM worker_units WHERE unit = ?", plain):
                raise RefusedText("unit", "missing")
            self._append("client_units", row, "move.made", row["id"])

    def _note_change(self, worker: str, kind: Change, value: str | None = None) -> None:
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "worker": worker,
            "kind": kind,
            "value": value,
            "at": self._now(),
            "by": self._worker,
        }
        self._append("account_changes", row, f"person.{kind}", row["id"])

    def _worker_of(self, handle: str) -> Worker:
        found = self._people().workers.get(handle.strip().lower())
        if found is None:
            raise UnknownHandle(handle=handle)
        return found

    def _standing_of(self, worker: str) -> roles.Standing:
        return self._people().standing(worker)

    def _person(self, worker: Worker) -> Person:
        standing = self._standing_of(worker.id)
        return Person(
            handle=worker.handle,
            roles=tuple(role for role in roles.ROLES if role in standing.roles),
            unit=standing.unit,
            disabled=standing.disabled,
            since=worker.created_at,
        )

    def _keep_administrator(self, worker: Worker) -> None:
        """LastAdministrator if nobody but this worker may change people, within a transaction."""
        if not self._standing_of(worker.id).may("people"):
            return
        others = [each.id for each in self._people().workers.values() if each != worker]
        if not any(self._standing_of(other).may("people") for other in others):
            raise LastAdministrator(handle=worker.handle)


def _needed(given: Collection[Role]) -> str:
    """The roles as they are kept; RefusedText (missing) if there is none."""
    if not given:
        raise RefusedText("roles", "missing")
    return roles.listed(frozenset(given))
