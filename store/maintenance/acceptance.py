"""Going on with a database that lacks entries, at the word of whoever looks after the store."""

from __future__ import annotations

from typing import NamedTuple

from store import permissions
from store.audit import chain, seals, staff_ledger
from store.database import (
    connections,
    engine,
    engine_errors,
    guard,
    head_record,
    inspection,
    migrations,
    transactions,
)
from store.database.guard import Missing
from store.paths import StorePaths
from store.session import announcements
from store.times import Clock, to_iso_utc, utc_now

EVENT = "entries.lost"
"""The event of it; its subject tells the first and last number of what is missing."""


class Accepted(NamedTuple):
    """What is missing for good, and who has roles that reach beyond a unit in what is left.

    Of each staff code in use that has such roles: which. Roles are known by the
    database alone, so that nobody can tell whether they were taken away in what is missing.
    """

    lost: Missing
    wide: dict[str, str]


def find_missing(paths: StorePaths, key: bytes) -> Missing | None:
    """Return what the database lacks of what was acknowledged; None if nothing is known to be.

    Nothing is written.
    """
    path = paths.database
    inspection.inspect(path, key, migrations.schema())
    with engine_errors.translated(path):
        known = head_record.read(head_record.path_of(path))
        return known and inspection.ask(path, key, lambda asked: guard.find_missing(asked, known))


def accept_loss(
    paths: StorePaths, key: bytes, handle: str, clock: Clock = utc_now
) -> Accepted | None:
    """Let the database count as it stands, and return what is missing in it; None if nothing is.

    An event of the staff code `handle` tells it, and the record is made anew. Cut short, it is to
    be done again.

    Raises:
        NotAllowed: If the staff code does not look after the store.
    """
    lost = find_missing(paths, key)
    if lost is None:
        return None
    path = paths.database
    with connections.connect(path, key, migrations.schema()) as db, transactions.writing(db):
        staff_ledger.need_in(db, handle, "upkeep")
        wide = _wide(db)
        at, told = to_iso_utc(clock()), f"{lost.first or '?'}-{lost.last}"
        chain.append(db, at, handle, EVENT, told, chain.NOTHING)
        if seals.ready(db):
            seals.seal(db, at)
        newest = chain.head(db)
    with engine_errors.translated(path):
        head_record.write(head_record.path_of(path), *newest, beside=path)
    return Accepted(lost, wide)


def _wide(db: engine.Database) -> dict[str, str]:
    """Return which roles beyond a unit each staff code in use has in a database that has any."""
    if (people := staff_ledger.people_in(db)) is None:
        return {}
    found = ((handle, people.of(handle)) for handle in sorted(people.workers))
    here = ((handle, there) for handle, there in found if there and not there.disabled)
    wide = ((handle, there.roles & announcements.WIDE) for handle, there in here)
    return {handle: permissions.format_roles(those) for handle, those in wide if those}
