"""Who may put a backup in the place of a store: the store that stands is asked as well.

The roles in an old backup are those of its day. So whoever opens it must also look after the store
that stands, as long as that one can be opened. Where it has other keys, they have to be opened too;
one that is damaged, has an old page that changes who works here, or has lost its keys, can answer
nothing: on a bad day it must be replaceable.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.audit import staff_ledger
from store.backup import manifest
from store.database import connections, engine, migrations, transactions
from store.errors import (
    Damaged,
    DamagedStore,
    ForeignFile,
    ForgedKeys,
    KeysMissing,
    NotRegular,
    OtherOsUser,
    PresentStoreClosed,
    RekeyUnfinished,
    StoreError,
    StoreFault,
    StoreMissing,
    WrongPassphrase,
    WrongRecoveryCode,
)
from store.files import ownership
from store.keys import authentication, keyslots, keystore, known_key_file
from store.keys.login_throttle import LoginThrottle
from store.paths import StorePaths
from store.times import Clock, utc_now


class PresentKeys(NamedTuple):
    """Who has opened the keys of the store that stands, and the data keys that they hold."""

    handle: str
    keys: tuple[bytes, ...]


class PresentStore(NamedTuple):
    """The store that stands, as it was asked."""

    handle: str
    """Who looks after it and has opened it."""
    key: bytes
    """The data key that opened it."""
    lineage: manifest.Lineage
    people: staff_ledger.Ledger | None
    """Who works there; None in a store of before there were roles."""


def open_backup(
    paths: StorePaths,
    key_file: Path,
    handle: str,
    secret: str,
    *,
    recovery: bool = False,
    clock: Clock = utc_now,
) -> bytes:
    """Return the data key of a backup, for a passphrase or the recovery code of its day.

    Where the store that stands has the same data key, today's secret opens it as well. Tries are
    counted where that store counts its own.

    Raises:
        TooManyTries: If the next try has to wait; AccountLocked.
        OtherOsUser: If the staff code is bound to another user of the computer, today or then.
    """
    if not ownership.stands(paths.keys):
        return _open_one((key_file,), key_file, handle, secret, recovery=recovery)
    files = (paths.keys, key_file) if shares_key(paths, key_file) else (key_file,)
    if recovery:
        return _open_one(files, key_file, handle, secret, recovery=True)

    def handles() -> tuple[str, ...]:
        with suppress(StoreError):  # a key file that is damaged locks nobody out of a backup
            return keystore.handles(paths.keys)
        return ()

    with LoginThrottle(paths.keys, handles, clock).attempt(handle):
        key = _open_one(files, key_file, handle, secret)
    _check_binding(paths, handle)
    return key


def shares_key(paths: StorePaths, key_file: Path) -> bool:
    """Return whether the key file beside the store has a data key of that of a backup."""
    with suppress(StoreError):
        return not set(keystore.read(paths.keys).checks).isdisjoint(keystore.read(key_file).checks)
    return False


def _open_one(
    files: tuple[Path, ...], backup: Path, handle: str, secret: str, *, recovery: bool = False
) -> bytes:
    """Return the data key of a backup from the first of the key files that a secret opens."""
    for place in files:
        try:
            opened = (
                keystore.open_recovery(place, secret)
                if recovery
                else keystore.open_slot(place, handle, secret)
            )
        except (WrongPassphrase, WrongRecoveryCode, ForgedKeys):
            if place == backup:
                raise
        else:
            authentication.check_slot(opened, authentication.this_os_user(), changing=False)
            if place == backup:
                return opened.keys[0]
            checks = keystore.read(backup).checks
            return next(key for key in opened.keys if keyslots.digest(key) in checks)
    raise WrongPassphrase


def _check_binding(paths: StorePaths, handle: str) -> None:
    """Refuse a staff code that is bound to another user of the computer today."""
    with suppress(KeysMissing, Damaged, NotRegular):
        for user in keystore.users(paths.keys):
            if user.handle == handle and user.os_user not in {None, authentication.this_os_user()}:
                raise OtherOsUser(found=authentication.this_os_user())


def open_present(
    paths: StorePaths, handle: str, secret: str, *, recovery: bool = False, clock: Clock = utc_now
) -> PresentKeys:
    """Open the keys of the store that stands, as `authentication.open_slot` does."""
    if recovery:
        return PresentKeys(handle, keystore.open_recovery(paths.keys, secret).keys)
    throttle = authentication.throttle_of(paths, clock)
    opened = authentication.open_slot(paths, handle, secret, throttle)
    authentication.check_slot(opened, authentication.this_os_user(), changing=False)
    return PresentKeys(handle, opened.keys)


def has_other_keys(paths: StorePaths, *held: bytes) -> bool:
    """Return whether a key file beside the store has another data key than those."""
    try:
        checks = keystore.read(paths.keys).checks
    except (KeysMissing, Damaged, NotRegular):
        return False
    return not {keyslots.digest(key) for key in held}.issuperset(checks)


def admit(
    paths: StorePaths, key: bytes, handle: str, present: PresentKeys | None
) -> PresentStore | None:
    """Ask the store that stands; return None if there is none, or it can answer nothing.

    `key` and `handle` are those of the backup.

    Raises:
        NotAllowed: If nobody who has opened the store looks after it.
        OlderKeys: If an older key file was put back.
        PresentStoreClosed: If the store has other keys, and they are not `present`.
    """
    if not ownership.stands(paths.database):
        return None
    at_hand = [(present.handle, each) for each in present.keys] if present else []
    at_hand.append((handle, key))
    for who, each in at_hand:
        if db := open_to_ask(paths.database, each):
            with db:
                if store := _asked(db, paths, who, each):
                    return store
    if has_other_keys(paths, *(each for _, each in at_hand)):
        raise PresentStoreClosed
    return None


def _asked(db: engine.Database, paths: StorePaths, who: str, key: bytes) -> PresentStore | None:
    """Return what a store tells of itself; None if it is damaged, or its roles cannot be proven."""
    with suppress(DamagedStore):
        with transactions.reading(db):
            if people := staff_ledger.people_in(db):
                people.need(who, "upkeep")
            # The key file may be gone, or changed just now: then it is not kept.
            with suppress(KeysMissing, Damaged, NotRegular, RekeyUnfinished, WrongPassphrase):
                known_key_file.refuse_older(db, paths.keys)
        return PresentStore(who, key, manifest.read_lineage(db), people)
    return None


def admit_if_open(paths: StorePaths, key: bytes, handle: str) -> PresentStore | None:
    """Ask the store that stands, if it opens with a data key, for what changes nothing there."""
    with suppress(PresentStoreClosed):
        return admit(paths, key, handle, None)
    return None


def open_to_ask(database: Path, key: bytes) -> engine.Database | None:
    """Open a database that is only read; return None if this data key opens none there."""
    # Also one that a newer program has written tells who may do what.
    try:
        return connections.connect_to_read(database, key, migrations.schema(sys.maxsize))
    except (Damaged, ForeignFile, StoreFault, StoreMissing, NotRegular):
        return None
