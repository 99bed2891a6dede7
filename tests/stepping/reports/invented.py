"""Invented sums for any report, the same for the same seed: tables to draw and to write."""

from __future__ import annotations

import datetime
import random

from stepping.reports.catalogue import find_breakdown, find_report
from stepping.reports.counts import Counts, Tally
from stepping.reports.evaluate import Facts, Question, make_table
from stepping.reports.model import Band, Series, Value
from stepping.reports.periods import read_period
from stepping.reports.series import SERIES
from stepping.reports.table import Table

TODAY = datetime.date(2026, 11, 30)
GROUPS = ("short_therapy", "guided_self_help", "=1+1", "")
"""One of them is a formula, to whoever believes it, and of some nothing was told."""


def a_value(band: Band | None, rng: random.Random) -> Value | None:
    """Return a value that lies in a band."""
    if band is None:
        return rng.randint(0, 20)
    if band.words:
        return rng.choice(band.words)
    if band.told:
        return 1
    if band.low is None and band.high is None:
        return None
    low = band.low or 0
    return rng.randint(low, low + 40 if band.high is None else band.high)


def tallies(series: Series, months: range, rng: random.Random, many: int) -> list[Tally]:
    """Draw rows of a series, each of another person."""
    bands: list[Band | None] = [*series.bands] or [None]
    found = []
    for month in months:
        for weight, group in enumerate(GROUPS):
            for _ in range(rng.randint(0, many // (weight + 1))):
                band = rng.choices(bands, [1 / (at + 1) for at in range(len(bands))])[0]
                found.append(Tally(group, month, a_value(band, rng), 1, 1, 1))
    return found


def invented(
    name: str,
    by: str | None = None,
    period: str = "2026-Q3",
    *,
    for_file: bool = True,
    many: int = 40,
    facts: Facts = Facts(),  # noqa: B008 - frozen
) -> Table:
    """Return the table of an invented county."""
    report = find_report(name)
    question = Question(
        report,
        find_breakdown(report, by) if by else None,
        read_period(period, TODAY),
        TODAY,
        for_file=for_file,
    )
    rng = random.Random(f"{name} {by}")
    counts = {
        series.name: Counts(tallies(SERIES[series.name], question.months, rng, many))
        for series in question.series
    }
    return make_table(question, counts, facts)
