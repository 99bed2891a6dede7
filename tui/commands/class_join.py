"""`porras class join`: opens practice at a seat of a class, also of one that was carried here."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import click

from casework.training.membership import look_for_classes
from screens.desk.wanted import Train
from stepping.training.records import ClassRecord
from store.training.class_writing import carry_class
from store.training.classes import is_carried, read_class
from store.training.places import classes_folder
from tui.commands.class_places import FOLDER, class_folders, places_of
from tui.commands.common import said_nearest
from tui.commands.groups import CommandError
from tui.launch import open_program
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("word", metavar="WORD")
@click.option(
    "--file", "file", metavar="FILE", type=click.Path(path_type=Path), help="The file of the class."
)
@FOLDER
@click.pass_context
def join(context: click.Context, word: str, file: Path | None, folder: Path | None) -> None:
    """Join a class by the word of a seat.

    With --file on a computer of one's own: the class is kept here, and its file needed once.
    """
    settings: Settings = context.obj
    seat = word.lower()
    if file is not None:
        record = read_class(file)
        _refuse_unknown_seat(seat, record.seats)
        _keep(settings, record)
    found = look_for_classes(class_folders(settings, folder)).classes
    _refuse_unknown_seat(seat, {each for one in found for each in one.record.seats})
    plain = bool(context.find_root().params.get("plain"))
    seated = replace(settings, seat=seat, classes=folder or settings.classes)
    sys.exit(open_program(seated, demo=True, plain=plain, begin=Train()))


def _refuse_unknown_seat(seat: str, known: Collection[str]) -> None:
    if seat not in known:
        told = said("no class here has the seat {word}").format(word=repr(seat))
        raise CommandError(told + said_nearest(seat, known))


def _keep(settings: Settings, record: ClassRecord) -> None:
    """Keep a class that was carried here, unless this is the computer that it lives on."""
    home = classes_folder(places_of(settings))
    known = {each.record.id: each for each in look_for_classes((home,)).classes}
    if record.id in known:
        if is_carried(known[record.id].folder):
            carry_class(known[record.id].folder, record)
        return
    taken = os.path.lexists(home / record.name)  # never raises, whoever may not look there
    carry_class(home / (f"{record.name}-{record.id[-12:]}" if taken else record.name), record)
