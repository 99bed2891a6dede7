"""What every report tells of all units, in true numbers, by everything that it is told by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from casework.training.caseload import caseload
from stepping.finland import finnish_day
from stepping.reports.catalogue import AREA, REPORTS, find_breakdown
from stepping.reports.counts import Counts
from stepping.reports.evaluate import Facts, Question, make_table
from stepping.reports.model import Report, Series
from stepping.reports.periods import Period, read_period
from stepping.reports.table import Table
from store.report_records import Counting
from store.repository.internal.report_sums import add_up
from store.repository.store import Store
from store.training.reset import reset_training
from store.training.shapes import read_shapes

NOW = datetime.datetime(2026, 12, 6, 10, tzinfo=datetime.UTC)
EVERY = [
    (report, by)
    for report in REPORTS.values()
    for by in (None, *report.breakdowns, "month", "quarter", "third")
    if by != AREA
]
"""Of areas of employment no row tells: they are sums of municipalities, which are counted here."""


def make_caseload(path: Path, clients: int) -> Path:
    """Make a training store with so many clients and the six, as it is at `NOW`."""
    shapes = read_shapes().model_copy(update={"clients": clients})
    reset_training(path, lambda: NOW, caseload(None, shapes))
    return path


def told_by(store: Store, report: Report, by: str | None, period: Period) -> Table:
    """The true numbers of a report of all units."""
    column = find_breakdown(report, by) if by else None
    question = Question(report, column, period, finnish_day(store.clock()))

    def counted(series: Series) -> Counts:
        told = question.column.column if question.column else None
        return Counts(add_up(store, Counting(series, told, question.months, question.today)))

    return make_table(question, {each.name: counted(each) for each in question.series}, Facts())


def all_told(store: Store, periods: Sequence[str]) -> Iterator[tuple[str, Table]]:
    """Every report by everything that it can be told by, each with its question."""
    today = finnish_day(store.clock())
    for (report, by), typed in product(EVERY, periods):
        question = f"{report.name}/{by or ''}/{typed}"
        yield question, told_by(store, report, by, read_period(typed, today))
