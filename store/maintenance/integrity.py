"""Checks of what a store holds: every page, every event, and what is derived from them.

The database is not written to, so that a damaged file can be looked at without harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from stepping.finland import finnish_day
from store.audit import chain, clock_check, seals, staff_ledger
from store.backup.backup import LAST
from store.content.chosen import Chosen
from store.database import connections, engine, guard, head_record, migrations, transactions
from store.database.head_record import Head
from store.errors import N_, DamagedStore, ForeignFile, StoreError
from store.keys import authentication
from store.maintenance import derived
from store.maintenance.health import (
    HealthCheck,
    Level,
    check_open,
    error_check,
    fault,
    ok,
    warning,
)
from store.paths import PATHWAYS, StorePaths
from store.pathway_files.care import site_care
from store.repository.pathway_texts import content_in
from store.repository.store import Store
from store.times import Clock, utc_now

_CLOCK_MAY_LAG = timedelta(minutes=5)
_BACKUP_AFTER = timedelta(hours=36)


def key_to_look(paths: StorePaths, handle: str, passphrase: str, clock: Clock = utc_now) -> bytes:
    """Return the data key of a store that may be damaged; the database is not opened for writing.

    A wrong passphrase counts as it does in `unlock`.

    Raises:
        NotAllowed: If the staff code does not look after the store.
    """
    throttle = authentication.throttle_of(paths, clock)
    opened = authentication.open_slot(paths, handle, passphrase, throttle)
    authentication.check_slot(opened, authentication.this_os_user(), changing=False)
    for key in opened.keys:
        try:
            db = _look(paths, key)
        except ForeignFile:  # perhaps the other key, of a change that was cut short
            continue
        except StoreError:
            return key
        with db:
            _need_upkeep(db, handle)
        return key
    return opened.keys[-1]


def _need_upkeep(db: engine.Database, handle: str) -> None:
    """Refuse who may not look after the store.

    A damaged file can refuse nobody, nor one whose log and rows do not tell the same.
    """
    with suppress(DamagedStore), transactions.reading(db):
        staff_ledger.need_in(db, handle, "upkeep")


def check_deep(
    paths: StorePaths,
    key: bytes,
    clock: Clock = utc_now,
    pathways: Path = PATHWAYS,
    content: Chosen | None = None,
) -> list[HealthCheck]:
    """Return all findings of a look into the store; it may take seconds for a big one.

    `pathways` is the folder whose deadlines and tracks say what waits; `content` is missed where
    the store worked with another one.
    """
    try:
        with _look(paths, key) as db:
            return list(_inside(db, clock, pathways, content))
    except StoreError as error:
        return [error_check("store", error)]


def _look(paths: StorePaths, key: bytes) -> engine.Database:
    return connections.connect_to_read(paths.database, key, migrations.schema())


def _inside(
    db: engine.Database, clock: Clock, pathways: Path, content: Chosen | None
) -> Iterator[HealthCheck]:
    pages = check_open(db)
    # Of a damaged file no other answer can be trusted; lost owners alone are another matter.
    if pages.level == "ok" or db.damaged:
        yield pages
    if db.damaged:
        return
    yield (references := _references(db))
    if references.level == "fault":
        return
    # Others go on working: what is read of the record after the database may be ahead of it.
    known = head_record.examine(head_record.path_of(db.path))
    with transactions.reading(db):
        yield _history(db)
        yield _head(db, known)
        # What is derived has another form in an older schema, and is made anew with the next.
        if engine.pragma(db, "user_version")[0] == migrations.newest():
            store = Store(db, "doctor", clock, training=False)
            care = site_care(pathways)
            store.site_care = lambda: care
            yield _drafts(store)
            yield _worklist(store)
            yield _reports(store)
            yield from _content(db, content)
        yield from _clock(db, clock)
        yield _backup(db, clock)


def _content(db: engine.Database, content: Chosen | None) -> Iterator[HealthCheck]:
    """Tell that the content is gone; that one is damaged is seen without the store."""
    known = content_in(db)
    if content is None or content.damage is not None or known is None:
        return
    if gone := content.beside(*known).damage:
        yield error_check("content", gone)


def _references(db: engine.Database) -> HealthCheck:
    with transactions.reading(db):
        count = len(db.execute("PRAGMA foreign_key_check").fetchall())
    if count:
        sentence = N_("Records that belong to something that is gone: {count}.")
        return fault("references", sentence, count=count)
    return ok("references", N_("Every record belongs to one that is there."))


def _history(db: engine.Database) -> HealthCheck:
    if found := chain.first_of_all(db):
        return fault("history", found.sentence, seq=found.seq, about=found.about)
    count, sealed = chain.head(db)[0], seals.newest(db) if seals.ready(db) else 0
    sentence = N_("All {count} events hold; the last seal is on event {sealed}.")
    return ok("history", sentence, count=count, sealed=sealed)


def _head(db: engine.Database, known: head_record.Head | head_record.Trouble) -> HealthCheck:
    if not isinstance(known, Head):
        sentence = N_("The record of the newest entry beside the database is missing or damaged.")
        return warning("head record", sentence)
    if lost := guard.find_missing(db, known):
        first = lost.first or lost.last
        sentence = N_("Entries {first} to {last} were stored here and are not in the database.")
        return fault("head record", sentence, first=first, last=lost.last)
    sentence = N_("Nothing that was stored here is missing, up to entry {last}.")
    return ok("head record", sentence, last=known.seq)


def _drafts(store: Store) -> HealthCheck:
    astray = derived.drafts_astray(store)
    drafts = derived.drafts(store)
    astray += sum(not derived.stops_fit(store, draft) for draft in drafts)
    astray += sum(not derived.risk_fits(store, draft) for draft in drafts)
    if astray:
        sentence = N_("Drafts that are not listed as they should be: {count}.")
        return warning("drafts", sentence, count=astray)
    sentence = N_("Drafts: {count}, all of them listed.")
    return ok("drafts", sentence, count=len(drafts))


def _worklist(store: Store) -> HealthCheck:
    astray = sum(not derived.matters_fit(store, each) for each in derived.episodes(store))
    if astray:
        sentence = N_("Episodes of which the list does not tell what waits: {count}.")
        return warning("worklist", sentence, count=astray)
    return ok("worklist", N_("The list of what waits fits the episodes."))


def _reports(store: Store) -> HealthCheck:
    astray = sum(not derived.summary_fits(store, each) for each in derived.episodes(store))
    known = derived.closed(store)
    astray += sum(not derived.assessment_summary_fits(store, each) for each in known)
    astray += derived.sums_astray(store)
    if astray:
        sentence = N_("Records of which reports would count something else: {count}.")
        return warning("reports", sentence, count=astray)
    return ok("reports", N_("What reports count fits the records."))


def _clock(db: engine.Database, clock: Clock) -> Iterator[HealthCheck]:
    now = clock()
    _, newest = clock_check.find_newest(db)
    behind = newest - now if newest else timedelta()
    if doubt := clock_check.judge(db, now):
        sentence = N_("The date is in doubt: the newest entry is of {day}. Check it in Porras.")
        yield warning("clock", sentence, day=str(finnish_day(doubt.newest)))
    elif _CLOCK_MAY_LAG < behind < clock_check.PUT_BACK:
        sentence = N_("The clock is {minutes} minutes behind the newest event.")
        minutes = int(behind.total_seconds()) // 60
        yield warning("clock", sentence, minutes=minutes)
    else:
        yield ok("clock", N_("The clock is not behind the newest event."))
    for first, last in clock_check.spans(db):
        sentence = N_("A wrong clock has dated events {first}–{last} of the log.")
        yield ok("clock", sentence, first=first, last=last)


_BAD_BACKUPS = """
    SELECT count(DISTINCT subject) FROM audit WHERE event = 'backup.bad'
    AND seq > (SELECT max(seq) FROM audit WHERE event = 'backup.made')"""
"""Each new backup tells again of those that are still bad."""


_RESTORED_FROM = """
    SELECT at FROM audit WHERE seq < (SELECT max(seq) FROM audit WHERE event = 'store.restored')
    ORDER BY seq DESC LIMIT 1"""
"""Up to when there is a backup of a store that was put back to its first one."""


def _backup(db: engine.Database, clock: Clock) -> HealthCheck:
    restored_from = db.execute(_RESTORED_FROM).fetchone() or (None,)
    last = db.get_setting(LAST) or restored_from[0]
    if last is None:
        return warning("backup", N_("No backup of this store has been made."))
    bad = db.execute(_BAD_BACKUPS).fetchone()[0]
    if bad:
        sentence = N_("When they were last read, {count} backups were not as they were written.")
        return warning("backup", sentence, count=bad)
    made, now = datetime.fromisoformat(last), clock()
    days = (finnish_day(now) - finnish_day(made)).days
    level: Level = "warning" if now - made > _BACKUP_AFTER or days < 0 else "ok"
    if days < 0:
        sentence = N_("The last backup is dated after today: make a new one.")
    elif days < 2:
        words = (N_("The last backup is of today."), N_("The last backup is of yesterday."))
        sentence = words[days]
    else:
        sentence = N_("The last backup is {days} days old.")
    return HealthCheck("backup", level, sentence, {"days": days} if days > 1 else {})
