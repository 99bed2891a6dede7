"""`porras pathway`: list, show and check the pathways that clinicians own."""

from __future__ import annotations

import click

from tui import say
from tui.authoring_commands import new, schema
from tui.check_command import check
from tui.diff_command import diff
from tui.settings import Settings
from tui.show_command import show


@click.group()
def pathway() -> None:
    """List, show and check pathways."""


@pathway.command("list")
@click.pass_obj
def list_pathways(settings: Settings) -> None:
    """List the pathways that there are."""
    from stepping.problems import PathwayError
    from store.library.pathway_files import ids, load

    for name in ids(settings.pathways):
        try:
            header = load(name, settings.pathways).header
        except PathwayError as error:
            say.line(f"{name}\tcannot be used: {error.problems[0]}")
        else:
            ages = f"{header.ages.from_}–{header.ages.to}"
            title = header.title.get(settings.speaks, header.title[header.languages[0]])
            cells = (name, header.version, header.status, ages, " ".join(title.split()))
            say.line("\t".join(cells))


pathway.add_command(check)
pathway.add_command(diff)
pathway.add_command(new)
pathway.add_command(schema)
pathway.add_command(show)
