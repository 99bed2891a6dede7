"""`porras pathway new`: a small pathway in a new folder, to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from stepping.json_schema import schema_files
from store.errors import shown
from store.paths import real
from store.pathway_files.files import find_folder
from store.pathway_files.new_pathway import CannotMake, make_pathway
from tui import say
from tui.commands.common import load_pathway
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--id", "id_", metavar="ID", help="The pathway's id; left out: the folder's name.")
@click.option("--from", "other", metavar="PATHWAY", help="Begin with a copy of this pathway.")
@click.pass_obj
def new(settings: Settings, folder: Path, id_: str | None, other: str | None) -> None:
    """Make a small pathway, or a copy of one, in a new folder, to be changed bit by bit."""
    named = real(folder).name
    name = named if id_ is None else id_
    copy_of = None
    if other is not None:
        copy_of = load_pathway(settings, other), find_folder(other, settings.pathways)
    try:
        make_pathway(folder, name, schema_files(), copy_of)
    except CannotMake as error:
        raise CommandError(f"{said('no pathway was made')}\n{error}") from None
    if copy_of is None:
        say.line(f"{name}: a small pathway with invented content is in {shown(folder)}")
    else:
        original, _ = copy_of
        say.line(f"{name}: a copy of {original.id} {original.header.version} is in {shown(folder)}")
        say.line("It is a draft that nobody owns or has reviewed")
    if name != named:
        say.line(f"Before it goes into use its folder must be called {name} too")
    say.line(
        f"Read {shown(folder / 'pathway.toml')} first, then: porras pathway check {shown(folder)}"
    )
