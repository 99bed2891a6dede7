"""A report in long form, one figure a row: what the files of tables and JSON are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from casework.language import Speech
from screens.reports import words
from screens.reports.words import Names
from stepping.reports.periods import month_name
from stepping.reports.table import Table

_SHARE_PLACES, _PLACES = 4, 2


@dataclass(frozen=True)
class LongRow:
    """One figure; the fields are the columns, in their order. Numbers are text with a point."""

    report: str
    of_unit: str
    figure: str
    figure_name: str
    kind: str
    unit: str
    breakdown: str
    group: str
    group_name: str
    period: str
    first_month: str
    last_month: str
    number: str
    denominator: str
    value: str
    target: str
    hidden: str


COLUMNS = tuple(field.name for field in fields(LongRow))
NUMBERS = ("number", "denominator", "value", "target")
"""The columns that hold numbers; all others are words."""


def long_rows(table: Table, names: Names, t: Speech) -> Iterator[LongRow]:
    """Yield a row for each cell; what is empty or hidden has no number."""
    figures = {figure.name: figure for figure in table.figures}
    for cell in table.cells:
        figure = figures[cell.figure]
        places = {"count": 0, "share": _SHARE_PLACES}.get(figure.kind, _PLACES)
        told = not cell.is_empty
        yield LongRow(
            report=table.report.name,
            of_unit=table.unit or "",
            figure=figure.name,
            figure_name=t(words.FIGURES[figure.name]),
            kind=figure.kind,
            unit=figure.unit,
            breakdown=table.by or "",
            group="" if cell.group is None else cell.group or "not_told",
            group_name=words.group_words(table, cell.group, names, t),
            period=cell.period.name,
            first_month=month_name(cell.period.first),
            last_month=month_name(cell.period.last),
            number=_whole(cell.number if told else None),
            denominator=_whole(cell.denominator if told else None),
            value=words.decimals(cell.value, places) if told and cell.value is not None else "",
            target="" if cell.target is None else words.decimals(cell.target, max(places, 2)),
            hidden=cell.hidden or "",
        )


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)
