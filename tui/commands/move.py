"""`porras move`: a client to another unit."""

from __future__ import annotations

import click

from casework.workspace import Workspace
from stepping.pathway.diagnostics import suggest_nearest
from store.codes import show
from tui import say
from tui.commands.open_store import find_client, pass_store


@click.command()
@click.argument("code")
@click.argument("name", metavar="UNIT")
@pass_store
def move(workspace: Workspace, /, code: str, name: str) -> None:
    """Move a client to another unit, whose nurses see the client from then on."""
    store = workspace.store
    store.need("move")
    client = find_client(workspace, code)
    _known_unit(name, store.staff.list_units())
    store.clients.move_to_unit(client.id, name)
    say.line(workspace.t("{client} belongs to {unit} now.", client=show(client.code), unit=name))


def _known_unit(name: str, known: list[str]) -> None:
    if name not in known:
        raise click.UsageError(f"there is no unit {name!r}{suggest_nearest(name, known)}")
