"""`porras class hand-in`: what a seat has done, as a file that is carried to the trainer."""

from __future__ import annotations

from pathlib import Path

import click

from casework.training.membership import look_for_classes
from stepping.training.records import SeatRecord
from store.training.class_writing import note_handed
from store.training.classes import is_carried
from store.training.places import is_seat, record_path, seat_places, seats_folder
from store.training.seats import load_record
from tui import say
from tui.commands.class_files import write_carried
from tui.commands.class_places import FOLDER, class_folders, places_of, t_of
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command("hand-in")
@click.argument("word", metavar="WORD", required=False)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True)
@FOLDER
@click.pass_obj
def hand_in(settings: Settings, word: str | None, out: Path, folder: Path | None) -> None:
    """Write what a seat has done in its class to a file, for the trainer.

    FILE may be a folder. The class is the one that the seat has worked in last. Handing in again is
    no harm: the trainer gets each try once.
    """
    t = t_of(settings)
    record = _latest(settings, word or settings.seat)
    path = write_carried(settings, out, record)
    found = look_for_classes(class_folders(settings, folder)).classes
    home = next((each for each in found if each.record.id == record.class_id), None)
    if home and is_carried(home.folder):
        note_handed(home.folder, record)
    say.line(
        t.many(
            "{seat}: {count} try is in {path}. Carry it to the trainer.",
            "{seat}: {count} tries are in {path}. Carry it to the trainer.",
            len(record.entries),
            seat=record.seat,
            path=str(path),
        )
    )


def _latest(settings: Settings, word: str | None) -> SeatRecord:
    """Return what a seat has done in the class that it worked in last.

    Raises:
        CommandError: If it has done nothing in a class.
        click.UsageError: If no word is given and several seats have.
    """
    seats = [word.lower()] if word else _seats(settings)
    done = [record for seat in seats if (record := _of_class(settings, seat))]
    if not done:
        raise CommandError(said("nothing was done in a class at this seat"))
    if len(done) > 1:
        words = ", ".join(record.seat for record in done)
        raise click.UsageError(said("say which seat: {words}").format(words=words))
    return done[0]


def _of_class(settings: Settings, seat: str) -> SeatRecord | None:
    if not is_seat(seat):
        return None
    places = seat_places(places_of(settings), seat)
    whole = load_record(record_path(places, seat), seat)
    classes = [entry.class_id for entry in whole.entries if entry.class_id]
    return whole.of_class(classes[-1]) if classes else None


def _seats(settings: Settings) -> list[str]:
    files = seats_folder(places_of(settings)).glob("*/record.json")
    return sorted(file.parent.name for file in files)
