"""Days as people type them: how they are read, and which are worth asking about again."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

LETTERS = "0123456789-.+WVK "
"""What a typed day may be made of."""
LONGEST = 10
"""Characters that a typed day may have."""

_YEAR = 12
_CENTURY = 2000
_SHORT = 2
_LAST_YEAR = 9998
"""After each day that may be typed there is another one, on which it is over."""
_LEAP_YEARS = 9
"""Within so many years every day of the calendar comes."""


class NotADay(ValueError):
    """A text that is no day."""


class NotWeeks(NotADay):
    """A number of weeks or years: `v` means week in Swedish and year in Finnish."""


class NoSuchDay(NotADay):
    """A day that the calendar does not have, such as 30.2."""


def read_day(typed: str, today: date, *, ahead: bool = False, language: str = "") -> date:
    """Read 2026-12-01, 1.12.2026, 1.12.26, 1.12., +7 or -7 days, +2w or +2vk weeks.

    A day without a year is the nearest such day: the last one, or the next one where `ahead`. There
    a bare number counts days from today as well. In Swedish +2v are weeks too.

    Raises:
        NotWeeks: If it ends in a `v` that is not Swedish.
        NoSuchDay: If it looks like a day but the calendar has none.
        NotADay: If it does not look like one.
    """
    if re.search(r"\d \d", typed):  # "6 12" is no 612 days
        raise NotADay
    typed = typed.replace(" ", "").upper()
    if found := re.fullmatch(r"([+-]?)(\d{1,3})(W|VK|V)?", typed):
        if not (found[1] or ahead):
            raise NotADay
        if found[3] == "V" and language != "sv":
            raise NotWeeks
        days = int(found[2]) * (7 if found[3] else 1)
        return today + timedelta(days=-days if found[1] == "-" else days)
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", typed):
        return _day(*map(int, typed.split("-")))
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?(\d{4}|\d\d)?", typed)
    if not found:
        raise NotADay
    day, month, year = found.groups()
    if year:
        whole = int(year) + (_CENTURY if len(year) == _SHORT else 0)
        return _day(whole, int(month), int(day))
    return _nearest(int(day), int(month), today, ahead=ahead)


def _day(year: int, month: int, day: int) -> date:
    if year > _LAST_YEAR:
        raise NoSuchDay
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay from None


def _nearest(day: int, month: int, today: date, *, ahead: bool) -> date:
    """Return the nearest day of a month on one side of today.

    29 February may lie some years away.

    Raises:
        NoSuchDay: If the month never has the day.
    """
    for years in range(_LEAP_YEARS):
        try:
            found = date(today.year + (years if ahead else -years), month, day)
        except ValueError:
            continue
        if found >= today if ahead else found <= today:
            return found
    raise NoSuchDay


def add_months(day: date, months: int) -> date:
    """Return the day of the same number some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def is_far(day: date, today: date) -> bool:
    """Say whether a day lies more than a year away: most often its year is a slip of the finger."""
    return not add_months(today, -_YEAR) <= day <= add_months(today, _YEAR)


def count_years_away(day: date, today: date) -> int:
    """Return how many whole years a day is away, ahead or behind."""
    early, late = sorted((day, today))
    years = late.year - early.year
    return years - (add_months(early, _YEAR * years) > late)
