"""Version 2: episodes of care, and the list of what waits to be done."""

from __future__ import annotations

from store.database.tables.columns import at

NAMES = ("episodes", "episode_events", "episode_assessments")

TABLES = f"""
CREATE TABLE episodes (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    {at("created_at")},
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
    {at("at")},
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
    {at("at")},
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

LIST_DRAFTS = """
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, worker, since)
SELECT 'draft', a.id, e.episode_id, c.id, c.municipality, a.started_by, a.started_at
FROM drafts d
    JOIN assessments a ON a.id = d.assessment_id
    JOIN clients c ON c.id = a.client_id
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id
"""

LISTING = """
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
