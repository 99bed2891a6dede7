"""The one way in which the program removes files and folders: only what it laid there itself.

What goes has a name that only this program gives, holds nothing but what it lays there, belongs to
the user, and is no link, no mount point and no file of the store in use. A folder is opened once,
and everything in it is named from there, so that nothing is followed that is put in its way.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from store import file_names
from store.files import drives, in_use, regular_files

Spared = frozenset[tuple[int, int]]
"""Device and number of each file that may never be removed, whatever it is called."""

NOTHING: Spared = frozenset()

RANDOM = "[a-z0-9_]{8}"
"""How `tempfile` ends the names that it gives."""

UNFINISHED = re.escape(file_names.UNFINISHED) + RANDOM
"""How a file is called that was being written when the program was cut short."""

_OF_STORE = (*file_names.OF_DATABASE, ".restoring")
_OF_KEYS = (".keys", ".tries")
_RELATIVE = {os.open, os.stat, os.unlink, os.rmdir, os.rename} <= os.supports_dir_fd


def files_of(database: Path, keys: Path | None = None, but: Path | None = None) -> Spared:
    """Return the files of a store that stands: its database, its keys and what lies beside them.

    `but` is the one that is to go.
    """
    paths = {database.with_name(database.name + end) for end in _OF_STORE}
    paths |= {
        beside.with_suffix(end) for beside in (database, keys or database) for end in _OF_KEYS
    }
    return frozenset(found for path in paths - {but} for found in _id(path))


class Laid(NamedTuple):
    """What the program lays into a folder of its own; anything else in it keeps it from going."""

    files: re.Pattern[str]
    folders: re.Pattern[str] | None = None
    """Names of folders of the same kind within it, one step down."""


class OpenFolder:
    """A folder whose entries are looked at and removed; see `open_folder`."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor
        self._own = path.lstat() if descriptor is None else os.fstat(descriptor)
        self._we = _we(path, self._own)

    def names(self) -> list[str]:
        """Return the names of all that lies there."""
        where = self._path if self._descriptor is None else self._descriptor
        return sorted(os.listdir(where))  # noqa: PTH208 - the open folder, not a path

    def _at(self, name: str) -> str | Path:
        """Return a name within the open folder, or its path where there are no open folders."""
        return self._path / name if self._descriptor is None else name

    def stat(self, name: str) -> os.stat_result | None:
        """Return what stands at a name itself, never what it leads to; None if nothing does."""
        with suppress(FileNotFoundError):
            return os.stat(self._at(name), dir_fd=self._descriptor, follow_symlinks=False)
        return None

    def remove_file(self, name: str, spared: Spared) -> bool:
        """Remove a file; False, and nothing is done, if it may not be."""
        found = self.stat(name)
        if found is None or not self._goes(found, spared) or not stat.S_ISREG(found.st_mode):
            return False
        in_use.patiently(
            lambda: os.unlink(self._at(name), dir_fd=self._descriptor), self._path / name
        )
        return True

    def remove_folder(self, name: str, laid: Laid, spared: Spared) -> bool:
        """Remove a folder with all that was laid there; False, and nothing is done, if it may not.

        It may not if anything else lies in it.
        """
        with self._ours(name, laid, spared) as inside:
            if inside is None:
                return False
            inside._clear(laid, spared)
        # Whatever has taken the name meanwhile is no empty folder, and stays.
        with suppress(OSError):
            in_use.patiently(
                lambda: os.rmdir(self._at(name), dir_fd=self._descriptor), self._path / name
            )
        return self.stat(name) is None

    def rename(self, name: str, new: str, laid: Laid, spared: Spared) -> bool:
        """Give a folder that may be removed another name; False, and nothing is done, if not."""
        with self._ours(name, laid, spared) as inside:
            if inside is None or self.stat(new) is not None:
                return False
            where = {"src_dir_fd": self._descriptor, "dst_dir_fd": self._descriptor}
            in_use.patiently(
                lambda: os.rename(self._at(name), self._at(new), **where),  # noqa: PTH104 - there
                self._path / name,
            )
            return True

    def is_ours(self, name: str, laid: Laid, spared: Spared) -> bool:
        """Return whether a folder may be removed."""
        with self._ours(name, laid, spared) as inside:
            return inside is not None

    @contextmanager
    def _ours(self, name: str, laid: Laid, spared: Spared) -> Iterator[OpenFolder | None]:
        """Give a folder that may be removed, opened; else None."""
        found = self.stat(name)
        fits = found and self._goes(found, spared) and stat.S_ISDIR(found.st_mode)
        if not found or not fits or drives.is_mount_point(self._path / name):
            yield None
            return
        with _opened(self._path / name, name, self._descriptor) as inside:
            same = inside is not None and _identity(inside._own) == _identity(found)
            yield inside if inside and same and inside._all_laid(laid, spared) else None

    def _goes(self, found: os.stat_result, spared: Spared) -> bool:
        """Return whether something may go: ours, on this very disk, and no link."""
        if regular_files.is_link(found) or _identity(found) in spared:
            return False
        if found.st_dev != self._own.st_dev:
            return False
        return os.name != "posix" or found.st_uid in self._we

    def _all_laid(self, laid: Laid, spared: Spared) -> bool:
        for name in self.names():
            found = self.stat(name)
            if found is None or not self._goes(found, spared):
                return False
            if laid.folders and laid.folders.fullmatch(name) and stat.S_ISDIR(found.st_mode):
                with _opened(self._path / name, name, self._descriptor) as inside:
                    if inside is None or not inside._all_laid(Laid(laid.files), spared):
                        return False
            elif not laid.files.fullmatch(name) or not stat.S_ISREG(found.st_mode):
                return False
        return True

    def _clear(self, laid: Laid, spared: Spared) -> None:
        for name in self.names():
            if laid.files.fullmatch(name):
                self.remove_file(name, spared)
            elif laid.folders:
                self.remove_folder(name, Laid(laid.files), spared)


@contextmanager
def open_folder(path: Path) -> Iterator[OpenFolder | None]:
    """Open a folder to which links have been followed; None if it is no folder, or a link."""
    with _opened(path, path, None) as room:
        yield room


def remove_file(path: Path, spared: Spared = NOTHING) -> bool:
    """Remove a file of the program's own by its path; False if it may not go or is not there."""
    with open_folder(path.parent) as room:
        return room is not None and room.remove_file(path.name, spared)


def remove_folder(path: Path, laid: Laid, spared: Spared = NOTHING) -> bool:
    """Remove a folder of the program's own by its path; False if it may not go or is not there."""
    with open_folder(path.parent) as room:
        return room is not None and room.remove_folder(path.name, laid, spared)


def remove_old(
    path: Path, name: re.Pattern[str], laid: Laid, spared: Spared, before: float
) -> None:
    """Remove folders of the program's own in a folder that were last changed before an instant.

    `before` is in seconds since 1970.
    """
    with open_folder(path) as room:
        for each in room.names() if room else []:
            found = room.stat(each) if room and name.fullmatch(each) else None
            if room and found and found.st_mtime < before:
                room.remove_folder(each, laid, spared)


@contextmanager
def _opened(path: Path, name: str | Path, beside: int | None) -> Iterator[OpenFolder | None]:
    if sys.platform == "win32" or not _RELATIVE:
        there = path.is_dir() and not regular_files.is_link(path.lstat())
        yield OpenFolder(path, None) if there else None
        return
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=beside)
    except OSError:
        yield None
        return
    try:
        yield OpenFolder(path, descriptor)
    finally:
        os.close(descriptor)


def _we(path: Path, folder: os.stat_result) -> set[int]:
    """Whose files may go: the user's, and for root those of whoever owns the folder.

    A stick or a network drive may give everything to one user, whoever that is.
    """
    if sys.platform == "win32":  # every file bears the number 0 there
        return {0, folder.st_uid}
    me = os.geteuid()
    return {me, folder.st_uid} if me == 0 or drives.knows_no_owners(path) else {me}


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _id(path: Path) -> Iterator[tuple[int, int]]:
    with suppress(OSError):
        yield _identity(path.stat())
