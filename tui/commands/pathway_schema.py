"""`porras pathway schema`: JSON Schemas with which editors help."""

from __future__ import annotations

from pathlib import Path

import click

from stepping.json_schema import schema_files
from store.errors import shown
from store.pathway_files.new_pathway import CannotMake, write_schemas
from tui import say
from tui.commands.common import get_guarded
from tui.commands.groups import CommandError
from tui.settings import Settings


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def schema(settings: Settings, folder: Path) -> None:
    """Write JSON Schemas for the files of a pathway, with which editors help and check."""
    files = schema_files()
    try:
        write_schemas(folder, files, get_guarded(settings))
    except CannotMake as error:
        raise CommandError(str(error)) from None
    for name in files:
        say.line(shown(folder / name))
