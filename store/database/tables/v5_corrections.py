"""Version 5: what is put right about clients: their cards, two codes of one person, assessments."""

from __future__ import annotations

from store.database.tables import v3_units
from store.database.tables.columns import at

NAMES = ("client_corrections", "client_joins", "assessment_moves")

YEAR_UNKNOWN = 2100
"""Stands in `clients` for a year of birth that was not known: its column takes no empty value.

`persons` tells it as NULL; a row of `client_corrections` says so too, and why.
"""

TABLES = f"""
-- A client's card as it was put right, the whole of it; the newest stands.
CREATE TABLE client_corrections (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    birth_year INTEGER CHECK (birth_year BETWEEN 1900 AND 2099),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    why TEXT NOT NULL CHECK (length(why) BETWEEN 1 AND 500),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16)
) STRICT;
CREATE INDEX client_corrections_by_client ON client_corrections (client);

-- Two codes of one person: which one stands; NULL where it was a mistake. The newest row of a
-- client counts, and no client stands for another that is joined to a third.
CREATE TABLE client_joins (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    stands TEXT REFERENCES clients (id),
    why TEXT NOT NULL CHECK (length(why) BETWEEN 1 AND 500),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16),
    CHECK (client IS NOT stands)
) STRICT;
CREATE INDEX client_joins_by_client ON client_joins (client);
CREATE INDEX client_joins_by_stands ON client_joins (stands);

-- Whose an assessment is and to which episode it belongs, where that is not as it began; the
-- newest row counts. Marked as of the wrong client it is nobody's, and found where it was.
CREATE TABLE assessment_moves (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('wrong_client', 'moved', 'returned', 'attached')),
    client TEXT NOT NULL REFERENCES clients (id),
    episode_id TEXT REFERENCES episodes (id),
    why TEXT CHECK (length(why) BETWEEN 1 AND 500),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16),
    CHECK (kind <> 'wrong_client' OR episode_id IS NULL),
    CHECK ((kind = 'attached') = (why IS NULL)),
    CHECK (kind <> 'attached' OR episode_id IS NOT NULL)
) STRICT;
CREATE INDEX assessment_moves_by_assessment ON assessment_moves (assessment_id);
CREATE INDEX assessment_moves_by_client ON assessment_moves (client);
CREATE INDEX assessment_moves_by_episode ON assessment_moves (episode_id);
"""

VIEWS = f"""
-- Every client with the person that the client is, and that person's card as it stands.
CREATE VIEW persons AS
SELECT c.id, p.id AS person, p.code,
    CASE WHEN k.id IS NULL THEN nullif(p.birth_year, {YEAR_UNKNOWN})
         ELSE k.birth_year END AS birth_year,
    CASE WHEN k.id IS NULL THEN p.sex ELSE k.sex END AS sex,
    CASE WHEN k.id IS NULL THEN p.language ELSE k.language END AS language,
    CASE WHEN k.id IS NULL THEN p.municipality ELSE k.municipality END AS municipality,
    k.id AS card, p.created_at, p.created_by
FROM clients c
    LEFT JOIN client_joins j ON j.rowid = (
        SELECT n.rowid FROM client_joins n WHERE n.client = c.id ORDER BY n.rowid DESC LIMIT 1)
    JOIN clients p ON p.id = coalesce(j.stands, c.id)
    LEFT JOIN client_corrections k ON k.rowid = (
        SELECT n.rowid FROM client_corrections n WHERE n.client = p.id
        ORDER BY n.rowid DESC LIMIT 1);

-- Every person with each client that the person is, the one that stands among them.
CREATE VIEW members AS
SELECT c.id AS person, c.id AS client FROM clients c WHERE coalesce((
    SELECT n.stands FROM client_joins n WHERE n.client = c.id ORDER BY n.rowid DESC LIMIT 1
), c.id) = c.id
UNION ALL
SELECT j.stands, j.client FROM client_joins j WHERE j.stands NOTNULL AND j.rowid = (
    SELECT n.rowid FROM client_joins n WHERE n.client = j.client ORDER BY n.rowid DESC LIMIT 1);

-- Every assessment with the client whose it is now, NULL for nobody; `place` is the client under
-- whom it is found, in any case.
CREATE VIEW belongings AS
SELECT a.id AS assessment_id, a.client_id AS began,
    CASE WHEN m.kind = 'wrong_client' THEN NULL ELSE coalesce(m.client, a.client_id) END AS client,
    coalesce(m.client, a.client_id) AS place,
    CASE WHEN m.id IS NULL THEN e.episode_id ELSE m.episode_id END AS episode_id,
    m.id AS move, m.kind
FROM assessments a
    LEFT JOIN assessment_moves m ON m.rowid = (
        SELECT n.rowid FROM assessment_moves n WHERE n.assessment_id = a.id
        ORDER BY n.rowid DESC LIMIT 1)
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id;
"""

LIST_DRAFTS = f"""
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, unit, worker, since)
SELECT 'draft', a.id, b.episode_id, b.place, c.municipality,
    {v3_units.unit_then("a.started_by", "a.started_at")}, a.started_by, a.started_at
FROM drafts d
    CROSS JOIN assessments a ON a.id = d.assessment_id
    CROSS JOIN belongings b ON b.assessment_id = a.id
    CROSS JOIN persons c ON c.id = b.place
"""
"""Puts every draft into the worklist; a condition on `a.id` may follow."""

LISTING = """
DROP TRIGGER worklist_begin;
CREATE TRIGGER worklist_begin AFTER INSERT ON drafts BEGIN
    {list_drafts} WHERE a.id = NEW.assessment_id;
END;
CREATE TRIGGER worklist_move AFTER INSERT ON assessment_moves BEGIN
    UPDATE worklist SET client_id = NEW.client, episode_id = NEW.episode_id,
        municipality = (SELECT p.municipality FROM persons p WHERE p.id = NEW.client)
    WHERE assessment_id = NEW.assessment_id;
END;
"""

MAY_BE_PURGED = {
    "client_corrections": ("correction", "id"),
    "client_joins": ("joining", "id"),
    "assessment_moves": ("belonging", "id"),
}
