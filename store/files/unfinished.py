"""A file that is written before it gets its name, and of which a killed program leaves nothing.

Linux can write it without any name on most disks. Elsewhere it has one of Porras's own, and is
held while it is written: one that nobody holds any more is removed before the next is made.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from store import file_names

if sys.platform != "win32":
    import fcntl

_NAME = re.compile(re.escape(file_names.UNFINISHED) + r"file-[0-9a-f]{8}")
_NO_NAME = getattr(os, "O_TMPFILE", 0)
_DESCRIPTORS = "/proc/self/fd/"
_BYTES = getattr(os, "O_BINARY", 0)


def new_name() -> str:
    """Return a name for a file that has not got its own yet."""
    return f"{file_names.UNFINISHED}file-{secrets.token_hex(4)}"


def make(folder: Path, at: int | None, mode: int) -> tuple[str, BinaryIO]:
    """Return a new file in a folder, and by what it is given its name: see `has_name`.

    `at` is the descriptor of the folder, where the system works with such.
    """
    _remove_left(folder, at)
    if at is not None and _NO_NAME and (nameless := _nameless(at, mode)) is not None:
        return f"{_DESCRIPTORS}{nameless}", os.fdopen(nameless, "wb")
    while True:
        name = new_name()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BYTES
        descriptor = os.open(_path(folder, at, name), flags, mode, dir_fd=at)
        if _hold(descriptor):
            return name, os.fdopen(descriptor, "wb")
        os.close(descriptor)  # taken for one that was left, before it was held


def has_name(made: str) -> bool:
    """Return whether a file that was made has a name in its folder; else it is a link to it."""
    return not made.startswith(_DESCRIPTORS)


def _path(folder: Path, at: int | None, name: str) -> str | Path:
    return folder / name if at is None else name


def _nameless(at: int, mode: int) -> int | None:
    """Return a file without a name; None where the disk has none, or none could be named later."""
    try:
        descriptor = os.open(".", os.O_WRONLY | _NO_NAME, mode, dir_fd=at)
    except OSError:  # what else is wrong there, a file with a name meets again
        return None
    if os.path.exists(f"{_DESCRIPTORS}{descriptor}"):  # noqa: PTH110 - a descriptor, not a path
        return descriptor
    os.close(descriptor)
    return None


def _hold(descriptor: int) -> bool:
    """Hold a file against removal until it is closed; False if it was removed before that.

    Windows removes no file that is open.
    """
    if sys.platform != "win32":
        with suppress(OSError):  # a disk without locks, on which nothing is removed either
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        return os.fstat(descriptor).st_nlink > 0
    return True


def _remove_left(folder: Path, at: int | None) -> None:
    """Remove what killed programs left; what cannot be removed stays, and bars nothing."""
    for name in os.listdir(folder if at is None else at):  # noqa: PTH208 - only names are wanted
        if _NAME.fullmatch(name):
            with suppress(OSError):
                _remove_unless_held(_path(folder, at, name), at)


def _remove_unless_held(path: str | Path, at: int | None) -> None:
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=at)
        try:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and os.geteuid() in {0, found.st_uid}:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(path, dir_fd=at)
        finally:
            os.close(descriptor)
    else:
        Path(path).unlink()
