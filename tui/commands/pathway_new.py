"""`porras pathway new`: a small pathway in a new folder, to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from stepping.pathway.json_schema import schema_files
from store.paths import real
from store.pathway_files.new_pathway import CannotMake, make_pathway
from tui import say
from tui.commands.groups import CommandError


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--id", "id_", metavar="ID", help="The pathway's id; left out: the folder's name.")
def new(folder: Path, id_: str | None) -> None:
    """Make a small pathway in a new folder, to be changed bit by bit."""
    named = real(folder).name
    name = named if id_ is None else id_
    try:
        make_pathway(folder, name, schema_files())
    except CannotMake as error:
        raise CommandError(f"no pathway was made\n{error}") from None
    say.line(f"{name}: a small pathway with invented content is in {folder}")
    if name != named:
        say.line(f"Before it goes into use its folder must be called {name} too")
    say.line(f"Read {folder / 'pathway.toml'} first, then: porras pathway check {folder}")
