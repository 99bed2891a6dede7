"""Version 9: sums of what reports count, kept until a row that they count changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from store.database.tables.v9_facts import HEADS, LINES, OF_EPISODES

TABLES = """
-- What a report has counted, so that the next one need not: the sums of a series by a column in
-- one month, or in one year where persons are told apart; of one unit, or of all where that is
-- empty. A sum stands until something changes that it counts: each change of a row of `source`
-- deletes it, in the same transaction. So a missing one is counted, and nobody has to know why.
CREATE TABLE report_sums (
    source TEXT NOT NULL,
    series TEXT NOT NULL,
    told_by TEXT NOT NULL,
    unit TEXT NOT NULL,
    persons INTEGER NOT NULL CHECK (persons IN (0, 1)),
    span TEXT NOT NULL CHECK (span GLOB '????-??' OR span GLOB '????'),
    query TEXT NOT NULL,
    day TEXT NOT NULL,
    tallies TEXT NOT NULL CHECK (json_valid(tallies)),
    PRIMARY KEY (series, told_by, unit, persons, span)
) STRICT;
CREATE INDEX report_sums_by_source ON report_sums (source, span);

-- One month, or one year, is counted without the others.
CREATE INDEX summary_episodes_by_opened ON summary_episodes (opened);
CREATE INDEX summary_episodes_by_closed ON summary_episodes (closed);
CREATE INDEX summary_episodes_by_need ON summary_episodes (need);
CREATE INDEX summary_episodes_by_worker ON summary_episodes (worker) WHERE worker NOTNULL;
CREATE INDEX summary_times_by_since ON summary_times (since);
CREATE INDEX summary_treatments_by_started ON summary_treatments (started);
CREATE INDEX summary_treatments_by_ended ON summary_treatments (ended);
CREATE INDEX summary_contacts_by_month ON summary_contacts (month);
CREATE INDEX summary_tracks_by_month ON summary_tracks (track, month);
CREATE INDEX summary_changes_by_first ON summary_changes (first_month);
CREATE INDEX summary_assessments_by_month ON summary_assessments (month);
"""

MONTHS: Mapping[str, tuple[str, ...]] = {
    "summary_episodes": ("opened", "closed", "need"),
    "summary_times": ("since",),
    "summary_treatments": ("started", "ended"),
    "summary_contacts": ("month",),
    "summary_tracks": ("month",),
    "summary_changes": ("first_month",),
    "summary_assessments": ("month",),
}
"""The months under which the rows of each table are counted."""

_TRIGGER = """
CREATE TRIGGER {table}_sums_{verb} AFTER {verb} ON {table} BEGIN
{deletes}
END;
"""
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _delete(source: str, spans: str) -> str:
    return f"    DELETE FROM report_sums WHERE source = '{source}' AND span IN ({spans});"


def _of_row(table: str, row: str) -> str:
    """Return the deletion of the sums in which a row of a table counts."""
    months = [f"{row}.{column}" for column in MONTHS[table]]
    return _delete(table, ", ".join((*months, *(f"substr({month}, 1, 4)" for month in months))))


def _of_rows(source: str, table: str, where: str) -> str:
    """Return the deletion of the sums of a source that stand under the months of some rows."""
    chosen = (
        f"SELECT {spans} FROM {table} WHERE {where}"
        for month in MONTHS[table]
        for spans in (month, f"substr({month}, 1, 4)")
    )
    return _delete(source, " UNION ALL ".join(chosen))


def _of_head(row: str) -> Iterator[str]:
    """Yield the deletions that follow from the row of an episode: all else of it is told by it."""
    yield _of_row("summary_episodes", row)
    inside = f"id BETWEEN {row}.place << {LINES} AND ({row}.place << {LINES}) | {(1 << LINES) - 1}"
    for lines in OF_EPISODES:
        yield _of_rows(lines, lines, inside)
    for source in ("summary_assessments", "summary_stops"):
        yield _of_rows(source, "summary_assessments", f"episode = {row}.place")


def _of_line(table: str, row: str) -> Iterator[str]:
    """Yield the deletions that follow from a line."""
    head = f"place = {row}.id >> {LINES}"
    if table == "summary_stops":
        yield _of_rows(table, "summary_assessments", head)
        return
    yield _of_row(table, row)
    if table in {"summary_contacts", "summary_tracks"}:  # an episode is counted by how it went
        yield _of_rows("summary_episodes", "summary_episodes", head)
    if table == "summary_tracks":  # a round stands under the first of its months
        first = f"({row}.id >> {LINES}) << {LINES}"
        yield _of_rows(table, table, f"id BETWEEN {first} AND {first} | {(1 << LINES) - 1}")


def _of(table: str, row: str) -> Iterator[str]:
    if table == "summary_episodes":
        yield from _of_head(row)
    elif table == "summary_assessments":
        yield _of_row(table, row)
        yield _delete("summary_stops", f"{row}.month, substr({row}.month, 1, 4)")
    else:
        yield from _of_line(table, row)


def triggers() -> Iterator[str]:
    """Yield the triggers by which no sum outlives a change of what it counts."""
    for table in (*HEADS, *OF_EPISODES, "summary_stops"):
        for verb, rows in _ROWS.items():
            deletes = dict.fromkeys(delete for row in rows for delete in _of(table, row))
            yield _TRIGGER.format(table=table, verb=verb, deletes="\n".join(deletes))
