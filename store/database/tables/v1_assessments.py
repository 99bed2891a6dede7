"""Version 1: workers, clients, pathways, assessments with their answers and stops, the log."""

from __future__ import annotations

from store.database.tables.columns import at

NAMES = (
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

TABLES = f"""
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 2 AND 16),
    {at("created_at")}
) STRICT;

CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
    birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    {at("created_at")},
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
    {at("started_at")},
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
    {at("at")},
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
    {at("at")},
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
    {at("at")},
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
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (confirmed_step IS suggested_step OR reason_code IS NOT NULL)
) STRICT;

CREATE TABLE closings (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('abandoned')),
    why TEXT NOT NULL,
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    {at("at")},
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

ENDS_DRAFT = """
CREATE TRIGGER {table}_end_draft AFTER INSERT ON {table} BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
"""

FROZEN = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
"""

CLOSED = """
CREATE TRIGGER {table}_closed BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
"""
