"""Holding the key file against the one that an open store knows, and accepting an older one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from store.errors import StoreError
from store.files import file_lock
from store.keys import keystore, known_key_file
from store.keys.key_file import State
from store.session.session import Session

ACCEPTED, REFUSED = "keys.older", "keys.refused"
"""The events of an older key file that somebody has accepted, or that did not open."""


def check_key_file(session: Session, path: Path) -> None:
    """Take the key file as the one that stands, or refuse it as an older one.

    Raises:
        OlderKeys: If it is older, which is logged.
    """
    if session.db.key is None:
        return
    # Whoever changes both changes the file first: it is never behind what was read before it.
    known = _read(session)
    found = keystore.state(path, session.db.key)
    if found == known or not found.number + known.number:
        return
    if found.number <= known.number:
        _refuse(session, found, known)
    with session.writing():
        if found.number > known_key_file.known_state(session.db).number:
            session.put_setting(known_key_file.row_of(found))


def accept_key_file(session: Session, path: Path, *, by_recovery: bool = False) -> None:
    """Let an older key file be the newest one from now on, which everybody is told of.

    The one that was known before is the older one then. If a new recovery code has taken the place
    of this file's since, the file loses it and has none until one is made (`staff_accounts`): what
    everybody was told is ended opens nothing again. With `by_recovery` it is the recovery code that
    accepts it.

    Raises:
        OlderKeys: If that recovery code is an older one itself.
    """
    if session.db.key is None:
        return
    known, found = _read(session), keystore.state(path, session.db.key)
    if not known.number or found == known or found.number > known.number:
        return
    renewed = found.recovery != known.recovery
    if by_recovery and renewed:
        _refuse(session, found, known)
    with session.writing():
        session.log(ACCEPTED, session.worker_id)
    with file_lock.alone(path):
        change = keystore.without_recovery if renewed else lambda file: file
        keystore.rewrite(path, (session.db.key,), change, above=known.number)
    check_key_file(session, path)


def _read(session: Session) -> State:
    with session.reading():
        return known_key_file.known_state(session.db)


def _refuse(session: Session, found: State, known: State) -> NoReturn:
    with suppress(StoreError):
        session.log_event(REFUSED, session.worker_id)
    raise known_key_file.older_error(found, known)
