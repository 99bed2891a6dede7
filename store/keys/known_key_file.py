"""Which key file the database knows: an older one that is put back does not open in silence.

Each change gives the key file a higher number. The database keeps number and digest of the last one
that it has seen, as a setting, whose every change stands in the chain. A file with a higher number
is the newer one and is taken: a change may have been cut short between the two files. One with a
lower number, or another one with the same, was put back from somewhere; with it come old
passphrases and people who have left.

A file of an earlier version has no number and is not kept; once there was a newer one, it is older.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from store.audit import chain
from store.database import engine
from store.errors import EarlierKeys, OlderKeys, RekeyUnfinished, StoreError
from store.files import file_lock
from store.keys import keystore
from store.keys.key_file import State
from store.repository.store import Store

SETTING = "keys.file"

ACCEPTED, REFUSED = "keys.older", "keys.refused"
"""The events of an older key file that somebody has accepted, or that did not open."""

_NONE = State(0, "", "")


def check(store: Store, path: Path) -> None:
    """Take the key file as the one that stands, or refuse it as an older one.

    Raises OlderKeys, which is logged, and what `keys.state` raises.
    """
    if store.db.key is None:
        return
    # Whoever changes both changes the file first: it is never behind what was read before it.
    known = _read(store)
    found = keystore.state(path, store.db.key)
    if found == known or not found.number + known.number:
        return
    if found.number <= known.number:
        _refuse(store, found, known)
    with store.writing():
        if found.number > _known(store.db).number:
            store.put_setting(_row(found))


def accept(store: Store, path: Path, *, by_recovery: bool = False) -> None:
    """Let an older key file be the newest one from now on, which everybody is told of.

    The one that was known before is the older one then. If a new recovery code has taken the place
    of this file's since, the file loses it and has none until one is made (`staff`): what everybody
    was told is ended opens nothing again. With `by_recovery` it is the recovery code
    that accepts it: OlderKeys if a new one has taken its place since. Raises what `keys.rewrite`
    raises.
    """
    if store.db.key is None:
        return
    known, found = _read(store), keystore.state(path, store.db.key)
    if not known.number or found == known or found.number > known.number:
        return
    renewed = found.recovery != known.recovery
    if by_recovery and renewed:
        _refuse(store, found, known)
    with store.writing():
        store.log(ACCEPTED, store.worker_id)
    with file_lock.alone(path):
        change = keystore.without_recovery if renewed else lambda file: file
        keystore.rewrite(path, (store.db.key,), change, above=known.number)
    check(store, path)


def refuse_older(db: engine.Database, path: Path) -> None:
    """Raise OlderKeys if a key file is older than the one that this open database knows.

    For who only reads the database, within a transaction. Raises what `keys.state` raises.
    """
    if db.key is None:
        return
    known, found = _known(db), keystore.state(path, db.key)
    if found != known and found.number <= known.number and found.number + known.number:
        raise _older(found, known)


def put_right(db: engine.Database, path: Path, at: str, actor: str) -> None:
    """Let a database take this key file for no older one, as the two are put together.

    For a restore: `db` is the restored database under its data key, `path` the key file that will
    lie beside it; within a transaction. A key file amid a change of the data key is taken when that
    is finished. Raises what `keys.state` raises.
    """
    if db.key is None:
        return
    try:
        found = keystore.state(path, db.key)
    except RekeyUnfinished:
        found = _NONE
    before = _known(db)
    if found == before or found.number > before.number:  # which the next opening sees by itself
        return
    row = _row(found)
    db.execute(
        "INSERT INTO settings (key, value) VALUES (:key, :value)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        row,
    )
    chain.append(db, at, actor, "setting.changed", SETTING, chain.digest(row))


def _read(store: Store) -> State:
    with store.reading():
        return _known(store.db)


def _known(db: engine.Database) -> State:
    row = db.execute("SELECT value FROM settings WHERE key = ?", (SETTING,)).fetchone()
    if row is None:
        return _NONE
    number, digest, recovery = str(row[0]).split(":")
    return State(int(number), digest, recovery)


def _refuse(store: Store, found: State, known: State) -> NoReturn:
    with suppress(StoreError):
        store.log_event(REFUSED, store.worker_id)
    raise _older(found, known)


def _older(found: State, known: State) -> OlderKeys:
    kind = OlderKeys if found.number else EarlierKeys
    return kind(found=found.number, known=known.number)


def _row(state: State) -> dict[str, str]:
    return {"key": SETTING, "value": ":".join(map(str, state))}
