"""One program at a time: a lock that the system takes away when its holder ends, however it ends.

Also who has a database open, as far as the system tells.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import StoreBusy
from store.files import ownership

if sys.platform == "win32":
    from store.windows import programs

WAIT_S = 10.0
"""How long a program waits for its turn."""

_PAUSE_S = 0.02
_LOCKS = Path("/proc/locks")

_FAR_OUT = 0x7FFF0000
"""Bytes; nearly as far as the C library of Windows counts, and behind the end of every file."""

_TAKEN = {0, errno.EACCES, errno.EDEADLK, getattr(errno, "EDEADLOCK", errno.EDEADLK)}
"""How that library says that somebody has the lock; one that forgets to say why is Wine's."""


@contextmanager
def alone(path: Path, wait_s: float | None = None, *, beside: Path | None = None) -> Iterator[None]:
    """Keep other programs from changing a file, waiting for them `wait_s` or WAIT_S seconds.

    The lock lies on an empty file beside it, because the file itself is replaced as a whole; it
    belongs to whoever owns the file, or the one `beside`. Not for a second time within the same
    block.

    Raises:
        StoreBusy: If another program has not ended by then.
        OSError: If the folder takes no file.
    """
    lock = path.with_name(path.name + ".lock")
    descriptor = _open(lock)
    try:
        ownership.belong(lock, path if beside is None else beside)
        until = time.monotonic() + (WAIT_S if wait_s is None else wait_s)
        while not take(descriptor):
            if time.monotonic() >= until:
                raise StoreBusy(path=str(path))
            time.sleep(_PAUSE_S)
        yield
    finally:
        os.close(descriptor)  # which gives the lock back


def _open(lock: Path) -> int:
    """Return the file of a lock; what else stands in its place is taken away and never followed.

    Root gives the file to the owner of the store, who could otherwise lead that to any file.
    """
    with suppress(OSError):
        if not stat.S_ISREG(lock.lstat().st_mode):
            lock.unlink()
    return open_lock(lock)


def open_lock(lock: Path) -> int:
    """Open the file of a lock, or make it; a link is not followed and a pipe not waited for.

    Raises:
        OSError: If the folder takes no file, or a link or a socket stands in its place.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(lock, flags, 0o600)


def take(descriptor: int) -> bool:
    """Take the lock of an open file, until it is closed; say whether it was free.

    Raises:
        OSError: If the disk has no locks.
    """
    if sys.platform == "win32":
        import msvcrt

        return _take_far_out(descriptor, lambda: msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1))

    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _take_far_out(descriptor: int, lock: Callable[[], None]) -> bool:
    """Take a lock of Windows, on a byte far behind the end: nobody else can read a byte in one.

    The place in the file stays as it was.
    """
    at = os.lseek(descriptor, 0, os.SEEK_CUR)
    os.lseek(descriptor, _FAR_OUT, os.SEEK_SET)
    try:
        lock()
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    finally:
        os.lseek(descriptor, at, os.SEEK_SET)
    return True


def holders(path: Path) -> tuple[str, ...]:
    """Return the other programs that hold a lock on a file, as "python 4711 (maija)".

    Empty where they are not to be known: the table of Linux is read, and Windows asked who has the
    file open. The file itself is never opened: closing it again would drop the locks that this very
    program has on it.
    """
    if sys.platform == "win32":
        return tuple(_users(path))
    try:
        found = path.stat()
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return ()
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    fields = [line.split() for line in lines]
    pids = {each[-4] for each in fields if len(each) >= 8 and each[-3] == place}
    others = pids - {"0", str(os.getpid())}
    return tuple(sorted(_program(pid) for pid in others if pid.isdecimal()))


def _users(path: Path) -> Iterator[str]:
    found: list[tuple[int, str]] = []
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            found += programs.users_of(path)
    yield from (f"{name} {pid}" for pid, name in found if pid != os.getpid())


def _program(pid: str) -> str:
    if sys.platform == "win32":
        return pid
    place = Path("/proc") / pid
    try:
        name = (place / "comm").read_text().strip()
        return f"{name} {pid} ({place.owner()})"
    except (OSError, KeyError):
        return pid
