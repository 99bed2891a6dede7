"""The backups that lie in a folder: which there are, and which of them is the newest."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from store import engine
from store.errors import BackupDamaged, BackupMissing, FolderMissing, FutureBackup, NoAccess
from store.upkeep import owner
from store.upkeep.manifest import MANIFEST, Manifest, read_manifest

UNREADABLE = (BackupMissing, BackupDamaged, NoAccess, FutureBackup)
"""Why a folder may not be told to be a backup of ours; it is let alone then."""

TIME = r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ"
"""How an instant stands in a name."""

_NAME = re.compile(rf"porras-{TIME}(-\d+)?")


def newest(folder: Path) -> Path:
    """The backup in a folder that holds the most events; the folder itself if it is a backup.

    Raises FolderMissing if it does not stand, BackupMissing if there is none, and what
    `read_manifest` raises for one that has a later name than all that can be read: an older backup
    never passes for the newest.
    """
    if not owner.stands(folder):
        raise FolderMissing(path=str(folder))
    if owner.stands(folder / MANIFEST):
        return folder
    found = [(manifest.head_seq, manifest.made, path) for path, manifest in finished(folder)]
    last = max((path.name for _, _, path in found), default="")
    for path in _named(folder):
        if path.name > last:
            with contextlib.suppress(BackupMissing):
                read_manifest(path)
    if not found:
        raise BackupMissing(path=str(folder))
    return max(found)[2]


def later_and_apart(chosen: Path, db: engine.Database) -> str | None:
    """The name of a backup beside `chosen` that was made later and holds what that one does not.

    `db` is the database of `chosen`. Both are of one store, which was put back to an older backup
    between them: the events that were set aside then may be more than those recorded since, so
    that their number does not tell.
    """
    of = read_manifest(chosen)
    apart = [
        path.name
        for path, manifest in finished(chosen.parent)
        if manifest.history == of.history and manifest.made > of.made and not holds(db, manifest)
    ]
    return max(apart, default=None)


def holds(db: engine.Database, manifest: Manifest) -> bool:
    """Whether a database has every event of a backup."""
    with engine.reading(db):
        row = db.execute("SELECT hash FROM audit WHERE seq = ?", (manifest.head_seq,)).fetchone()
    return row is not None and row[0] == manifest.head_hash


def finished(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    """The backups in a folder that were asked for, as far as their manifests can be read."""
    for path in _named(folder):
        with contextlib.suppress(*UNREADABLE):
            yield path, read_manifest(path)


def _named(folder: Path) -> Iterator[Path]:
    """What bears the name of a backup that was asked for."""
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except PermissionError:
        raise owner.no_access(folder) from None
    for path in found:
        if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            yield path
