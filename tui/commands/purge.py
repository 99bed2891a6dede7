"""`porras purge`: deletes the assessments that are no longer needed."""

from __future__ import annotations

import click

from casework.workspace import Workspace
from store.retention import erasure, retention
from tui import say
from tui.commands.common import FORMAT
from tui.commands.open_store import pass_store
from tui.commands.purge_report import foreseen, foretell, report


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell what is due and what is kept; delete nothing.")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, 365),
    help="Days to keep what is ready (30, or what was remembered).",
)
@click.option("--remember", is_flag=True, help="Let --days count from now on.")
@FORMAT
@pass_store
def purge(
    workspace: Workspace, /, dry_run: bool, days: int | None, remember: bool, form: str
) -> None:
    """Delete the assessments that are no longer needed.

    An assessment is ready when its note was taken to the patient record (t on the note), or when it
    was abandoned; an episode of care when it is closed and all of its notes were taken. Some days
    later they are deleted for good, and a client of whom nothing is left with them. The log keeps
    the proof, and the statistics a row that names nobody.
    """
    if remember and days is None:
        raise click.UsageError("--remember goes with --days N")
    store = workspace.store
    if remember and days is not None and not dry_run:
        retention.set_days(store, days)
    before = retention.survey(store, days)
    if dry_run:
        say.answer(form, lambda: foreseen(before), foretell(workspace, before))
        return
    done = erasure.purge(store, days)
    kept = [each for each in before if each.why is not None]
    report(workspace, done, kept, form)
