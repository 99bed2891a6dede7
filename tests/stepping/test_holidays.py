"""If these fail, a contact is agreed on a day when nobody is there, and no word warns of it."""

from __future__ import annotations

from datetime import date

import pytest

from stepping.holidays import Holiday, holiday_on


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 6), "independence"),
        (date(2027, 1, 6), "epiphany"),
        (date(2027, 3, 26), "good_friday"),
        (date(2027, 3, 29), "easter_monday"),
        (date(2027, 5, 6), "ascension"),
        (date(2027, 6, 25), "midsummer_eve"),
        (date(2026, 6, 20), "midsummer"),
        (date(2027, 6, 26), "midsummer"),
        (date(2026, 10, 31), "all_saints"),
        (date(2027, 11, 6), "all_saints"),
        (date(2008, 5, 1), "may_day"),  # Ascension Day as well
        (date(2026, 12, 5), None),
        (date(2026, 12, 31), None),
    ],
)
def test_a_finnish_holiday_is_known(day: date, name: Holiday | None) -> None:
    assert holiday_on(day) == name


def test_any_day_that_may_be_typed_has_an_answer() -> None:
    assert holiday_on(date(9998, 12, 6)) == holiday_on(date(1, 12, 6)) == "independence"
