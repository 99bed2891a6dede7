"""Whether an open database still has its name: which files they are that bear its names now.

A file that was deleted or replaced while a program has it open goes on taking what is written to
it, and nobody will ever find it again. The system tells files apart by device and number.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from store import file_names

Change = Literal["", "gone", "second name"]
"""What has become of the names of an open database."""


class File(NamedTuple):
    """Which file it is, and how many names it has."""

    device: int
    number: int
    names: int


class Footprint:
    """The database, its log and its index as they were when a program opened them."""

    def __init__(self, database: Path) -> None:
        self._paths = [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
        self._files = [identify(path) for path in self._paths]

    def changed(self) -> Change:
        """Compare with what stands there now; three looks at the disk's cache."""
        now = [identify(path) for path in self._paths]
        if now == self._files:
            return ""
        same = all(
            then and there and then[:2] == there[:2]
            for then, there in zip(self._files, now, strict=True)
        )
        return "second name" if same else "gone"


def second_name(database: Path) -> bool:
    """Return whether a database has another name beside its own, under which it has another log.

    One that a set-up left when it was cut short between two names is taken away.
    """
    if _names(database) > 1:
        for left in _left_behind(database):
            left.unlink(missing_ok=True)
    return _names(database) > 1


def _names(path: Path) -> int:
    found = identify(path)
    return found.names if found else 0


def _left_behind(database: Path) -> Iterator[Path]:
    for path in database.parent.glob(f"{file_names.UNFINISHED}*"):
        if not path.is_symlink() and path.samefile(database):
            yield path


def identify(path: Path) -> File | None:
    """Return the file at a path; None if none can be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return File(found.st_dev, found.st_ino, found.st_nlink)
