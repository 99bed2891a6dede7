"""The backup that stands between two versions of Porras: room for it, and the way back by it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.backup import inventory
from store.backup.backup import usual
from store.backup.manifest import Manifest, read_manifest
from store.database import head_record, migrations
from store.errors import FutureSchema, FutureSchemaWayBack, NoRoomForBackup
from store.files import drives
from store.paths import StorePaths, find
from store.times import minute

_SPARE = 20 << 20
"""Bytes beside the backup itself: its keys, the engine's log, what else is written meanwhile."""


class WayBack(NamedTuple):
    """A backup that this program can restore, beside a database of a newer one."""

    folder: Path
    manifest: Manifest
    since: int
    """How many events the store has had since."""


def refuse_without_room(paths: StorePaths) -> None:
    """Refuse an update after which the newer program could not begin with its backup.

    Nothing is refused where no store stands, or may not be looked at by this user.

    Raises:
        NoRoomForBackup: If the disk of the store has no room for a second one.
    """
    with suppress(OSError):
        needed = paths.database.stat().st_size + _SPARE
        free = drives.free_bytes(paths.database)
        if free < needed:
            told = {"needed": needed >> 20, "free": free >> 20}
            raise NoRoomForBackup(path=str(usual(paths)), **told)


def find_way_back(database: Path) -> WayBack | None:
    """Return the newest backup beside a database that this program can restore; None without one.

    It is the one that the newer program made before it brought the store up to date, if that lies
    where it was made.
    """
    paths = find(database)
    found = []
    with suppress(OSError):
        for folder in usual(paths).iterdir():
            with suppress(*inventory.UNREADABLE):
                manifest = read_manifest(folder)
                if manifest.schema_version <= migrations.newest():
                    found.append((manifest.made, folder, manifest))
    if not found:
        return None
    _, folder, manifest = max(found, key=lambda each: each[:2])
    head = head_record.read(head_record.path_of(paths.database))
    return WayBack(folder, manifest, max(head.seq - manifest.head_seq, 0) if head else 0)


def with_way_back(error: FutureSchema, database: Path) -> FutureSchema:
    """Return the refusal of a newer file that names the backup to go back by, if there is one."""
    way = find_way_back(database)
    if way is None:
        return error
    made = minute(way.manifest.made)
    told = {**error.values, "folder": str(way.folder), "made": made, "events": way.since}
    return FutureSchemaWayBack(**told)
