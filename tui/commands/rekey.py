"""`porras rekey`: a new data key for the store."""

from __future__ import annotations

import click

from casework.language import speech
from tui import say
from tui.commands.open_store import FILE, WHO, get_paths, open_workspace
from tui.settings import Settings


@click.command()
@WHO
@FILE
@click.pass_obj
def rekey(settings: Settings, /, who: str | None, file: str | None) -> None:
    """Give the store a new data key, so that an old copy of the key opens nothing new.

    Close Porras everywhere first. Nobody needs another passphrase or recovery code. Backups made
    before keep the old key.
    """
    from store.keys.rekey import rekey as change
    from tui.launch import now

    with open_workspace(settings, who, file, demo=False) as workspace:
        workspace.store.need("upkeep")
        handle, key, places = workspace.store.handle, workspace.store.db.key, get_paths(workspace)
    if key is not None:
        change(places, key, handle, now)
    t = speech(settings.speaks)
    say.line(t("The store has a new data key. Make a backup now: older ones keep the old key."))
