"""Transactions on an open database, and the engine's own checks of all its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from store.database import damage_mark, engine, engine_errors, reserve, wal_check
from store.errors import (
    DamagedStore,
    DiskFull,
    FailingDisk,
    ReserveOpened,
    StoreBusy,
    UpdatedMeanwhile,
)

_LONG_LOG = 1000
"""Frames of the log from which on it is brought into the file."""


@contextmanager
def writing(database: engine.Database) -> Iterator[None]:
    """Give one transaction that writes: all of it is durable when the block ends, or none of it."""
    with _watched(database), database.atomic():
        _refuse_if_newer(database)
        yield
    database.merge_log(_LONG_LOG)
    if database.reserve_open:
        database.reserve_open = not reserve.keep(database.path)


@contextmanager
def reading(database: engine.Database) -> Iterator[None]:
    """Give one transaction that reads: everything in the block is seen as of the same instant."""
    with _watched(database):
        database.conn.execute("BEGIN")
        try:
            _refuse_if_newer(database)
            yield
        finally:
            database.rollback()


def into_one_file(database: engine.Database) -> None:
    """Bring all that was recorded into the file itself, so that it may be moved without its log.

    A log is merged on closing too, but of a disk that refuses nobody is told then, and what was in
    the log alone would stay behind.

    Raises:
        StoreBusy: If another program has the file open.
        DiskFull: Or FailingDisk, if the disk refuses.
    """
    with engine_errors.translated(database.path):
        mode = database.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise StoreBusy(path=str(database.path))


def _refuse_if_newer(database: engine.Database) -> None:
    """Refuse to go on once a newer program has changed the tables under this one.

    The number stands on the first page, which every transaction reads anyway.
    """
    found = engine.pragma(database.conn, "user_version")[0]
    if found > database.known_schema:
        raise UpdatedMeanwhile(path=str(database.path), found=found, known=database.known_schema)


@contextmanager
def _watched(database: engine.Database) -> Iterator[None]:
    """Errors of the store; damage ends all writing, and a full disk opens the reserve."""
    if verdict := database.verdict:
        raise type(verdict)(**verdict.values)
    if database.in_use:
        database.in_use.admit()
    try:
        with engine_errors.translated(database.path):
            yield
    except (DamagedStore, FailingDisk) as error:
        database.condemn(error)
        raise
    except DiskFull as error:
        if not reserve.release(database.path):
            raise
        database.reserve_open = True
        raise ReserveOpened(path=str(database.path)) from error


def check_if_marked(database: engine.Database) -> None:
    """Check every page of a file in which a damaged one was seen.

    Raises:
        DamagedStore: If it still is damaged.
    """
    if not damage_mark.path_of(database.path).exists():
        return
    if faults(database):
        raise DamagedStore(path=str(database.path))
    if not damage_mark.tells_old_pages(database.path):
        damage_mark.remove(database.path)


def faults(database: engine.Database) -> list[str]:
    """Return what the engine's own checks find wrong with the file; an empty list if nothing."""
    with reading(database):
        found = _bad_pages(database)
        found += [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
        if found:
            database.condemn(DamagedStore(path=str(database.path)))
        found += [str(row[0]) for row in database.execute("PRAGMA foreign_key_check")]
    return found


def _bad_pages(database: engine.Database) -> list[str]:
    """Return what is wrong with pages of the file, but for those that the log holds anew.

    A power cut may tear these while the log is merged; nobody reads them any more, and the next
    merging puts them right. The log's own are read by the check of what the pages hold.
    """
    bad = [str(row[0]) for row in database.execute("PRAGMA cipher_integrity_check")]
    anew = wal_check.newer_pages(database.path) if bad else frozenset()
    return [told for told in bad if not anew.intersection(_pages_in(told))]


def _pages_in(told: str) -> set[int]:
    return {int(number) for number in re.findall(r"\bpage (\d+)\b", told)}
