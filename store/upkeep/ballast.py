"""Room that is kept aside beside a store, to be given up on the day on which the disk is full."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from store.errors import NoAccess
from store.upkeep import disk

BYTES = 2 << 20
"""Size of the file: at some 30 KiB of log an answer, enough to end an interview that has begun."""

_ROOM = 8 * BYTES
"""Free bytes below which no ballast is laid aside, so that it never takes the last room itself."""


def place(database: Path) -> Path:
    """Where the ballast of a database lies."""
    return database.with_name(database.name + ".ballast")


def keep(database: Path) -> bool:
    """Lay ballast aside unless it is there; say whether it is. A disk that refuses is no error."""
    path = place(database)
    with suppress(OSError, NoAccess):
        if _stands(path):
            return True
        if disk.free_bytes(database) >= _ROOM:
            # Random, since some file systems give equal bytes no room of their own.
            disk.write_whole(path, os.urandom(BYTES), replace=True, beside=database)
            return True
    return False


def release(database: Path) -> bool:
    """Give the room up; say whether there was any."""
    with suppress(OSError):
        stood = _stands(place(database))
        place(database).unlink(missing_ok=True)
        return stood
    return False


def _stands(path: Path) -> bool:
    return path.exists() and path.stat().st_size == BYTES
