"""Which backups are kept, and the removal of those whose time is over.

Only what has been read and is what it says counts, and only that is removed. Times are those of the
newest events, which nobody can forge without the data key. The newest are kept by number, all of
the last days, the first of each month for a year, and for a while the last one of each branch that
a restore has set aside. Whatever cannot be explained is let alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from store.backup import inventory, verification
from store.backup.manifest import Event, read_lineage
from store.backup.verification import Read
from store.database import engine
from store.errors import StoreError
from store.file_names import DATABASE, KEYS, MANIFEST, TIME, time_in_name
from store.files import durable, removal

KEEP = 14
"""How many of the newest backups are kept."""

KEEP_DAYS = 7
"""Within how many days every backup is kept: a mistake is noticed within a week of work."""

LAID = removal.Laid(
    re.compile(
        rf"{re.escape(DATABASE)}(-journal|-wal|-shm)?|{re.escape(KEYS)}|{re.escape(MANIFEST)}"
        rf"|{removal.UNFINISHED}"
    )
)
"""What lies in the folder of a backup, finished or not."""

_MONTHLY_FOR = timedelta(days=366)
_ASIDE_FOR = timedelta(days=90)
_CUT_SHORT_AFTER = timedelta(days=1)
_LEFT_BEHIND = re.compile(rf"\.porras-(?:.+-)?({TIME})(?:-\d+)?\.(?:part-.+|removed)")


class Keep(NamedTuple):
    """How many of the newest backups are kept, and within how many days every one is."""

    newest: int = KEEP
    days: int = KEEP_DAYS


class Rotated(NamedTuple):
    """What became of the backups in a folder."""

    removed: tuple[str, ...]
    """Names of those whose time was over."""
    let_alone: dict[str, StoreError]
    """By name, why what bears the name of a backup of this store does not count."""
    good: tuple[Read, ...]
    """Those that are left, the one just made among them."""


def rotate(
    db: engine.Database, fresh: Path, keep: Keep | None, now: str, spared: removal.Spared
) -> Rotated:
    """Remove the backups of this store whose time is over; never the one just made.

    `now` is an instant of the store. Without `keep` none is removed.
    """
    found, wrong = verification.verify_all(inventory.list_named(fresh.parent), db)
    store = read_lineage(db)
    good = [each for each in found if each.lineage.history == store.history]
    if keep is None:
        return Rotated((), wrong, tuple(good))
    own = [each for each in good if inventory.holds(db, each.manifest)]
    aside = [each for each in good if each not in own]
    instant = datetime.fromisoformat(now)
    kept = _newest(own, keep.newest) | _first_of_months(own, instant)
    within = timedelta(days=keep.days)
    kept |= {each.lineage.head for each in good if instant - _at(each) <= within}
    kept |= _ends_of_branches(aside, instant)
    # Copies of one backup are all kept, or none: which of them is the real one is not known.
    over = [each.path for each in good if each.lineage.head not in kept and each.path != fresh]
    removed = {path for path in over if _remove(path, spared)}
    left = tuple(each for each in good if each.path not in removed)
    return Rotated(tuple(path.name for path in over if path in removed), wrong, left)


def _newest(own: Iterable[Read], count: int) -> set[Event]:
    """Return the last events of the newest; copies of one backup count as one."""
    return set(sorted({each.lineage.head for each in own}, reverse=True)[: max(count, 1)])


def _first_of_months(own: Iterable[Read], now: datetime) -> set[Event]:
    firsts: dict[str, Event] = {}
    for each in own:
        if _at(each) >= now - _MONTHLY_FOR:
            month, head = each.lineage.at[:7], each.lineage.head
            firsts[month] = min(firsts.get(month, head), head)
    return set(firsts.values())


def _ends_of_branches(aside: list[Read], now: datetime) -> set[Event]:
    """Return the ends of branches that were set aside not long ago, and what none explains."""
    told = {
        each.path: each.manifest.model_copy(update={"ancestry": each.lineage.ancestry})
        for each in aside
    }
    ends = {
        tip.manifest.head
        for tip in inventory.find_tips(inventory.Entry(*each) for each in told.items())
    }
    kept = set()
    for each in aside:
        at, head = each.set_aside, each.lineage.head
        if at is None or (head in ends and now - datetime.fromisoformat(at) < _ASIDE_FOR):
            kept.add(head)
    return kept


def _at(each: Read) -> datetime:
    return datetime.fromisoformat(each.lineage.at)


def _remove(path: Path, spared: removal.Spared) -> bool:
    gone = f".{path.name}.removed"
    with removal.open_folder(path.parent) as room:
        # So that no half of a backup ever bears the name of one, after a power cut neither.
        if room is None or not room.rename(path.name, gone, LAID, spared):
            return False
        durable.sync_folder(path.parent)
        room.remove_folder(gone, LAID, spared)
        return True


def sweep(folder: Path, now: str, spared: removal.Spared) -> None:
    """Remove what programs that were cut short left behind, once none of them can still run."""
    with removal.open_folder(folder) as room:
        for name in room.names() if room else []:
            left = _LEFT_BEHIND.fullmatch(name)
            if left and room and _instant(left[1]) + _CUT_SHORT_AFTER < _instant(time_in_name(now)):
                room.remove_folder(name, LAID, spared)


def _instant(in_name: str) -> datetime:
    return datetime.strptime(in_name, "%Y-%m-%dT%H-%M-%S%z")
