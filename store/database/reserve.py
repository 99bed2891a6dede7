"""Room that is kept aside beside a store, to be given up on the day on which the disk is full."""

from __future__ import annotations

import math
import os
import stat
from contextlib import suppress
from pathlib import Path

from store.errors import NoAccess
from store.files import drives, durable, removal

BYTES = 2 << 20
"""Size of the file: at some 30 KiB of log an answer, enough to end an interview that has begun."""

_ROOM = 8 * BYTES
"""Free bytes below which no room is kept aside, so that it never takes the last room itself."""


def path_of(database: Path) -> Path:
    """Return where the reserve of a database lies, a file of nothing but room."""
    return database.with_name(database.name + ".ballast")


def keep(database: Path) -> bool:
    """Keep room aside; return whether there is any. A disk that refuses is no error."""
    path = path_of(database)
    with suppress(OSError, NoAccess):
        if _size(path) == BYTES:
            return True
        if os.path.lexists(path) and not _size(path) < BYTES:  # it is not what was laid there
            return False
        if drives.free_bytes(database) >= _ROOM:
            # Random, since some file systems give equal bytes no room of their own.
            durable.write_whole(path, os.urandom(BYTES), replace=True, beside=database)
            return True
    return False


def release(database: Path) -> bool:
    """Give the room up; say whether there was any."""
    path = path_of(database)
    with suppress(OSError):
        spared = removal.files_of(database, but=path)
        size = _size(path)
        return size <= BYTES and removal.remove_file(path, spared) and size == BYTES
    return False


def _size(path: Path) -> float:
    """Return the size of a file that has no other name; without end for anything else."""
    found = path.lstat() if os.path.lexists(path) else None
    alone = found is not None and stat.S_ISREG(found.st_mode) and found.st_nlink == 1
    return found.st_size if found and alone else math.inf
