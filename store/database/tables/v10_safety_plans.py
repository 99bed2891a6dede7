"""Version 10: safety plans, in the client's own words, point by point."""

from __future__ import annotations

from store.database.tables.columns import at

NAMES = ("safety_plans", "plan_points")

TABLES = f"""
-- A safety plan of a client. One that was begun in an assessment goes where that goes, as to the
-- client whose it is.
CREATE TABLE safety_plans (
    id TEXT PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id),
    assessment_id TEXT REFERENCES assessments (id),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16)
) STRICT;
CREATE INDEX safety_plans_by_client ON safety_plans (client_id);
CREATE INDEX safety_plans_by_assessment ON safety_plans (assessment_id);

-- What stands under a point; the newest of a point counts, and an empty one was emptied. What was
-- taken over from the plan before is marked with the client who had said it: if the assessment
-- turns out to be another's, that client's words do not go along.
CREATE TABLE plan_points (
    id TEXT PRIMARY KEY NOT NULL,
    plan_id TEXT NOT NULL REFERENCES safety_plans (id),
    assessment_id TEXT REFERENCES assessments (id),
    point TEXT NOT NULL CHECK (length(point) BETWEEN 1 AND 80),
    words TEXT NOT NULL CHECK (length(words) <= 500),
    said_by TEXT REFERENCES clients (id),
    {at("at")},
    "by" TEXT NOT NULL REFERENCES workers (id),
    salt TEXT CHECK (length(salt) = 16)
) STRICT;
CREATE INDEX plan_points_by_plan ON plan_points (plan_id);
CREATE INDEX plan_points_by_assessment ON plan_points (assessment_id);
CREATE INDEX plan_points_by_said ON plan_points (said_by);
"""

MAY_BE_PURGED = {
    "safety_plans": ("plan", "id"),
    "plan_points": ("point", "id"),
}
"""As in `v4_staff`: the first word of an event, and the column that its subject stands in."""
