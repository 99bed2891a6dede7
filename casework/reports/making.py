"""Answers a question for a report: who may ask it, what is counted, and that it was asked."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from types import MappingProxyType

from casework.reports.audience import hides_few, is_own, scopes_for
from stepping.finland import finnish_day
from stepping.reports.catalogue import AREA
from stepping.reports.counts import Counts
from stepping.reports.evaluate import Facts, OnlyOnScreen, Question, make_table
from stepping.reports.model import NOT_TOLD, Breakdown, Report, Scope, Series
from stepping.reports.periods import Period, read_month
from stepping.reports.table import Table
from stepping.reports.targets import Targets
from store.errors import NoUnit, StoreError
from store.report_records import Counting
from store.repository.store import Store

NO_AREAS: Mapping[str, str] = MappingProxyType({})


def make_report(
    store: Store,
    report: Report,
    by: Breakdown | None,
    period: Period,
    *,
    scope: Scope | None = None,
    areas: Mapping[str, str] = NO_AREAS,
    targets: Targets | None = None,
    for_file: bool = False,
) -> Table:
    """Log that a report is asked for, and count it.

    Nobody waits for the counting: it is a transaction that reads, and only what it counted anew is
    kept by one that writes.

    `areas` tells the area of employment of a municipality. `scope` is by default the first of those
    that the roles give. Few persons are hidden in a file, and on a screen wherever the rows of all
    units are counted.

    Raises:
        NotAllowed: If the roles of the worker do not give it.
        NoUnit: If it is of the worker's unit, and there is none.
        NotOver: If few persons are hidden, and the period is not over.
        OnlyOnScreen: If it hides few, and there is none of such rows, or none by that.
        StoreError: If the store does not tell.
    """
    today = finnish_day(store.clock())
    usual: Scope = next(iter(scopes_for(store, report)), "all")
    chosen: Scope = "own" if is_own(report) else scope or usual
    unit = store.staff.get_own_unit() if chosen == "unit" else None
    hides = for_file or hides_few(chosen)
    question = Question(report, by, period, today, for_file=hides, scope=chosen, unit=unit)
    head, months = _logged(store, question, for_file=for_file)
    with store.reading():
        counts = {
            series.name: _counted(store, question, months, series, areas)
            for series in question.series
        }
        whole = store.summaries.whole_from()
    with suppress(StoreError):  # they are counted again: the report is whole without
        store.reports.keep_counted()
    return make_table(
        question, counts, Facts(targets or Targets(), read_month(whole) if whole else None, head)
    )


def _logged(store: Store, question: Question, *, for_file: bool) -> tuple[str, range]:
    """Log a question, if it is not refused; return the head of the log, and the months to count."""
    scope, by = question.scope, question.by
    with store.writing():
        log = store.reports.log_own_question if scope == "own" else store.reports.log_question
        head = log(_written(question, for_file=for_file))
        if scope == "unit" and question.unit is None:
            raise NoUnit
        if scope == "all" and by is not None and by.name in question.report.of_units:
            raise OnlyOnScreen(scope)
        return head, question.months


def _written(question: Question, *, for_file: bool) -> str:
    """Return the question as the log keeps it."""
    by = f"/{question.by.name}" if question.by else ""
    of = "/own-unit" * (question.scope == "unit")
    return f"{question.report.name}{by}/{question.period.name}{of}{'/file' * for_file}"


def _counted(
    store: Store, question: Question, months: range, series: Series, areas: Mapping[str, str]
) -> Counts:
    asked = partial(
        Counting, series, months=months, today=question.today, persons=question.for_file
    )
    if question.whole is not None:
        return Counts(*store.reports.count_units(asked(column=None)))
    by = question.column
    reports = store.reports
    count = {"own": reports.count_own, "unit": reports.count_unit, "all": reports.count}[
        question.scope
    ]
    if by and by.column == AREA:
        told = [
            tally._replace(group=areas.get(tally.group, NOT_TOLD))
            for tally in count(asked(column="municipality"))
        ]
    else:
        told = count(asked(column=by.column)) if by else []
    if by and not question.for_file:
        return Counts(told)
    # persons are told apart within a group, so that those of all groups do not add up
    return Counts(told, count(asked(column=None)))
