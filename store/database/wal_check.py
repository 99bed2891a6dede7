"""Whether the log beside a database has lost entries that were already on the disk.

The engine reads its log up to the first frame whose checksum is wrong and forgets the rest: right
for a write that a power cut tore, but one flipped bit would cut off all that was recorded later,
without a word. A torn write ends the log; entries after the bad place tell the two apart.

Source: the layout in sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from store.database import head_record
from store.errors import DamagedLog

_HEAD, _FRAME = 32, 24
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""The first number of a log, and the byte order in which its checksums are added up."""


class Log(NamedTuple):
    """What a log file holds by its own marks, whether or not the engine believes them."""

    head: bytes
    commits: tuple[int, ...]
    """The numbers, from 1, of the frames that each end a transaction of this round of the log."""


def log_of(database: Path) -> Path:
    """Return where the log of a database lies."""
    return database.with_name(database.name + "-wal")


def _index_of(database: Path) -> Path:
    return database.with_name(database.name + "-shm")


def read_log(database: Path) -> Log | None:
    """Return the marks of the log beside a database; None if there is none, or nothing in it.

    Raises:
        DamagedLog: If it cannot be read as one, or was taken away; OSError if the disk refuses.
    """
    try:
        log = _read(log_of(database))
    except FileNotFoundError:
        log = None
        # A power cut may leave the index alone on a disk that keeps names in no order. Where the
        # head record tells what was acknowledged, the database is held against that instead.
        if _taken_away(database) and not head_record.read(head_record.path_of(database)):
            raise DamagedLog(path=str(database)) from None
    if log and not _sound(log.head):
        log = _read(log_of(database))  # a writer may just have been putting a new one there
        if log and not _sound(log.head):
            raise DamagedLog(path=str(database))
    return log


def refuse_if_cut(
    before: Log | None, database: Path, believed: int, ask_again: Callable[[], int]
) -> None:
    """Refuse a log of which the engine believes too few of the frames that were there `before`.

    `believed` is their number, -1 where it is not known. One transaction past these may be a torn
    write, one that is not yet finished, or what is left of a writer that was killed. Two of which
    the second stands on the first are none of these, unless they are younger than the number; so
    it is asked again.

    Raises:
        DamagedLog: If entries are cut off.
    """
    first = before and _cut_after(before, database, believed)
    if before and first and 0 <= ask_again() < first and _goes_on(database, before.head):
        raise DamagedLog(path=str(database))


def newer_pages(database: Path) -> frozenset[int]:
    """Return the pages of which the log beside a database holds a later state."""
    log = _read(log_of(database)) if log_of(database).exists() else None
    if log is None or not log.commits:
        return frozenset()
    with log_of(database).open("rb") as file:
        starts = (_HEAD + number * _frame_bytes(log.head) for number in range(log.commits[-1]))
        return frozenset(_page_at(file, start) for start in starts)


def _page_at(file: BinaryIO, start: int) -> int:
    file.seek(start)
    return int.from_bytes(file.read(4), "big")


def _cut_after(before: Log, database: Path, believed: int) -> int | None:
    """Return the first transaction past those that are believed on which another one stands."""
    beyond = [number for number in before.commits if number > believed >= 0]
    with suppress(FileNotFoundError), log_of(database).open("rb") as file:
        for pair in pairwise(beyond):
            if _stands_on(file, before.head, *pair):
                return pair[0]
    return None


def _goes_on(database: Path, head: bytes) -> bool:
    """Return whether the log is still in the round of that head, by the file and by its index.

    A writer begins a new round in the index, and writes the new head later; all that the log still
    holds was merged into the database before that.
    """
    with suppress(FileNotFoundError):
        with log_of(database).open("rb") as file:
            if file.read(_HEAD) != head:
                return False
        with _index_of(database).open("rb") as index:
            return index.read(40)[32:] == head[16:24]
    return log_of(database).exists()


def _read(path: Path) -> Log | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if len(head) < _HEAD:
            return None
        commits = []
        number = 1
        while len(mark := file.read(_FRAME)) == _FRAME:
            if _ends_transaction(head, mark):
                commits.append(number)
            file.seek(_HEAD + number * _frame_bytes(head))
            number += 1
    return Log(head, tuple(commits))


def _taken_away(database: Path) -> bool:
    """Return whether the log's index stands without the log; the engine always removes it first."""
    index = _index_of(database)
    return index.exists() and not log_of(database).exists() and index.exists()


def _frame_bytes(head: bytes) -> int:
    return int(struct.unpack_from(">I", head, 8)[0]) + _FRAME


def _sound(head: bytes) -> bool:
    return _order(head) is not None and _sum(head, (0, 0), head[:24]) == _told(head, 24)


def _stands_on(file: BinaryIO, head: bytes, first: int, last: int) -> bool:
    """Return whether two frames end transactions, and the second continues the first's checksum.

    While one looks, a writer may be laying a longer transaction over what was there.
    """
    size = _frame_bytes(head)
    file.seek(_HEAD + (first - 1) * size)
    frame = file.read(size)
    if not _ends_transaction(head, frame):
        return False
    for _ in range(last - first):
        so_far, frame = _told(frame, 16), file.read(size)
        if len(frame) < size or _sum(head, so_far, frame[:8] + frame[_FRAME:]) != _told(frame, 16):
            return False
    return _ends_transaction(head, frame)


def _ends_transaction(head: bytes, frame: bytes) -> bool:
    """Return whether a frame is of this round and tells the size of the database after it."""
    return frame[8:16] == head[16:24] and frame[4:8] != bytes(4)


def _order(head: bytes) -> str | None:
    return _MAGIC.get(struct.unpack_from(">I", head)[0])


def _told(content: bytes, offset: int) -> tuple[int, int]:
    first, second = struct.unpack_from(">2I", content, offset)
    return first, second


def _sum(head: bytes, so_far: tuple[int, int], content: bytes) -> tuple[int, int]:
    """Return the engine's running checksum over more bytes, a multiple of eight."""
    first, second = so_far
    numbers = struct.unpack(f"{_order(head)}{len(content) // 4}I", content)
    for one, two in zip(numbers[::2], numbers[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second
