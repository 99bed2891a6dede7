"""Which copies of the store lie beside it: they still hold what was deleted since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from store.backup import inventory
from store.backup.manifest import read_manifest
from store.errors import BackupDamaged, BackupMissing, FutureBackup, NoAccess


class Copies(NamedTuple):
    """Copies that hold the store as it was."""

    backups: int
    """Backups that make room for newer ones in time."""
    oldest: datetime | None
    """When the oldest of these was made."""
    lasting: tuple[str, ...]
    """Names of copies that nothing removes.

    Backups before an update and those that cannot be read, and stores set aside.
    """


def beside(database: Path) -> Copies:
    """Return the copies in the usual places: the folder of the database, and `backups` in it.

    Others, such as backups on another disk, are not known to the program.
    """
    made, lasting = [], []
    folder = database.parent / "backups"
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            manifest = read_manifest(path)
        except BackupMissing:
            continue
        except (BackupDamaged, FutureBackup, NoAccess):  # nothing removes it, and it may hold all
            lasting.append(path.name)
            continue
        if manifest.reason == "asked" and inventory.makes_room(path.name):
            made.append(datetime.fromisoformat(manifest.made))
        else:
            lasting.append(path.name)
    aside = database.parent.glob(f"{database.name}.before-*")
    lasting += sorted(path.name for path in aside if not path.name.endswith(("-wal", "-shm")))
    return Copies(len(made), min(made, default=None), tuple(lasting))
