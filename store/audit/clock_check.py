"""Whether the computer's clock can be believed, judged by the entries that it has dated.

Entries keep the instants that they were given. A clock that stands more than `AHEAD` after the
newest entry, or more than `PUT_BACK` before it, is in doubt: somebody looks at a calendar and says
that the date is right (`confirm`), or puts it right. A clock that comes back by itself to where the
newest entry before the doubt stands is right again. Either way the entries that a wrong clock has
dated are kept as spans of numbers: they are named as such, and judge no later clock.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from store.errors import ClockInDoubt, ClockPutBack
from store.times import stamp

if TYPE_CHECKING:
    from store.database import engine
    from store.repository.session import Session

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


class _Pending(NamedTuple):
    since: int
    newest: datetime


def returned(session: Session, doubt: Doubt | None) -> Span | None:
    """Settle a doubt that was kept, if the clock is right again by itself as a store is opened.

    Returns the entries that a wrong clock has dated. `doubt` is what `judge` has said before the
    first entry of this opening; only within its transaction.
    """
    pending = _pending(session.db)
    if doubt or not pending:
        return None
    span = Span(pending.since, _newest(session.db)[0])
    _settle(session, span)
    session._log("clock.returned", session._worker)
    return span


def note(session: Session) -> None:
    """Keep a doubt, so that the next opening asks too if this one settles nothing."""
    with session._write():
        keep(session)


def keep(session: Session) -> None:
    """Keep a doubt until it is settled, within the transaction of the first entry under it."""
    doubt = session.clock_doubt
    if doubt and not _pending(session.db):
        told = {"since": doubt.since, "newest": stamp(doubt.newest)}
        session._set({"key": DOUBT, "value": json.dumps(told)})
        session._log("clock.doubted", session._worker)


def judge(db: engine.Database, now: datetime) -> Doubt | None:
    """Return what is doubtful about an instant; None if it fits the entries, or there is none."""
    pending, (seq, latest) = _pending(db), _newest(db)
    newest = pending.newest if pending else latest
    if newest is None or -PUT_BACK <= now - newest <= AHEAD:
        return None
    return Doubt(now, newest, pending.since if pending else seq + 1)


def confirm(session: Session) -> None:
    """Record that somebody has looked and the date is right, and mark the entries after it."""
    limit = stamp(session._clock() + PUT_BACK)
    session.clock_doubt = None
    with session._write():
        found = session.db.execute(
            "SELECT min(seq), max(seq) FROM audit WHERE at > ? AND seq > ?",
            (limit, max((span.last for span in spans(session.db)), default=0)),
        ).fetchone()
        _settle(session, Span(*found) if found[0] else None)
        session._log("clock.confirmed", session._worker)


def require_certain(session: Session) -> None:
    """Go on only with a clock that can be believed; raises ClockInDoubt."""
    if session.training:
        return
    if session.clock_doubt or judge(session.db, session._clock()):
        raise ClockInDoubt


def require_not_put_back(session: Session) -> None:
    """Go on only with a clock that does not stand before what was recorded.

    A clock that was put back while somebody works has dated the newest entries itself, so the
    latest instant of many is looked for.

    Raises:
        ClockPutBack: If it stands more than `PUT_BACK` before the latest entry that is believed.
    """
    latest = None if session.training else _latest(session.db)
    if latest and session._clock() < latest - PUT_BACK:
        raise ClockPutBack


def _latest(db: engine.Database) -> datetime | None:
    """The latest instant of the newest entries, without those that a wrong clock has dated."""
    rows = db.execute("SELECT seq, at FROM audit ORDER BY seq DESC LIMIT ?", (_NEWEST,)).fetchall()
    wrong = spans(db)
    believed = [at for seq, at in rows if not any(first <= seq <= last for first, last in wrong)]
    return datetime.fromisoformat(max(believed)) if believed else None


def spans(db: engine.Database) -> tuple[Span, ...]:
    """Return the entries that a wrong clock has dated, the first ones first."""
    return tuple(Span(*each) for each in _setting(db, SPANS) or ())


def _settle(session: Session, span: Span | None) -> None:
    if span:
        row = {"key": SPANS, "value": json.dumps([*spans(session.db), span])}
        session._set(row)
    if _pending(session.db):
        session._set({"key": DOUBT, "value": "null"})


def _pending(db: engine.Database) -> _Pending | None:
    told = _setting(db, DOUBT)
    return _Pending(told["since"], datetime.fromisoformat(told["newest"])) if told else None


def _setting(db: engine.Database, key: str) -> Any:
    row = db.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return json.loads(row[0]) if row else None


def _newest(db: engine.Database) -> tuple[int, datetime | None]:
    row = db.execute("SELECT seq, at FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], datetime.fromisoformat(row[1])) if row else (0, None)
