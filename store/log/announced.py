"""What everybody is told of once, at the next opening of their own: what nobody shall do unseen.

A row of `TOLD` names a kind of event. Whoever opens the store is told of those that came since the
last time that they opened it; an event of their own session they are told of at the next one too,
since their staff code may have been used by somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from store import engine, roles
from store.errors import N_
from store.session import Session

WIDE = frozenset({"lead", "auditor", "admin"})
"""Roles that reach beyond a unit; that somebody gets one is told to all."""

_OPENED = """
    SELECT o.seq FROM audit o WHERE o.actor = ? AND o.event = 'session.opened' AND NOT EXISTS (
        SELECT 1 FROM audit r WHERE r.seq > o.seq AND r.seq <= o.seq + 5
            AND r.actor = o.actor AND r.event = 'keys.refused')
    ORDER BY o.seq DESC LIMIT 1 OFFSET 1"""
"""The opening before this one; those that an older key file kept from being one do not count."""

_SINCE = """
    SELECT at, actor, event, subject FROM audit
    WHERE seq > ? AND event IN (SELECT value FROM json_each(?)) ORDER BY seq DESC"""
_CHANGE = """
    SELECT n.worker, n.value, n.by, w.handle,
        (SELECT o.value FROM account_changes o
            WHERE o.worker = n.worker AND o.kind = 'roles' AND o.rowid < n.rowid
            ORDER BY o.rowid DESC LIMIT 1) AS before,
        n.worker = (SELECT id FROM workers ORDER BY rowid LIMIT 1) AS founder
    FROM account_changes n JOIN workers w ON w.id = n.worker WHERE n.id = ?"""


class Announcement(NamedTuple):
    """One thing to be told: when it was, a message id, and the values for it."""

    at: datetime
    sentence: str
    values: Mapping[str, str]


Telling = tuple[str, Mapping[str, str]] | None
Rule = Callable[[Session, Mapping[str, Any]], Telling]


def _always(sentence: str) -> Rule:
    return lambda _, event: (sentence, {"who": event["actor"], "subject": event["subject"]})


def _roles(session: Session, event: Mapping[str, Any]) -> Telling:
    """Tell of roles that somebody took for themselves, and of wide ones whoever gave them."""
    row = session._row(_CHANGE, event["subject"])
    if row is None:
        return None
    at_first = roles.FOUNDER if row["founder"] else roles.NEWCOMER
    before = roles.named(row["before"]) if row["before"] else at_first
    gained = roles.named(row["value"]) - before
    if row["by"] == row["worker"]:
        sentence = N_("{who} took more roles for themselves: {roles}.")
    else:
        sentence, gained = N_("{who} gave more roles to {subject}: {roles}."), gained & WIDE
    values = {"who": event["actor"], "subject": row["handle"], "roles": roles.listed(gained)}
    return (sentence, values) if gained else None


TOLD: Mapping[str, Rule] = {
    "person.roles": _roles,
    "recovery.used": _always(N_("{who} opened the store with the recovery code.")),
    "store.restored": _always(N_("{who} put a backup in the place of the store.")),
    "recovery.renewed": _always(
        N_("{who} made a new recovery code: the one before opens nothing any more.")
    ),
    "keys.refused": _always(N_("{who} met an older key file that was put back; it did not open.")),
    "keys.older": _always(N_("{who} accepted an older key file: look for lost changes.")),
    "entries.lost": _always(N_("{who} accepted that entries were lost.")),
    "head.lost": _always(
        N_(
            "{who} opened the store without the record beside it: ask whether an older database "
            "was put in place."
        )
    ),
    "head.unwritten": _always(
        N_("{who} worked while the record beside the store could not be written.")
    ),
}
"""What is told, by the name of the event: a sentence with its values, or None for nothing."""


def since_last(session: Session) -> tuple[Announcement, ...]:
    """What the worker is to be told, the newest first; nothing at the first opening of all.

    It takes time in proportion to what was recorded since the worker's last opening; the first time
    the whole log is looked through for one, 0.6 s for a million events.
    """
    if session.training:
        return ()
    with engine.reading(session.db):
        last = session._row(_OPENED, session.handle)
        events = session._rows(_SINCE, last["seq"], json.dumps([*TOLD])) if last else ()
        told = ((each, TOLD[each["event"]](session, each)) for each in events)
        return tuple(
            Announcement(datetime.fromisoformat(event["at"]), *telling)
            for event, telling in told
            if telling
        )
