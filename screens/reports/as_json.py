"""Writes a report as JSON, the same bytes for the same report."""

from __future__ import annotations

import json
from typing import Any

from casework.language import Speech
from screens.reports import words
from screens.reports.long_rows import NUMBERS, long_rows
from screens.reports.words import Names
from stepping.characters import escape_json
from stepping.reports.periods import month_name
from stepping.reports.table import Table

FORMAT = "porras-report-1"


def described(table: Table, t: Speech) -> dict[str, Any]:
    """Return what has to be known of a report beside its rows."""
    return {
        "format": FORMAT,
        "report": table.report.name,
        "title": words.title(table, t),
        "of_unit": table.unit,
        "breakdown": table.by,
        "periods": [period.name for period in table.periods],
        "made": table.made.isoformat(),
        "head_of_log": table.head or None,
        "whole_from": None if table.whole_from is None else month_name(table.whole_from),
        "notes": words.standing(table, t),
        "sources_of_targets": dict(table.sources),
        "language": t.language,
    }


def as_json(table: Table, names: Names, t: Speech) -> bytes:
    """Return the report with its rows in long form; what is not told is null, never 0."""
    rows = [
        {key: _value(key, text) for key, text in vars(row).items()}
        for row in long_rows(table, names, t)
    ]
    content = {**described(table, t), "rows": rows}
    return written(content)


def written(content: dict[str, Any]) -> bytes:
    """Return JSON in which no character steers a terminal or turns the reading direction."""
    return (escape_json(json.dumps(content, ensure_ascii=False, indent=1)) + "\n").encode()


def _value(key: str, text: str) -> str | float | int | None:
    if not text:
        return None
    if key not in NUMBERS:
        return text
    return float(text) if "." in text else int(text)
