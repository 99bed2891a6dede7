"""`porras audit`: whether the log holds, its head, who did what, who has used a client's data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from casework.workspace import Workspace
from stepping.finland import day_begins
from store.audit import clock_check
from store.audit.chain import Anchor
from store.audit.chain import Fault as Broken
from store.repository.audit_log import AuditEntry, parse_anchor
from tui import say
from tui.commands.common import FORMAT, parse_day
from tui.commands.groups import CommandError
from tui.commands.open_store import pass_store
from tui.commands.text import labelled_lines
from tui.spoken import SpokenGroup

_since = click.option(
    "--since", metavar="DAY", type=parse_day, help="Only from a day on: 2026-11-22 or 22.11."
)


@click.group(cls=SpokenGroup)
def audit() -> None:
    """Read the log of all that was done in the store.

    It tells who, when, what kind of deed and on which record, and never what was said or answered.
    Each of these commands is an event in it too.
    """


@audit.command()
@click.option(
    "--anchor", metavar="SEQ:HASH", help="A head that was written down; its whole line will do."
)
@FORMAT
@pass_store
def verify(workspace: Workspace, /, anchor: str | None, form: str) -> None:
    """Check that nothing in the log or in what it tells of was changed.

    Names the first event that does not hold and what is wrong with it; exit status 1. A log that
    was rewritten with the store's own key, or whose newest events were cut off with all that they
    tell of, shows only beside a head that was written down: --anchor.
    """
    checked = workspace.store.audit_log.check(_noted(anchor))
    fault = checked.fault
    if form == "json":
        answer = {
            "whole": fault is None,
            "events": checked.events,
            "seals": checked.seals,
            "anchored": anchor is not None,
            "fault": fault and {**fault._asdict(), "words": _words(workspace, fault)},
        }
        say.data(answer)
    elif fault is None:
        say.line(
            workspace.t(
                "The log holds: {events} events, {seals} seals.",
                events=checked.events,
                seals=checked.seals,
            )
        )
        if anchor is None:
            say.line(
                workspace.t("Compare it with a head that was written down too: --anchor."), err=True
            )
    if fault is not None:
        raise CommandError(_words(workspace, fault))


def _noted(anchor: str | None) -> Anchor | None:
    try:
        return parse_anchor(anchor) if anchor is not None else None
    except ValueError:
        raise click.UsageError(
            "--anchor takes SEQ:HASH with at least 16 digits of the hash, or the line of "
            "porras audit head"
        ) from None


def _words(workspace: Workspace, fault: Broken) -> str:
    return workspace.t(fault.sentence, seq=fault.seq, about=fault.about)


@audit.command()
@FORMAT
@pass_store
def head(workspace: Workspace, /, form: str) -> None:
    """Print the head of the log in one line, to be written down and kept elsewhere.

    SITE/SEQ:HASH/KEY: which store it is, the number of the newest event, how its hash begins, and
    the fingerprint of the key of the seals. porras audit verify --anchor compares it later.
    """
    found = workspace.store.audit_log.take_head()
    say.answer(form, lambda: {**found._asdict(), "line": str(found)}, [str(found)])


@audit.command()
@click.argument("code")
@_since
@FORMAT
@pass_store
def who(workspace: Workspace, /, code: str, since: datetime | None, form: str) -> None:
    """List who looked at a client's data, wrote to them or took them out, and when.

    CODE is a client code, with or without its dash. A client has a right to be told this. A list
    with several clients, such as what waits, is logged as one look and not under each of them.
    """
    client_id = workspace.store.clients.find_id(code)
    if client_id is None:
        raise CommandError(workspace.t("No client has this code here."))
    _show(workspace, workspace.store.audit_log.find_uses(client_id, _start(since)), form)


@audit.command()
@_since
@click.option("--actor", metavar="HANDLE", help="Only what one worker did.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=200, show_default=True)
@click.option("--reports", "sums", is_flag=True, help="Only who asked for which report, and when.")
@FORMAT
@pass_store
def log(
    workspace: Workspace,
    /,
    since: datetime | None,
    actor: str | None,
    limit: int,
    form: str,
    *,
    sums: bool,
) -> None:
    """Print the newest events of the log, the last one at the end.

    A question for a report is told as it was asked: report, what it is told by, period, own-unit
    where it was one unit's, and file where it left the house. The head that is printed on a report
    is compared by porras audit verify --anchor.
    """
    found = workspace.store.audit_log.list_events(
        limit=limit, since=_start(since), actor=actor, sums=sums
    )
    _show(workspace, found, form)


def _start(day: datetime | None) -> datetime | None:
    """When a day begins in Finland."""
    return day_begins(day.date()) if day else None


def _show(workspace: Workspace, entries: list[AuditEntry], form: str) -> None:
    say.answer(form, lambda: [_data(entry) for entry in entries], _lines(workspace, entries))


def _data(entry: AuditEntry) -> dict[str, Any]:
    return {**entry._asdict(), "at": entry.at.isoformat(), "kind": entry.kind}


def _lines(workspace: Workspace, entries: list[AuditEntry]) -> Iterator[str]:
    wrong = clock_check.spans(workspace.store.db)
    for entry in entries:
        label = f"{entry.seq:>6}  {workspace.t.moment(entry.at)}  "
        where = " ".join(filter(None, (entry.os_user, entry.origin)))
        event = f"{entry.actor} {workspace.t(entry.sentence)}"
        if entry.question:
            event = f"{event}: {entry.question}"
        if any(first <= entry.seq <= last for first, last in wrong):
            event = f"{event}; {workspace.t('a wrong clock has dated this')}"
        yield from labelled_lines(label, f"{event} ({where})" if where else event)
