"""`porras pathway`: list, show and check the pathways that clinicians own."""

from __future__ import annotations

import click

from stepping.pathway.diagnostics import PathwayError
from store.pathway_files.files import ids, load
from tui import say
from tui.commands.groups import LazyGroup
from tui.commands.own_options import refuse_store_options
from tui.settings import Settings


@click.group(
    cls=LazyGroup,
    package="tui.commands.pathway_",
    offered={
        "check": "Prove a pathway over all answer sets and say what does not hold, "
        "by file and line.",
        "diff": "Compare two versions of a pathway, each an id or a folder.",
        "list": "List the pathways that there are.",
        "new": "Make a small pathway, or a copy of one, in a new folder, to be changed bit by bit.",
        "schema": "Write JSON Schemas for the files of a pathway, with which "
        "editors help and check.",
        "show": "Show a pathway: rules in words, sources, cards, the form, a place to sign.",
    },
)
@click.pass_context
def pathway(context: click.Context) -> None:
    """List, show and check pathways."""
    if context.invoked_subcommand != "diff":
        refuse_store_options(context, None, None)


@pathway.command("list")
@click.pass_obj
def list_pathways(settings: Settings) -> None:
    """List the pathways that there are."""
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
