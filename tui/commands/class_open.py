"""`porras class open`: makes a class, and prints a slip for each seat."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from casework.language import Speech
from casework.training.membership import look_for_classes
from casework.training.opening import NoSuchCase, draw_seats, load_used, plan_class, texts_of
from stepping.pathway.diagnostics import PathwayError
from stepping.training.records import ClassRecord
from store.files.ownership import open_to_others
from store.paths import real
from store.pathway_files.vignettes import vignette_files
from store.times import utc_now
from store.training.class_writing import closed_to_others, keeps_owners, make_class
from store.training.places import classes_folder, seats_folder
from store.windows.names import is_device
from tui import say
from tui.commands.class_places import FOLDER, class_folders, places_of, t_of
from tui.commands.common import refuse_unknown
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said

_NAME = re.compile(r"[\w-]{1,40}")
_MOST_SEATS = 60


@click.command("open")
@click.argument("name", metavar="NAME")
@click.option("--seats", metavar="N", type=click.IntRange(1, _MOST_SEATS), default=15)
@click.option(
    "--cases", metavar="ID,ID…", help="The cases; left out: up to twelve that are agreed on."
)
@FOLDER
@click.pass_obj
def open_(
    settings: Settings, name: str, seats: int, cases: str | None, folder: Path | None
) -> None:
    """Open a class, and print the words of its seats.

    Cut the words out and hand each to one trainee. A seat is a word and no name.
    """
    if is_device(name) or not _NAME.fullmatch(name):
        told = said(
            "{name} is not a name of 1 to 40 letters, digits, - and _, or is a device of Windows"
        )
        raise click.UsageError(told.format(name=repr(name)))
    shared = folder or settings.classes
    home = real(shared or classes_folder(places_of(settings)))
    record = _planned(settings, name, _words(settings, seats, folder), cases)
    make_class(home / name, record)
    for line in _told(record, home, t_of(settings), shared=shared is not None):
        say.line(line)
    for line in _warnings(home / name, t_of(settings), shared=shared is not None):
        say.line(f"porras: {line}", err=True)


def _words(settings: Settings, count: int, folder: Path | None) -> tuple[str, ...]:
    """Return words for the seats, other than those of earlier classes and seats here."""
    known = look_for_classes(class_folders(settings, folder)).classes
    taken = {word for each in known for word in each.record.seats}
    begun = seats_folder(places_of(settings)).glob("*")
    return draw_seats(settings.speaks, count, taken | {path.name for path in begun})


def _planned(
    settings: Settings, name: str, seats: tuple[str, ...], cases: str | None
) -> ClassRecord:
    used = load_used(settings.pathways)
    wanted = [each.strip() for each in (cases or "").split(",") if each.strip()]
    try:
        texts = texts_of(wanted, settings.pathways, settings.vignettes, used)
        if not texts:
            told = said("no agreed case fits the pathways in use here; name others with --cases")
            raise CommandError(told)
        if len(texts) > _MOST_SEATS:
            told = said("a class has at most {most} cases")
            raise click.UsageError(told.format(most=_MOST_SEATS))
        return plan_class(name, seats, texts, used, utc_now())
    except NoSuchCase as error:
        known = vignette_files(settings.pathways, settings.vignettes)
        refuse_unknown("no such case:", str(error), known)
        raise
    except PathwayError as error:
        raise CommandError(f"{said('no class was opened')}\n{error}") from None


def _told(record: ClassRecord, home: Path, t: Speech, *, shared: bool) -> Iterator[str]:
    """Yield what to do now, and a slip for each seat."""
    where, there = (f" --class {_typed(home)}", f" --folder {_typed(home)}") if shared else ("", "")
    yield t(
        "The class {name} is open in {folder}.", name=record.name, folder=str(home / record.name)
    )
    yield t("Cases: {cases}.", cases=", ".join(case.id for case in record.cases))
    yield t("Cut out the words and hand one to each trainee.")
    yield ""
    for seat in record.seats:
        yield f"{seat}"
        yield "   " + t(
            "Class {name}. Write: {command}",
            name=record.name,
            command=f"porras train{where} --seat {seat}",
        )
        yield "- " * 30
    yield ""
    yield t("For the projector: {command}", command=f"porras class show {record.name}{there}")
    yield t(
        "For computers of their own: {command}",
        command=f"porras class pack {record.name}{there} --out {record.name}.json",
    )


def _typed(path: Path) -> str:
    """Return a path as it is typed on a command line."""
    return shlex.quote(str(path)) if os.name == "posix" else f'"{path}"'


def _warnings(folder: Path, t: Speech, *, shared: bool) -> Iterator[str]:
    """Yield what keeps other users of the computer from the class, or makes it unsafe."""
    if not shared:
        return
    if closed := closed_to_others(folder):
        yield t(
            "Other users of this computer may not enter {folder}, so they cannot join.",
            folder=str(closed),
        )
    if written := open_to_others(folder.parent):
        yield t(
            "Others may write in {folder}: they could put another class in the place of this one.",
            folder=str(written),
        )
    if not keeps_owners(folder):
        yield t("This disk keeps no owners of files: each seat may change the files of others.")
