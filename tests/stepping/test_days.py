"""If these fail, a typed day becomes another one, or a slip of the year passes unasked."""

from __future__ import annotations

from datetime import date

import pytest

from stepping.days import NoSuchDay, NotADay, count_years_away, is_far, read_day

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10.12.2026", date(2026, 12, 10)),
        ("10.12.26", date(2026, 12, 10)),
        ("2026-12-10", date(2026, 12, 10)),
        ("+7", date(2026, 12, 6)),
        ("-3", date(2026, 11, 26)),
        ("+2w", date(2026, 12, 13)),
        ("+2vk", date(2026, 12, 13)),
        ("+2 vk", date(2026, 12, 13)),
        ("28.11.", date(2026, 11, 28)),
    ],
)
def test_a_day_is_read_in_every_way_it_is_written(typed: str, expected: date) -> None:
    assert read_day(typed, TODAY) == expected


def test_without_a_year_it_is_the_nearest_one_on_the_side_that_is_meant() -> None:
    assert read_day("10.12.", TODAY) == date(2025, 12, 10)
    assert read_day("10.12.", TODAY, ahead=True) == date(2026, 12, 10)
    assert read_day("7", TODAY, ahead=True) == date(2026, 12, 6)


@pytest.mark.parametrize(
    "typed", ["30.2.", "30.2.2027", "2026-02-30", "31.11.", "0.1.", "9999-12-31"]
)
def test_a_day_that_the_calendar_lacks_is_told_as_that(typed: str) -> None:
    with pytest.raises(NoSuchDay):
        read_day(typed, TODAY, ahead=True)


@pytest.mark.parametrize("typed", ["", "7", "10.", "soon", "1.1.1", "2026", "+", "2026-1", "6 12"])
def test_what_is_no_day_is_told_as_that(typed: str) -> None:
    with pytest.raises(NotADay) as told:
        read_day(typed, TODAY, ahead=typed != "7")
    assert not isinstance(told.value, NoSuchDay)


@pytest.mark.parametrize(
    ("day", "far", "years"),
    [
        (date(2027, 11, 29), False, 1),
        (date(2027, 11, 30), True, 1),
        (date(2025, 11, 29), False, 1),
        (date(2025, 11, 28), True, 1),
        (date(2206, 12, 10), True, 180),
        (TODAY, False, 0),
    ],
)
def test_a_day_more_than_a_year_away_is_far(day: date, far: bool, years: int) -> None:
    assert is_far(day, TODAY) is far
    assert count_years_away(day, TODAY) == years
