"""`porras audit`: whether the log holds, its head, who did what, who has used a client's data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tui import say
from tui.loading import FORMAT, Fault, typed_day
from tui.unlocking import with_store

if TYPE_CHECKING:
    from screens.desk import Desk
    from store.log.audit import Anchor
    from store.log.audit import Fault as Broken
    from store.log.trail import Entry

_since = click.option(
    "--since", metavar="DAY", type=typed_day, help="Only from a day on: 2026-11-22 or 22.11."
)


@click.group()
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
@with_store
def verify(desk: Desk, /, anchor: str | None, form: str) -> None:
    """Check that nothing in the log or in what it tells of was changed.

    Names the first event that does not hold and what is wrong with it; exit status 1. A log that
    was rewritten with the store's own key, or whose newest events were cut off with all that they
    tell of, shows only beside a head that was written down: --anchor.
    """
    from store.log import trail

    checked = trail.verify(desk.store, _noted(anchor))
    fault = checked.fault
    if form == "json":
        told = {
            "whole": fault is None,
            "events": checked.events,
            "seals": checked.seals,
            "anchored": anchor is not None,
            "fault": fault and {**fault._asdict(), "words": _words(desk, fault)},
        }
        say.data(told)
    elif fault is None:
        say.line(
            desk.t(
                "The log holds: {events} events, {seals} seals.",
                events=checked.events,
                seals=checked.seals,
            )
        )
        if anchor is None:
            say.line(
                desk.t("Compare it with a head that was written down too: --anchor."), err=True
            )
    if fault is not None:
        raise Fault(_words(desk, fault))


def _noted(anchor: str | None) -> Anchor | None:
    from store.log.trail import noted

    try:
        return noted(anchor) if anchor is not None else None
    except ValueError:
        raise click.UsageError(
            "--anchor takes SEQ:HASH with at least 16 digits of the hash, or the line of "
            "porras audit head"
        ) from None


def _words(desk: Desk, fault: Broken) -> str:
    return desk.t(fault.sentence, seq=fault.seq, about=fault.about)


@audit.command()
@FORMAT
@with_store
def head(desk: Desk, /, form: str) -> None:
    """Print the head of the log in one line, to be written down and kept elsewhere.

    SITE/SEQ:HASH/KEY: which store it is, the number of the newest event, how its hash begins, and
    the fingerprint of the key of the seals. porras audit verify --anchor compares it later.
    """
    from store.log import trail

    found = trail.head(desk.store)
    if form == "json":
        say.data({**found._asdict(), "line": str(found)})
    else:
        say.line(str(found))


@audit.command()
@click.argument("code")
@_since
@FORMAT
@with_store
def who(desk: Desk, /, code: str, since: datetime | None, form: str) -> None:
    """List who looked at a client's data, wrote to them or took them out, and when.

    CODE is a client code, with or without its dash. A client has a right to be told this. A list
    with several clients, such as what waits, is logged as one look and not under each of them.
    """
    from store.log import trail

    client_id = desk.store.client_id(code)
    if client_id is None:
        raise Fault(desk.t("No client has this code here."))
    _show(desk, trail.uses(desk.store, client_id, _start(since)), form)


@audit.command()
@_since
@click.option("--actor", metavar="HANDLE", help="Only what one worker did.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), default=200, show_default=True)
@FORMAT
@with_store
def log(desk: Desk, /, since: datetime | None, actor: str | None, limit: int, form: str) -> None:
    """Print the newest events of the log, the last one at the end."""
    from store.log import trail

    found = trail.log(desk.store, limit=limit, since=_start(since), actor=actor)
    _show(desk, found, form)


def _start(day: datetime | None) -> datetime | None:
    """When a day begins in Finland."""
    from stepping.finland import day_begins

    return day_begins(day.date()) if day else None


def _show(desk: Desk, entries: list[Entry], form: str) -> None:
    if form == "json":
        say.data([_data(entry) for entry in entries])
        return
    for line in _lines(desk, entries):
        say.line(line)


def _data(entry: Entry) -> dict[str, Any]:
    return {**entry._asdict(), "at": entry.at.isoformat(), "kind": entry.kind}


def _lines(desk: Desk, entries: list[Entry]) -> Iterator[str]:
    from store.log import clock
    from store.times import local_time
    from tui.fitting import beside

    wrong = clock.spans(desk.store.db)
    for entry in entries:
        label = f"{entry.seq:>6}  {local_time(entry.at):%Y-%m-%d %H:%M}  "
        where = " ".join(filter(None, (entry.os_user, entry.origin)))
        said = f"{entry.actor} {desk.t(entry.sentence)}"
        if any(first <= entry.seq <= last for first, last in wrong):
            said = f"{said}; {desk.t('a wrong clock has dated this')}"
        yield from beside(label, f"{said} ({where})" if where else said)
