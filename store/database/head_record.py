"""The head record: outside the database, the number of the newest event that was acknowledged.

A database that has lost its last entries is whole in itself: a log cut off at a transaction, or an
older copy put in place. This small file beside it tells. It is written once a transaction is on the
disk and before anybody is told so, so it is never ahead of the database after a power cut. Whoever
takes database and record back together is found only by a head that was kept elsewhere.

The file holds two slots of one sector each, written in turn and in place: a write that is cut short
leaves the other one. It never grows, so that bringing it to the disk moves no other data. A mark
behind them tells other programs which slot is on the disk, so that of many that write at once one
waits for the disk and the others need not.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from store.errors import StoreBusy
from store.files import durable, file_lock, regular_files

WAIT_S = 2.0
"""How long a program waits for another one that is just writing the record."""

BRIEFLY_S = 0.02
"""How long it waits where the one before waited in vain: some other program keeps it locked."""

_MAGIC = b"porras head 1\0\0\0"
_FIELDS = struct.Struct(">16sQQ32s")
_SECTOR = 4096
_SLOTS = 2
_MARK = struct.Struct(">Q")
_BYTES = (_SLOTS + 1) * _SECTOR
_PAUSE_S = 0.001
_MOST = 1 << 62
"""Turns that a record may have seen; a hand that tells more has forged it."""

_REPLACED_WHILE_OPEN = os.name == "posix"
"""Whether a file may be replaced that this very program has open; Windows refuses that."""

Trouble = Literal["missing", "damaged"]
"""Why there is no head to be read."""


class Head(NamedTuple):
    """An event: its number, and its hash as 64 hexadecimal digits."""

    seq: int
    hash: str


NO_EVENTS = Head(0, "0" * 64)
"""What the record of a store tells before its first event."""


def path_of(database: Path) -> Path:
    """Return where the record of a database lies."""
    return database.with_name(database.name + ".head")


def write(path: Path, seq: int, digest: str, beside: Path | None) -> None:
    """Make a record anew as a whole, durably, whatever stands there.

    It belongs to whoever owns the file `beside`.
    """
    content = _slot(0, Head(seq, digest)).ljust(_BYTES, b"\0")
    durable.write_whole(path, content, replace=True, beside=beside)


def read(path: Path) -> Head | None:
    """Return the head that a record tells; None if there is none, and `examine` tells why."""
    found = examine(path)
    return found if isinstance(found, Head) else None


def examine(path: Path) -> Head | Trouble:
    """Return the head that a record tells, or what is wrong with it.

    Raises:
        PermissionError: If this user may not read it.
    """
    try:
        newest = _newest(regular_files.read(path, _BYTES))
    except FileNotFoundError:
        return "missing"
    except PermissionError:
        raise
    except OSError:
        return "damaged"
    return newest[1] if newest else "damaged"


def advance(path: Path, head: Head, beside: Path, briefly: bool = False) -> None:
    """Move a record on, durably, to an event that is on the disk; one that is further stays.

    A record that is missing or damaged is made anew.

    Raises:
        StoreBusy: If another program keeps it locked, which is waited for `briefly` or not.
    """
    try:
        with _turn(path, head, BRIEFLY_S if briefly else WAIT_S) as descriptor:
            if descriptor is None:
                return
            content = _content(descriptor)
            newest = _newest(content)
            if os.fstat(descriptor).st_nlink > 1:  # under its other name it is some other file
                head = max(head, newest[1] if newest else head)
                if _REPLACED_WHILE_OPEN:
                    write(path, *head, beside)
                    return
            elif _holds(content, head):
                return
            elif newest and newest[0] < _MOST:
                counter, found = newest
                if found.seq < head.seq:
                    counter += 1
                    _put(descriptor, counter % _SLOTS * _SECTOR, _slot(counter, head))
                # What another program has written may be on its way to the disk only.
                _sync(descriptor)
                _put(descriptor, _SLOTS * _SECTOR, _MARK.pack(counter))
                return
    except FileNotFoundError:
        pass
    write(path, *head, beside)


def _slot(counter: int, head: Head) -> bytes:
    fields = _FIELDS.pack(_MAGIC, counter, head.seq, bytes.fromhex(head.hash))
    return fields + hashlib.sha256(fields).digest()


def _newest(content: bytes) -> tuple[int, Head] | None:
    """Counter and head of the slot that was written last, of those that are whole."""
    slots = (_told(content[number * _SECTOR :]) for number in range(_SLOTS))
    return max((slot for slot in slots if slot), default=None)


def _told(content: bytes) -> tuple[int, Head] | None:
    fields = content[: _FIELDS.size]
    if hashlib.sha256(fields).digest() != content[_FIELDS.size :][:32]:
        return None
    magic, counter, seq, digest = _FIELDS.unpack(fields)
    fits = magic == _MAGIC and counter <= _MOST
    return (counter, Head(seq, digest.hex())) if fits else None


def _holds(content: bytes, head: Head) -> bool:
    """Return whether the disk has a slot of this event or a later one, as the mark says."""
    newest = _newest(content)
    mark = content[_SLOTS * _SECTOR :][: _MARK.size]
    return newest is not None and newest[1].seq >= head.seq and mark == _MARK.pack(newest[0])


@contextmanager
def _turn(path: Path, head: Head, wait_s: float) -> Iterator[int | None]:
    """Give the open record, with other programs kept from it; None once it holds an event anyway.

    FileNotFoundError where no file stands.
    """
    until = time.monotonic() + wait_s
    while True:
        # Never a link, behind which some other file may lie, and never a pipe.
        flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise FileNotFoundError if error.errno == errno.ELOOP else error from None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileNotFoundError
            while not file_lock.take(descriptor):
                if _holds(_content(descriptor), head):
                    yield None
                    return
                if time.monotonic() >= until:
                    raise StoreBusy(path=str(path))
                time.sleep(_PAUSE_S)
            # Whoever had it before may have put another file in its place.
            if os.path.samestat(os.fstat(descriptor), path.lstat()):
                yield descriptor
                return
        finally:
            os.close(descriptor)  # which gives the lock back


def _content(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, _BYTES)


def _put(descriptor: int, at: int, content: bytes) -> None:
    os.lseek(descriptor, at, os.SEEK_SET)
    os.write(descriptor, content)


def _sync(descriptor: int) -> None:
    # The file keeps its size and its place, so its times alone would be left out.
    getattr(os, "fdatasync", os.fsync)(descriptor)
