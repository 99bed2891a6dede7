"""`porras class pack`: the file of a class, for computers that do not share its folder."""

from __future__ import annotations

from pathlib import Path

import click

from tui import say
from tui.commands.class_files import write_carried
from tui.commands.class_places import FOLDER, find_class, t_of
from tui.settings import Settings


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True)
@FOLDER
@click.pass_obj
def pack(settings: Settings, name: str, out: Path, folder: Path | None) -> None:
    """Write a class to a file, to be carried to other computers.

    It has the cases with their answers and the words of all seats, and nothing that was done.
    """
    t = t_of(settings)
    path = write_carried(settings, out, find_class(settings, name, folder).record)
    say.line(t("The class {name} is in {path}.", name=name, path=str(path)))
    command = f"porras class join WORD --file {path.name}"
    say.line(t("On each computer: {command}", command=command))
