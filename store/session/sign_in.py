"""Signing in: the worker is found or added, and that the store was opened is logged."""

from __future__ import annotations

from datetime import timedelta

from store.audit import clock_check, origin, seals
from store.errors import AccountDisabled
from store.session import clock_doubt
from store.session.session import Session

HEAD_KEPT = "head.kept"
"""The setting that records that a store has a head record."""

BEHIND = timedelta(minutes=5)
"""A clock this far behind the newest event was put back; less is what computers correct daily."""


def sign_in(session: Session) -> None:
    """Find or add the worker, and log that the file was opened.

    Raises:
        AccountDisabled: If the staff code is out of use.
    """
    session.origin = origin.here()
    with session.writing():
        # Before this opening makes an entry of its own.
        session.clock_behind = _behind(session)
        doubt = None if session.training else clock_check.judge(session.db, session.clock())
        _find_worker(session)
        disabled = session.access().disabled
        if kept := session.ledger().make_setting():
            session.put_setting(kept)
        if not session.training:
            session.clock_returned = clock_doubt.settle_if_right(session, doubt)
        if session.clock_behind and not session.clock_returned:
            session.log("clock.behind", session.worker_id)
        _make_seal_key(session)
        _mind_head(session)
        session.log("access.refused" if disabled else "session.opened", session.worker_id)
    session.clock_doubt = doubt
    if disabled:
        raise AccountDisabled(handle=session.handle)


def _find_worker(session: Session) -> None:
    if found := session.ledger().workers.get(session.handle):
        session.worker_id = found.id
        return
    session.worker_id = session.ids.new()
    row = {
        "id": session.worker_id,
        "handle": session.handle,
        "created_at": session.timestamp(),
    }
    session.append("workers", row, "worker.added", session.worker_id)


def _mind_head(session: Session) -> None:
    """Log a head record that was lost, and see to it that there is one from now on."""
    if (guard := session.db.in_use) is None:
        return
    known = session.db.get_setting(HEAD_KEPT)
    if guard.trouble == "damaged" or (guard.trouble and known):
        session.log("head.lost", guard.trouble)
    if not known:
        guard.begin()
        session.put_setting({"key": HEAD_KEPT, "value": "yes"})


def _make_seal_key(session: Session) -> None:
    """Make the key of the seals, once in the life of a store."""
    if seals.public_key(session.db):
        return
    public, private = seals.new_keys()
    row = {"id": 1, "public_key": public, "private_key": private}
    row |= {"at": session.timestamp(), "by": session.worker_id}
    session.append("seal_keys", row, "sealkey.made", public)


def _behind(session: Session) -> timedelta | None:
    _, newest = clock_check.find_newest(session.db)
    gap = newest - session.clock() if newest else timedelta()
    return gap if gap > BEHIND else None
