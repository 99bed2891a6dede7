"""How the files of a class are written that are carried from one computer to another."""

from __future__ import annotations

import os
from itertools import chain, count
from pathlib import Path

from stepping.training.records import ClassRecord, SeatRecord, write_record
from store.errors import shown
from store.files import regular_files
from store.output import Kind, Unwritten, write_file
from store.training.classes import is_part
from tui.commands.class_places import t_of
from tui.commands.common import get_guarded
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


def write_carried(settings: Settings, out: Path, record: ClassRecord | SeatRecord) -> Path:
    """Write a class or a seat to a file, or under its usual name into a folder; return the file.

    It takes the place of an earlier one of the same class or seat alone, and of none that holds
    tries which this one has not: two people with one word may hand in on one stick.

    Raises:
        CommandError: If it cannot be written there.
    """
    path = _name_in(out, record) if regular_files.is_folder(out) else out
    if (
        isinstance(record, SeatRecord)
        and regular_files.is_regular(path)
        and not is_part(path, record)
    ):
        told = said("there is something else in it, perhaps of another person; choose another name")
        raise CommandError(f"{shown(path)}: {told}")
    marks = [f'"{key}": "{value}"'.encode() for key, value in _marks(record).items()]
    kind = Kind(lambda begin: all(mark in begin for mark in marks), private=False)
    try:
        write_file(path, write_record(record), kind, get_guarded(settings), replace=True)
    except Unwritten as error:
        raise CommandError(f"{shown(path)}: {t_of(settings)(error.sentence)}") from None
    return path


def _name_in(folder: Path, record: ClassRecord | SeatRecord) -> Path:
    """Return the file of a class or a seat in a folder; that of a seat never replaces another's."""
    if isinstance(record, ClassRecord):
        return folder / f"{record.name}.json"
    names = (f"seat-{record.seat}{number}.json" for number in chain([""], count(-2, -1)))
    paths = (folder / name for name in names)
    return next(each for each in paths if not os.path.lexists(each) or is_part(each, record))


def _marks(record: ClassRecord | SeatRecord) -> dict[str, str | None]:
    """Return what stands near the beginning of the file of this very class or seat."""
    if isinstance(record, ClassRecord):
        return {"format": record.format, "id": record.id}
    return {"format": record.format, "seat": record.seat, "class_id": record.class_id}
