"""Version 4: roles, the units of clients, seals, what a rescue finds, and the end of records."""

from __future__ import annotations

from store.database.tables.columns import at

NAMES = (
    "account_changes",
    "client_units",
    "seal_keys",
    "seals",
    "rescued_rows",
    "taken",
    "purges",
    "purged",
    "statistics",
)

PEOPLE = f"""
CREATE TABLE account_changes (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    kind TEXT NOT NULL CHECK (kind IN ('roles', 'disabled', 'enabled', 'os_user')),
    value TEXT CHECK (length(value) BETWEEN 1 AND 80),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (kind <> 'roles' OR value IS NOT NULL)
) STRICT;
CREATE INDEX account_changes_by_worker ON account_changes (worker, kind);

CREATE TABLE client_units (
    id TEXT PRIMARY KEY NOT NULL,
    client TEXT NOT NULL REFERENCES clients (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    {at("at")},
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
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;

CREATE TABLE seals (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    hash TEXT NOT NULL CHECK (length(hash) = 64),
    {at("at")},
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

RETENTION = f"""
-- Notes that were taken to the patient record.
CREATE TABLE taken (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
CREATE INDEX taken_by_assessment ON taken (assessment_id, at);

-- Each deletion, and what it took; `purged` proves that it was what had been recorded.
CREATE TABLE purges (
    id TEXT PRIMARY KEY NOT NULL,
    {at("at")},
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

UNLESS_PURGED = """
DROP TRIGGER {table}_no_DELETE;
CREATE TRIGGER {table}_no_DELETE BEFORE DELETE ON {table}
WHEN NOT EXISTS (SELECT 1 FROM purged WHERE {named})
BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
"""
