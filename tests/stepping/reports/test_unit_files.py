"""Files of one unit beside those of all: what is hidden in one must not follow from the others."""

from __future__ import annotations

import datetime
import random
from itertools import product

import pytest

from screens.reports.choosing import breakdowns_of
from stepping.reports.catalogue import PARTS, REPORTS, find_breakdown, find_report
from stepping.reports.counts import Counts, Tally
from stepping.reports.disclosure import Disclosure
from stepping.reports.evaluate import Facts, OnlyOnScreen, Question, make_table
from stepping.reports.model import Breakdown, Figure, Group, Kind, Report, Scope
from stepping.reports.periods import YEAR, Period, calendar_period, read_period
from stepping.reports.table import Table
from tests.stepping.reports.invented import TODAY, tallies
from tests.stepping.reports.test_disclosure import (
    BANDS,
    FIRST,
    SERIES,
    Case,
    Reader,
    caseload,
    solved,
)

UNIT = "guided_self_help"
"""One of the groups of the invented sums, as the unit of a lead."""
BY_UNIT = Breakdown("unit", "unit")


def table(name: str, by: str | None, period: str, scope: Scope, seed: int) -> Table:
    """Return the file of all by unit, or that of one unit, of the same invented county."""
    report = find_report(name)
    breakdown = find_breakdown(report, by) if by in PARTS else BY_UNIT if by else None
    asked = read_period(period, TODAY)
    unit = UNIT if scope == "unit" else None
    question = Question(report, breakdown, asked, TODAY, for_file=True, scope=scope, unit=unit)
    counts = {}
    for series in question.series:
        rng = random.Random(f"{series.name} {seed}")
        many = rng.choice((12, 40))
        counts[series.name] = Counts(tallies(series, question.months, rng, many))
    return make_table(question, counts, Facts())


@pytest.mark.parametrize("period", ["2026-Q3", "2025"])
@pytest.mark.parametrize("name", [name for name in REPORTS if name != "caseload"])
def test_a_file_of_a_unit_is_a_row_of_the_file_of_all(name: str, period: str) -> None:
    """It tells nothing that the county's does not, however many others there are beside it."""
    shown = 0
    for seed in range(2):
        its_own = table(name, None, period, "unit", seed)
        county = table(name, "unit", period, "all", seed)
        for figure, asked in product(its_own.figures, its_own.periods):
            row = county.cell(figure, UNIT, asked)
            cell = its_own.cell(figure, None, asked)
            assert cell is not None
            if row is None:
                assert cell.value is None or not cell.number
                continue
            assert (cell.number, cell.value, cell.hidden) == (row.number, row.value, row.hidden)
            shown += cell.hidden is None
    assert shown or name != "methods"


def test_a_file_of_a_unit_by_month_is_made_of_its_rows_of_each_month() -> None:
    by_month = table("methods", "month", "2026-Q3", "unit", 2)
    for month in by_month.groups:
        county = table("methods", "unit", month, "all", 2)
        for figure in by_month.figures:
            asked = next(one for one in by_month.periods if month in _months(one))
            cell = by_month.cell(figure, month, asked)
            row = county.cell(figure, UNIT, read_period(month, TODAY))
            assert cell is not None
            if row is not None:
                assert (cell.number, cell.hidden) == (row.number, row.hidden)


def _months(period: Period) -> set[str]:
    return {Period(month, month, "month").name for month in period.months}


@pytest.mark.parametrize(("scope", "by"), [("own", None), ("own", "month"), ("unit", "method")])
def test_of_other_parts_there_is_no_file(scope: Scope, by: str | None) -> None:
    report = find_report("methods")
    breakdown = find_breakdown(report, by) if by else None
    period = read_period("2026-Q3", TODAY)
    question = Question(report, breakdown, period, TODAY, for_file=True, scope=scope, unit=UNIT)
    with pytest.raises(OnlyOnScreen):
        make_table(question, {}, Facts())


# -- beside the files of all -----------------------------------------------------------------------


def test_files_of_units_that_hid_each_by_itself_would_tell_of_few() -> None:
    """Why a file of a unit is told by nothing else: three in one follow from the others."""
    units = {
        "one": {"x": 3, "y": 8, "z": 9},
        "other": {"x": 20, "y": 21, "z": 22},
    }
    month = calendar_period("month", FIRST)

    def file(sizes: dict[str, int]) -> Disclosure:
        rows = [Tally(group, FIRST, "yes", 1, size, size) for group, size in sizes.items()]
        return Disclosure(SERIES, {"rows": Counts(rows)}, FIRST)

    def shows(sizes: dict[str, int], group: str) -> bool:
        return file(sizes).shows("rows", "count", group, month)

    together = {group: sum(unit[group] for unit in units.values()) for group in "xyz"}
    assert not shows(units["one"], "x"), "by itself it hides them"
    assert shows(units["other"], "x")
    assert shows(together, "x"), "but all less the other unit are three"


class WithUnits(Reader):
    """Has the files of all, and that of each unit as it is made: rows of the file by unit."""

    def __init__(self, cases: list[Case], months: int) -> None:
        self.read_units = 0
        super().__init__(cases, months)

    def read(self) -> None:
        """Read what the file of each unit shows, then all others."""
        file = self.files[1]
        kinds: tuple[Kind, ...] = ("count", "share")
        for unit, period, kind in product(self.counts[1].groups, self.periods, kinds):
            group: Group = unit
            if not file.shows("rows", kind, group, period):
                continue
            for bands in [BANDS] if kind == "count" else [(band,) for band in BANDS]:
                terms = self.terms(1, group, period, bands)
                self.system.equal(terms, self.number(1, group, period, bands))
                self.read_units += 1
        super().read()


@pytest.mark.parametrize("seed", range(6))
def test_no_number_of_few_follows_from_the_files_of_all_units_and_of_all(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("tests.stepping.reports.test_disclosure.Reader", WithUnits)
    solved(seed, 3)


# -- which groups are listed ----------------------------------------------------------------------


REPORT = Report("rows", (Figure("rows", "count", "rows"), Figure("so", "share", "rows", ("yes",))))
BY = {1: Breakdown("one", "one"), 2: Breakdown("other", "other")}


class Listed(Reader):
    """Knows as well that whoever is listed in a file has at least one row in its period."""

    listed = 0

    def read(self) -> None:
        """Read which groups stand in each file, then all numbers."""
        year, month = divmod(self.months[-1] + 1, YEAR)
        today = datetime.date(year, month + 1, 1)
        for by, period in product(BY, self.periods):
            question = Question(REPORT, BY[by], period, today, for_file=True)
            for group in make_table(question, {"rows": self.counts[by]}, Facts()).groups:
                self.system.at_least(self.terms(by, group, period), 1)
                self.listed += 1
        super().read()


@pytest.mark.parametrize("seed", range(24))
def test_no_number_of_few_follows_from_which_groups_are_listed(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("stepping.reports.evaluate.SERIES", SERIES)
    monkeypatch.setattr("tests.stepping.reports.test_disclosure.Reader", Listed)
    solved(seed, 3)


def test_four_groups_of_one_each_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four at most in all, and one at least in each, would give all of them away."""
    monkeypatch.setattr("stepping.reports.evaluate.SERIES", SERIES)
    rows = [Tally(group, FIRST, "yes", 1, 1, 1) for group in "abcd"]
    many = [Tally(group, FIRST, "yes", 1, 9, 9) for group in "abcd"]
    month = calendar_period("month", FIRST)
    question = Question(REPORT, BY[1], month, TODAY, for_file=True)
    assert make_table(question, {"rows": Counts(rows)}, Facts()).groups == ()
    assert make_table(question, {"rows": Counts(many)}, Facts()).groups == ("a", "b", "c", "d")


# -- what is told by something that follows from something else ------------------------------------


class Nested(Reader):
    """Knows of each value of the first thing to which one of the second it belongs."""

    told_by: tuple[int, ...] = (1,)
    """By which of the two there are files."""

    def __init__(self, seed: int, months: int) -> None:
        drawn = caseload(seed, months)
        rng = random.Random(seed * 7 + 1)
        self.whole_of = {one: f"w{rng.randrange(2)}" for one in sorted({case[1] for case in drawn})}
        super().__init__([(at, one, self.whole_of[one], so) for at, one, _, so in drawn], months)

    def shown(self, by: int, kind: Kind, group: Group, period: Period) -> bool:
        return by in self.told_by and super().shown(by, kind, group, period)

    def guess(self, by: int, group: Group, period: Period, terms: dict[int, int]) -> None:
        if by in self.told_by:
            super().guess(by, group, period, terms)

    def hides_zeros(self, by: int, period: Period) -> bool:
        return by not in self.told_by or super().hides_zeros(by, period)

    def read(self) -> None:
        """Add up what belongs together, then read all files."""
        for month, band, whole in product(self.months, BANDS, self.counts[2].groups):
            parts = {self.at[1, one, month, band]: 1 for one in self.given(whole)}
            self.system.equal(parts | {self.at[2, whole, month, band]: -1}, 0)
        super().read()

    def given(self, whole: str) -> list[str]:
        """Return the values that belong to a whole."""
        return [one for one, its in self.whole_of.items() if its == whole]

    def found(self) -> int:
        """Return how many numbers of few can only be what they are."""
        spans = [self.system.span(terms) for _, terms, _ in self.secrets()]
        return sum(least == most for least, most in spans)


class BothTold(Nested):
    """Has files by either of the two, each hidden by itself."""

    told_by = (1, 2)


@pytest.mark.parametrize("seed", range(12))
def test_no_part_and_no_whole_of_few_follows_from_the_files_by_part(seed: int) -> None:
    """Methods have files of all units, and their procedure codes none."""
    assert Nested(seed, 3).found() == 0


def test_files_by_part_and_by_whole_would_tell_of_few() -> None:
    assert sum(BothTold(seed, 3).found() for seed in range(12)) > 0


@pytest.mark.parametrize(
    ("name", "by"), [("methods", "code"), ("overrides", "reason"), ("stops", "pathway")]
)
def test_of_all_units_it_is_told_by_one_of_two_that_follow_from_each_other(
    name: str, by: str
) -> None:
    report, year = find_report(name), read_period("2025", TODAY)
    assert by in breakdowns_of(report, year, "unit")
    assert by not in breakdowns_of(report, year, "all")
