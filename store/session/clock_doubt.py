"""A clock in doubt: kept until it is settled, settled by somebody or by itself.

`store.audit.clock_check` judges the clock.
"""

from __future__ import annotations

from store.audit import clock_check
from store.audit.clock_check import PUT_BACK, Doubt, Span
from store.errors import ClockInDoubt, ClockPutBack
from store.session.session import Session
from store.times import to_iso_utc


def settle_if_right(session: Session, doubt: Doubt | None) -> Span | None:
    """Settle a doubt that was kept, if the clock is right again by itself as a store is opened.

    Returns the entries that a wrong clock has dated. `doubt` is what `clock_check.judge` has said
    before the first entry of this opening; only within its transaction.
    """
    pending = clock_check.find_pending(session.db)
    if doubt or not pending:
        return None
    span = Span(pending.since, clock_check.find_newest(session.db)[0])
    _settle(session, span)
    session.log("clock.returned", session.worker_id)
    return span


def keep(session: Session) -> None:
    """Keep a doubt, so that the next opening asks too if this one settles nothing."""
    with session.writing():
        session.keep_clock_doubt()


def confirm(session: Session) -> None:
    """Record that somebody has looked and the date is right, and mark the entries after it."""
    limit = to_iso_utc(session.clock() + PUT_BACK)
    session.clock_doubt = None
    with session.writing():
        spans = clock_check.spans(session.db)
        found = session.db.execute(
            "SELECT min(seq), max(seq) FROM audit WHERE at > ? AND seq > ?",
            (limit, max((span.last for span in spans), default=0)),
        ).fetchone()
        _settle(session, Span(*found) if found[0] else None)
        session.log("clock.confirmed", session.worker_id)


def require_certain(session: Session) -> None:
    """Go on only with a clock that can be believed.

    Raises:
        ClockInDoubt: If it cannot.
    """
    if session.training:
        return
    if session.clock_doubt or clock_check.judge(session.db, session.clock()):
        raise ClockInDoubt


def require_not_put_back(session: Session) -> None:
    """Go on only with a clock that does not stand before what was recorded.

    A clock that was put back while somebody works has dated the newest entries itself, so the
    latest instant of many is looked for.

    Raises:
        ClockPutBack: If it stands more than `PUT_BACK` before the latest entry that is believed.
    """
    latest = None if session.training else clock_check.find_latest(session.db)
    if latest and session.clock() < latest - PUT_BACK:
        raise ClockPutBack


def _settle(session: Session, span: Span | None) -> None:
    if span:
        session.put_setting(clock_check.spans_setting([*clock_check.spans(session.db), span]))
    if clock_check.find_pending(session.db):
        session.put_setting(clock_check.doubt_setting(None))
