"""Which key file the database knows: an older one that is put back does not open in silence.

Each change gives the key file a higher number. The database keeps number and digest of the last one
that it has seen, as a setting, whose every change stands in the chain. A file with a higher number
is the newer one and is taken: a change may have been cut short between the two files. One with a
lower number, or another one with the same, was put back from somewhere; with it come old
passphrases and people who have left.

A file of an earlier version has no number and is not kept; once there was a newer one, it is older.
"""

from __future__ import annotations

from pathlib import Path

from store.audit import chain
from store.database import engine
from store.errors import EarlierKeys, OlderKeys, RekeyUnfinished
from store.keys import keystore
from store.keys.key_file import State

SETTING = "keys.file"

_NONE = State(0, "", "")


def refuse_older(db: engine.Database, path: Path) -> None:
    """Refuse a key file that is older than the one that this open database knows.

    For who only reads the database, within a transaction.

    Raises:
        OlderKeys: If it is older; StoreError as `keystore.state`.
    """
    if db.key is None:
        return
    known, found = known_state(db), keystore.state(path, db.key)
    if found != known and found.number <= known.number and found.number + known.number:
        raise older_error(found, known)


def adopt(db: engine.Database, path: Path, at: str, actor: str) -> None:
    """Let a database take this key file for no older one, as the two are put together.

    For a restore: `db` is the restored database under its data key, `path` the key file that will
    lie beside it; within a transaction. A key file amid a change of the data key is taken when that
    is finished.
    """
    if db.key is None:
        return
    try:
        found = keystore.state(path, db.key)
    except RekeyUnfinished:
        found = _NONE
    before = known_state(db)
    if found == before or found.number > before.number:  # which the next opening sees by itself
        return
    row = row_of(found)
    db.put_setting(row)
    chain.append(db, at, actor, "setting.changed", SETTING, chain.digest(row))


def known_state(db: engine.Database) -> State:
    """Return the last key file that a database has seen, within a transaction."""
    value = db.get_setting(SETTING)
    if value is None:
        return _NONE
    number, digest, recovery = value.split(":")
    return State(int(number), digest, recovery)


def older_error(found: State, known: State) -> OlderKeys:
    """Return the error that tells of an older key file."""
    kind = OlderKeys if found.number else EarlierKeys
    return kind(found=found.number, known=known.number)


def row_of(state: State) -> dict[str, str]:
    """Return the setting that keeps which key file was seen."""
    return {"key": SETTING, "value": ":".join(map(str, state))}
