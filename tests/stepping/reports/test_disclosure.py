"""Nothing that is hidden in printed tables can be worked out from them: they are solved here."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest

from stepping.reports.counts import Counts, Tally
from stepping.reports.disclosure import Disclosure
from stepping.reports.model import Band, Group, Kind, Series, Within
from stepping.reports.periods import (
    Period,
    calendar_period,
    calendar_periods,
    read_month,
)
from stepping.reports.table import FEWEST
from tests.stepping.reports.exact import System

BANDS = ("yes", "no")
SERIES = {
    "rows": Series(
        "rows", "episodes", "month", "so", bands=tuple(Band(one, (one,)) for one in BANDS)
    )
}
FIRST = read_month("2025-01")
OTHERS = "others"

Case = tuple[int, str, str, str]
"""A month, two things that it is told by, and whether something is so."""


def caseload(seed: int, months: int) -> list[Case]:
    """Draw a caseload: some groups are rare, some months are empty."""
    rng = random.Random(seed)
    one = [f"a{number}" for number in range(rng.randint(1, 4))]
    other = [f"b{number}" for number in range(rng.randint(2, 3))]
    weights = [[rng.random() ** 2 for _ in groups] for groups in (one, other)]
    busy = [rng.random() ** 2 for _ in range(months)]
    rows = rng.choice((8, 20, 40, 80, 150))
    share = rng.choice((0.1, 0.5, 0.9, 1.0))
    return [
        (
            FIRST + rng.choices(range(months), busy)[0],
            rng.choices(one, weights[0])[0],
            rng.choices(other, weights[1])[0],
            "yes" if rng.random() < share else "no",
        )
        for _ in range(rows)
    ]


def counted(cases: list[Case], by: int) -> Counts:
    """Count them by one of the two things; everybody is another person."""
    found = Counter((str(case[by]), case[0], case[3]) for case in cases)
    return Counts(Tally(group, month, so, 1, n, n) for (group, month, so), n in found.items())


class Reader:
    """Somebody who has every file that can be had, knows what is few, and adds and subtracts."""

    def __init__(self, cases: list[Case], months: int) -> None:
        self.cases = cases
        self.months = range(FIRST, FIRST + months)
        self.periods = [one for one in calendar_periods(FIRST // 12) if one.last in self.months]
        self.system = System()
        self.counts = {by: counted(cases, by) for by in (1, 2)}
        self.files = {
            by: Disclosure(SERIES, {"rows": counts}, self.months[-1])
            for by, counts in self.counts.items()
        }
        self.at = {
            (by, group, month, band): self.system.unknown()
            for by, counts in self.counts.items()
            for group in (*counts.groups, OTHERS)
            for month in self.months
            for band in BANDS
        }
        self.read()

    def shown(self, by: int, kind: Kind, group: Group, period: Period) -> bool:
        return self.files[by].shows("rows", kind, group, period)

    def terms(
        self, by: int, group: Group, period: Period, bands: tuple[str, ...] = BANDS
    ) -> dict[int, int]:
        groups = (*self.counts[by].groups, OTHERS) if group is None else (group,)
        return {self.at[key]: 1 for key in product((by,), groups, period.months, bands)}

    def number(self, by: int, group: Group, period: Period, bands: tuple[str, ...] = BANDS) -> int:
        return sum(
            case[0] in period.months and case[3] in bands and group in {None, case[by]}
            for case in self.cases
        )

    def cells(self) -> Iterator[tuple[int, Group, Period]]:
        for by, counts in self.counts.items():
            for group, period in product((None, *counts.groups), self.periods):
                yield by, group, period

    def read(self) -> None:
        """Read every table, and what is known beside them."""
        for by, group, period in self.cells():
            terms = self.terms(by, group, period)
            if self.shown(by, "count", group, period):
                self.system.equal(terms, self.number(by, group, period))
            else:
                self.guess(by, group, period, terms)
            if self.shown(by, "share", group, period):
                for band in BANDS:
                    had = self.number(by, group, period, (band,))
                    self.system.equal(self.terms(by, group, period, (band,)), had)
        for month, band in product(self.months, BANDS):
            period = calendar_period("month", month)
            both = self.terms(1, None, period, (band,))
            self.system.equal(both | dict.fromkeys(self.terms(2, None, period, (band,)), -1), 0)
            for by in self.counts:
                if not self.hides_zeros(by, period):
                    self.system.equal(self.terms(by, OTHERS, period, (band,)), 0)
        self.system.solve()

    def hides_zeros(self, by: int, period: Period) -> bool:
        """Return whether who had nothing is hidden like the rest."""
        groups = self.counts[by].groups
        return not any(self.shown(by, "count", group, period) for group in groups)

    def guess(self, by: int, group: Group, period: Period, terms: dict[int, int]) -> None:
        """Say what may be known of a hidden month: few are one to four, and others are not few.

        A file does not even say which of the two a hidden number is.
        """
        if period.kind != "month":
            return
        if self.number(by, group, period) >= FEWEST:
            self.system.at_least(terms, FEWEST)
            return
        self.system.at_most(terms, FEWEST - 1)
        if group is None or not self.hides_zeros(by, period):
            self.system.at_least(terms, 1)

    def secrets(self) -> Iterator[tuple[str, dict[int, int], int]]:
        """Yield every number of few, with what it is."""
        for by, group, period in self.cells():
            for bands in (BANDS, *((band,) for band in BANDS)):
                number = self.number(by, group, period, bands)
                if 0 < number < FEWEST:
                    yield (
                        f"{group} {period.name} {bands}",
                        self.terms(by, group, period, bands),
                        number,
                    )


def solved(seed: int, months: int) -> int:
    """Try to work out every number of few from all tables; return how many there are."""
    reader = Reader(caseload(seed, months), months)
    found = 0
    for name, terms, number in reader.secrets():
        least, most = reader.system.span(terms)
        assert least <= number <= most
        assert least < most, f"seed {seed}: {name} can only be {number}"
        found += 1
    return found


@pytest.mark.parametrize("seed", range(12))
def test_no_number_of_few_follows_from_all_tables_together(seed: int) -> None:
    """Months, quarters, four months and two breakdowns are read as one system of equations."""
    solved(seed, 4)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(12, 60))
def test_no_number_of_few_follows_from_half_a_year(seed: int) -> None:
    solved(seed, 6)


def careless(self: Reader, by: int, kind: Kind, group: Group, period: Period) -> bool:
    """Hide few, and nothing else."""
    sides = [BANDS] if kind == "count" else [(band,) for band in BANDS]
    return not any(0 < self.number(by, group, period, side) < FEWEST for side in sides)


def test_the_reader_works_out_what_a_careless_file_gives_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Reader, "shown", careless)
    found = 0
    for seed in range(6):
        reader = Reader(caseload(seed, 4), 4)
        spans = [reader.system.span(terms) for _, terms, _ in reader.secrets()]
        found += sum(least == most for least, most in spans)
    assert found > 20


def told(disclosure: Disclosure, counts: Counts, last: int) -> set[tuple[Kind, Group, Period]]:
    """Return everything that is shown up to a month."""
    kinds: tuple[Kind, ...] = ("count", "share", "mean")
    return {
        (kind, group, period)
        for kind in kinds
        for group in (None, *counts.groups)
        for period in calendar_periods(FIRST // 12)
        if period.last <= last and disclosure.shows("rows", kind, group, period)
    }


@pytest.mark.parametrize("seed", range(6))
def test_what_comes_later_changes_nothing_that_was_given_out(seed: int) -> None:
    cases = caseload(seed, 12)
    for last in (FIRST + 2, FIRST + 6):
        then = counted([case for case in cases if case[0] <= last], 1)
        now = counted(cases, 1)
        before = told(Disclosure(SERIES, {"rows": then}, last), then, last)
        after = told(Disclosure(SERIES, {"rows": now}, FIRST + 11), now, last)
        # Who had nothing until then is told as nothing now.
        assert before == {one for one in after if one[1] is None or one[1] in then.groups}


def test_a_month_that_is_hidden_hides_the_longer_period_that_would_tell_it() -> None:
    rows = [Tally("a", FIRST + at, "yes", 1, count, count) for at, count in enumerate((3, 8, 9))]
    counts = Counts(rows)
    file = Disclosure(SERIES, {"rows": counts}, FIRST + 2)
    shown = {
        period.name: file.shows("rows", "count", None, period)
        for period in calendar_periods(FIRST // 12)
        if period.last <= FIRST + 2
    }
    assert shown == {"2025-01": False, "2025-02": True, "2025-03": True, "2025-Q1": False}


def test_two_hidden_months_leave_their_quarter_open() -> None:
    rows = [Tally("a", FIRST + at, "yes", 1, count, count) for at, count in enumerate((3, 2, 9))]
    file = Disclosure(SERIES, {"rows": Counts(rows)}, FIRST + 2)
    assert file.shows("rows", "count", None, calendar_period("quarter", FIRST))


def test_a_free_period_tells_no_more_than_the_periods_of_which_it_is_made() -> None:
    rows = [Tally("a", FIRST + at, "yes", 1, count, count) for at, count in enumerate((6, 7, 3, 3))]
    file = Disclosure(SERIES, {"rows": Counts(rows)}, FIRST + 3)
    for first, last, shown in ((0, 1, True), (1, 2, False), (0, 3, True), (2, 3, False)):
        period = Period(FIRST + first, FIRST + last, "free")
        assert file.shows("rows", "count", None, period) is shown, period.name


def test_a_month_that_is_not_over_is_in_no_file() -> None:
    rows = [Tally("a", FIRST, "yes", 1, 50, 50)]
    file = Disclosure(SERIES, {"rows": Counts(rows)}, FIRST - 1)
    assert not file.shows("rows", "count", None, calendar_period("month", FIRST))


POINTS = {
    "rows": Series(
        "rows", "episodes", "month", "points", bands=(Band("any", told=True),), highest=10
    )
}


def test_a_mean_of_few_does_not_follow_from_the_mean_of_all_and_of_the_others() -> None:
    """Nine have no mean, so another group has none either; the mean of all stays."""
    sizes = {"a": 9, "b": 30, "c": 40}
    rows = [Tally(group, FIRST, 5, 1, size, size) for group, size in sizes.items()]
    file = Disclosure(POINTS, {"rows": Counts(rows)}, FIRST)
    month = calendar_period("month", FIRST)
    means = {group: file.shows("rows", "mean", group, month) for group in (None, *sizes)}
    assert means == {None: True, "a": False, "b": False, "c": True}
    assert all(file.shows("rows", "count", group, month) for group in (None, *sizes))


def test_a_quantile_has_five_rows_on_either_side_and_the_longest_is_nobodys_to_tell() -> None:
    month = calendar_period("month", FIRST)
    for size, median, ninth in (
        (9, False, False),
        (10, True, False),
        (49, True, False),
        (50, True, True),
    ):
        rows = [Tally("a", FIRST, 5, 1, size, size)]
        file = Disclosure(POINTS, {"rows": Counts(rows)}, FIRST)
        assert file.shows("rows", "median", None, month) is median
        assert file.shows("rows", "percentile_90", None, month) is ninth
        assert not file.shows("rows", "longest", None, month)


def test_many_rows_of_few_persons_are_few() -> None:
    """Thirty contacts of three persons: no more than three share an ordinal."""
    rows = [Tally("a", FIRST, "yes", ordinal, 3, 3) for ordinal in range(10)]
    file = Disclosure(SERIES, {"rows": Counts(rows)}, FIRST)
    assert not file.shows("rows", "count", None, calendar_period("month", FIRST))


def test_of_whom_nothing_is_known_they_are_one_person() -> None:
    rows = [Tally("a", FIRST, "yes", None, 50, 50)]
    file = Disclosure(SERIES, {"rows": Counts(rows)}, FIRST)
    assert not file.shows("rows", "count", None, calendar_period("month", FIRST))


NESTED = {
    **SERIES,
    "inner": Series(
        "inner",
        "episodes",
        "month",
        "more",
        bands=(Band("yes", ("yes",)), Band("no", ("no",))),
        within=Within("rows", ("yes",)),
    ),
}


def test_what_a_part_is_of_is_hidden_with_the_part() -> None:
    """Of 20 three have it not: how many have it is hidden, and so is what is told of those."""
    rows = [Tally("a", FIRST, so, 1, n, n) for so, n in (("yes", 17), ("no", 3))]
    inner = [Tally("a", FIRST, so, 1, n, n) for so, n in (("yes", 9), ("no", 8))]
    counts = {"rows": Counts(rows), "inner": Counts(inner)}
    file = Disclosure(NESTED, counts, FIRST)
    month = calendar_period("month", FIRST)
    assert file.shows("rows", "count", None, month)
    pairs: tuple[tuple[str, Kind], ...] = (
        ("rows", "share"),
        ("inner", "count"),
        ("inner", "share"),
        ("inner", "median"),
    )
    for series, kind in pairs:
        assert not file.shows(series, kind, None, month), (series, kind)
