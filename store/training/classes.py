"""A class on disk: one folder with `class.json`, and a file for each seat that has begun.

`seats/WORD.json` is written by the seat itself, `collected/WORD.json` by the trainer from files
that were carried here. On a shared computer each file belongs to whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from stepping.training.records import ClassRecord, Entry, RecordFault, SeatRecord, read_record
from store.errors import BadClassFile, ClassGone, StoreError
from store.files import disk_errors, regular_files
from store.paths import real
from store.training.seats import load_file

CLASS_FILE = "class.json"
SEATS = "seats"
COLLECTED = "collected"
HANDED = "handed"
"""Where a class that was carried here keeps what its seats have handed in."""

LARGEST_SEAT = 4_000_000
"""Bytes of a seat's file in a class; a day's tries are some hundred thousand. Anybody on a shared
computer may put one there, and the trainer's page reads them every few seconds."""

SeatFault = Literal["changed", "newer", "foreign", "unreadable"]
"""Why a seat's file counts for nothing: changed by hand or damaged, of a newer program, of another
class or seat, or not given by the disk."""


@dataclass(frozen=True)
class SeatFiles:
    """What the seats of a class have handed in, and the seats whose file cannot be used."""

    records: Mapping[str, SeatRecord]
    faults: Mapping[str, SeatFault]


def load_class(folder: Path) -> ClassRecord:
    """Return the class that a folder holds.

    Raises:
        ClassGone: If it is not there, or this user may not look.
        BadClassFile: If its file was changed by hand or is damaged.
        NewerPracticeFile: If a newer program made it.
        StoreError: If the disk does not give it.
    """
    return read_class(folder / CLASS_FILE)


def read_class(path: Path) -> ClassRecord:
    """Return the class of a file, as `load_class` does for a folder.

    Raises:
        ClassGone: If it is not there.
        BadClassFile: If it was changed by hand or is damaged, or is something else.
        NewerPracticeFile: If a newer program made it.
        StoreError: If the disk does not give it.
    """
    if not _stands(path):
        raise ClassGone(path=str(path.parent))
    return load_file(path, ClassRecord, BadClassFile)


def read_seats(folder: Path, record: ClassRecord) -> SeatFiles:
    """Return what each seat of a class has done; a seat that has not begun is in neither part.

    What was carried here and what the seat wrote here itself are united, each try once.

    Raises:
        ClassGone: If the folder is not there any more, or this user may not look.
    """
    if not _stands(folder / CLASS_FILE):
        raise ClassGone(path=str(folder))
    records: dict[str, SeatRecord] = {}
    faults: dict[str, SeatFault] = {}
    for seat in record.seats:
        for place in (COLLECTED, SEATS):
            found = read_seat(folder, record, place, seat)
            if isinstance(found, SeatRecord):
                records[seat] = unite(records[seat], found) if seat in records else found
            elif found is not None:
                faults[seat] = found
    return SeatFiles(records, faults)


def read_seat(
    folder: Path, record: ClassRecord, place: str, seat: str
) -> SeatRecord | SeatFault | None:
    """Return what one file of a seat holds, or why it cannot be used; None if there is none.

    What stands there may have been put there by anybody, so that no link is followed and no pipe
    is waited for.
    """
    try:
        data = regular_files.read(seat_file(folder, place, seat), LARGEST_SEAT, links=False)
        found = read_record(data, SeatRecord)
    except FileNotFoundError:
        return None
    except OSError:
        return "unreadable"
    except RecordFault as fault:
        return fault.kind
    return found if found.seat == seat and found.class_id == record.id else "foreign"


def seat_file(folder: Path, place: str, seat: str) -> Path:
    """Return the file of a seat in one of the places of a class."""
    return folder / place / f"{seat}.json"


def unite(older: SeatRecord, newer: SeatRecord) -> SeatRecord:
    """Return the tries of two files of one seat, each once; where it is now says the newer one."""
    whole: dict[str, Entry] = {}
    for entry in (*older.entries, *newer.entries):
        whole.setdefault(entry.id, entry)
    return older.model_copy(update={"entries": tuple(whole.values()), "now": newer.now})


def is_part(path: Path, record: SeatRecord) -> bool:
    """Return whether a file is one of the same seat and class, with no try that `record` lacks."""
    try:
        found = read_record(regular_files.read(path, LARGEST_SEAT, links=False), SeatRecord)
    except (OSError, RecordFault):
        return False
    same = (found.seat, found.class_id) == (record.seat, record.class_id)
    return same and {each.id for each in found.entries} <= {each.id for each in record.entries}


def carried_files(folder: Path) -> list[Path]:
    """Return the files of a folder that may be of seats.

    The file of a class, which came to the trainees on the same stick, is none, nor is what a Mac
    lays beside each file (`._NAME`).

    Raises:
        StoreError: If the disk does not give them.
    """
    with disk_errors.translated(folder):
        names = sorted(each.name for each in folder.iterdir())
    files = (folder / name for name in names if name.endswith(".json") and name[0] != ".")
    return [file for file in files if not _is_class(file)]


def _is_class(path: Path) -> bool:
    try:
        read_class(path)
    except StoreError:
        return False
    return True


class FoundClass(NamedTuple):
    """A class and its folder."""

    folder: Path
    record: ClassRecord


class FoundClasses(NamedTuple):
    """The classes of some folders, and those whose file cannot be used, with the reason."""

    classes: tuple[FoundClass, ...]
    faults: tuple[StoreError, ...]


def find_classes(folders: Iterable[Path]) -> FoundClasses:
    """Return the classes in some folders; each folder may be a class itself or hold classes."""
    classes: dict[str, FoundClass] = {}
    faults: list[StoreError] = []
    for place in dict.fromkeys(map(real, folders)):
        for folder in _holders(place):
            try:
                record = load_class(folder)
            except StoreError as error:
                faults.append(error)
            else:
                classes.setdefault(record.id, FoundClass(folder, record))
    return FoundClasses(tuple(classes.values()), tuple(faults))


def _holders(place: Path) -> list[Path]:
    if _stands(place / CLASS_FILE):
        return [place]
    with suppress(OSError):
        return sorted(each for each in place.iterdir() if _stands(each / CLASS_FILE))
    return []


def _stands(path: Path) -> bool:
    """Return whether there is something at a path; what may not be looked at is not there."""
    with suppress(OSError):
        return path.exists()
    return False


def is_carried(folder: Path) -> bool:
    """Return whether a class was carried here as a file, so that its seats hand theirs in."""
    return regular_files.is_folder(folder / HANDED)
