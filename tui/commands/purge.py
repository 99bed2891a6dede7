"""`porras purge` and `porras erase`: what is no longer needed, and what a client wants deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui import say
from tui.commands.common import FORMAT, Fault
from tui.commands.open_store import with_store

if TYPE_CHECKING:
    from casework.workspace import Workspace
    from store.backup.copies import Copies
    from store.retention.erasure import Purge
    from store.retention.retention import Bundle


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
@with_store
def purge(
    workspace: Workspace, /, dry_run: bool, days: int | None, remember: bool, form: str
) -> None:
    """Delete the assessments that are no longer needed.

    An assessment is ready when its note was taken to the patient record (t on the note), or when it
    was abandoned; an episode of care when it is closed and all of its notes were taken. Some days
    later they are deleted for good, and a client of whom nothing is left with them. The log keeps
    the proof, and the statistics a row that names nobody.
    """
    from store.retention import erasure, retention

    if remember and days is None:
        raise click.UsageError("--remember goes with --days N")
    store = workspace.store
    if remember and days is not None and not dry_run:
        retention.set_days(store, days)
    before = retention.survey(store, days)
    if dry_run:
        say.data(_foreseen(before)) if form == "json" else _say(_foretell(workspace, before))
        return
    done = erasure.purge(store, days)
    kept = [each for each in before if each.why is not None]
    _report(workspace, done, kept, form)


@click.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="Do not ask for the code again.")
@FORMAT
@with_store
def erase(workspace: Workspace, /, code: str, yes: bool, form: str) -> None:
    """Delete all that is held on a client at the client's request.

    CODE is the client's code. It is refused while care goes on, while a draft is open, and until
    each note was taken to the patient record: what was decided has to be kept there, and this
    command deletes nothing there. It does not wait the days that porras purge waits.
    """
    from store.errors import StillNeeded
    from store.retention import erasure

    store = workspace.store
    client = erasure.find(store, code)
    if not yes:
        _ask_again(workspace, client)
    try:
        done = erasure.erase(store, client)
    except StillNeeded as error:
        said = _reasons(workspace, erasure.what_keeps(store, client))
        raise Fault("\n".join((workspace.t(error.what), *said, workspace.t(error.next)))) from None
    _report(workspace, done, [], form)


def _ask_again(workspace: Workspace, client: str) -> None:
    """Let whoever erases type the code once more; a slip of a finger erases the wrong client."""
    from store.errors import MistypedCode, UnknownRecord
    from store.retention import erasure

    typed = click.prompt(
        workspace.t("Everything held on this client is deleted. Code again"), err=True
    )
    try:
        same = erasure.find(workspace.store, typed) == client
    except (MistypedCode, UnknownRecord):
        same = False
    if not same:
        raise Fault(workspace.t("That is not the same code; nothing was deleted."))


# -- what is due ----------------------------------------------------------------------------------


def _foreseen(bundles: Sequence[Bundle]) -> dict[str, Any]:
    told = [
        {
            "client": each.client,
            "episode": each.episode_id,
            "assessments": list(each.assessments),
            "why": each.why,
            "until": each.until.isoformat(),
        }
        for each in bundles
    ]
    return {
        "due": [each for each in told if each["why"] is None],
        "kept": [each for each in told if each["why"] is not None],
    }


def _foretell(workspace: Workspace, bundles: Sequence[Bundle]) -> Iterator[str]:
    from store.codes import show

    for each in bundles:
        count = workspace.t.many("{count} assessment", "{count} assessments", len(each.assessments))
        yield f"{show(each.client)}  {count}: {_why(workspace, each)}"
    due = sum(len(each.assessments) for each in bundles if each.why is None)
    yield workspace.t.many("{count} assessment is due.", "{count} assessments are due.", due)


def _why(workspace: Workspace, each: Bundle) -> str:
    """Which rule keeps something, if one does."""
    from store.retention.retention import WHY
    from store.times import local_time

    if each.why is None:
        return workspace.t("due")
    return workspace.t(WHY[each.why], day=f"{local_time(each.until):%Y-%m-%d}")


def _reasons(workspace: Workspace, kept: Sequence[Bundle]) -> Iterator[str]:
    """How much each rule keeps, and until when at most."""
    last = {each.why: each for each in sorted(kept, key=lambda each: each.until)}
    counts = Counter(each.why for each in kept)
    for why, each in last.items():
        yield f"{counts[why]} × {_why(workspace, each)}"


# -- what was done --------------------------------------------------------------------------------


def _report(workspace: Workspace, done: Purge, kept: Sequence[Bundle], form: str) -> None:
    from store.backup.copies import beside

    copies = beside(workspace.store.db.path)
    if form == "json":
        say.data(_as_data(done, kept, copies))
    else:
        _say(_as_text(workspace, done, kept, copies))


def _as_data(done: Purge, kept: Sequence[Bundle], copies: Copies) -> dict[str, Any]:
    return {
        "clients": done.clients,
        "episodes": done.episodes,
        "assessments": done.assessments,
        "records": done.records,
        "proofs": [proof._asdict() for proof in done.proofs],
        "tidy": done.tidy,
        "kept": dict(Counter(each.why for each in kept)),
        "backups": {
            "count": copies.backups,
            "oldest": copies.oldest and copies.oldest.isoformat(),
            "lasting": list(copies.lasting),
        },
    }


def _as_text(
    workspace: Workspace, done: Purge, kept: Sequence[Bundle], copies: Copies
) -> Iterator[str]:
    t = workspace.t
    yield t(
        "Deleted: {assessments} assessments, {episodes} episodes of care, {clients} clients "
        "({records} records).",
        assessments=done.assessments,
        episodes=done.episodes,
        clients=done.clients,
        records=done.records,
    )
    for proof in done.proofs:
        yield t("Proof: event {seq}, digest {digest}", seq=proof.seq, digest=proof.digest)
    yield from _reasons(workspace, kept)
    if done.proofs:
        yield t("What stays: events without content in the log, and a row that names nobody.")
        yield from _in_copies(workspace, copies)
    if not done.tidy:
        yield t(
            "Another program reads the store, or the disk is full: the file could not be written "
            "anew. Run porras purge once more later."
        )


def _in_copies(workspace: Workspace, copies: Copies) -> Iterator[str]:
    """Where what was deleted can still be read."""
    from store.times import local_time

    t = workspace.t
    if copies.oldest:
        yield t.many(
            "{count} backup beside the store still holds it until its time is over. It is of "
            "{day}.",
            "{count} backups beside the store still hold it until their time is over. The oldest "
            "is of {day}.",
            copies.backups,
            day=f"{local_time(copies.oldest):%Y-%m-%d}",
        )
    else:
        yield t("No backup lies beside the store.")
    yield t("Backups elsewhere hold it until you delete them.")
    for name in copies.lasting:
        yield t("Nothing removes this copy; delete it when it is not needed: {name}", name=name)


def _say(lines: Iterator[str]) -> None:
    for line in lines:
        say.line(line)
