"""What everybody is told of once, at an opening of their own: what nobody shall do unseen.

A row of `TOLD` names a kind of event. Only what was shown counts as told: `mark_seen` keeps up to
which opening that was, as an event. An opening that shows nothing (one that is refused, or whose
program is killed) leaves everything to the next one. An event of their own session somebody is told
of at the next one too, since their staff code may have been used by somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from store import permissions
from store.errors import N_
from store.session.session import Session

WIDE = frozenset({"lead", "auditor", "admin"})
"""Roles that reach beyond a unit; all are told when somebody gets one."""

EVENT = "news.told"
"""That somebody was shown what there was to tell; its subject is the number of their opening."""

_BEHIND = 1000
"""After so many entries with nothing to tell that is noted too: nobody reads them again."""

_NOTED = f"""
    SELECT CAST(subject AS INTEGER) AS seq FROM audit WHERE actor = ? AND event = '{EVENT}'
        AND CAST(subject AS INTEGER) < seq ORDER BY seq DESC LIMIT 1"""
_FIRST, _LATEST = (
    "SELECT seq FROM audit WHERE actor = ? AND event = 'session.opened'"
    f" ORDER BY seq {order} LIMIT 1"
    for order in ("ASC", "DESC")
)

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


class News(NamedTuple):
    """What there is to tell, the newest first, and the opening that it is told at.

    `due` is whether `mark_seen` is called for once it is shown.
    """

    announcements: tuple[Announcement, ...] = ()
    opening: int = 0
    due: bool = False


Telling = tuple[str, Mapping[str, str]] | None
Rule = Callable[[Session, Mapping[str, Any]], Telling]


def _always(sentence: str) -> Rule:
    return lambda _, event: (sentence, {"who": event["actor"], "subject": event["subject"]})


def _roles(session: Session, event: Mapping[str, Any]) -> Telling:
    """Tell of roles that somebody took for themselves, and of wide ones whoever gave them."""
    row = session.row(_CHANGE, event["subject"])
    if row is None:
        return None
    at_first = permissions.FOUNDER if row["founder"] else permissions.NEWCOMER
    before = permissions.parse_roles(row["before"]) if row["before"] else at_first
    gained = permissions.parse_roles(row["value"]) - before
    if row["by"] == row["worker"]:
        sentence = N_("{who} took more roles for themselves: {roles}.")
    else:
        sentence, gained = N_("{who} gave more roles to {subject}: {roles}."), gained & WIDE
    values = {
        "who": event["actor"],
        "subject": row["handle"],
        "roles": permissions.format_roles(gained),
    }
    return (sentence, values) if gained else None


TOLD: Mapping[str, Rule] = {
    "person.roles": _roles,
    "recovery.used": _always(N_("{who} opened the store with the recovery code.")),
    "store.restored": _always(N_("{who} put a backup in the place of the store.")),
    "store.updated": _always(
        N_(
            "Porras is newer than before. {who} opened the store first; it was backed up before: "
            "{subject}."
        )
    ),
    "recovery.renewed": _always(
        N_("{who} made a new recovery code: the one before opens nothing any more.")
    ),
    "keys.refused": _always(N_("{who} met an older key file that was put back; it did not open.")),
    "keys.older": _always(N_("{who} accepted an older key file: look for lost changes.")),
    "entries.lost": _always(
        N_(
            "{who} accepted that entries were lost. Roles may be those of an older day: look at "
            "porras user list."
        )
    ),
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
"""What is announced, by the name of the event: a sentence with its values, or None."""


def opens_first(session: Session) -> bool:
    """Say whether the worker opens this store for the first time."""
    with session.reading():
        return _seq(session, _FIRST) == _seq(session, _LATEST)


def find_unseen(session: Session) -> News:
    """Return what the worker was not shown yet; nothing at the first opening of all.

    It takes time in proportion to what was recorded since the last opening that showed it; the
    first time the whole log is looked through for one, 0.6 s for a million events.
    """
    if session.training:
        return News()
    with session.reading():
        opening = _seq(session, _LATEST)
        noted = _seq(session, _NOTED)
        last = noted or _seq(session, _FIRST)
        if last == opening:
            return News((), opening, not noted)
        events = session.rows(_SINCE, last, json.dumps([*TOLD]))
        told = ((each, TOLD[each["event"]](session, each)) for each in events)
        found = tuple(
            Announcement(datetime.fromisoformat(event["at"]), *telling)
            for event, telling in told
            if telling
        )
    return News(found, opening, bool(found) or not noted or opening - last > _BEHIND)


def mark_seen(session: Session, news: News) -> None:
    """Keep that all of this was shown to the worker."""
    if news.due:
        session.log_event(EVENT, str(news.opening))


def _seq(session: Session, sql: str) -> int:
    row = session.row(sql, session.handle)
    return int(row["seq"]) if row else 0
