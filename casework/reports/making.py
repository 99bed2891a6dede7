"""Answers a question for a report: who may ask it, what is counted, and that it was asked."""

from __future__ import annotations

from functools import partial

from casework.reports.audience import hides_few, is_own
from stepping.finland import finnish_day
from stepping.reports.counts import Counts
from stepping.reports.evaluate import Facts, Question, make_table
from stepping.reports.model import Breakdown, Report, Series
from stepping.reports.periods import Period, read_month
from stepping.reports.table import Table
from stepping.reports.targets import Targets
from store.report_records import Counting
from store.repository.store import Store


def make_report(
    store: Store,
    report: Report,
    by: Breakdown | None,
    period: Period,
    *,
    targets: Targets | None = None,
    for_file: bool = False,
) -> Table:
    """Count a report, and log that it was asked, in one transaction.

    One with the audience `own` counts the episodes for which the worker is responsible. Few persons
    are hidden in a file, and on a screen from whoever may not read their data.

    Raises:
        NotAllowed: If the roles of the worker do not give it.
        NotOver: If few persons are hidden, and the period is not over.
        StoreError: If the store does not tell.
    """
    today = finnish_day(store.clock())
    hides = for_file or hides_few(store, report)
    question = Question(report, by, period, today, for_file=hides)
    own = is_own(report)
    with store.writing():
        log = store.reports.log_own_question if own else store.reports.log_question
        head = log(_written(question, for_file=for_file))
        counts = {
            series.name: _counted(store, question, series, own=own) for series in question.series
        }
        whole = store.summaries.whole_from()
    return make_table(
        question, counts, Facts(targets or Targets(), read_month(whole) if whole else None, head)
    )


def _written(question: Question, *, for_file: bool) -> str:
    """Return the question as the log keeps it."""
    by = f"/{question.by.name}" if question.by else ""
    return f"{question.report.name}{by}/{question.period.name}{'/file' * for_file}"


def _counted(store: Store, question: Question, series: Series, *, own: bool) -> Counts:
    count = store.reports.count_own if own else store.reports.count
    asked = partial(
        Counting, series, months=question.months, today=question.today, persons=question.for_file
    )
    by = question.column
    told = count(asked(column=by.column)) if by else ()
    if by and not question.for_file:
        return Counts(told)
    # persons are told apart within a group, so that those of all groups do not add up
    return Counts(told, count(asked(column=None)))
