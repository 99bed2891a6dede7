"""`porras move`: a client to another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui import say
from tui.commands.common import CommandError
from tui.commands.open_store import pass_store

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
    client = store.clients.find(code)
    if client is None:
        raise CommandError(workspace.t("No client has this code here."))
    _known_unit(name, store.staff.list_units())
    store.clients.move_to_unit(client.id, name)
    say.line(workspace.t("{client} belongs to {unit} now.", client=show(client.code), unit=name))


def _known_unit(name: str, known: list[str]) -> None:
    from stepping.pathway.diagnostics import suggest_nearest

    if name not in known:
        raise click.UsageError(f"there is no unit {name!r}{suggest_nearest(name, known)}")
