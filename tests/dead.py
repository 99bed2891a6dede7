"""A folder that never answers, as one on a network drive that has gone away."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LONGEST_S = 60

_DETACH = 2  # MNT_DETACH of umount2(2)


@contextmanager
def dead_mount(folder: Path) -> Iterator[bool]:
    """Let a folder answer nothing until the block ends; false where this user may not mount.

    It is a file system of which the program that should serve it never says a word. What hangs on
    it is let go at the end.
    """
    try:
        end = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        yield False
        return
    libc = ctypes.CDLL(None)
    options = f"fd={end},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
    place = os.fsencode(folder)
    if sys.platform != "linux" or libc.mount(b"dead", place, b"fuse", 0, options.encode()):
        os.close(end)
        yield False
        return
    # A test that asks it by itself would hang for ever, and not even a kill would end it.
    rescue = threading.Timer(_LONGEST_S, os.close, [end])
    rescue.daemon = True
    rescue.start()
    try:
        yield True
    finally:
        rescue.cancel()
        with suppress(OSError):
            os.close(end)
        libc.umount2(place, _DETACH)
