"""What a table says, against figures that were worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.reports.catalogue import (
    REPORTS,
    UnknownBreakdown,
    UnknownReport,
    find_breakdown,
    find_report,
)
from stepping.reports.counts import Counts, Tally
from stepping.reports.evaluate import Facts, NotOver, Question, make_table
from stepping.reports.periods import read_month, read_period
from stepping.reports.series import SERIES
from stepping.reports.table import Cell, Table
from tests.stepping.reports.invented import TODAY, invented

MONTH = read_month("2026-09")


def bag_of(numbers: list[int]) -> Counts:
    return Counts(Tally("a", MONTH, number, None, 1, 1) for number in numbers)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40))
def test_figures_of_a_histogram_are_those_of_its_numbers(numbers: list[int]) -> None:
    bag = bag_of(numbers).bag(None, range(MONTH, MONTH + 1))
    ranked = sorted(numbers)
    assert bag.mean == Fraction(sum(numbers), len(numbers))
    assert bag.longest == max(numbers)
    for part, whole in ((1, 4), (1, 2), (3, 4), (9, 10)):
        found = bag.quantile(part, whole)
        assert found is not None
        below = sum(number < found for number in ranked)
        above = sum(number > found for number in ranked)
        assert below * whole <= len(ranked) * part
        assert above * whole <= len(ranked) * (whole - part)
    if len(numbers) > 1:
        assert bag.spread is not None
        assert abs(float(bag.spread) - stdev(numbers)) < 0.0002
    else:
        assert bag.spread is None


def test_an_even_number_of_rows_has_its_median_between_two() -> None:
    assert bag_of([1, 2, 3, 10]).bag(None, range(MONTH, MONTH + 1)).quantile(1, 2) == Fraction(5, 2)


def satisfaction(values: list[int | None], *, for_file: bool = False) -> Table:
    """Return the report on satisfaction of treatments that ended in September."""
    question = Question(
        find_report("satisfaction"), None, read_period("2026-09", TODAY), TODAY, for_file=for_file
    )
    told = [value for value in values if value is not None]
    counts = {series.name: Counts() for series in question.series}
    counts["ended"] = Counts([Tally("", MONTH, "completed", 1, len(values), len(values))])
    counts["rated"] = Counts(
        [
            Tally("", MONTH, "yes", 1, len(told), len(told)),
            Tally("", MONTH, None, 1, len(values) - len(told), len(values) - len(told)),
        ]
    )
    counts["satisfaction"] = Counts(Tally("", MONTH, value, 1, 1, 1) for value in told)
    return make_table(question, counts, Facts())


def by_figure(table: Table) -> dict[str, Cell]:
    return {cell.figure: cell for cell in table.cells if cell.period == table.periods[0]}


def test_a_report_by_hand() -> None:
    cells = by_figure(satisfaction([10] * 6 + [9] * 2 + [7] * 6 + [2] * 6 + [None] * 20))
    assert (cells["answered"].number, cells["answered"].denominator) == (20, 40)
    assert cells["satisfaction_mean"].value == Fraction(6 * 10 + 2 * 9 + 6 * 7 + 6 * 2, 20)
    assert (cells["high"].number, cells["high"].denominator) == (8, 20)
    assert cells["low"].value == Fraction(6, 20)


def test_what_nobody_did_is_told_as_nothing() -> None:
    table = satisfaction([])
    assert table.is_empty
    assert all(cell.is_empty and cell.value in {None, 0} for cell in table.cells)


def test_a_screen_has_the_true_numbers_of_few_and_marks_them() -> None:
    screen = satisfaction([10] * 3 + [None] * 20)
    assert screen.has_small
    assert by_figure(screen)["answered"].number == 3
    file = satisfaction([10] * 3 + [None] * 20, for_file=True)
    assert not file.has_small
    cell = by_figure(file)["answered"]
    assert (cell.number, cell.denominator, cell.value, cell.hidden) == (None, None, None, "few")
    assert by_figure(file)["ended"].number == 23


@pytest.mark.parametrize(("onward", "hidden"), [(17, True), (12, False), (20, False)])
def test_how_many_were_not_sent_onward_follows_from_no_file(onward: int, *, hidden: bool) -> None:
    period = read_period("2026-09", TODAY)
    question = Question(find_report("onward"), None, period, TODAY, for_file=True)
    counts = {series.name: Counts() for series in question.series}
    counts["ended"] = Counts([Tally("", MONTH, "completed", 1, 20, 20)])
    sent = {"yes": onward, "no": 20 - onward}
    counts["sent"] = Counts(Tally("", MONTH, told, 1, of, of) for told, of in sent.items() if of)
    counts["onward"] = Counts([Tally("", MONTH, "took_place", 1, onward, onward)])
    cells = by_figure(make_table(question, counts, Facts()))
    assert cells["ended"].number == 20
    assert (cells["onward"].number is None) == hidden


def test_no_cell_of_a_file_says_how_many_persons_it_hides() -> None:
    for name, by in (("satisfaction", "method"), ("access", None), ("contacts", "unit")):
        for cell in invented(name, by, many=8).cells:
            assert cell.persons is None
            assert not cell.hidden or (cell.number, cell.denominator, cell.value) == (None,) * 3


@pytest.mark.parametrize(
    ("period", "newest"),
    [
        ("2026-Q4", "2026-Q3"),
        ("2026-11", "2026-10"),
        ("2026", "2025"),
        ("2026-09..2026-11", "2026-10"),
    ],
)
def test_there_is_no_file_of_a_period_that_is_not_over(period: str, newest: str) -> None:
    report = find_report("methods")
    question = Question(report, None, read_period(period, TODAY), TODAY, for_file=True)
    with pytest.raises(NotOver) as told:
        _ = question.periods
    assert told.value.newest == newest
    screen = Question(report, None, read_period(period, TODAY), TODAY)
    assert screen.periods[0].name == period


def test_a_report_by_time_has_the_parts_of_its_period_beside_those_of_a_year_before() -> None:
    table = invented("methods", "month", "2026-Q3", for_file=False)
    assert table.groups == ("2026-07", "2026-08", "2026-09")
    started = table.figures[0]
    for period in table.periods:
        parts = [table.cell(started, group, period) for group in table.groups]
        whole = table.cell(started, None, period)
        assert whole is not None
        assert sum(cell.number or 0 for cell in parts if cell) == whole.number


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(UnknownReport) as report:
        find_report("acces")
    assert report.value.near == "access"
    with pytest.raises(UnknownBreakdown) as breakdown:
        find_breakdown(find_report("access"), "units")
    assert breakdown.value.near == "unit"
    assert "month" in breakdown.value.known


def test_every_figure_stands_on_a_series_with_what_it_needs() -> None:
    for report in REPORTS.values():
        for by in (None, *report.breakdowns, "month"):
            figures = report.figures_by(by)
            assert len({figure.name for figure in figures}) == len(figures) > 0
            for figure in figures:
                series = SERIES[figure.series]
                assert {*figure.bands} <= {band.name for band in series.bands}, figure
                assert bool(figure.bands) == (figure.kind == "share"), figure
                assert figure.kind in {"count", "share"} or series.value, figure


def test_bands_leave_nothing_out_and_share_nothing() -> None:
    for series in SERIES.values():
        words = {word for band in series.bands for word in band.words}
        for value in (None, *range(200 if not words else 0), *words):
            held = [band.name for band in series.bands if band.holds(value)]
            assert len(held) <= 1, (series.name, value)
        if series.within:
            parent = SERIES[series.within.series]
            assert {*series.within.bands} <= {band.name for band in parent.bands}
            assert (series.rows, series.month) == (parent.rows, parent.month), series.name
