"""`porras pathway`: list, show and check the pathways that clinicians own."""

from __future__ import annotations

import click

from tui import say
from tui.commands.pathway_check import check
from tui.commands.pathway_diff import diff
from tui.commands.pathway_new import new
from tui.commands.pathway_schema import schema
from tui.commands.pathway_show import show
from tui.settings import Settings


@click.group()
def pathway() -> None:
    """List, show and check pathways."""


@pathway.command("list")
@click.pass_obj
def list_pathways(settings: Settings) -> None:
    """List the pathways that there are."""
    from stepping.pathway.diagnostics import PathwayError
    from store.pathway_files.files import ids, load

    for name in ids(settings.pathways):
        try:
            header = load(name, settings.pathways).header
        except PathwayError as error:
            say.line(f"{name}\tcannot be used: {error.diagnostics[0]}")
        else:
            ages = f"{header.ages.from_}–{header.ages.to}"
            title = header.title.get(settings.speaks, header.title[header.languages[0]])
            cells = (name, header.version, header.status, ages, " ".join(title.split()))
            say.line("\t".join(cells))


for command in (check, diff, new, schema, show):
    pathway.add_command(command)
