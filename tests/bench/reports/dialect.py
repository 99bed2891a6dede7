"""The question of a report as DuckDB takes it: the same rows, the same groups."""

from __future__ import annotations

import re

from store.database.tables.v9_facts import LINES

_CHANGES = (
    # Only what SQLite has its own way of saying; each is what somebody at DuckDB would write.
    (r"\bjson_each\(([as])\.(\w+)\) j", r"unnest(from_json(\1.\2, '[\"VARCHAR\"]')) AS j (value)"),
    (
        r"julianday\(:today\) - julianday\((l\.since_day)\)",
        r"date_diff('day', \1::DATE, :today::DATE)",
    ),
    (r"\bCROSS JOIN\b", "JOIN"),
    (
        rf"l\.id BETWEEN e\.place << {LINES} AND \(e\.place << {LINES}\) \+ \d+",
        rf"l.id >> {LINES} = e.place",
    ),
    (r"min\(l\.month\) AS month", "l.round, min(l.month) AS month"),
    (r"GROUP BY e\.place, l\.round", "GROUP BY ALL"),
    (r"\+([lr])\.", r"\1."),
    (r":(today|first|last|worker)\b", r"$\1"),
)


def in_duckdb(sql: str) -> str:
    """Return a query of `report_sums` as DuckDB reads it."""
    for pattern, other in _CHANGES:
        sql = re.sub(pattern, other, sql)
    return sql
