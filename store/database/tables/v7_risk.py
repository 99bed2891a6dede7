"""Version 7: what stays to be told of a client's risk, and what a safety step agreed."""

from __future__ import annotations

from store.database.tables.columns import at

TABLES = f"""
-- The stops for danger of suicide and the attempts that an assessment has told of, derived from
-- its entries. Each entry of a draft keeps its rows in its own transaction; they stay once it is
-- closed. `wrong` is when the answer was corrected.
CREATE TABLE risk_signs (
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('suicide', 'attempt')),
    about TEXT NOT NULL,
    {at("since")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    wrong TEXT CHECK (wrong GLOB '????-??-??T??:??:??.???Z'),
    PRIMARY KEY (assessment_id, kind, about)
) STRICT;

-- Who, when and where a safety step agreed besides the next contact.
ALTER TABLE safety ADD COLUMN terms TEXT CHECK (json_valid(terms));
"""
