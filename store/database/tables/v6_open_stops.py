"""Version 6: the safety stops that are open, kept with each entry that opens or closes one."""

from __future__ import annotations

from store.database.tables.columns import at

UNREAD = "pathway:unread"
"""Stands for the stops of a draft whose pathway cannot be read; no stop's id can have a colon."""

HIGHEST_STEP = 4
"""What the stops of such a draft ask for."""

TABLES = f"""
-- The safety stops that are open in drafts, derived from what is answered and recorded. Each entry
-- of a draft keeps its rows in its own transaction. `by` recorded at `since` what opened the stop.
CREATE TABLE open_stops (
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    stop TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('week', 'same_day', 'emergency')),
    floor INTEGER CHECK (floor >= 0),
    {at("since")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    PRIMARY KEY (assessment_id, stop)
) STRICT;

-- Nothing ends a draft while a stop is open in it, but where nobody can read which.
CREATE TRIGGER decisions_open_stop BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM open_stops WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'open stop');
END;
CREATE TRIGGER closings_open_stop BEFORE INSERT ON closings
WHEN EXISTS (SELECT 1 FROM open_stops
             WHERE assessment_id = NEW.assessment_id AND stop <> '{UNREAD}')
BEGIN
    SELECT RAISE(ABORT, 'open stop');
END;
CREATE TRIGGER open_stops_end AFTER DELETE ON drafts BEGIN
    DELETE FROM open_stops WHERE assessment_id = OLD.assessment_id;
END;

-- The program works out the stops of each draft once these tables stand. A draft whose pathway it
-- cannot read keeps this row: what is not known never lowers a step.
INSERT INTO open_stops
SELECT a.id, '{UNREAD}', 'emergency', {HIGHEST_STEP}, a.started_at, a.started_by
FROM drafts d JOIN assessments a ON a.id = d.assessment_id;
"""
