"""The backups that lie in a folder: which there are, and to which branches of a store they belong.

A store that is put back to an older backup goes on from there: a branch begins with the event of
the restore, and what was recorded past that backup is set aside. Each manifest tells the restores
that its history has gone through, so that it is known of any two whether one holds all of the
other. What no other one holds is the tip of its branch.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from store.backup.manifest import Manifest, Restoring, read_manifest
from store.database import engine, transactions
from store.errors import (
    BackupDamaged,
    BackupMissing,
    BackupsApart,
    FolderMissing,
    FutureBackup,
    NoAccess,
    StoreError,
)
from store.file_names import BACKUPS, MANIFEST, TIME
from store.files import ownership

UNREADABLE = (BackupMissing, BackupDamaged, NoAccess, FutureBackup)
"""Why a folder may not be told to be a backup of ours; it is let alone then."""

_NAME = re.compile(rf"porras-{TIME}(-\d+)?")


class Entry(NamedTuple):
    """A backup, and what its manifest says of it."""

    path: Path
    manifest: Manifest


class Tip(NamedTuple):
    """The last backup of a branch."""

    path: Path
    manifest: Manifest
    set_aside: str | None
    """The instant of the restore that set the branch aside; None if none did."""


def find_newest(folder: Path) -> Path:
    """Return the backup in a folder that holds all others; the folder itself if it is a backup.

    Raises:
        FolderMissing: If it does not stand.
        BackupMissing: If there is none in it.
        BackupsApart: If no backup holds all.
        StoreError: Why the last one by name cannot be read: no older one passes for the newest.
    """
    if is_backup(folder):
        return folder
    found: list[Entry] = []
    unread: StoreError | None = None
    for path in list_named(folder):  # the last one comes last
        try:
            found.append(Entry(path, read_manifest(path)))
            unread = None
        except BackupMissing:
            continue
        except UNREADABLE as error:
            unread = error
    # Each is read once: a disk that fails for a moment must not let an older one pass.
    if unread:
        raise unread
    if not found:
        raise BackupMissing(path=str(folder))
    if len(ends := find_tips(found)) > 1:
        raise apart_error(folder, ends)
    return ends[0].path


def is_backup(folder: Path) -> bool:
    """Return whether a folder is meant to be a backup itself.

    Raises:
        FolderMissing: If it does not stand.
    """
    if not ownership.stands(folder):
        raise FolderMissing(path=str(folder))
    return ownership.stands(folder / MANIFEST)


def apart_error(folder: Path, ends: tuple[Tip, ...]) -> BackupsApart:
    """Return the error that asks which branch of several is meant."""
    names = ", ".join(tip.path.name for tip in ends)
    error = BackupsApart(path=str(folder), count=len(ends), names=names)
    error.tips = ends
    return error


def find_tips(entries: Iterable[Entry]) -> tuple[Tip, ...]:
    """Return the last backup of each branch, the one that was made last first."""
    ordered = sorted(entries, key=lambda each: (each.manifest.made, each.path.name))
    last = [
        each
        for place, each in enumerate(ordered)
        # Of two that hold each other, the later one counts.
        if not any(
            _holds_all(other.manifest, each.manifest)
            and (at > place or not _holds_all(each.manifest, other.manifest))
            for at, other in enumerate(ordered)
            if at != place
        )
    ]
    ends = (Tip(*each, _set_aside(each.manifest, (tip.manifest for tip in last))) for each in last)
    return tuple(sorted(ends, key=lambda tip: (tip.set_aside is None, tip.manifest.made))[::-1])


def _holds_all(whole: Manifest, part: Manifest) -> bool:
    """Return whether the history of one backup has every event of another."""
    if whole.history != part.history:
        return False
    if whole.ancestry is None or part.ancestry is None:  # the database will tell
        return whole.head_seq >= part.head_seq and whole.made >= part.made
    shared = len(part.ancestry)
    if whole.ancestry[:shared] != part.ancestry:
        return False
    if later := whole.ancestry[shared:]:
        return part.head_seq < later[0].seq
    return part.head_seq < whole.head_seq or part.head == whole.head


def _set_aside(manifest: Manifest, others: Iterable[Manifest]) -> str | None:
    told = (
        set_aside_at(manifest.head_seq, manifest.ancestry, other.ancestry)
        for other in others
        if other.history == manifest.history and other.ancestry is not None
    )
    return min((at for at in told if at), default=None)


def set_aside_at(
    head: int, ancestry: tuple[Restoring, ...] | None, other: tuple[Restoring, ...]
) -> str | None:
    """When a history was set aside by a restore of another one; None if it was not.

    `head` is the number of its newest event.
    """
    if ancestry is None:
        return None
    pairs = zip(ancestry, other, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if len(other) == alike or other[alike].seq > head:
        return None
    if len(ancestry) > alike and ancestry[alike].at > other[alike].at:
        return None
    return other[alike].at


def later_and_apart(chosen: Path, db: engine.Database) -> Path | None:
    """Return the last backup beside `chosen` of the same store that its database does not hold.

    Manifests cannot tell where they are of version 1, or where a store was copied and both copies
    went on. `db` is the database of `chosen`.
    """
    of = read_manifest(chosen)
    others = (
        entry
        for entry in list_finished(chosen.parent)
        if entry.manifest.history == of.history and not holds(db, entry.manifest)
    )
    last = max(others, key=lambda entry: entry.manifest.made, default=None)
    return last.path if last else None


def holds(db: engine.Database, manifest: Manifest) -> bool:
    """Return whether a database has every event of a backup."""
    with transactions.reading(db):
        row = db.execute("SELECT hash FROM audit WHERE seq = ?", (manifest.head_seq,)).fetchone()
    return row is not None and row[0] == manifest.head_hash


def list_finished(folder: Path) -> Iterator[Entry]:
    """Yield the backups in a folder that were asked for, as far as their manifests can be read."""
    for path in list_named(folder):
        with contextlib.suppress(*UNREADABLE):
            yield Entry(path, read_manifest(path))


def makes_room(name: str) -> bool:
    """Return whether a name is that of a backup that was asked for, and makes room in time."""
    return _NAME.fullmatch(name) is not None


def list_named(folder: Path) -> Iterator[Path]:
    """Yield what bears the name of a backup that was asked for, whatever it is.

    Raises:
        NoAccess: If this user may not look into the folder.
    """
    try:
        found = sorted(folder.iterdir()) if folder.is_dir() else []
    except PermissionError:
        raise ownership.no_access(folder) from None
    yield from (path for path in found if makes_room(path.name))


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


def find_copies(database: Path) -> Copies:
    """Return the copies in the usual places: the folder of the database, and `backups` in it.

    Others, such as backups on another disk, are not known to the program.
    """
    made, lasting = [], []
    folder = database.parent / BACKUPS
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            manifest = read_manifest(path)
        except BackupMissing:
            continue
        except UNREADABLE:  # nothing removes it, and it may hold all
            lasting.append(path.name)
            continue
        if manifest.reason == "asked" and makes_room(path.name):
            made.append(datetime.fromisoformat(manifest.made))
        else:
            lasting.append(path.name)
    aside = database.parent.glob(f"{database.name}.before-*")
    lasting += sorted(path.name for path in aside if not path.name.endswith(("-wal", "-shm")))
    return Copies(len(made), min(made, default=None), tuple(lasting))
