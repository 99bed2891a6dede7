"""Setting up and unlocking: the key file and the database as one step."""

from __future__ import annotations

from typing import NamedTuple

from store import keys
from store.errors import StoreExists
from store.places import Places
from store.repository import Store
from store.times import Clock, utc_now


class NewStore(NamedTuple):
    """An open store that has just been set up, and the recovery code to print once."""

    store: Store
    recovery_code: str


def set_up(places: Places, handle: str, passphrase: str, clock: Clock = utc_now) -> NewStore:
    """Make the keys and then the database; StoreExists if either file stands.

    Cut short in between, it leaves the keys alone: `finish_set_up` goes on from there.
    """
    if places.database.exists():
        raise StoreExists(path=str(places.database))
    handle = keys.plain_handle(handle)
    made = keys.create(places.keys, handle, passphrase)
    return NewStore(Store.create(places.database, made.key, handle, clock), made.recovery_code)


def finish_set_up(places: Places, handle: str, passphrase: str, clock: Clock = utc_now) -> NewStore:
    """Go on with a setup that was cut short: an empty database for the keys that stand.

    The recovery code is a new one, because the first may never have been seen. Ask the user before
    whether a database was moved away; its contents do not come back by this.
    """
    if places.database.exists():
        raise StoreExists(path=str(places.database))
    key = keys.unlock(places.keys, handle, passphrase)
    store = Store.create(places.database, key, keys.plain_handle(handle), clock)
    return NewStore(store, keys.renew_recovery(places.keys, key))


def unlock(places: Places, handle: str, passphrase: str, clock: Clock = utc_now) -> Store:
    """Open the store with a passphrase; WrongPassphrase, and the errors of `Store.open`."""
    key = keys.unlock(places.keys, handle, passphrase)
    return Store.open(places.database, key, keys.plain_handle(handle), clock)


def recover(
    places: Places, code: str, handle: str, new_passphrase: str, clock: Clock = utc_now
) -> Store:
    """Open the store with the recovery code, and give a staff code a new passphrase for it."""
    key = keys.unlock_with_recovery(places.keys, code)
    keys.set_passphrase(places.keys, handle, key, new_passphrase)
    return Store.open(places.database, key, keys.plain_handle(handle), clock)
