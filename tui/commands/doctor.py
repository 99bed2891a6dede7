"""`porras doctor`: what is wrong here, what it means, what to do; and the rescue of a store."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from casework.language import Speech
from store.database.guard import Missing
from store.errors import shown
from store.keys import credentials
from store.maintenance import acceptance, integrity
from store.maintenance.integrity import key_to_look
from store.maintenance.salvage import salvage_store
from store.times import minute
from tui import say
from tui.commands.common import FORMAT
from tui.commands.doctor_checks import examine
from tui.commands.doctor_finding import DoctorFinding
from tui.commands.groups import CommandError
from tui.commands.open_store import FILE, WHO, Caller, open_workspace, pass_caller
from tui.commands.text import unbroken_lines

_BEGUN = re.compile(r"(?:porras|doctor|backup|export|stty|chmod|--\w+) ")
"""Where a command to be typed goes on: it stays on one line."""
_TIED = "\ue000"
"""Stands for a blank at which no line is broken, of one cell and in no text."""
_MARGIN = 8
"""Columns for the mark; what is said stands to the right of them."""


@click.command()
@click.option("--deep", is_flag=True, help="Open the store and read every page and every event.")
@click.option(
    "--rescue",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Save what can be read of a damaged store into a new one.",
)
@click.option(
    "--accept-loss", "accept", is_flag=True, help="Go on with a database that lacks entries."
)
@click.option("--yes", is_flag=True, help="With --accept-loss: do not ask.")
@click.option(
    "--rebuild-reports",
    "rebuild",
    is_flag=True,
    help="Make what reports count anew from the records.",
)
@WHO
@FILE
@FORMAT
@pass_caller
def doctor(
    caller: Caller,
    /,
    deep: bool,
    target: Path | None,
    accept: bool,
    yes: bool,
    rebuild: bool,
    form: str,
) -> None:
    """Look at this workplace: engine, files, disk, terminal, pathways; --deep at the store too.

    Nothing is changed. Exit status 1 if there is a fault.
    """
    if accept:
        _accept(caller, asking=not yes)
    elif target is not None:
        _rescue(caller, target, form)
    elif rebuild:
        _rebuild(caller)
    else:
        _examine(caller, form, deep=deep)


def _examine(caller: Caller, form: str, *, deep: bool) -> None:
    inside = []
    if deep:
        inside = integrity.check_deep(
            caller.paths,
            _key(caller)[1],
            pathways=caller.settings.pathways,
            content=caller.settings.chosen,
        )
    found = list(examine(caller.settings, inside))
    say.answer(
        form,
        lambda: [asdict(finding) for finding in found],
        (line for finding in found for line in _lines(finding)),
    )
    if faults := sum(finding.mark == "FAULT" for finding in found):
        t = caller.t
        raise CommandError(
            t.many(
                "{count} fault; mend it before real use",
                "{count} faults; mend them before real use",
                faults,
            )
        )


def _lines(finding: DoctorFinding) -> Iterator[str]:
    """Yield a finding: broken between words on a terminal, whole for other programs."""
    for mark, text in (
        (finding.mark, f"{finding.name}: {finding.text}"),
        ("", finding.means),
        ("", finding.do),
    ):
        if text:
            yield from _broken(f"{mark:<{_MARGIN}}", text)


def _broken(label: str, text: str) -> Iterator[str]:
    if not say.is_read_by_a_person():
        yield label + text
        return
    width = max(shutil.get_terminal_size().columns - 1, 2 * _MARGIN)
    tied = _BEGUN.sub(lambda found: found[0].rstrip() + _TIED, text)
    for row in unbroken_lines(label, tied, width):
        yield row.replace(_TIED, " ")


def _rebuild(caller: Caller) -> None:
    """Make the rows of reports anew, as an administrator."""
    with open_workspace(caller) as workspace:
        workspace.store.summaries.rebuild()
    say.line(caller.t("What reports count was made anew from the records."))


def _rescue(caller: Caller, target: Path, form: str) -> None:
    handle, key = _key(caller)
    report = salvage_store(caller.paths, key, target, handle)
    if form == "json":
        say.data(report._asdict())
        return
    t = caller.t
    say.line(t("What can be read stands in a new store: {path}", path=shown(target)))
    for sentence, counts in (
        (t("Rescued"), report.rescued),
        (t("Kept aside, since what it belongs to is lost"), report.aside),
        (t("Lost, by what the log tells"), report.lost),
        (t("Rescued, but the log does not vouch for it"), report.unconfirmed),
    ):
        for table, count in counts.items():
            say.line(f"{sentence}: {table} {count}")
    say.line(t("Events of the old log: {count}", count=report.events))
    for first, last in report.missing_events:
        say.line(t("Missing events: {first} to {last}", first=first, last=last))


def _accept(caller: Caller, *, asking: bool) -> None:
    """Say what a database lacks, and go on with it if somebody says so."""
    t = caller.t
    if asking and not say.is_answered_by_a_person():
        raise click.UsageError("there is nobody to ask; add --yes to go on without asking")
    handle, key = _key(caller)
    lost = acceptance.find_missing(caller.paths, key)
    if lost is None:
        say.line(t("Nothing is known to be missing. Start Porras."))
        return
    _tell_missing(caller.t, lost)
    if asking and not _agreed(caller.t):
        raise CommandError(t("Nothing was changed."))
    accepted = acceptance.accept_loss(caller.paths, key, handle)
    say.line(t("The database counts as it stands, and the log tells so. Start Porras."))
    say.line(t("Roles may be those of an older day: look at porras user list."))
    if accepted and accepted.wide:
        people = "; ".join(f"{handle} ({roles})" for handle, roles in accepted.wide.items())
        say.line(t("Roles that reach beyond a unit now: {people}", people=people))


def _tell_missing(t: Speech, lost: Missing) -> None:
    if lost.first is None:
        say.line(t("Entry {last} is another one than was stored here.", last=lost.last))
    else:
        say.line(t("Entries {first} to {last} are missing.", first=lost.first, last=lost.last))
    if lost.since:
        say.line(t("The newest entry is of {since}.", since=minute(lost.since)))


def _agreed(t: Speech) -> bool:
    say.line(t("They come back only from the right file or from a backup."))
    word = t("yes")
    answer: str = click.prompt(t('Type "{word}" to go on without them', word=word), default="")
    return answer.strip().lower() == word


def _key(caller: Caller) -> tuple[str, bytes]:
    """Return who looks, and the data key."""
    there = caller.paths
    handle = credentials.plain_handle(caller.find_handle(there.keys))
    return handle, key_to_look(there, handle, caller.read_passphrase(handle))
