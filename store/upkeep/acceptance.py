"""Going on with a database that lacks entries, at the word of whoever looks after the store."""

from __future__ import annotations

from store import engine, in_use, schema
from store.in_use import Missing
from store.log import audit, head_record, ledger, seals
from store.places import Places
from store.times import Clock, stamp, utc_now

EVENT = "entries.lost"
"""The event of it; its subject tells the first and last number of what is missing."""


def missing(places: Places, key: bytes) -> Missing | None:
    """What the database lacks of what was acknowledged; None if nothing is known to be missing.

    Nothing is written. Raises the errors of `engine.inspect`.
    """
    path, newest = places.database, schema.newest()
    engine.inspect(path, key, schema.STORE_ID, schema_version=newest)
    with engine.domain_errors(path):
        known = head_record.read(head_record.place(path))
        return known and engine.ask(path, key, lambda asked: in_use.missing(asked, known))


def go_on(places: Places, key: bytes, handle: str, clock: Clock = utc_now) -> Missing | None:
    """Let the database count as it stands, and say what is missing in it.

    An event of the staff code `handle` tells it, and the record is made anew. Cut short, it is to
    be done again. Raises NotAllowed, and the errors of `engine.connect`.
    """
    lost = missing(places, key)
    if lost is None:
        return None
    path = places.database
    db = engine.connect(path, key, schema.STORE_ID, schema_version=schema.newest())
    try:
        with engine.writing(db):
            ledger.need_in(db, handle, "upkeep")
            at, told = stamp(clock()), f"{lost.first or '?'}-{lost.last}"
            audit.append(db, at, handle, EVENT, told, audit.NOTHING)
            if seals.ready(db):
                seals.seal(db, at)
            newest = audit.head(db)
    finally:
        db.close()
    with engine.domain_errors(path):
        head_record.write(head_record.place(path), *newest, beside=path)
    return lost
