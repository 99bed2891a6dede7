"""The record of a seat: all that was tried there, in one file."""

from __future__ import annotations

from pathlib import Path

from stepping.training.records import (
    Entry,
    Record,
    RecordFault,
    SeatRecord,
    read_record,
    write_record,
)
from store.errors import BadPracticeFile, NewerPracticeFile
from store.files import disk_errors, durable, file_lock, regular_files

LARGEST_RECORD = 20_000_000
"""Bytes; a record of a year of practice has less than one million."""


def load_record(path: Path, seat: str) -> SeatRecord:
    """Return what a seat has done; nothing yet where there is no file.

    Raises:
        BadPracticeFile: If it was changed by hand, is damaged, or is another seat's, whose file in
            a class would be written over.
        NewerPracticeFile: If a newer program made it.
        StoreError: If the disk does not give it.
    """
    with disk_errors.translated(path):
        if not path.exists():
            return SeatRecord(seat=seat)
    found = load_file(path, SeatRecord, BadPracticeFile)
    if found.seat != seat:
        raise BadPracticeFile(path=str(path))
    return found


def load_file(
    path: Path, kind: type[Record], bad: type[BadPracticeFile], largest: int = LARGEST_RECORD
) -> Record:
    """Return the record that a file of practice holds; `largest` is in bytes.

    Raises:
        BadPracticeFile: As `bad`, if it was changed by hand, is damaged or something else.
        NewerPracticeFile: If a newer program made it.
        StoreError: If the disk does not give it.
    """
    with disk_errors.translated(path):
        data = regular_files.read(path, largest)
    try:
        return read_record(data, kind)
    except RecordFault as fault:
        error = NewerPracticeFile if fault.kind == "newer" else bad
        raise error(path=str(path)) from None


def keep_record(path: Path, record: SeatRecord) -> None:
    """Keep what a seat has done, as a whole.

    Raises:
        StoreError: If the disk does not take it.
    """
    with disk_errors.translated(path):
        durable.private_folder(path.parent)
        durable.write_whole(path, write_record(record), replace=True)


def add_to_record(path: Path, seat: str, entry: Entry) -> SeatRecord:
    """Keep one more try beside what other windows of the seat have kept, and return all.

    Raises:
        StoreError: If it cannot be kept; StoreBusy if another program does not come to an end.
    """
    with disk_errors.translated(path):
        durable.private_folder(path.parent)
        with file_lock.alone(path):
            record = load_record(path, seat).with_entry(entry)
            keep_record(path, record)
    return record
