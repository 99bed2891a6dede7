"""Staff codes with all that belongs to one: the worker in the store and the slot in the key file.

What is refused is refused before anything is written, and the store is told first. Cut short in
between, a staff code has no passphrase, or one that opens nothing, and the same command finishes
the work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from store import text_guard
from store.errors import HandleTaken, LastAdministrator, OldSlots, UnknownHandle
from store.keys import authentication, credentials, keystore
from store.opening import key_file_check
from store.paths import StorePaths
from store.permissions import Role
from store.repository.staff import Person
from store.repository.store import Store
from store.times import Clock, utc_now


class Member(NamedTuple):
    """A worker as the store knows them, and the slot of their staff code, if there is one."""

    person: Person
    slot: keystore.User | None
    locked: bool
    """Whether the staff code waits for a lead after too many wrong passphrases."""


def listed(paths: StorePaths, store: Store, clock: Clock = utc_now) -> list[Member]:
    """Return everybody who works or has worked with the store."""
    slots = {user.handle: user for user in keystore.users(paths.keys)}
    locked = authentication.throttle_of(paths, clock).locked_handles()
    return [
        Member(person, slots.get(person.handle), person.handle in locked)
        for person in store.staff.list_all()
    ]


def add(
    paths: StorePaths,
    store: Store,
    handle: str,
    first_passphrase: str,
    given: Collection[Role],
    unit: str | None = None,
    os_user: str | None = None,
) -> None:
    """Let somebody new in; the first passphrase has to be changed when it is used.

    Raises:
        HandleTaken: If the staff code has a passphrase already.
        RefusedHandle: If a rule is broken; RefusedPassphrase, RefusedOsUser.
        NotAllowed: If this worker may not.
    """
    handle = credentials.plain_handle(handle)
    _fit(store, first_passphrase, handle)
    os_user = text_guard.os_user(os_user) if os_user else None
    if handle in keystore.handles(paths.keys):
        raise HandleTaken(handle=handle)
    with _changing(paths, store) as key:
        store.staff.add(handle, given, unit)
        if os_user:
            store.staff.record_os_user(handle, os_user)
        keystore.add_user(paths.keys, key, handle, first_passphrase, os_user)


def disable(paths: StorePaths, store: Store, handle: str) -> None:
    """Take a staff code out of use and its slot away; a new data key (`rekey`) is advised then.

    Whoever kept a copy of the old data key can read copies of the store made until that.

    Raises:
        UnknownHandle: If there is no such staff code.
        LastAdministrator: If nobody could look after the store any more.
    """
    handle = credentials.plain_handle(handle)
    holders = set(keystore.handles(paths.keys))
    people = [person for person in store.staff.list_all() if not person.disabled]
    administrators = {person.handle for person in people if "admin" in person.roles} & holders
    if administrators == {handle}:
        raise LastAdministrator(handle=handle)
    with _changing(paths, store) as key:
        store.staff.disable(handle)
        if handle in holders:
            keystore.remove_user(paths.keys, key, handle, administrators)


def enable(paths: StorePaths, store: Store, handle: str, first_passphrase: str) -> None:
    """Put a staff code into use again, with a first passphrase.

    Raises:
        UnknownHandle: If there is no such staff code.
        RefusedPassphrase: If the passphrase breaks a rule.
    """
    handle = credentials.plain_handle(handle)
    _fit(store, first_passphrase, handle)
    with _changing(paths, store):
        store.staff.enable(handle)
    _give(paths, store, handle, first_passphrase)


def give_passphrase(paths: StorePaths, store: Store, handle: str, first_passphrase: str) -> None:
    """Give somebody who forgot theirs a first passphrase, which has to be changed at once.

    Raises:
        UnknownHandle: If there is no such staff code.
        RefusedPassphrase: If the passphrase breaks a rule.
    """
    handle = credentials.plain_handle(handle)
    _fit(store, first_passphrase, handle)
    if handle not in keystore.handles(paths.keys):
        raise UnknownHandle(handle=handle)
    _give(paths, store, handle, first_passphrase)


def bind(paths: StorePaths, store: Store, handle: str, os_user: str | None) -> None:
    """Let a staff code be used by one user of the computer only, or by any.

    Raises:
        UnknownHandle: If there is no such staff code.
        OldSlots: If its slot is of the first format.
        RefusedOsUser: If no user can have such a name.
    """
    handle = credentials.plain_handle(handle)
    store.need("people")
    os_user = text_guard.os_user(os_user) if os_user else None
    slot = next((each for each in keystore.users(paths.keys) if each.handle == handle), None)
    if slot is None:
        raise UnknownHandle(handle=handle)
    if slot.old:
        raise OldSlots(handles=handle)
    with _changing(paths, store) as key:
        store.staff.record_os_user(handle, os_user)
        keystore.bind(paths.keys, key, handle, os_user)


def change_passphrase(paths: StorePaths, store: Store, old: str, new: str) -> None:
    """Change the passphrase of whoever has the store open.

    Raises:
        WrongPassphrase: For the old one.
        RefusedPassphrase: For the new one.
    """
    with _changing(paths, store):
        keystore.change_passphrase(paths.keys, store.handle, old, new)
    store.log_event("passphrase.changed", store.handle)


def renew_recovery(paths: StorePaths, store: Store) -> str:
    """Make a new recovery code and return it for print; the one before opens nothing any more."""
    store.need("people")
    with _changing(paths, store) as key:
        code = keystore.renew_recovery(paths.keys, key)
    store.log_event("recovery.renewed", store.handle)
    return code


def set_first_recovery(paths: StorePaths, store: Store, code: str) -> None:
    """Let a recovery code that somebody has written down open a store that has none.

    Raises:
        NotAllowed: If this worker may not.
    """
    store.need("people")
    with _changing(paths, store) as key:
        keystore.set_recovery(paths.keys, key, code)
    store.log_event("recovery.made", store.handle)


def _fit(store: Store, passphrase: str, handle: str) -> None:
    """Refuse before anything is written."""
    store.need("people")
    credentials.check_passphrase(passphrase, handle)


def _give(paths: StorePaths, store: Store, handle: str, passphrase: str) -> None:
    with _changing(paths, store) as key:
        keystore.set_passphrase(paths.keys, handle, key, passphrase, must_change=True)
    store.log_event("passphrase.given", handle)


@contextmanager
def _changing(paths: StorePaths, store: Store) -> Iterator[bytes]:
    """Give the data key for a change of the key file, which has to be the one that the store knows.

    A training store has neither keys nor staff.
    """
    if store.db.key is None:
        raise UnknownHandle(handle=store.handle)
    key_file_check.check_key_file(store, paths.keys)
    yield store.db.key
    key_file_check.check_key_file(store, paths.keys)
