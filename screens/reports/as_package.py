"""Writes a report as an open table: a zip with rows, and what each of their columns is.

The form of `datapackage.json` is that of Frictionless Data, Data Package 1.0.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from casework.language import N_, Speech
from screens.reports.as_csv import as_csv
from screens.reports.as_json import described, written
from screens.reports.long_rows import COLUMNS, NUMBERS
from screens.reports.words import Names
from stepping.reports.table import Table

_WHOLE = ("number", "denominator")
_NEVER_EMPTY = ("report", "figure", "figure_name", "kind", "period", "first_month", "last_month")
_SOMEWHEN = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip: the same report has the same bytes."""

COLUMN_WORDS: Mapping[str, str] = {
    "report": N_("Which report it is."),
    "of_unit": N_("The unit whose rows alone are counted; empty of all units."),
    "figure": N_("Which figure it is."),
    "figure_name": N_("The figure in words."),
    "kind": N_("Whether it is a count, a share, a mean or another kind."),
    "unit": N_("What the value is counted in."),
    "breakdown": N_("What the report is told by; empty of one without a breakdown."),
    "group": N_("Which value of that; empty of all together."),
    "group_name": N_("The same in words."),
    "period": N_("The period; beside each stands the same a year before."),
    "first_month": N_("The first month of the period."),
    "last_month": N_("The last month of the period."),
    "number": N_("How many; of a share, of how many it is so."),
    "denominator": N_("Of how many that were counted."),
    "value": N_("The value; a share is a part of one. Empty where nothing was counted."),
    "target": N_("What was set as a target, in the same unit."),
    "hidden": N_("Why there is no number: few, or one person's own."),
}


def as_package(table: Table, names: Names, t: Speech) -> bytes:
    """Return the zip: what it holds is never compressed, so that any reader opens it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (
            ("datapackage.json", written(_package(table, t))),
            (_file(table), as_csv(table, names, t)),
        ):
            entry = zipfile.ZipInfo(name, _SOMEWHEN)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def _file(table: Table) -> str:
    return f"{table.report.name}.csv"


def _package(table: Table, t: Speech) -> dict[str, Any]:
    told = described(table, t)
    return {
        "profile": "tabular-data-package",
        "name": f"porras-{table.report.name}".replace("_", "-"),
        "title": told["title"],
        "description": " ".join(told["notes"]) or told["title"],
        "created": f"{told['made']}T00:00:00Z",
        "porras": told,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.report.name.replace("_", "-"),
                "path": _file(table),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
                "schema": {
                    "fields": [_field(column, t) for column in COLUMNS],
                    "missingValues": [""],
                },
            }
        ],
    }


def _field(column: str, t: Speech) -> dict[str, Any]:
    kind = "string" if column not in NUMBERS else "integer" if column in _WHOLE else "number"
    field: dict[str, Any] = {"name": column, "type": kind, "description": t(COLUMN_WORDS[column])}
    if column in _NEVER_EMPTY:
        field["constraints"] = {"required": True}
    return field
