"""Setting up and unlocking: the key file, the count of tries, and the database as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Literal, NamedTuple

from store import permissions
from store.backup import restore_plan
from store.database import guard
from store.errors import (
    DamagedStore,
    DiskFull,
    ForeignFile,
    ReadOnlyStore,
    RekeyUnfinished,
    StoreBusy,
    StoreExists,
    StoreFault,
    StoreMissing,
    UnknownHandle,
    WrongPassphrase,
)
from store.files import ownership
from store.keys import authentication, credentials, keystore, rekey
from store.keys.login_throttle import LoginThrottle, Report
from store.opening import key_file_check, store_file
from store.paths import StorePaths, StoreState
from store.repository.store import Store
from store.times import Clock, utc_now

_LATER = (DiskFull, ReadOnlyStore, StoreBusy, RekeyUnfinished, WrongPassphrase)
"""Why a key file could not be turned now, such as a data key that was changed meanwhile."""

NOBODY = "@"
"""What stands in an event of failed unlocks for staff codes that nobody has."""


class NewStore(NamedTuple):
    """An open store that has just been set up, and the recovery code to print once."""

    store: Store
    recovery_code: str


class _SignIn(NamedTuple):
    """Whoever signs in, what their secret has opened, and how it is opened once more."""

    handle: str
    secret: str
    opened: keystore.Unlocked
    again: Callable[[], keystore.Unlocked]


def detect_state(paths: StorePaths) -> StoreState:
    """Say what stands at the places, after finishing a restore that was cut short.

    Raises:
        StoreError: If the restore cannot be finished; nothing else may be done then.
        StoreGone: If there is no database any more.
    """
    restore_plan.finish(paths)
    found = paths.get_state()
    guard.refuse_if_gone(paths.database)
    return found


def set_up(paths: StorePaths, handle: str, passphrase: str, clock: Clock = utc_now) -> NewStore:
    """Make the keys and then the database.

    Cut short in between, it leaves the keys alone: `finish_set_up` goes on from there.

    Raises:
        StoreExists: If either file stands; StoreGone if a database has stood there.
        RefusedHandle: If a rule is broken; RefusedPassphrase.
    """
    if paths.database.exists():
        raise StoreExists(path=str(paths.database))
    guard.refuse_if_gone(paths.database)
    handle = credentials.plain_handle(handle)
    made = keystore.create(paths.keys, handle, passphrase)
    authentication.throttle_of(paths, clock).create_file()
    store = store_file.create_store(paths.database, made.key, handle, clock)
    key_file_check.check_key_file(store, paths.keys)
    return NewStore(store, made.recovery_code)


def finish_set_up(
    paths: StorePaths, handle: str, passphrase: str, clock: Clock = utc_now
) -> NewStore:
    """Go on with a setup that was cut short: an empty database for the keys that stand.

    The recovery code is a new one, because the first may never have been seen. Ask the user before
    whether a database was moved away; its contents do not come back by this. A wrong passphrase
    counts as in `unlock`.

    Raises:
        StoreExists: If a database stands.
        StoreMissing: If the keys show that there has been a database.
    """
    if paths.database.exists():
        raise StoreExists(path=str(paths.database))
    opened = authentication.open_slot(
        paths, handle, passphrase, authentication.throttle_of(paths, clock)
    )
    if len(opened.keys) > 1:
        raise StoreMissing(path=str(paths.database))
    key = opened.keys[0]
    store = store_file.create_store(paths.database, key, credentials.plain_handle(handle), clock)
    code = keystore.renew_recovery(paths.keys, key)
    key_file_check.check_key_file(store, paths.keys)
    return NewStore(store, code)


def unlock(
    paths: StorePaths,
    handle: str,
    passphrase: str,
    clock: Clock = utc_now,
    *,
    new_passphrase: str | None = None,
    os_user: str | None = None,
    older_keys: bool = False,
) -> Store:
    """Open the store with a passphrase, which `new_passphrase` replaces if given.

    `os_user` is the user of the operating system, by default the one who runs this program. With
    `older_keys` an administrator accepts a key file that is older than the last one. Failed tries
    since the last success go into the audit chain.

    Raises:
        TooManyTries: If the next try has to wait; AccountLocked.
        WrongPassphrase: If the two do not open the store.
        OtherOsUser: If the staff code is bound to another user of the computer.
        PassphraseMustChange: If a first passphrase needs `new_passphrase`; RefusedPassphrase.
        NotAllowed: If the worker may not accept older keys; OlderKeys if nobody does.
    """
    if new_passphrase is not None:
        credentials.check_passphrase(new_passphrase, handle)
    throttle = authentication.throttle_of(paths, clock)
    opened = authentication.open_slot(paths, handle, passphrase, throttle)
    authentication.check_slot(
        opened, os_user or authentication.this_os_user(), changing=new_passphrase is not None
    )
    handle = credentials.plain_handle(handle)
    again = partial(keystore.open_slot, paths.keys, handle, passphrase)
    who = _SignIn(handle, passphrase, opened, again)
    with _admitted(paths, who, clock, throttle, older="people" if older_keys else None) as store:
        if new_passphrase is not None:
            keystore.change_passphrase(paths.keys, handle, passphrase, new_passphrase)
            store.log_event("passphrase.changed", handle)
    return store


def recover(
    paths: StorePaths, code: str, handle: str, new_passphrase: str, clock: Clock = utc_now
) -> Store:
    """Open the store with the recovery code, and give a staff code a new passphrase for it.

    A staff code that is locked after too many tries is open again, and one that is bound to a user
    of the operating system is bound no longer: there is always a way in.
    """
    ownership.refuse_stranger(paths.keys)
    again = partial(keystore.open_recovery, paths.keys, code)
    opened = again()
    handle = credentials.plain_handle(handle)
    credentials.check_passphrase(new_passphrase, handle)
    throttle = authentication.throttle_of(paths, clock)
    who = _SignIn(handle, code, opened, again)
    with _admitted(paths, who, clock, throttle, older="recovery") as store:
        # The key file has one key by now; the code tells which.
        key = keystore.unlock_with_recovery(paths.keys, code)
        keystore.set_passphrase(paths.keys, handle, key, new_passphrase, bound=False)
        store.log_event("recovery.used", handle)
    return store


def unlock_account(paths: StorePaths, store: Store, handle: str, clock: Clock = utc_now) -> None:
    """Open a locked staff code again at the word of whoever has the store open.

    Raises:
        NotAllowed: If the worker may not.
        UnknownHandle: If there is no such staff code; RefusedHandle.
    """
    store.need("unlock")
    handle = credentials.plain_handle(handle)
    if handle not in keystore.handles(paths.keys):
        raise UnknownHandle(handle=handle)
    store.log_event("account.unlocked", handle)
    _forget(authentication.throttle_of(paths, clock), store, handle)


@contextmanager
def _admitted(
    paths: StorePaths,
    who: _SignIn,
    clock: Clock,
    throttle: LoginThrottle,
    *,
    older: permissions.Permission | Literal["recovery"] | None = None,
) -> Iterator[Store]:
    """Give the open store, with keys of today's kind and the tries forgotten; closed if that fails.

    `older` is the right by which a key file is accepted that is older than the last one.
    """
    store = _open_store(paths, who, clock)
    try:
        if older and older != "recovery":
            store.need(older)
        if older:
            key_file_check.accept_key_file(store, paths.keys, by_recovery=older == "recovery")
        with suppress(*_LATER):
            _upgrade_keys(paths, store, who)
        key_file_check.check_key_file(store, paths.keys)
        yield store
        key_file_check.check_key_file(store, paths.keys)
        _forget(throttle, store, store.handle)
    except BaseException:
        store.close()
        raise


def _open_store(paths: StorePaths, who: _SignIn, clock: Clock) -> Store:
    """Open the database with the key that it has; the key file may still be an older one."""

    def open_with(keys: tuple[bytes, ...]) -> Store:
        key = rekey.finish_rekey(paths, keys)
        return store_file.open_store(paths.database, key, who.handle, clock)

    try:
        return open_with(who.opened.keys)
    except (ForeignFile, DamagedStore, ReadOnlyStore, StoreFault):
        # The data key may have been changed since the key file was read, or the old file since
        # it was opened; then it is the new file that has to be opened.
        now = who.again().keys
        if now == who.opened.keys:
            raise
        return open_with(now)


def _upgrade_keys(paths: StorePaths, store: Store, who: _SignIn) -> None:
    """Make today's key file of an older one, unless it is not the one that is known."""
    if store.db.key is not None and who.opened.old:
        key_file_check.check_key_file(store, paths.keys)
        keystore.upgrade_slot(paths.keys, store.db.key, who.opened, who.secret)


def _forget(throttle: LoginThrottle, store: Store, handle: str) -> None:
    throttle.clear_failures(handle, lambda report: _record(store, report))


def _record(store: Store, report: Report) -> None:
    """Tell the audit chain whose unlocks failed, how often, and the first and last time."""
    for handle, times, first, last in report.failures:
        store.log_event("unlock.failed", "/".join((handle or NOBODY, str(times), first, last)))
    if report.trouble:
        store.log_event("tries.lost", report.trouble)
