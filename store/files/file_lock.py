"""One program at a time: a lock that the system takes away when its holder ends, however it ends.

Also who has a database open, as far as the system tells.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import StoreBusy
from store.files import ownership

WAIT_S = 10.0
"""How long a program waits for its turn."""

_PAUSE_S = 0.02
_LOCKS = Path("/proc/locks")


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
    # A pipe would keep a program waiting that opens it.
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with suppress(OSError):
        if not stat.S_ISREG(lock.lstat().st_mode):
            lock.unlink()
    return os.open(lock, flags, 0o600)


def take(descriptor: int) -> bool:
    """Take the lock of an open file, until it is closed; say whether it was free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def holders(path: Path) -> tuple[str, ...]:
    """Return the programs that hold a lock on a file, as "python 4711 (maija)".

    Empty where they are not to be known: only the table of Linux is read. The file itself is never
    opened: closing it again would drop the locks that this very program has on it.
    """
    try:
        found = path.stat()
        lines = _LOCKS.read_text().splitlines()
    except OSError:
        return ()
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    fields = [line.split() for line in lines]
    pids = {each[-4] for each in fields if len(each) >= 8 and each[-3] == place}
    return tuple(sorted(_program(pid) for pid in pids if pid.isdecimal() and pid != "0"))


def _program(pid: str) -> str:
    place = Path("/proc") / pid
    try:
        name = (place / "comm").read_text().strip()
        return f"{name} {pid} ({place.owner()})"
    except (OSError, KeyError):
        return pid
