"""Writes what a class has on disk, so that trainees of one computer share it safely.

The folder of the seats is open to everybody with the sticky bit (1777): whoever has made a file
there is the only one, beside the trainer, who may change or remove it. All files of a class may be
read by everybody (0644); they hold no names.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

from stepping.training.records import ClassRecord, SeatRecord
from stepping.training.records import write_record as sealed
from store.errors import BadSeatFile, ClassExists, OtherClass
from store.file_names import UNFINISHED
from store.files import disk_errors, durable, in_use, ownership
from store.training.classes import (
    CLASS_FILE,
    COLLECTED,
    HANDED,
    LARGEST_SEAT,
    SEATS,
    read_seat,
    read_seats,
    seat_file,
    unite,
)
from store.training.seats import load_file

if sys.platform == "win32":
    from store.windows import owners

_READABLE = 0o644
_FOLDER = 0o755
_SHARED = 0o1777


def make_class(folder: Path, record: ClassRecord) -> None:
    """Make the folder of a class; everybody may read it, and each seat write its own file.

    Raises:
        ClassExists: If something stands there.
        StoreError: If the disk does not take it.
    """
    if os.path.lexists(folder):
        raise ClassExists(path=str(folder))
    with disk_errors.translated(folder):
        durable.private_folder(folder.parent)
        # A class that was cut short has not got its name, so that it can be opened again.
        fresh = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
        try:
            for name, mode in ((SEATS, _SHARED), (COLLECTED, _FOLDER)):
                (fresh / name).mkdir()
                ownership.open_for_all(fresh / name, mode)
            _write(fresh / CLASS_FILE, sealed(record))
            ownership.open_for_all(fresh, _FOLDER)
            in_use.rename(fresh, folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        durable.sync_folder(folder.parent)


def carry_class(folder: Path, record: ClassRecord) -> None:
    """Keep a class whose file was carried here, for seats that hand their file in.

    Raises:
        StoreError: If the disk does not take it.
    """
    with disk_errors.translated(folder):
        for place in (HANDED, SEATS):
            durable.private_folder(folder / place)
        _write(folder / CLASS_FILE, sealed(record))


def change_class(folder: Path, record: ClassRecord) -> None:
    """Put the record of a class in the place of the one that is there.

    Raises:
        StoreError: If the disk does not take it.
    """
    with disk_errors.translated(folder / CLASS_FILE):
        _write(folder / CLASS_FILE, sealed(record))


def put_seat(folder: Path, record: SeatRecord, *, lasting: bool = True) -> None:
    """Put a seat's file into its class.

    What tells only where a seat is now need not be `lasting`: the disk is not waited for, and a cut
    of the current may cost the file, which the seat's own record makes good.

    Raises:
        StoreError: If the disk does not take it, or it is another user's.
    """
    path = seat_file(folder, SEATS, record.seat)
    with disk_errors.translated(path):
        _write(path, sealed(record), lasting=lasting)


def note_handed(folder: Path, record: SeatRecord) -> None:
    """Keep what a seat has handed in, so that it is known what its trainer has not got.

    Raises:
        StoreError: If the disk does not take it.
    """
    path = seat_file(folder, HANDED, record.seat)
    with disk_errors.translated(path):
        durable.private_folder(path.parent)
        _write(path, sealed(record))


def put_aside(folder: Path, place: str, seat: str) -> Path:
    """Give a seat's file that cannot be used another name, so that a new one can be written.

    Raises:
        StoreError: If the disk does not let it.
    """
    path = seat_file(folder, place, seat)
    names = (path.with_name(f"{seat}.unusable-{number}.json") for number in count(1))
    aside = next(name for name in names if not os.path.lexists(name))
    with disk_errors.translated(path):
        in_use.rename(path, aside)
    return aside


class Collected:
    """What a carried file has brought: its seat, how many tries are new, and of how many."""

    def __init__(self, before: SeatRecord | None, brought: SeatRecord) -> None:
        known = {entry.id for entry in before.entries} if before else set()
        ids = {entry.id for entry in brought.entries}
        self.seat = brought.seat
        self.new = len(ids - known)
        self.all = len(ids | known)
        self.two_people = bool(before) and bool(ids - known) and bool(known - ids)
        """Whether the file lacks tries of the same seat that came before it, and has others: most
        likely two people have one word, or one person two computers."""


def collect(folder: Path, record: ClassRecord, path: Path) -> Collected:
    """Take a seat's file that was carried here into its class; what was there before stays.

    Raises:
        BadSeatFile: If it was changed by hand, is damaged or something else, or too much beside
            what came before.
        NewerPracticeFile: If a newer program made it.
        OtherClass: If it is of another class, or of a seat that this one has not.
        StoreError: If the disk does not give or take it.
    """
    brought = load_file(path, SeatRecord, BadSeatFile, LARGEST_SEAT)
    if brought.class_id != record.id or brought.seat not in record.seats:
        raise OtherClass(path=str(path), name=record.name)
    before = read_seats(folder, record).records.get(brought.seat)
    kept = sealed(unite(before, brought) if before else brought)
    if len(kept) > LARGEST_SEAT:  # it would be read no more, with all that came before it
        raise BadSeatFile(path=str(path))
    if isinstance(read_seat(folder, record, COLLECTED, brought.seat), str):
        put_aside(folder, COLLECTED, brought.seat)
    place = seat_file(folder, COLLECTED, brought.seat)
    with disk_errors.translated(place):
        _write(place, kept)
    return Collected(before, brought)


def keeps_owners(folder: Path) -> bool:
    """Return whether the disk keeps it that nobody may touch another's file in a class."""
    with suppress(OSError):
        if sys.platform == "win32":
            seats = folder / SEATS
            return owners.keeps_rights(seats) and not owners.replacers_of(seats)
        return stat.S_IMODE((folder / SEATS).stat().st_mode) == _SHARED
    return False


def closed_to_others(folder: Path) -> Path | None:
    """Return the first folder on the way to a class that other users may not enter, if any."""
    if sys.platform == "win32":
        # There whoever may read a folder comes to it, whatever lies on the way.
        closed = owners.keeps_rights(folder) and not owners.readers_of(folder)
        return folder if closed else None
    for place in (*reversed(folder.parents), folder):
        if not place.stat().st_mode & stat.S_IXOTH:
            return place
    return None


def _write(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Put a file in place as a whole, for everybody to read and its owner alone to change.

    A link that stands there is replaced and never followed.
    """
    fresh = durable.new_file(path.parent)
    try:
        with fresh.open("wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        fresh.chmod(_READABLE)
        ownership.keep_shared(fresh)
        in_use.replace(fresh, path)
        if lasting:
            durable.sync_folder(path.parent)
    finally:
        in_use.remove(fresh)
