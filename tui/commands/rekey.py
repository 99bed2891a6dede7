"""`porras rekey`: a new data key for the store."""

from __future__ import annotations

import click

from store.keys.rekey import rekey as change
from tui import say
from tui.commands.open_store import FILE, WHO, Caller, get_paths, open_workspace, pass_caller
from tui.launch import now


@click.command()
@WHO
@FILE
@pass_caller
def rekey(caller: Caller, /) -> None:
    """Give the store a new data key, so that an old copy of the key opens nothing new.

    Close Porras everywhere first. Nobody needs another passphrase or recovery code. Backups made
    before keep the old key.
    """
    with open_workspace(caller) as workspace:
        workspace.store.need("upkeep")
        handle, key, places = workspace.store.handle, workspace.store.db.key, get_paths(workspace)
    if key is not None:
        change(places, key, handle, now)
    say.line(
        caller.t("The store has a new data key. Make a backup now: older ones keep the old key.")
    )
