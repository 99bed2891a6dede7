"""Which backups are kept, and the removal of those whose time is over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from store import engine
from store.upkeep import removal, shelf
from store.upkeep.manifest import DATABASE, KEYS, MANIFEST, Manifest

KEEP = 14
"""How many of the newest backups are kept."""

LAID = removal.Laid(
    re.compile(
        rf"{re.escape(DATABASE)}(-journal|-wal|-shm)?|{re.escape(KEYS)}|{re.escape(MANIFEST)}"
        rf"|{removal.UNFINISHED}"
    )
)
"""What lies in the folder of a backup, finished or not."""

_MONTHLY_FOR = timedelta(days=366)
_CUT_SHORT_AFTER = timedelta(days=1)
_LEFT_BEHIND = re.compile(rf"\.porras-(?:.+-)?({shelf.TIME})(?:-\d+)?\.(?:part-.+|removed)")


def rotate(
    db: engine.Database, fresh: Path, manifest: Manifest, keep: int, spared: removal.Spared
) -> tuple[str, ...]:
    """Remove the backups of this store whose time is over; never the one just made."""
    mine = [each for each in shelf.finished(fresh.parent) if each[1].history == manifest.history]
    # Events tell what is newer; a clock that was set back does not. Those that a restore has set
    # aside are older than all of the store's own, however many they are.
    mine.sort(key=lambda m: (shelf.holds(db, m[1]), m[1].head_seq, m[1].made), reverse=True)
    kept = {fresh, *(path for path, _ in mine[: max(keep, 1)]), *_first_of_months(mine, manifest)}
    over = [path for path, _ in mine if path not in kept]
    return tuple(path.name for path in over if _remove(path, spared))


def _remove(path: Path, spared: removal.Spared) -> bool:
    gone = f".{path.name}.removed"
    with removal.within(path.parent) as room:
        # So that no half of a backup ever bears the name of one.
        if room is None or not room.rename(path.name, gone, LAID, spared):
            return False
        room.folder(gone, LAID, spared)
        return True


def _first_of_months(mine: Iterable[tuple[Path, Manifest]], fresh: Manifest) -> set[Path]:
    earliest = datetime.fromisoformat(fresh.made) - _MONTHLY_FOR
    firsts: dict[str, tuple[str, Path]] = {}
    for path, manifest in mine:
        if datetime.fromisoformat(manifest.made) >= earliest:
            month, each = manifest.made[:7], (manifest.made, path)
            firsts[month] = min(firsts.get(month, each), each)
    return {path for _, path in firsts.values()}


def sweep(folder: Path, now: str, spared: removal.Spared) -> None:
    """Remove what programs that were cut short left behind, once none of them can still run."""
    with removal.within(folder) as room:
        for name in room.names() if room else []:
            left = _LEFT_BEHIND.fullmatch(name)
            if left and room and _instant(left[1]) + _CUT_SHORT_AFTER < _instant(in_name(now)):
                room.folder(name, LAID, spared)


def in_name(instant: str) -> str:
    """An instant as it stands in a name, without what some file systems do not take."""
    return instant[: len("2026-11-22T08:30:05")].replace(":", "-") + "Z"


def _instant(in_name: str) -> datetime:
    return datetime.strptime(in_name, "%Y-%m-%dT%H-%M-%S%z")
