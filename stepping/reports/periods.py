"""The periods that a report is asked for: whole months, each beside the same time a year before."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal

from stepping.pathway.diagnostics import find_nearest

Kind = Literal["month", "quarter", "third", "year", "free"]
"""`third` is four months, the period of a self-monitoring report."""
Month = int
"""A month as its number from the beginning of the year 0: periods are spans of whole numbers."""

YEAR = 12
LENGTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "third": 4, "year": 12}
"""Months of each kind that the calendar knows."""
LETTERS: dict[Kind, str] = {"quarter": "Q", "third": "T"}
EARLIEST, _LATEST = 2000, 9998
"""Years of which a report may be asked: there is no store that tells of earlier ones."""
LONGEST_YEARS = 20
LONGEST = LONGEST_YEARS * YEAR
"""The most months of a period: longer than any store has been kept, and soon counted."""

_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d\d)|([QT])([1-4])))?", re.ASCII)
_FREE = re.compile(r"(\d{4}-\d\d)\.\.(\d{4}-\d\d)", re.ASCII)


class NotAPeriod(ValueError):
    """A text that is no period; `hint` says which written one is nearest, or nothing."""

    def __init__(self, typed: str, hint: str = "") -> None:
        super().__init__(typed)
        self.typed = typed
        self.hint = hint


class Reversed(NotAPeriod):
    """A period that ends before it begins; `hint` is the same the other way round."""


class InTheFuture(NotAPeriod):
    """A period that has not begun; `hint` is the last one of its kind that has."""


class TooLong(NotAPeriod):
    """A period of more than `LONGEST` months; `hint` is the newest part that is not."""


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from the first to the last, both included."""

    first: Month
    last: Month
    kind: Kind

    @property
    def name(self) -> str:
        """The period as it is typed: 2026-11, 2026-Q3, 2026-T2, 2026, 2026-02..2026-06."""
        year, month = divmod(self.first, YEAR)
        match self.kind:
            case "month":
                return month_name(self.first)
            case "year":
                return f"{year:04}"
            case "free":
                return f"{month_name(self.first)}..{month_name(self.last)}"
        return f"{year:04}-{LETTERS[self.kind]}{month // LENGTHS[self.kind] + 1}"

    @property
    def months(self) -> range:
        """Its months."""
        return range(self.first, self.last + 1)

    @property
    def length(self) -> int:
        """How many months it has."""
        return len(self.months)

    def year_before(self) -> Period:
        """Return the same period a year before."""
        return Period(self.first - YEAR, self.last - YEAR, self.kind)

    def is_over(self, today: datetime.date) -> bool:
        """Return whether its last day has passed."""
        return self.last < month_of(today)


def month_of(day: datetime.date) -> Month:
    """Return the month of a day."""
    return day.year * YEAR + day.month - 1


def month_name(month: Month) -> str:
    """Return a month as in 2026-11."""
    return f"{month // YEAR:04}-{month % YEAR + 1:02}"


def read_month(text: str) -> Month:
    """Return the month that is written as 2026-11.

    Raises:
        NotAPeriod: If it is none.
    """
    found = _PERIOD.fullmatch(text)
    if not found or not found[2] or not 1 <= int(found[2]) <= YEAR:
        raise NotAPeriod(text)
    return int(found[1]) * YEAR + int(found[2]) - 1


def last_day(month: Month) -> datetime.date:
    """Return the last day of a month."""
    year, at = divmod(month, YEAR)
    return datetime.date(year, at + 1, monthrange(year, at + 1)[1])


def calendar_period(kind: Kind, month: Month) -> Period:
    """Return the period of a kind in which a month lies."""
    length = LENGTHS[kind]
    first = month - month % length
    return Period(first, first + length - 1, kind)


def spanning(first: Month, last: Month) -> Period:
    """Return the period from a month to another one, of the kind that the calendar has for it."""
    known = (calendar_period(kind, first) for kind in LENGTHS)
    fits = (period for period in known if (period.first, period.last) == (first, last))
    return next(fits, Period(first, last, "free"))


def calendar_periods(year: int) -> tuple[Period, ...]:
    """Return every period of a year that the calendar knows, by its end, the shortest first."""
    months = range(year * YEAR, (year + 1) * YEAR)
    found = {calendar_period(kind, month) for month in months for kind in LENGTHS}
    return tuple(sorted(found, key=lambda period: (period.last, period.length)))


def years_of(period: Period) -> range:
    """Return the calendar years that a period touches."""
    return range(period.first // YEAR, period.last // YEAR + 1)


def read_period(typed: str, today: datetime.date) -> Period:
    """Read 2026-11, 2026-Q3, 2026-T2, 2026 or 2026-02..2026-06.

    Raises:
        NotAPeriod: If it is none, Reversed, InTheFuture if it has not begun, TooLong.
    """
    text = typed.strip().upper()
    if free := _FREE.fullmatch(text):
        return _free(text, free[1], free[2], today)
    found = _PERIOD.fullmatch(text)
    period = _calendar(found) if found else None
    if period is None:
        raise NotAPeriod(typed, _nearest(text, today))
    if period.first > month_of(today):
        raise InTheFuture(typed, calendar_period(period.kind, month_of(today)).name)
    return period


def _calendar(found: re.Match[str]) -> Period | None:
    year, month, letter, number = found.groups()
    if not EARLIEST <= int(year) <= _LATEST:
        return None
    start = int(year) * YEAR
    if month:
        fits = 1 <= int(month) <= YEAR
        return calendar_period("month", start + int(month) - 1) if fits else None
    if not letter:
        return calendar_period("year", start)
    kind: Kind = "quarter" if letter == LETTERS["quarter"] else "third"
    first = (int(number) - 1) * LENGTHS[kind]
    return calendar_period(kind, start + first) if first < YEAR else None


def _free(typed: str, one: str, other: str, today: datetime.date) -> Period:
    try:
        first, last = read_month(one), read_month(other)
    except NotAPeriod as error:
        raise NotAPeriod(typed, _nearest(error.typed, today)) from None
    if last < first:
        raise Reversed(typed, _newest_part(last, first, today))
    if last > month_of(today):
        raise InTheFuture(typed, _newest_part(first, last, today))
    if last - first >= LONGEST:
        raise TooLong(typed, _newest_part(first, last, today))
    return spanning(first, last)


def _newest_part(first: Month, last: Month, today: datetime.date) -> str:
    """Return from a month to another one what has begun of it and is not too long."""
    end = min(last, month_of(today))
    return f"{month_name(max(min(first, end), end - LONGEST + 1))}..{month_name(end)}"


def _nearest(typed: str, today: datetime.date) -> str:
    """Return the period of this year or the last that is written most alike, else this quarter."""
    known = [
        period.name
        for year in (today.year, today.year - 1)
        for period in calendar_periods(year)
        if period.first <= month_of(today)
    ]
    return find_nearest(typed, known) or calendar_period("quarter", month_of(today)).name


def newest_whole(kind: Kind, today: datetime.date) -> Period:
    """Return the newest period of a kind that is over; of free ones, which have none, a month."""
    if kind == "free":
        kind = "month"
    period = calendar_period(kind, month_of(today))
    while not period.is_over(today):
        period = calendar_period(kind, period.first - 1)
    return period
