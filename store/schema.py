"""The tables, and the steps by which an older file becomes a newer one."""

from __future__ import annotations

from collections.abc import Callable

import sqlite_utils
from sqlite_utils import Migrations

from store.engine import Database, writing

STORE_ID = 0x506F7272
"""Application id of a store with clients' data: "Porr"."""

TRAINING_ID = 0x506F7254
"""Application id of a training store: "PorT"."""

migrations = Migrations("porras")

_FIRST = (
    "workers",
    "clients",
    "pathways",
    "assessments",
    "answers",
    "notes",
    "safety",
    "decisions",
    "closings",
    "audit",
)
_EPISODES = ("episodes", "episode_events", "episode_assessments")
_UNITS = ("worker_units",)
_PEOPLE = ("account_changes", "client_units", "seal_keys", "seals", "rescued_rows")
_RETENTION = ("taken", "purges", "purged", "statistics")

APPEND_ONLY = (*_FIRST, *_EPISODES, *_UNITS, *_PEOPLE, *_RETENTION)
"""Tables whose rows are never changed or deleted; a correction is a row that supersedes."""

_AT = "TEXT NOT NULL CHECK ({0} GLOB '????-??-??T??:??:??.???Z')"


def _at(column: str) -> str:
    """The column of an instant: UTC, milliseconds."""
    return f"{column} {_AT.format(column)}"


_TABLES = f"""
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 2 AND 16),
    {_at("created_at")}
) STRICT;

CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
    birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    {_at("created_at")},
    created_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;

CREATE TABLE pathways (
    digest TEXT PRIMARY KEY NOT NULL,
    pathway_id TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL CHECK (json_valid(files))
) STRICT;

CREATE TABLE assessments (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    pathway_digest TEXT NOT NULL REFERENCES pathways (digest),
    setting TEXT NOT NULL,
    language TEXT NOT NULL,
    {_at("started_at")},
    started_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX assessments_by_client ON assessments (client_id, seq);

CREATE TABLE answers (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    question TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('given', 'skipped', 'withdrawn')),
    value TEXT CHECK (json_valid(value)),
    why TEXT,
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE,
    UNIQUE (assessment_id, seq),
    UNIQUE (assessment_id, question, id),
    FOREIGN KEY (assessment_id, question, supersedes)
        REFERENCES answers (assessment_id, question, id),
    CHECK ((state = 'given') = (value IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX answers_first ON answers (assessment_id, question) WHERE supersedes IS NULL;

CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    question TEXT NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX notes_by_assessment ON notes (assessment_id);

CREATE TABLE safety (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    stop TEXT NOT NULL,
    card TEXT NOT NULL,
    step TEXT NOT NULL,
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    why_not TEXT,
    recorder TEXT NOT NULL,
    answers_seq INTEGER NOT NULL,
    {_at("at")},
    supersedes TEXT UNIQUE,
    UNIQUE (assessment_id, stop, card, step, id),
    FOREIGN KEY (assessment_id, stop, card, step, supersedes)
        REFERENCES safety (assessment_id, stop, card, step, id),
    CHECK ((done = 0) = (why_not IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX safety_first ON safety (assessment_id, stop, card, step)
    WHERE supersedes IS NULL;

CREATE TABLE decisions (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL UNIQUE REFERENCES assessments (id),
    decision TEXT NOT NULL CHECK (json_valid(decision)),
    suggested_step INTEGER,
    confirmed_step INTEGER,
    reason_code TEXT,
    reason_text TEXT CHECK (length(reason_text) <= 500),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (confirmed_step IS suggested_step OR reason_code IS NOT NULL)
) STRICT;

CREATE TABLE closings (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('abandoned')),
    why TEXT NOT NULL,
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    {_at("at")},
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- The drafts, kept by the triggers below, so that finding them costs nothing in a big store.
CREATE TABLE drafts (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id)
) STRICT;
CREATE TRIGGER drafts_begin AFTER INSERT ON assessments BEGIN
    INSERT INTO drafts (assessment_id) VALUES (NEW.id);
END;
"""

_ENDS_DRAFT = """
CREATE TRIGGER {table}_end_draft AFTER INSERT ON {table} BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
"""

_FROZEN = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
"""

_CLOSED = """
CREATE TRIGGER {table}_closed BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
"""


_EPISODE_TABLES = f"""
CREATE TABLE episodes (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    {_at("created_at")},
    created_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX episodes_by_client ON episodes (client_id, seq);

CREATE TABLE episode_events (
    id TEXT PRIMARY KEY NOT NULL,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    event TEXT NOT NULL CHECK (json_valid(event)),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE,
    UNIQUE (episode_id, seq),
    UNIQUE (episode_id, id),
    FOREIGN KEY (episode_id, supersedes) REFERENCES episode_events (episode_id, id),
    CHECK (kind IS json_extract(event, '$.kind') AND day IS json_extract(event, '$.day'))
) STRICT;

CREATE TABLE episode_assessments (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX episode_assessments_by_episode ON episode_assessments (episode_id);

-- What waits to be done, derived from all the rest. The triggers below keep the drafts in it, the
-- program keeps what the events of an episode leave open. The first rank is the most pressing.
CREATE TABLE worklist (
    kind TEXT NOT NULL
        CHECK (kind IN ('open_stop', 'next_contact', 'guarantee', 'draft', 'no_next_contact')),
    assessment_id TEXT UNIQUE REFERENCES assessments (id),
    episode_id TEXT REFERENCES episodes (id),
    client_id TEXT NOT NULL REFERENCES clients (id),
    municipality TEXT,
    worker TEXT NOT NULL REFERENCES workers (id),
    since TEXT NOT NULL,
    due TEXT CHECK (due GLOB '????-??-??'),
    paused_from TEXT CHECK (paused_from GLOB '????-??-??'),
    rule TEXT,
    rank INTEGER NOT NULL AS (
        CASE kind WHEN 'open_stop' THEN 0
                  WHEN 'next_contact' THEN 1
                  WHEN 'guarantee' THEN 2 + (paused_from IS NOT NULL)
                  WHEN 'draft' THEN 4
                  ELSE 5 END),
    place TEXT NOT NULL AS (coalesce(due, since)),
    CHECK ((kind IN ('open_stop', 'draft')) = (assessment_id IS NOT NULL)),
    CHECK ((kind IN ('next_contact', 'guarantee')) = (due IS NOT NULL)),
    CHECK (assessment_id IS NOT NULL OR episode_id IS NOT NULL)
) STRICT;
CREATE INDEX worklist_in_order ON worklist (rank, place);
CREATE INDEX worklist_of_worker ON worklist (worker, rank, place);
CREATE INDEX worklist_of_municipality ON worklist (municipality, rank, place);
CREATE INDEX worklist_by_episode ON worklist (episode_id);
"""

_LIST_DRAFTS_2 = """
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, worker, since)
SELECT 'draft', a.id, e.episode_id, c.id, c.municipality, a.started_by, a.started_at
FROM drafts d
    JOIN assessments a ON a.id = d.assessment_id
    JOIN clients c ON c.id = a.client_id
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id
"""

_LISTING = """
CREATE TRIGGER worklist_begin AFTER INSERT ON drafts BEGIN
    {list_drafts} WHERE a.id = NEW.assessment_id;
END;
CREATE TRIGGER worklist_end AFTER DELETE ON drafts BEGIN
    DELETE FROM worklist WHERE assessment_id = OLD.assessment_id;
END;
CREATE TRIGGER worklist_attach AFTER INSERT ON episode_assessments BEGIN
    UPDATE worklist SET episode_id = NEW.episode_id WHERE assessment_id = NEW.assessment_id;
END;
"""

_UNIT_TABLE = f"""
CREATE TABLE worker_units (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX worker_units_by_worker ON worker_units (worker);

-- What an episode gave as a fact, nobody was asked.
ALTER TABLE answers ADD COLUMN origin TEXT CHECK (origin = 'episode');
"""

_WORKLIST_3 = """
DROP TRIGGER worklist_begin;
DROP TRIGGER worklist_end;
DROP TRIGGER worklist_attach;
DROP TABLE worklist;

-- What waits to be done, derived from all the rest. The triggers below keep the drafts in it, the
-- program marks what is known of a draft and keeps what the events of an episode leave open. The
-- first rank is the most pressing. An agreed contact waits from the day after.
CREATE TABLE worklist (
    kind TEXT NOT NULL
        CHECK (kind IN ('open_stop', 'next_contact', 'measurement', 'review', 'guarantee',
                        'unconfirmed', 'draft', 'no_next_contact')),
    assessment_id TEXT UNIQUE REFERENCES assessments (id),
    episode_id TEXT REFERENCES episodes (id),
    client_id TEXT NOT NULL REFERENCES clients (id),
    municipality TEXT,
    unit TEXT,
    worker TEXT NOT NULL REFERENCES workers (id),
    since TEXT NOT NULL,
    due TEXT CHECK (due GLOB '????-??-??'),
    paused_from TEXT CHECK (paused_from GLOB '????-??-??'),
    about TEXT,
    rank INTEGER NOT NULL AS (
        CASE kind WHEN 'open_stop' THEN 0
                  WHEN 'next_contact' THEN 1
                  WHEN 'measurement' THEN 1
                  WHEN 'review' THEN 1
                  WHEN 'guarantee' THEN 2 + (paused_from IS NOT NULL)
                  WHEN 'unconfirmed' THEN 4
                  WHEN 'draft' THEN 5
                  ELSE 6 END),
    place TEXT NOT NULL AS (coalesce(due, since)),
    waits_from TEXT NOT NULL AS (
        CASE kind WHEN 'next_contact' THEN date(due, '+1 day')
                  WHEN 'measurement' THEN due
                  WHEN 'review' THEN due
                  ELSE '' END),
    CHECK ((kind IN ('open_stop', 'unconfirmed', 'draft')) = (assessment_id IS NOT NULL)),
    CHECK ((kind IN ('next_contact', 'measurement', 'review', 'guarantee')) = (due IS NOT NULL)),
    CHECK (assessment_id IS NOT NULL OR episode_id IS NOT NULL)
) STRICT;
CREATE INDEX worklist_in_order ON worklist (rank, place, waits_from);
CREATE INDEX worklist_of_worker ON worklist (worker, rank, place, waits_from);
CREATE INDEX worklist_of_municipality ON worklist (municipality, rank, place, waits_from);
CREATE INDEX worklist_of_unit ON worklist (unit, rank, place, waits_from);
CREATE INDEX worklist_by_episode ON worklist (episode_id);
"""

_PEOPLE_TABLES = f"""
CREATE TABLE account_changes (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    kind TEXT NOT NULL CHECK (kind IN ('roles', 'disabled', 'enabled', 'os_user')),
    value TEXT CHECK (length(value) BETWEEN 1 AND 80),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (kind <> 'roles' OR value IS NOT NULL)
) STRICT;
CREATE INDEX account_changes_by_worker ON account_changes (worker, kind);

CREATE TABLE client_units (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX client_units_by_client ON client_units (client);

-- Where an event came from: the user of the computer, the terminal, the version of Porras.
ALTER TABLE audit ADD COLUMN os_user TEXT;
ALTER TABLE audit ADD COLUMN origin TEXT;
ALTER TABLE audit ADD COLUMN app TEXT;

CREATE TABLE seal_keys (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    public_key TEXT NOT NULL UNIQUE CHECK (length(public_key) = 64),
    private_key TEXT NOT NULL CHECK (length(private_key) = 64),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;

CREATE TABLE seals (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    {_at("at")},
    public_key TEXT NOT NULL REFERENCES seal_keys (public_key),
    signature TEXT NOT NULL CHECK (length(signature) = 128)
) STRICT;

-- What a rescue read of a damaged store and could put in no table.
CREATE TABLE rescued_rows (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    source TEXT NOT NULL,
    place INTEGER NOT NULL,
    row TEXT NOT NULL CHECK (json_valid(row)),
    UNIQUE (source, place)
) STRICT;
"""

_RETENTION_TABLES = f"""
-- Notes that were taken to the patient record.
CREATE TABLE taken (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX taken_by_assessment ON taken (assessment_id, at);

-- Each deletion, and what it took; `purged` proves that it was what had been recorded.
CREATE TABLE purges (
    id TEXT PRIMARY KEY NOT NULL,
    {_at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    reason TEXT NOT NULL CHECK (reason IN ('retention', 'erasure')),
    days INTEGER CHECK (days BETWEEN 1 AND 365),
    clients INTEGER NOT NULL,
    episodes INTEGER NOT NULL,
    assessments INTEGER NOT NULL,
    records INTEGER NOT NULL,
    head_seq INTEGER NOT NULL CHECK (head_seq > 0),
    head_hash TEXT NOT NULL CHECK (length(head_hash) = 64),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    CHECK ((reason = 'retention') = (days IS NOT NULL))
) STRICT;

CREATE TABLE purged (
    word TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    purge_id TEXT NOT NULL REFERENCES purges (id),
    PRIMARY KEY (word, subject)
) STRICT;
CREATE INDEX purged_by_purge ON purged (purge_id);

-- What is kept for reports of assessments that are gone; nothing here points to a client.
CREATE TABLE statistics (
    place INTEGER PRIMARY KEY NOT NULL,
    month TEXT NOT NULL CHECK (month GLOB '????-??'),
    pathway_id TEXT NOT NULL,
    pathway_version TEXT NOT NULL,
    suggested_step INTEGER,
    confirmed_step INTEGER,
    reason_code TEXT,
    urgency TEXT,
    stops TEXT NOT NULL CHECK (json_valid(stops)),
    age_from INTEGER NOT NULL CHECK (age_from % 10 = 0),
    municipality TEXT,
    part TEXT NOT NULL CHECK (part IN ('alone', 'first', 'later')),
    interventions TEXT CHECK (json_valid(interventions)),
    outcomes TEXT CHECK (json_valid(outcomes)),
    CHECK ((part = 'first') = (interventions IS NOT NULL)),
    CHECK ((part = 'first') = (outcomes IS NOT NULL))
) STRICT;
"""

# A record may be deleted once a purge names it; its event's first word and id are told there.
# Its salt goes with it, so that nobody can guess from the digest in the log what it said.
MAY_BE_PURGED = {
    "clients": ("client", "id"),
    "assessments": ("assessment", "id"),
    "answers": ("answer", "id"),
    "notes": ("note", "id"),
    "safety": ("safety", "id"),
    "decisions": ("decision", "id"),
    "closings": ("closing", "assessment_id"),
    "episodes": ("episode", "id"),
    "episode_events": ("event", "id"),
    "episode_assessments": ("attachment", "assessment_id"),
    "client_units": ("move", "id"),
    "taken": ("taking", "id"),
}

_UNLESS_PURGED = """
DROP TRIGGER {table}_no_DELETE;
CREATE TRIGGER {table}_no_DELETE BEFORE DELETE ON {table}
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE {named})
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
"""

_UNIT_THEN = """
    coalesce(
        (SELECT u.unit FROM worker_units u WHERE u.worker = {worker} AND u.at <= {began}
            ORDER BY u.rowid DESC LIMIT 1),
        (SELECT u.unit FROM worker_units u WHERE u.worker = {worker} ORDER BY u.rowid LIMIT 1))"""


def unit_then(worker: str, began: str) -> str:
    """SQL for the unit in which a worker began something: care stays there when the worker moves.

    What was begun before the worker first named a unit belongs to that one. The arguments are
    columns.
    """
    return _UNIT_THEN.format(worker=worker, began=began)


LIST_DRAFTS = f"""
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, unit, worker, since)
SELECT 'draft', a.id, e.episode_id, c.id, c.municipality,
    {unit_then("a.started_by", "a.started_at")}, a.started_by, a.started_at
FROM drafts d
    JOIN assessments a ON a.id = d.assessment_id
    JOIN clients c ON c.id = a.client_id
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id
"""
"""Puts every draft into the worklist; a condition on `a.id` may follow."""


def _freeze(db: sqlite_utils.Database, tables: tuple[str, ...]) -> None:
    """Let nothing change or delete a row of these tables."""
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            db.executescript(_FROZEN.format(table=table, verb=verb))


@migrations()
def m001_first(db: sqlite_utils.Database) -> None:
    """The tables of the first version."""
    db.executescript(_TABLES)
    for table in ("decisions", "closings"):
        db.executescript(_ENDS_DRAFT.format(table=table))
    _freeze(db, _FIRST)
    # Safety steps are not among these: a call that was made is recorded, whenever it was made.
    for table in ("answers", "notes", "decisions", "closings"):
        db.executescript(_CLOSED.format(table=table))


@migrations()
def m002_episodes(db: sqlite_utils.Database) -> None:
    """Episodes of care, and the list of what waits to be done."""
    db.executescript(_EPISODE_TABLES)
    db.executescript(_LISTING.format(list_drafts=_LIST_DRAFTS_2))
    _freeze(db, _EPISODES)
    db.executescript(f"{_LIST_DRAFTS_2};")


@migrations()
def m003_units(db: sqlite_utils.Database) -> None:
    """The unit of each worker, more kinds of what waits, and what an episode gave to be answered.

    Which stops are open stands nowhere else, so it is carried over; `then` of `migrate` lists anew
    what the episodes leave open.
    """
    stops = db.execute("SELECT assessment_id FROM worklist WHERE kind = 'open_stop'").fetchall()
    db.executescript(_UNIT_TABLE)
    _freeze(db, _UNITS)
    db.executescript(_WORKLIST_3)
    db.executescript(_LISTING.format(list_drafts=LIST_DRAFTS))
    db.executescript(f"{LIST_DRAFTS};")
    for stop in stops:
        db.execute("UPDATE worklist SET kind = 'open_stop' WHERE assessment_id = ?", stop)


@migrations()
def m004_people(db: sqlite_utils.Database) -> None:
    """Roles, the units of clients, the seals of the log, what a rescue finds, and retention."""
    db.executescript(_PEOPLE_TABLES)
    db.executescript(_RETENTION_TABLES)
    _freeze(db, (*_PEOPLE, *_RETENTION))
    for table, (word, column) in MAY_BE_PURGED.items():
        db.executescript(f"ALTER TABLE {table} ADD COLUMN salt TEXT CHECK (length(salt) = 16);")
        named = f"word = '{word}' AND subject = OLD.{column}"
        db.executescript(_UNLESS_PURGED.format(table=table, named=named))
    about = 'instr(OLD."row", subject)'
    db.executescript(_UNLESS_PURGED.format(table="rescued_rows", named=about))


def newest(steps: Migrations = migrations) -> int:
    """The schema version that this program writes; it stands in the file as user_version."""
    return len(steps._migrations)


def is_older(db: Database) -> bool:
    """Whether the file has tables, of a version before the newest."""
    return 0 < int(db.execute("PRAGMA user_version").fetchone()[0]) < newest()


def _nothing() -> None:
    pass


def migrate(
    db: Database, steps: Migrations = migrations, then: Callable[[], None] = _nothing
) -> None:
    """Bring the file to the newest schema in one transaction; nothing is done if it is there.

    `then` makes anew what only the program can derive; it runs once all tables stand, in the same
    transaction.
    """
    if db.execute("PRAGMA user_version").fetchone()[0] == newest(steps):
        return
    with writing(db):
        steps.apply(db)
        then()
        db.execute(f"PRAGMA user_version = {newest(steps):d}")
