"""Whether the computer's clock can be believed, judged by the entries that it has dated.

Entries keep the instants that they were given. A clock that stands more than `AHEAD` after the
newest entry, or more than `PUT_BACK` before it, is in doubt: somebody looks at a calendar and says
that the date is right (`store.session.clock_doubt`), or puts it right. A clock that comes back by
itself to where the newest entry before the doubt stands is right again. Either way the entries that
a wrong clock has dated are kept as spans of numbers: they are named as such, and judge no later
clock.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from store.database import engine
from store.times import to_iso_utc

AHEAD = timedelta(days=400)
"""No workplace stands still for so long unnoticed; a year's record of a summer clinic fits."""

PUT_BACK = timedelta(days=1)
"""More than any slip of a zone or of summer time."""

_NEWEST = 500
"""Entries among which the latest instant is looked for: more than a day's work of one nurse."""

DOUBT, SPANS = "clock.doubt", "clock.spans"
"""The settings that keep an open doubt and the spans of entries dated by a wrong clock."""


class Doubt(NamedTuple):
    """What the clock shows, the newest entry before the doubt, and the first number after it."""

    shown: datetime
    newest: datetime
    since: int


class Span(NamedTuple):
    """The first and the last number of entries that a wrong clock has dated."""

    first: int
    last: int


class Pending(NamedTuple):
    """A doubt that is kept: its first number, and the newest entry before it."""

    since: int
    newest: datetime


def judge(db: engine.Database, now: datetime) -> Doubt | None:
    """Return what is doubtful about an instant; None if it fits the entries, or there is none."""
    pending, (seq, latest) = find_pending(db), find_newest(db)
    newest = pending.newest if pending else latest
    if newest is None or -PUT_BACK <= now - newest <= AHEAD:
        return None
    return Doubt(now, newest, pending.since if pending else seq + 1)


def find_latest(db: engine.Database) -> datetime | None:
    """Return the latest instant of the newest entries that no wrong clock has dated."""
    rows = db.execute("SELECT seq, at FROM audit ORDER BY seq DESC LIMIT ?", (_NEWEST,)).fetchall()
    wrong = spans(db)
    believed = [at for seq, at in rows if not any(first <= seq <= last for first, last in wrong)]
    return datetime.fromisoformat(max(believed)) if believed else None


def spans(db: engine.Database) -> tuple[Span, ...]:
    """Return the entries that a wrong clock has dated, the first ones first."""
    return tuple(Span(*each) for each in _setting(db, SPANS) or ())


def doubt_setting(doubt: Doubt | None) -> dict[str, str]:
    """Return the row of the setting that keeps a doubt, or that there is none any more."""
    told = {"since": doubt.since, "newest": to_iso_utc(doubt.newest)} if doubt else None
    return {"key": DOUBT, "value": json.dumps(told)}


def spans_setting(spans: list[Span]) -> dict[str, str]:
    """Return the row of the setting that keeps the entries dated by a wrong clock."""
    return {"key": SPANS, "value": json.dumps(spans)}


def find_pending(db: engine.Database) -> Pending | None:
    """Return the doubt that is kept, None if there is none."""
    told = _setting(db, DOUBT)
    return Pending(told["since"], datetime.fromisoformat(told["newest"])) if told else None


def _setting(db: engine.Database, key: str) -> Any:
    return json.loads(db.get_setting(key) or "null")


def find_newest(db: engine.Database) -> tuple[int, datetime | None]:
    """Return number and instant of the newest entry; 0 and None if there is none."""
    row = db.execute("SELECT seq, at FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], datetime.fromisoformat(row[1])) if row else (0, None)
