"""Sums for reports that are kept: what has changed since is counted anew, the rest is read.

The unit is a month, and the calendar year where persons are told apart, since the rows of a person
are numbered within one. The file itself deletes a sum with the first change of a row that it counts
(`tables/v9_sums.py`), so that what stands is right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from stepping.reports.counts import Tally
from stepping.reports.model import Rows
from stepping.reports.periods import YEAR, Month, month_name
from stepping.reports.series import SERIES
from store.database.engine import pragma
from store.report_records import Counting
from store.repository.internal.report_sums import add_up, query
from store.session.session import Session

SOURCES: Mapping[Rows, str] = {
    "episodes": "summary_episodes",
    "at_risk": "summary_episodes",
    "times": "summary_times",
    "treatments": "summary_treatments",
    "contacts": "summary_contacts",
    "changes": "summary_changes",
    "course_changes": "summary_changes",
    "support_rounds": "summary_tracks",
    "work_rounds": "summary_tracks",
    "alcohol_rounds": "summary_tracks",
    "assessments": "summary_assessments",
    "deciding": "summary_assessments",
    "rule_uses": "summary_assessments",
    "skips": "summary_assessments",
    "stops": "summary_stops",
    "not_done": "summary_stops",
}
"""The table whose changes delete the sums of each kind of rows."""

_FEW = 3
"""As many months at once are looked up by their index; for more the whole table is read.

Over a million assessments three months of scores take a sixth of the time of the whole table so,
and three months of treatments as long as all of them.
"""

_KEY = ("series", "told_by", "unit", "persons", "query", "day")
_WHERE = " AND ".join(f"{name} = :{name}" for name in _KEY)
_STANDING = f"""
    SELECT span, tallies FROM report_sums
    WHERE {_WHERE} AND span BETWEEN :first AND :last"""


class Counted(NamedTuple):
    """Sums that were counted while others could write."""

    version: tuple[int, int]
    """What was told of all writing to the file when they were counted."""
    source: str
    key: dict[str, Any]
    by_span: dict[str, list[Tally]]


def read(
    session: Session, counting: Counting, unit: str | None = None, *, fresh: list[Counted]
) -> list[Tally]:
    """Return the sums of all rows, or of those of one unit; those that were missing go to `fresh`.

    To keep them is for `keep_fresh`: counting may take long, and a transaction that writes would
    let nobody else write meanwhile.
    """
    spans = _spans(counting)
    if spans is None:
        return list(add_up(session, counting, unit=unit))
    key = _key(counting, unit)
    limits = {"first": min(spans), "last": max(spans)}
    standing = session.db.execute(_STANDING, key | limits).fetchall()
    found = {span: _unpacked(tallies) for span, tallies in standing}
    for run in _runs(spans, found):
        months = range(spans[run[0]][0], spans[run[-1]][-1] + 1)
        few = len(months) <= _FEW
        tallies = add_up(session, replace(counting, months=months), unit=unit, few=few)
        counted = _by_span(tallies, run)
        fresh.append(Counted(_version(session), SOURCES[counting.series.rows], key, counted))
        found |= counted
    return [tally for span in spans for tally in found[span]]


def keep_fresh(session: Session, fresh: Iterable[Counted]) -> None:
    """Keep sums that were counted before this transaction, unless anything was written since."""
    version = _version(session)
    for counted in fresh:
        if counted.version == version:
            _keep(session, counted)


def _version(session: Session) -> tuple[int, int]:
    """Return numbers that are others once another program has written to the file, or this one.

    A report that fails half-way leaves sums that the next one is asked to keep.
    """
    return pragma(session.db, "data_version")[0], session.db.conn.total_changes


def forget_all(session: Session) -> None:
    """Delete every sum, within a transaction; the next reports count anew."""
    session.db.execute("DELETE FROM report_sums")


def count_astray(session: Session) -> int:
    """Return how many sums differ from what their rows tell, within a transaction.

    Those of a series that this version counts in another way, or not at all, are never read.
    """
    names = ", ".join(_KEY)
    sql = f"SELECT {names}, min(span) AS first, max(span) AS last FROM report_sums GROUP BY {names}"
    return sum(_count_astray(session, row) for row in session.rows(sql))


def _count_astray(session: Session, row: dict[str, Any]) -> int:
    """Return how many sums of one series by one column are astray."""
    if row["series"] not in SERIES:
        return 0
    months = range(_months(row["first"])[0], _months(row["last"])[-1] + 1)
    day = date.fromisoformat(row["day"]) if row["day"] else date.min
    persons = bool(row["persons"])
    series = SERIES[row["series"]]
    counting = Counting(series, row["told_by"] or None, months, day, persons=persons)
    unit = row["unit"] or None
    if _key(counting, unit) != {name: row[name] for name in _KEY}:
        return 0
    standing = dict(session.db.execute(_STANDING, row).fetchall())
    counted = _by_span(add_up(session, counting, unit=unit), standing)
    return sum(_unpacked(standing[span]) != tallies for span, tallies in counted.items())


def _key(counting: Counting, unit: str | None) -> dict[str, Any]:
    """Return what a sum stands under beside its span: how it was counted, too."""
    text = query(counting)
    return {
        "series": counting.series.name,
        "told_by": counting.column or "",
        "unit": unit or "",
        "persons": int(counting.persons),
        "query": hashlib.sha256(text.encode()).hexdigest(),
        "day": counting.today.isoformat() if ":today" in text else "",
    }


def _spans(counting: Counting) -> dict[str, range] | None:
    """Return the spans that are asked for, each with its months; None if a year is cut."""
    months = counting.months
    if not counting.persons:
        return {month_name(month): range(month, month + 1) for month in months}
    if months[0] % YEAR or (months[-1] + 1) % YEAR:
        return None
    years = range(months[0] // YEAR, months[-1] // YEAR + 1)
    return {f"{year:04}": range(year * YEAR, (year + 1) * YEAR) for year in years}


def _months(span: str) -> range:
    """Return the months of a span by its name."""
    year, _, month = span.partition("-")
    first = int(year) * YEAR + (int(month) - 1 if month else 0)
    return range(first, first + (1 if month else YEAR))


def _runs(spans: Iterable[str], found: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield the spans that are missing, those that follow each other together."""
    run: list[str] = []
    for span in spans:
        if span not in found:
            run.append(span)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _by_span(tallies: Iterable[Tally], spans: Iterable[str]) -> dict[str, list[Tally]]:
    """Return tallies by the span in which they lie."""
    found: dict[str, list[Tally]] = {span: [] for span in spans}
    of_month: dict[Month, list[Tally]] = {
        month: told for span, told in found.items() for month in _months(span)
    }
    for tally in tallies:
        if tally.month in of_month:
            of_month[tally.month].append(tally)
    return found


def _keep(session: Session, counted: Counted) -> None:
    names = ("source", *_KEY, "span", "tallies")
    marks = ", ".join(f":{name}" for name in names)
    sql = f"INSERT OR REPLACE INTO report_sums ({', '.join(names)}) VALUES ({marks})"
    for span, tallies in counted.by_span.items():
        row = {"source": counted.source, **counted.key, "span": span, "tallies": _packed(tallies)}
        session.db.execute(sql, row)


def _packed(tallies: Iterable[Tally]) -> str:
    """Return tallies column by column, which is read back in a fraction of the time."""
    return json.dumps([*zip(*tallies, strict=True)], ensure_ascii=False, separators=(",", ":"))


def _unpacked(text: str) -> list[Tally]:
    return [*map(Tally._make, zip(*json.loads(text), strict=True))]
