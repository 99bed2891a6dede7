"""Putting a training store back to how it begins: whole, or not at all.

The new content is made beside it, under a name of its own, and then takes the place of all pages of
the old file as one transaction: after a cut there is the old one or the new one. The file itself
stays, so that no name, link, owner or right changes, and nothing is ever removed that could be
somebody's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlcipher3 import dbapi2 as driver

from store.database import connections, engine, engine_errors, migrations, transactions
from store.errors import StoreBusy, TrainingInUse
from store.files import file_lock, ownership, removal
from store.paths import real
from store.times import Clock, utc_now
from store.training.invented import Filling
from store.training.opening import (
    filled_file,
    is_training,
    make_training,
    refuse_other,
    six_clients,
    telling_damage,
)

_HOUR = 3600
"""Seconds; no store takes so long to make."""

_UNFINISHED = re.compile(rf"(?P<database>{removal.UNFINISHED})(-wal|-shm|-journal)?")


class Held(NamedTuple):
    """What a training store holds, and what would go with it."""

    clients: int
    assessments: int
    drafts: int
    """Assessments that are neither confirmed nor ended."""


def look(path: Path) -> Held | None:
    """Return what a training store holds; None where there is none. Nothing is changed by it.

    Raises:
        NotTraining: If another file stands there.
        TrainingDamaged: If it cannot be read.
    """
    path = real(path)
    if not ownership.stands(path):
        return None
    refuse_other(path)  # before anything touches it
    with _telling(path):
        database = connections.connect_to_read(path, None, migrations.schema(training=True))
        try:
            with engine_errors.translated(path):
                tables = ("clients", "assessments", "drafts")
                counts = (
                    database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                    for name in tables
                )
                return Held(*counts)
        finally:
            database.close()


def reset_training(path: Path, clock: Clock = utc_now, filling: Filling | None = None) -> None:
    """Put a training store back to how it begins, or make it where there is none.

    Raises:
        NotTraining: If another file stands there; nothing is changed then.
        TrainingInUse: If another program has it open.
        TrainingDamaged: If it cannot be opened.
        StoreError: If the disk does not take it; then the old one stands.
    """
    path, filling = real(path), filling or six_clients()
    _clear_away(path.parent)
    if not ownership.stands(path):
        make_training(path, clock, filling)
        return
    refuse_other(path)  # before anything touches it
    schema = migrations.schema(training=True)
    with _alone(path, schema) as old, filled_file(path.parent, clock, filling) as fresh:
        new = connections.connect(fresh, None, schema)
        try:
            transactions.into_one_file(new)
            with engine_errors.translated(path):
                new.conn.backup(old.conn)
        finally:
            new.close()


@contextmanager
def _alone(path: Path, schema: engine.Schema) -> Iterator[engine.Database]:
    """Give the open database while nobody else has it open, or can open it.

    Every program that has a database open holds a lock of the engine on it, which the system takes
    away when the program ends, however it ends.
    """
    with _telling(path):
        database = connections.connect(path, None, schema)
    try:
        database.merges = False
        try:
            with engine_errors.translated(path):
                database.execute("PRAGMA busy_timeout = 500").fetchall()
                database.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
                transactions.into_one_file(database)
                database.conn.execute("BEGIN EXCLUSIVE")
                database.conn.execute("COMMIT")
        except StoreBusy:
            raise _in_use(path) from None
        yield database
    finally:
        with suppress(driver.Error):
            database.close()


def _in_use(path: Path) -> TrainingInUse:
    return TrainingInUse(path=str(path), who=", ".join(file_lock.holders(path)) or "?")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Say of a training store that cannot be used what is to be done with it."""
    try:
        with telling_damage(path):
            yield
    except StoreBusy:
        raise _in_use(path) from None


def _clear_away(folder: Path) -> None:
    """Remove what an earlier making left that was cut short: whole stores have their own name.

    What is young may be in the making just now.
    """
    with removal.open_folder(folder) as room:
        if room is None:
            return
        for name in reversed(room.names()):  # a log before its database
            unfinished = _UNFINISHED.fullmatch(name)
            found = room.stat(name) if unfinished else None
            if not unfinished or found is None or found.st_mtime > utc_now().timestamp() - _HOUR:
                continue
            with suppress(OSError):
                if is_training(folder / unfinished["database"]):
                    room.remove_file(name, removal.NOTHING)
