"""`porras class list`: the classes here, and how far each is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from casework.error_text import translate_error
from casework.language import Speech
from casework.training.membership import look_for_classes, wrong_clocks
from screens.training.seat_faults import told_faults
from store.errors import StoreError
from store.times import utc_now
from store.training.classes import FoundClass, read_seats
from tui import say
from tui.commands.class_places import FOLDER, class_folders, t_of
from tui.settings import Settings


@click.command("list")
@FOLDER
@click.pass_obj
def list_(settings: Settings, folder: Path | None) -> None:
    """List the classes here, and how far each is."""
    t = t_of(settings)
    found = look_for_classes(class_folders(settings, folder))
    for each in found.classes:
        _tell(each, t)
    if not found.classes:
        say.line(t("There is no class here."))
    for fault in found.faults:
        say.line(f"porras: {translate_error(fault, t)}", err=True)


def _tell(found: FoundClass, t: Speech) -> None:
    record = found.record
    try:
        seats = read_seats(*found)
    except StoreError as error:
        say.line(f"porras: {translate_error(error, t)}", err=True)
        return
    tries = sum(len(each.entries) for each in seats.records.values())
    cells = (
        record.name,
        t("ended") if record.ended else t("open"),
        t.moment(datetime.fromisoformat(record.opened)),
        t("{begun} of {all} seats begun", begun=len(seats.records), all=len(record.seats)),
        t.many("{count} try", "{count} tries", tries),
        str(found.folder),
    )
    say.line("\t".join(cells))
    wrong = wrong_clocks(record, seats.records, utc_now())
    for line in told_faults(seats, wrong, t):
        say.line(f"porras: {record.name}: {line}", err=True)
