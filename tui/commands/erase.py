"""`porras erase`: all that is held on a client, deleted at the client's request."""

from __future__ import annotations

import click

from casework.workspace import Workspace
from store.errors import MistypedCode, StillNeeded, UnknownRecord
from store.retention import erasure
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.commands.open_store import pass_store
from tui.commands.purge_report import reasons, report


@click.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask for the code again.")
@FORMAT
@pass_store
def erase(workspace: Workspace, /, code: str, yes: bool, form: str) -> None:
    """Delete all that is held on a client at the client's request.

    CODE is the client's code. It is refused while care goes on, while a draft is open, and until
    each note was taken to the patient record: what was decided has to be kept there, and this
    command deletes nothing there. It does not wait the days that porras purge waits.
    """
    store = workspace.store
    client = erasure.find_client_id(store, code)
    if not yes:
        _ask_again(workspace, client)
    try:
        done = erasure.erase(store, client)
    except StillNeeded as error:
        kept = reasons(workspace, erasure.list_obstacles(store, client))
        raise CommandError(
            "\n".join((workspace.t(error.what), *kept, workspace.t(error.next)))
        ) from None
    report(workspace, done, [], form)


def _ask_again(workspace: Workspace, client: str) -> None:
    """Let whoever erases type the code once more; a slip of a finger erases the wrong client."""
    answer = click.prompt(
        workspace.t("Everything held on this client is deleted. Code again"), err=True
    )
    try:
        same = erasure.find_client_id(workspace.store, answer) == client
    except (MistypedCode, UnknownRecord):
        same = False
    if not same:
        raise CommandError(workspace.t("That is not the same code; nothing was deleted."))
