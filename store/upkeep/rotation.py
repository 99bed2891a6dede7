"""Which backups are kept, and the removal of those whose time is over."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from store import engine
from store.upkeep import shelf
from store.upkeep.manifest import DATABASE, KEYS, MANIFEST, Manifest

KEEP = 14
"""How many of the newest backups are kept."""

_MONTHLY_FOR = timedelta(days=366)
_CUT_SHORT_AFTER = timedelta(days=1)
_LEFT_BEHIND = re.compile(rf"\.porras-(?:.+-)?({shelf.TIME})(?:-\d+)?\.(?:part-.+|removed)")


def rotate(db: engine.Database, fresh: Path, manifest: Manifest, keep: int) -> tuple[str, ...]:
    """Remove the backups of this store whose time is over; never the one just made."""
    mine = [each for each in shelf.finished(fresh.parent) if each[1].history == manifest.history]
    # Events tell what is newer; a clock that was set back does not. Those that a restore has set
    # aside are older than all of the store's own, however many they are.
    mine.sort(key=lambda m: (shelf.holds(db, m[1]), m[1].head_seq, m[1].made), reverse=True)
    kept = {fresh, *(path for path, _ in mine[: max(keep, 1)]), *_first_of_months(mine, manifest)}
    over = [path for path, _ in mine if path not in kept]
    for path in over:
        gone = path.with_name(f".{path.name}.removed")
        path.rename(gone)  # so that no half of a backup ever bears the name of one
        discard(gone)
    return tuple(path.name for path in over)


def _first_of_months(mine: Iterable[tuple[Path, Manifest]], fresh: Manifest) -> set[Path]:
    earliest = datetime.fromisoformat(fresh.made) - _MONTHLY_FOR
    firsts: dict[str, tuple[str, Path]] = {}
    for path, manifest in mine:
        if datetime.fromisoformat(manifest.made) >= earliest:
            month, each = manifest.made[:7], (manifest.made, path)
            firsts[month] = min(firsts.get(month, each), each)
    return {path for _, path in firsts.values()}


def sweep(folder: Path, now: str) -> None:
    """Remove what programs that were cut short left behind, once none of them can still run."""
    for path in list(folder.iterdir()):
        left = _LEFT_BEHIND.fullmatch(path.name)
        if left and path.is_dir() and _instant(left[1]) + _CUT_SHORT_AFTER < _instant(in_name(now)):
            discard(path)


def discard(folder: Path) -> None:
    """Remove a folder of the program's own and the files that it laid there; others stay."""
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        if path.name == MANIFEST or path.name.startswith((DATABASE, KEYS)):
            path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


def in_name(instant: str) -> str:
    """An instant as it stands in a name, without what some file systems do not take."""
    return instant[: len("2026-11-22T08:30:05")].replace(":", "-") + "Z"


def _instant(in_name: str) -> datetime:
    return datetime.strptime(in_name, "%Y-%m-%dT%H-%M-%S%z")
