"""Version 3: the unit of each worker, and more kinds of what waits."""

from __future__ import annotations

from store.database.tables.columns import at

NAMES = ("worker_units",)

TABLES = f"""
CREATE TABLE worker_units (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX worker_units_by_worker ON worker_units (worker);

-- What an episode gave as a fact, nobody was asked.
ALTER TABLE answers ADD COLUMN origin TEXT CHECK (origin = 'episode');
"""

WORKLIST = """
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

_UNIT_THEN = """
    coalesce(
        (SELECT u.unit FROM worker_units u WHERE u.worker = {worker} AND u.at <= {began}
            ORDER BY u.rowid DESC LIMIT 1),
        (SELECT u.unit FROM worker_units u WHERE u.worker = {worker} ORDER BY u.rowid LIMIT 1))"""


def unit_then(worker: str, began: str) -> str:
    """Return SQL for the unit in which a worker began something: care stays in that unit.

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
