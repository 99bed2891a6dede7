"""`porras move`: a client to another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui import say
from tui.commands.open_store import find_client, pass_store

if TYPE_CHECKING:
    from casework.workspace import Workspace


@click.command()
@click.argument("code")
@click.argument("name", metavar="UNIT")
@pass_store
def move(workspace: Workspace, /, code: str, name: str) -> None:
    """Move a client to another unit, whose nurses see the client from then on."""
    from store.codes import show

    store = workspace.store
    store.need("move")
    client = find_client(workspace, code)
    _known_unit(name, store.staff.list_units())
    store.clients.move_to_unit(client.id, name)
    say.line(workspace.t("{client} belongs to {unit} now.", client=show(client.code), unit=name))


def _known_unit(name: str, known: list[str]) -> None:
    from stepping.pathway.diagnostics import suggest_nearest

    if name not in known:
        raise click.UsageError(f"there is no unit {name!r}{suggest_nearest(name, known)}")
