"""Version 9: what reports count, rows that name nobody and outlive the records they tell of."""

from __future__ import annotations

LINES = 12
"""Bits of a line's id that number it within its episode or assessment; the place is before them."""

_PERSON = """
    age INTEGER CHECK (age BETWEEN 0 AND 80),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT CHECK (language IN ('fi', 'sv', 'other')),
    municipality TEXT,
    unit TEXT"""

_MONTH = "TEXT{0} CHECK ({1} GLOB '????-??')"


def _month(column: str, *, needed: bool = False) -> str:
    return f"{column} {_MONTH.format(' NOT NULL' if needed else '', column)}"


TABLES = f"""
-- Why a safety step was not done, as a code of `care/`; a row of before has none.
ALTER TABLE safety ADD COLUMN reason TEXT CHECK (reason ISNULL OR done = 0);

-- Reports read these tables alone. A row stands at a random place. While its episode is in the
-- store, `episode_id` says which, and the row is derived: made anew in the transaction of each
-- entry that changes it. A purge cuts that key and gives the row another place; from then on
-- nothing changes it.
CREATE TABLE summary_episodes (
    place INTEGER PRIMARY KEY NOT NULL,
    episode_id TEXT UNIQUE REFERENCES episodes (id),
    ordinal INTEGER,
    {_month("opened")},
    {_month("closed")},
    how TEXT,{_PERSON},
    setting TEXT,
    referrer TEXT,
    reason TEXT,
    segment INTEGER,
    pathway TEXT,
    version TEXT,
    suggested INTEGER,
    confirmed INTEGER,
    override TEXT,
    step INTEGER,
    agreement INTEGER,
    satisfaction INTEGER,
    {_month("need")},
    contact_days INTEGER,
    treatment_days INTEGER,
    wish_days INTEGER,
    medical_days INTEGER,
    worker TEXT,
    CHECK (episode_id NOTNULL OR worker ISNULL)
) STRICT;

-- The lines of an episode: `id` is its place, then the number of the line.
CREATE TABLE summary_times (
    id INTEGER PRIMARY KEY NOT NULL,
    rule TEXT NOT NULL,
    because TEXT NOT NULL,
    {_month("since", needed=True)},
    state TEXT NOT NULL CHECK (
        state IN ('running', 'paused', 'met', 'late', 'overdue', 'ended')),
    days INTEGER,
    spare INTEGER,
    paused_days INTEGER NOT NULL,
    {_month("met")},
    form TEXT,
    since_day TEXT,
    due_day TEXT,
    paused_day TEXT
) STRICT;

CREATE TABLE summary_treatments (
    id INTEGER PRIMARY KEY NOT NULL,
    number INTEGER NOT NULL,
    form TEXT NOT NULL,
    code TEXT,
    programme TEXT,
    service TEXT,
    production TEXT,
    counted TEXT,
    step INTEGER,
    {_month("started")},
    {_month("ended")},
    weeks INTEGER,
    why TEXT,
    onward TEXT,
    arrived TEXT CHECK (arrived IN ('took_place', 'not', 'refused')),
    next_step INTEGER,
    satisfaction INTEGER,
    alone INTEGER CHECK (alone IN (0, 1)),
    kept INTEGER,
    not_come INTEGER,
    client_cancelled INTEGER,
    unit_cancelled INTEGER,
    remote INTEGER
) STRICT;

CREATE TABLE summary_contacts (
    id INTEGER PRIMARY KEY NOT NULL,
    {_month("month", needed=True)},
    treatment INTEGER NOT NULL,
    turnout TEXT NOT NULL CHECK (
        turnout IN ('kept', 'not_come', 'client_cancelled', 'unit_cancelled')),
    channel TEXT,
    profession TEXT,
    with_whom TEXT,
    count INTEGER NOT NULL CHECK (count > 0)
) STRICT;

CREATE TABLE summary_tracks (
    id INTEGER PRIMARY KEY NOT NULL,
    track TEXT NOT NULL,
    round INTEGER NOT NULL,
    what TEXT NOT NULL,
    {_month("month", needed=True)},
    days INTEGER NOT NULL,
    count INTEGER NOT NULL CHECK (count > 0),
    place TEXT,
    role TEXT,
    outcome TEXT,
    took_place INTEGER CHECK (took_place IN (0, 1)),
    review_day TEXT
) STRICT;

CREATE TABLE summary_changes (
    id INTEGER PRIMARY KEY NOT NULL,
    measure TEXT NOT NULL,
    treatment INTEGER NOT NULL,
    form TEXT,
    production TEXT,
    step INTEGER,
    first REAL,
    last REAL,
    {_month("first_month")},
    {_month("last_month")},
    count INTEGER,
    days INTEGER,
    band TEXT CHECK (band IN ('case', 'below')),
    category TEXT,
    case_then INTEGER CHECK (case_then IN (0, 1)),
    case_now INTEGER CHECK (case_now IN (0, 1))
) STRICT;

CREATE TABLE summary_assessments (
    place INTEGER PRIMARY KEY NOT NULL,
    assessment_id TEXT UNIQUE REFERENCES assessments (id),
    episode INTEGER REFERENCES summary_episodes (place) ON UPDATE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'abandoned')),
    {_month("month", needed=True)},
    pathway TEXT NOT NULL,
    version TEXT NOT NULL,
    setting TEXT,{_PERSON},
    suggested INTEGER,
    confirmed INTEGER,
    override TEXT,
    choice TEXT CHECK (choice IN ('suggested', 'or_above', 'override')),
    urgency TEXT,
    deciding TEXT CHECK (json_valid(deciding)),
    rules TEXT CHECK (json_valid(rules)),
    offered TEXT CHECK (json_valid(offered)),
    skipped TEXT CHECK (json_valid(skipped)),
    minutes INTEGER,
    auditc INTEGER,
    auditc_positive INTEGER CHECK (auditc_positive IN (0, 1)),
    audit INTEGER,
    sick_leave_days INTEGER
) STRICT;
CREATE INDEX summary_assessments_by_episode ON summary_assessments (episode);

-- The lines of an assessment, as those of an episode.
CREATE TABLE summary_stops (
    id INTEGER PRIMARY KEY NOT NULL,
    stop TEXT NOT NULL,
    card TEXT,
    minutes INTEGER,
    done INTEGER,
    not_done INTEGER,
    reasons TEXT CHECK (json_valid(reasons))
) STRICT;

-- What the rows need to know of each pathway's text, so that no entry has to read it.
CREATE TABLE pathway_terms (
    digest TEXT PRIMARY KEY NOT NULL REFERENCES pathways (digest),
    terms TEXT NOT NULL CHECK (json_valid(terms))
) STRICT;

-- How many episodes of a client who is still here a purge has deleted: a later one counts on.
CREATE TABLE earlier_episodes (
    client_id TEXT PRIMARY KEY NOT NULL REFERENCES clients (id),
    count INTEGER NOT NULL CHECK (count > 0)
) STRICT;
"""

OF_EPISODES = (
    "summary_times",
    "summary_treatments",
    "summary_contacts",
    "summary_tracks",
    "summary_changes",
)
OF_ASSESSMENTS = ("summary_stops",)
HEADS = {"summary_episodes": "episode_id", "summary_assessments": "assessment_id"}
"""The tables with a row for each record, and the column of the key that a purge cuts."""
LINES_OF = {"summary_episodes": OF_EPISODES, "summary_assessments": OF_ASSESSMENTS}
"""The tables with the lines of each of those rows."""
NAMES = (*HEADS, *OF_EPISODES, *OF_ASSESSMENTS)

KEPT_HEAD = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} WHEN OLD.{key} ISNULL BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
"""
KEPT_LINE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
WHEN EXISTS (SELECT 1 FROM {head} WHERE place = OLD.id >> {lines} AND {key} ISNULL) BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
"""
"""What a purge has kept is never changed: nothing in the store could make it anew."""

_AGE = "CASE WHEN s.age_from >= 30 THEN min(s.age_from, 80) END"
"""A group of ten years is one of the bands from 30 on; below it lay in two of them."""

CARRIED = (
    f"""
    INSERT OR IGNORE INTO summary_episodes (
        place, age, municipality, pathway, version, suggested, confirmed, override)
    SELECT place, {_AGE}, municipality, pathway_id, pathway_version, suggested_step, confirmed_step,
        reason_code
    FROM statistics s WHERE part = 'first'""",
    f"""
    INSERT OR IGNORE INTO summary_treatments (id, number, form)
    SELECT (s.place << {LINES}) + e.key, e.key + 1, e.value
    FROM statistics s CROSS JOIN json_each(s.interventions) e WHERE part = 'first'""",
    f"""
    INSERT OR IGNORE INTO summary_changes (id, measure, treatment, category)
    SELECT (s.place << {LINES})
        + (SELECT count(*) FROM json_each(s.outcomes) f WHERE f.key < e.key), e.key, 0, e.value
    FROM statistics s CROSS JOIN json_each(s.outcomes) e WHERE part = 'first'""",
    f"""
    INSERT OR IGNORE INTO summary_assessments (
        place, episode, state, month, pathway, version, age, municipality, suggested, confirmed,
        override, choice, urgency)
    SELECT place, CASE part WHEN 'first' THEN place END, 'confirmed', month, pathway_id,
        pathway_version, {_AGE}, municipality, suggested_step, confirmed_step, reason_code,
        CASE WHEN suggested_step IS confirmed_step THEN 'suggested'
             WHEN reason_code = 'pathway:or_above' THEN 'or_above' ELSE 'override' END, urgency
    FROM statistics s""",
    f"""
    INSERT OR IGNORE INTO summary_stops (id, stop)
    SELECT (s.place << {LINES}) + e.key, e.value
    FROM statistics s CROSS JOIN json_each(s.stops) e""",
)
"""Brings over what earlier versions kept of deleted assessments; twice changes nothing."""
