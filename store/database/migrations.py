"""The steps by which a file gets its tables, and an older file becomes a newer one."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from functools import cache

import sqlite_utils
from sqlite_utils import Migrations

from store.database.connections import in_memory
from store.database.engine import Database, Schema, pragma
from store.database.tables import (
    v1_assessments,
    v2_episodes,
    v3_units,
    v4_staff,
    v5_corrections,
    v6_open_stops,
    v7_risk,
    v8_taken,
    v9_facts,
    v9_sums,
    v10_elsewhere,
    v10_safety_plans,
)
from store.database.transactions import writing
from store.errors import DamagedSchema

STORE_ID = 0x506F7272
"""Application id of a store with clients' data: "Porr"."""

TRAINING_ID = 0x506F7254
"""Application id of a training store: "PorT"."""

migrations = Migrations("porras")

APPEND_ONLY = (
    *v1_assessments.NAMES,
    *v2_episodes.NAMES,
    *v3_units.NAMES,
    *v4_staff.NAMES,
    *v5_corrections.NAMES,
    *v10_safety_plans.NAMES,
)
"""Tables whose rows are never changed or deleted; a correction is a row that supersedes."""


@cache
def _statements(texts: str) -> tuple[str, ...]:
    """Return the statements of a text; each ends at the end of a line."""
    found, begun = [], ""
    for line in texts.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return (*found, begun) if begun.strip() else tuple(found)


def _run(db: sqlite_utils.Database, texts: str) -> None:
    """Run statements one by one, inside the transaction of the step."""
    for statement in _statements(texts):
        db.execute(statement)


def _freeze(db: sqlite_utils.Database, tables: tuple[str, ...]) -> None:
    """Let nothing change or delete a row of these tables."""
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            _run(db, v1_assessments.FROZEN.format(table=table, verb=verb))


@migrations()
def m001_first(db: sqlite_utils.Database) -> None:
    """Make the tables of the first version."""
    _run(db, v1_assessments.TABLES)
    for table in ("decisions", "closings"):
        _run(db, v1_assessments.ENDS_DRAFT.format(table=table))
    _freeze(db, v1_assessments.NAMES)
    # Safety steps are not among these: a call that was made is recorded, whenever it was made.
    for table in ("answers", "notes", "decisions", "closings"):
        _run(db, v1_assessments.CLOSED.format(table=table))


@migrations()
def m002_episodes(db: sqlite_utils.Database) -> None:
    """Add episodes of care, and the list of what waits to be done."""
    _run(db, v2_episodes.TABLES)
    _run(db, v2_episodes.LISTING.format(list_drafts=v2_episodes.LIST_DRAFTS))
    _freeze(db, v2_episodes.NAMES)
    _run(db, v2_episodes.LIST_DRAFTS)


@migrations()
def m003_units(db: sqlite_utils.Database) -> None:
    """Add the unit of each worker, more kinds of what waits, and what an episode gave to answer.

    Which stops are open stands nowhere else, so it is carried over; `then` of `migrate` lists anew
    what the episodes leave open.
    """
    stops = db.execute("SELECT assessment_id FROM worklist WHERE kind = 'open_stop'").fetchall()
    _run(db, v3_units.TABLES)
    _freeze(db, v3_units.NAMES)
    _run(db, v3_units.WORKLIST)
    _run(db, v2_episodes.LISTING.format(list_drafts=v3_units.LIST_DRAFTS))
    _run(db, v3_units.LIST_DRAFTS)
    for stop in stops:
        db.execute("UPDATE worklist SET kind = 'open_stop' WHERE assessment_id = ?", stop)


@migrations()
def m004_people(db: sqlite_utils.Database) -> None:
    """Add roles, units of clients, seals of the log, finds of a salvage, and retention."""
    _run(db, v4_staff.PEOPLE)
    _run(db, v4_staff.RETENTION)
    _freeze(db, v4_staff.NAMES)
    for table, (word, column) in v4_staff.MAY_BE_PURGED.items():
        _run(db, f"ALTER TABLE {table} ADD COLUMN salt TEXT CHECK (length(salt) = 16);")
        named = f"word = '{word}' AND subject = OLD.{column}"
        _run(db, v4_staff.UNLESS_PURGED.format(table=table, named=named))
    about = 'instr(OLD."row", subject)'
    _run(db, v4_staff.UNLESS_PURGED.format(table="rescued_rows", named=about))


@migrations()
def m005_corrections(db: sqlite_utils.Database) -> None:
    """Add what is put right about clients: cards, two codes of one person, assessments."""
    _run(db, v5_corrections.TABLES)
    _freeze(db, v5_corrections.NAMES)
    for table, (word, column) in v5_corrections.MAY_BE_PURGED.items():
        named = f"word = '{word}' AND subject = OLD.{column}"
        _run(db, v4_staff.UNLESS_PURGED.format(table=table, named=named))
    _run(db, v5_corrections.VIEWS)
    _run(db, v5_corrections.LISTING.format(list_drafts=v5_corrections.LIST_DRAFTS))


@migrations()
def m006_open_stops(db: sqlite_utils.Database) -> None:
    """Add which safety stops are open; `then` of `migrate` works them out for drafts."""
    _run(db, v6_open_stops.TABLES)


@migrations()
def m007_risk(db: sqlite_utils.Database) -> None:
    """Add the signs of risk that stay; `then` of `migrate` works them out for all assessments."""
    _run(db, v7_risk.TABLES)


@migrations()
def m008_taken(db: sqlite_utils.Database) -> None:
    """Add what a note was like when it was taken to the patient record."""
    _run(db, v8_taken.TABLES)


@migrations()
def m009_facts(db: sqlite_utils.Database) -> None:
    """Add what reports count; `then` of `migrate` fills it from all records."""
    _run(db, v9_facts.TABLES)
    for carry in v9_facts.CARRIED:
        db.execute(carry)
    for head, key in v9_facts.HEADS.items():
        told = {"head": head, "key": key, "lines": v9_facts.LINES}
        for verb in ("UPDATE", "DELETE"):
            _run(db, v9_facts.KEPT_HEAD.format(table=head, verb=verb, key=key))
            for table in v9_facts.LINES_OF[head]:
                _run(db, v9_facts.KEPT_LINE.format(table=table, verb=verb, **told))
    _run(db, v9_sums.TABLES)
    for trigger in v9_sums.triggers():
        _run(db, trigger)


@migrations()
def m010_elsewhere(db: sqlite_utils.Database) -> None:
    """Add where and when an answer was given that nobody was asked for here, and safety plans."""
    _run(db, v10_elsewhere.TABLES)
    _run(db, v10_safety_plans.TABLES)
    _freeze(db, v10_safety_plans.NAMES)
    for table, (word, column) in v10_safety_plans.MAY_BE_PURGED.items():
        named = f"word = '{word}' AND subject = OLD.{column}"
        _run(db, v4_staff.UNLESS_PURGED.format(table=table, named=named))


MADE = "f8ab8a0b0a3e6b4f6bca74b1733de6184f0458847a98d119f842030f5bdaec20"
"""Digest of all that the steps make, so that opening a file need not make it; a test holds it."""

_REMARK = re.compile(r"--[^\n]*")
_BLANKS = re.compile(r"\s+")


def objects(db: sqlite_utils.Database) -> dict[str, str]:
    """Return the tables, views, indexes and triggers of a file: kind and name to their SQL.

    Remarks and blanks do not count, nor does what the engine and the library of the steps make.
    """
    sql = "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT GLOB '*sqlite_*'"
    plain = {name: _plain(text or "") for name, text in db.execute(sql).fetchall()}
    if plain.get(_MOVED[0]) == _MOVED[1]:
        del plain[_MOVED[0]]
    return plain


def changed(db: sqlite_utils.Database) -> str | None:
    """Return what in a file is not as the steps up to its version make it; None if nothing.

    Its kind and name, the first in their order, such as a missing trigger. A file of a newer
    version, and one without tables, tell nothing.
    """
    version = pragma(db, "user_version")[0]
    found = objects(db)
    if not 0 < version <= newest() or (version == newest() and _digest(found) == MADE):
        return None
    made = _made(version)
    astray = {name for name in made.keys() | found.keys() if made.get(name) != found.get(name)}
    return min(astray, default=None)


def refuse_changed(db: Database) -> None:
    """Refuse a file in which something is not as the steps up to its version make it.

    Raises:
        DamagedSchema: With the kind and name of the first such thing.
    """
    if about := changed(db):
        raise DamagedSchema(path=str(db.path), about=about)


@cache
def _made(version: int) -> dict[str, str]:
    """Return what the steps up to a version make."""
    db = in_memory()
    try:
        for step in migrations._migrations[:version]:
            step.fn(db)
        return objects(db)
    finally:
        db.close()


def _digest(found: dict[str, str]) -> str:
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def _plain(sql: str) -> str:
    return _BLANKS.sub(" ", _REMARK.sub("", sql)).strip()


MOVED = "moved"
"""The trigger by which a database that has been copied under a new key takes no more entries."""

SET_MOVED = (
    f"CREATE TRIGGER {MOVED} BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
)
_MOVED = f"trigger {MOVED}", _plain(SET_MOVED)


def schema(version: int | None = None, *, training: bool = False) -> Schema:
    """Return what a file of this program says of itself, in today's version or a given one."""
    kind = TRAINING_ID if training else STORE_ID
    return Schema(kind, newest() if version is None else version)


def newest(steps: Migrations = migrations) -> int:
    """Return the schema version that this program writes; it stands in the file as user_version."""
    return len(steps._migrations)


def is_older(db: Database) -> bool:
    """Return whether the file has tables, of a version before the newest."""
    return 0 < pragma(db, "user_version")[0] < newest()


def _nothing() -> None:
    pass


def migrate(
    db: Database, steps: Migrations = migrations, then: Callable[[], None] = _nothing
) -> None:
    """Bring the file to the newest schema in one transaction; nothing is done if it is there.

    `then` makes anew what only the program can derive; it runs once all tables stand, in the same
    transaction.
    """
    if pragma(db, "user_version")[0] == newest(steps):
        return
    with writing(db):
        steps.apply(db)
        then()
        db.execute(f"PRAGMA user_version = {newest(steps):d}")
    db.known_schema = max(db.known_schema, newest(steps))  # who made the tables knows them
