"""Keeping apart what an open database holds whose file has lost its name.

Nobody else can reach that file any more, and it is gone when the program ends. So all that the open
connection reads becomes a backup like any other, which a restore takes up; nothing removes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store import file_names
from store.backup import making
from store.database import engine, engine_errors, guard, reserve
from store.errors import DiskFull, StoreError
from store.files import durable, in_use, regular_files
from store.keys import keyslots, keystore
from store.paths import find
from store.times import Clock, to_iso_utc

NAME = "porras-kept-apart-"
"""How the name of such a backup begins."""

_LARGEST_KEY_FILE = 1 << 20


def keeper(path: Path, clock: Clock) -> guard.KeepApart:
    """Return what keeps a database apart, with today's key file in case that is lost too."""
    key_file = b""
    with suppress(OSError):
        key_file = regular_files.read(find(path).keys, _LARGEST_KEY_FILE)
    return lambda database: keep_apart(database, key_file, clock)


def keep_apart(database: engine.Database, key_file: bytes, clock: Clock) -> Path:
    """Make a backup of an open database with its key file, or the one that was held.

    It lies in `backups` beside the place of the database, or in the nearest folder that stands.
    """
    folder = _folder(database.path)
    with engine_errors.translated(folder):
        durable.private_folder(folder)
        try:
            return _copy(database, key_file, folder, clock)
        except DiskFull:
            if not reserve.release(database.path):
                raise
            return _copy(database, key_file, folder, clock)


def _folder(database: Path) -> Path:
    # A folder that was renamed is not made anew: its old name would then lead to another one.
    if database.parent.is_dir():
        return database.parent / file_names.BACKUPS
    return next(folder for folder in database.parents if folder.is_dir())


def _copy(database: engine.Database, held: bytes, folder: Path, clock: Clock) -> Path:
    made = to_iso_utc(clock())
    with _key_file(database, held, folder) as key_file:
        return making.make(
            database, key_file, folder, f"{NAME}{file_names.time_in_name(made)}", made
        )[0]


@contextmanager
def _key_file(database: engine.Database, held: bytes, folder: Path) -> Iterator[Path]:
    """Give the key file that stands, if it opens the database, else one with what was held."""
    place = find(database.path).keys
    with suppress(StoreError, OSError):
        if keyslots.digest(database.key or b"") in keystore.read(place).checks:
            held = b""
    if not held:
        yield place
        return
    copy = durable.new_file(folder)
    try:
        copy.write_bytes(held)
        yield copy
    finally:
        in_use.remove(copy)
