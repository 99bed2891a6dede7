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

from store import engine, roles, schema
from store.errors import (
    Damaged,
    DamagedStore,
    ForeignFile,
    KeysMissing,
    NotRegular,
    PresentStoreClosed,
    StoreError,
    StoreFault,
    StoreMissing,
)
from store.log import ledger
from store.places import Places
from store.times import Clock, utc_now
from store.upkeep import manifest, owner
from store.vault import keys, opening, slots, tries


class Present(NamedTuple):
    """Who has opened the keys of the store that stands, and the data keys that they hold."""

    handle: str
    keys: tuple[bytes, ...]


class Standing(NamedTuple):
    """The store that stands, as it was asked."""

    line: manifest.Line
    rights: dict[str, frozenset[roles.Permission]]
    """What each staff code may do in it."""


def open_backup(
    places: Places,
    key_file: Path,
    handle: str,
    secret: str,
    *,
    recovery: bool = False,
    clock: Clock = utc_now,
) -> bytes:
    """The data key of a backup, for a passphrase or the recovery code of its day.

    Tries are counted where the store that stands counts its own. Raises what `keys.open_slot` and
    `keys.open_recovery` raise, TooManyTries and AccountLocked.
    """
    if recovery:
        return keys.unlock_with_recovery(key_file, secret)
    if not owner.stands(places.keys):
        return keys.unlock(key_file, handle, secret)

    def known() -> tuple[str, ...]:
        with suppress(StoreError):  # a key file that is damaged locks nobody out of a backup
            return keys.handles(places.keys)
        return ()

    with tries.Tries(places.keys, known, clock).trying(handle):
        return keys.unlock(key_file, handle, secret)


def open_present(
    places: Places, handle: str, secret: str, *, recovery: bool = False, clock: Clock = utc_now
) -> Present:
    """Open the keys of the store that stands; raises what `opening.open_slot` raises."""
    if recovery:
        return Present(handle, keys.open_recovery(places.keys, secret).keys)
    opened = opening.open_slot(places, handle, secret, clock)
    opening.check_slot(opened, opening.this_os_user(), changing=True)
    return Present(handle, opened.keys)


def has_other_keys(places: Places, *held: bytes) -> bool:
    """Whether a key file stands beside the store that has another data key than those."""
    try:
        checks = keys.read(places.keys).checks
    except (KeysMissing, Damaged, NotRegular):
        return False
    return not {slots.digest(key) for key in held}.issuperset(checks)


def admit(places: Places, key: bytes, handle: str, present: Present | None) -> Standing | None:
    """Ask the store that stands; None if there is none, or it can answer nothing.

    `key` and `handle` are those of the backup. Raises NotAllowed, and PresentStoreClosed if the
    store has other keys and they are not `present`.
    """
    if not owner.stands(places.database):
        return None
    at_hand = [(handle, key)]
    if present:
        at_hand += [(present.handle, each) for each in present.keys]
    for who, each in at_hand:
        if db := opened(places.database, each):
            try:
                if standing := _asked(db, who):
                    return standing
            finally:
                db.close()
    if has_other_keys(places, *(each for _, each in at_hand)):
        raise PresentStoreClosed
    return None


def _asked(db: engine.Database, who: str) -> Standing | None:
    """What a store tells of itself; None if it is damaged, or its roles cannot be proven."""
    with suppress(DamagedStore):
        with engine.reading(db):
            ledger.need_in(db, who, "upkeep")
            rights = ledger.rights_in(db)
        return Standing(manifest.line(db), rights)
    return None


def admit_if_open(places: Places, key: bytes, handle: str) -> None:
    """Ask the store that stands, if it opens with a data key, for what changes nothing there."""
    with suppress(PresentStoreClosed):
        admit(places, key, handle, None)


def opened(database: Path, key: bytes) -> engine.Database | None:
    """A database that is only read; None if there is none that this data key opens."""
    # Also one that a newer program has written tells who may do what.
    newest = sys.maxsize
    try:
        return engine.connect_to_read(database, key, schema.STORE_ID, schema_version=newest)
    except (Damaged, ForeignFile, StoreFault, StoreMissing, NotRegular):
        return None
