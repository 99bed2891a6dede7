"""What an error of the disk means: a full disk, or one that fails.

A full disk refuses what has no room, and all that stands on it is whole; room is made and work goes
on. Of a disk that reports errors nothing more can be believed: after a write that it could not make
durable, the system may take the next one as if nothing had been (the "fsyncgate" of 2018), so that
nothing is tried a second time on it.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from store import file_names
from store.errors import (
    DiskFull,
    FailingDisk,
    FailingMedium,
    NameTooLong,
    NoRoom,
    NotRegular,
    ReadOnlyDisk,
    StoreBusy,
    StoreError,
    StoreExists,
    StoreFault,
    StoreLocked,
)
from store.files import drives, durable, in_use, ownership, regular_files
from store.windows import names
from store.windows.error_numbers import HELD, errno_of

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""How a disk, a quota or a limit on the size of files says that there is no room."""

FAILING = frozenset({errno.EIO, errno.ENXIO, errno.ENODEV, errno.EBADMSG}) | {
    getattr(errno, "EUCLEAN", errno.EIO)
}
"""How the system says that a disk does not answer, or that its file system is broken."""

_DENIED = frozenset({errno.EACCES, errno.EPERM})

_BY_NUMBER: Mapping[int | None, type[StoreError]] = {
    **dict.fromkeys(FULL, DiskFull),
    errno.EROFS: ReadOnlyDisk,
    errno.ENAMETOOLONG: NameTooLong,
    errno.EEXIST: StoreExists,
    HELD: StoreBusy,
}

TINY_ROOM = 1 << 20
"""Bytes that a healthy disk takes; with fewer free it counts as full."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn errors of the disk into errors of the store; `path` is what the block works on.

    Raises:
        StoreError: By `translate`.
    """
    try:
        yield
    except OSError as error:
        raise translate(error, path) from error


def translate(error: OSError, path: Path) -> StoreError:
    """Return what an error of the disk means for the store, naming the file that it is about.

    What the system gives no known cause for says nothing of the disk, so it condemns none.
    """
    about = _file_of(error) or path
    told = str(about)
    if isinstance(error, regular_files.NotAFile | regular_files.TooLarge):
        return NotRegular(path=told)
    number = errno_of(error)
    if number in FAILING:
        return failing(path, about)
    if number in _DENIED:
        return ownership.no_access(about)
    if kind := _BY_NUMBER.get(number):
        return kind(path=told)
    if number == errno.ENOENT and names.is_too_long(told):
        return NameTooLong(path=told)
    return StoreFault(reason=errno.errorcode.get(number or 0, type(error).__name__))


def failing(path: Path, about: Path) -> StoreError:
    """Return that a disk reports errors: that of the database, or one that is copied to or from."""
    away = path.is_dir() or about.parent != path.parent
    return (FailingMedium if away else FailingDisk)(path=str(about))


def _file_of(error: OSError) -> Path | None:
    """Return the file that an error names, or the one whose name an unfinished file was to get."""
    for name in (error.filename, error.filename2):
        if isinstance(name, str | bytes):
            path = Path(os.fsdecode(name))
            if not path.name.startswith(file_names.UNFINISHED):
                return path
    return None


@contextmanager
def as_file_work() -> Iterator[None]:
    """Tell a full disk and a lock as of work on the files, not as of an entry.

    Raises:
        NoRoom: For DiskFull.
        StoreLocked: For StoreBusy.
    """
    try:
        yield
    except (DiskFull, StoreBusy) as error:
        if type(error) is DiskFull:
            raise NoRoom(**error.values) from error
        if type(error) is StoreBusy:
            raise StoreLocked(**error.values) from error
        raise


def is_full(path: Path) -> bool:
    """Return whether an I/O error at a path came from want of room, asked of the disk just now.

    The engine tells no cause. A small file is written and made durable beside it: a quota is met
    by nothing less. What is not explained by want of room is a failing disk.
    """
    if drives.free_bytes(path) < TINY_ROOM or _at_limit(path):
        return True
    try:
        _try(path if path.is_dir() else path.parent)
    except OSError as error:
        return errno_of(error) in FULL
    return False


def is_readable(path: Path) -> bool:
    """Return whether the disk gives every byte of a file, past what the system remembers."""
    try:
        with path.open("rb", buffering=0) as file:
            if sys.platform != "win32" and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while file.read(TINY_ROOM):
                pass
    except OSError as error:
        return errno_of(error) not in FAILING
    return True


def _try(folder: Path) -> None:
    probe = durable.new_file(folder)
    try:
        with probe.open("wb") as file:
            # Random, since some file systems give equal bytes no room of their own.
            file.write(os.urandom(TINY_ROOM))
            file.flush()
            os.fsync(file.fileno())
    finally:
        in_use.remove(probe)


def _at_limit(path: Path) -> bool:
    """Return whether a file at a path has come to the limit of this process for any file."""
    if sys.platform == "win32":
        return False
    import resource

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if limit == resource.RLIM_INFINITY:
        return False
    folder, name = (path, "") if path.is_dir() else (path.parent, path.name)
    sizes = (each.stat().st_size for each in folder.iterdir() if each.name.startswith(name))
    return max(sizes, default=0) + TINY_ROOM > limit
