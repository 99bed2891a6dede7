"""`porras calendar`: a client's next contact as a file for a calendar."""

from __future__ import annotations

import click

from casework.workspace import Workspace
from screens.export.calendar import CALENDAR, calendar_of
from screens.export.files import describe_access, find_free_place, guarded_folders
from store import output
from store.errors import shown
from store.output import Taken, Unwritten
from tui import say
from tui.commands.groups import CommandError
from tui.commands.open_store import find_client, pass_store
from tui.spoken import said


@click.command()
@click.argument("code")
@click.option("--out", metavar="FILE", required=True, help="The file to write, as in next.ics.")
@click.option("--force", is_flag=True, help="Let --out write over an earlier calendar file.")
@pass_store
def calendar(workspace: Workspace, /, code: str, out: str, force: bool) -> None:
    """Write a client's next contact to a file for a calendar.

    CODE is a client code. The file tells the day, the time and the code. That it was written is
    logged.
    """
    client = find_client(workspace, code)
    found = workspace.store.episodes.find_open(client.id)
    content = calendar_of(workspace, client, found[0].id) if found else None
    if found is None or content is None:
        raise CommandError(said("no contact is agreed with this client from today on"))
    guarded = guarded_folders(workspace)
    try:
        path = find_free_place(out, guarded, CALENDAR, replace=force)
        workspace.store.audit_log.log_export(found[0].id)
        output.write_file(path, content, CALENDAR, guarded, replace=force)
    except Taken:
        there = said("there is an earlier file of this kind already; --force writes over it")
        raise CommandError(f"{shown(out)}: {there}") from None
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {workspace.t(error.sentence)}") from None
    say.line(f"{shown(out)}: {workspace.t(describe_access(path))}", err=True)
