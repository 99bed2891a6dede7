"""`porras class collect`: takes files of seats that were carried here into their class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from casework.error_text import translate_error
from casework.language import Speech
from store.errors import StoreError, shown
from store.files import regular_files
from store.training.class_writing import Collected
from store.training.class_writing import collect as take_in
from store.training.classes import carried_files
from tui import say
from tui.commands.class_places import FOLDER, find_class, t_of
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("files", metavar="FILE", nargs=-1, required=True, type=click.Path(path_type=Path))
@FOLDER
@click.pass_obj
def collect(settings: Settings, name: str, files: tuple[Path, ...], folder: Path | None) -> None:
    """Take files of seats into their class; FILE may be a folder of them.

    A file may be taken in twice, and an older one after a newer one: each try is there once, and
    none goes. A file that cannot be used is told; the others are taken all the same.
    """
    t = t_of(settings)
    found = find_class(settings, name, folder)
    refused, every = 0, list(_each(files))
    if not every:
        raise CommandError(said("there is no file of a seat there"))
    for file in every:
        try:
            told = _told(take_in(found.folder, found.record, file), t)
        except StoreError as error:
            refused += 1
            say.line(f"porras: {shown(file.name)}: {translate_error(error, t)}", err=True)
        else:
            say.line(f"{shown(file.name)}: {told}")
    if refused:
        raise CommandError(
            said("not taken: {count} of {all}").format(count=refused, all=len(every))
        )


def _each(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        yield from carried_files(file) if regular_files.is_folder(file) else [file]


def _told(collected: Collected, t: Speech) -> str:
    told = t(
        "{seat}: {new} new of {all} tries",
        seat=collected.seat,
        new=collected.new,
        all=collected.all,
    )
    if collected.two_people:
        return f"{told}. " + t(
            "They come from two places: do two people have one word? Both are kept."
        )
    return told
