"""`porras move`: a client to another unit."""

from __future__ import annotations

import click

from casework.workspace import Workspace
from store.codes import show
from tui import say
from tui.commands.common import refuse_unknown
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
    refuse_unknown("there is no unit", name, store.staff.list_units())
    store.clients.move_to_unit(client.id, name)
    say.line(workspace.t("{client} belongs to {unit} now.", client=show(client.code), unit=name))
