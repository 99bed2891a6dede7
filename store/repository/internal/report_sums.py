"""Sums of the rows that reports count, by SQL: one query for a series by a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepping.reports.counts import Tally
from stepping.reports.model import Band, Series
from stepping.reports.periods import month_name, read_month
from stepping.reports.series import SERIES
from store.report_records import Counting
from store.repository.internal.report_rows import SOURCES, heads_first, in_months
from store.session.session import Session

_PLACES = 100_000
"""More rows than an episode has in a year: by it and its ordinal a row is told apart."""


def add_up(
    session: Session,
    counting: Counting,
    *,
    worker: str | None = None,
    unit: str | None = None,
    few: bool = False,
) -> Iterator[Tally]:
    """Yield the sums of all rows, or of those of one worker's episodes, or of one unit.

    `few` tells that only few rows stand under these months, so that their indexes are worth it.
    """
    within = {"worker": worker, "unit": unit}
    values = {
        "today": counting.today.isoformat(),
        "first": month_name(counting.months[0]),
        "last": month_name(counting.months[-1]),
        **within,
    }
    names = [name for name, wanted in within.items() if wanted is not None]
    for group, month, value, ordinal, number, lines in session.db.execute(
        query(counting, names, few=few), values
    ):
        known = value if isinstance(value, int | None) else str(value)
        named = "" if group is None else str(group)
        yield Tally(named, read_month(month), known, ordinal, number, lines)


def _inside(series: Series) -> Iterator[str]:
    """Yield what must hold of the rows of a series that are a part of others."""
    if series.within is None:
        return
    parent = SERIES[series.within.series]
    bands = [band for band in parent.bands if band.name in series.within.bands]
    if bands:
        yield f"({' OR '.join(_lies_in(band, f'r.{parent.value}') for band in bands)})"
    yield from _inside(parent)


def _lies_in(band: Band, value: str) -> str:
    if band.told:
        return f"{value} NOTNULL"
    if band.words:
        return f"{value} IN ({', '.join(map(_quoted, band.words))})"
    limits = [f"{value} >= {band.low}"] * (band.low is not None)
    limits += [f"{value} <= {band.high}"] * (band.high is not None)
    return f"({' AND '.join(limits)})" if limits else f"{value} ISNULL"


def _quoted(word: str) -> str:
    return f"'{word}'"


def query(counting: Counting, within: Sequence[str] = (), *, few: bool = False) -> str:
    """Return the query; its names of columns are those of the catalogue, and those of `within`."""
    series = counting.series
    column, value = counting.column or "''", series.value or "NULL"
    wanted = [
        # an index on months leads from row to row across the whole file: worth it for few alone
        f"{'' if few else '+'}r.{series.month} BETWEEN :first AND :last",
        *_inside(series),
        *(f"r.{column} = :{column}" for column in within),
    ]
    source = SOURCES[series.rows]
    if "worker" in within:
        source = heads_first(source)
    elif few:
        source = in_months(source)
    rows = (
        f"SELECT {column} AS told, {series.month} AS month, {value} AS value, ordinal, weight, "
        f"whose FROM ({source}) r WHERE {' AND '.join(wanted)}"
    )
    if not counting.persons:
        return (
            f"SELECT told, month, value, NULL, sum(weight), count(*) FROM ({rows}) "
            "GROUP BY told, month, value ORDER BY told, month, value"
        )
    numbered = (
        "SELECT *, row_number() OVER (PARTITION BY whose, substr(month, 1, 4), told "
        f"ORDER BY month, value, weight) AS line FROM ({rows})"
    )
    return (
        f"SELECT told, month, value, ordinal * {_PLACES} + line AS apart, sum(weight), count(*) "
        f"FROM ({numbered}) GROUP BY told, month, value, apart ORDER BY told, month, value, apart"
    )
