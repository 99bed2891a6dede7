"""Days on which most places are closed in Finland: public holidays, and the two eves like them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from dateutil.easter import easter

Holiday = Literal[
    "new_year",
    "epiphany",
    "good_friday",
    "easter",
    "easter_monday",
    "may_day",
    "ascension",
    "pentecost",
    "midsummer_eve",
    "midsummer",
    "all_saints",
    "independence",
    "christmas_eve",
    "christmas",
    "boxing_day",
]
_FIXED: dict[Holiday, tuple[int, int]] = {
    "new_year": (1, 1),
    "epiphany": (1, 6),
    "may_day": (5, 1),
    "independence": (12, 6),
    "christmas_eve": (12, 24),
    "christmas": (12, 25),
    "boxing_day": (12, 26),
}
"""Month and day."""
_FROM_EASTER: dict[Holiday, int] = {
    "good_friday": -2,
    "easter": 0,
    "easter_monday": 1,
    "ascension": 39,
    "pentecost": 49,
}
"""Days from Easter Sunday."""
_SATURDAY = 5


def holiday_on(day: date) -> Holiday | None:
    """Return which holiday a day is, by the rules that hold since 1992, if it is one."""
    return _of_year(day.year).get(day)


@lru_cache(maxsize=8)
def _of_year(year: int) -> dict[date, Holiday]:
    """Return the holidays of a year; of two on one day the later in this order counts."""
    sunday = easter(year)
    midsummer = _saturday_from(date(year, 6, 20))
    found: dict[date, Holiday] = {
        **{sunday + timedelta(days=after): name for name, after in _FROM_EASTER.items()},
        midsummer - timedelta(days=1): "midsummer_eve",
        midsummer: "midsummer",
        _saturday_from(date(year, 10, 31)): "all_saints",
    }
    return found | {date(year, *at): name for name, at in _FIXED.items()}


def _saturday_from(day: date) -> date:
    """Return the first Saturday on or after a day."""
    return day + timedelta(days=(_SATURDAY - day.weekday()) % 7)
