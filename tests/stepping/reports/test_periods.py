"""Periods as they are typed, and what is told of those that cannot be."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.reports.periods import (
    LONGEST,
    InTheFuture,
    NotAPeriod,
    Reversed,
    TooLong,
    calendar_periods,
    last_day,
    newest_whole,
    read_period,
)

TODAY = datetime.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "name", "kind", "length"),
    [
        ("2026-11", "2026-11", "month", 1),
        ("2026-q3", "2026-Q3", "quarter", 3),
        (" 2026-T2 ", "2026-T2", "third", 4),
        ("2025", "2025", "year", 12),
        ("2026-02..2026-06", "2026-02..2026-06", "free", 5),
        ("2026-07..2026-09", "2026-Q3", "quarter", 3),
        ("2026-05..2026-05", "2026-05", "month", 1),
        ("2025-11..2026-02", "2025-11..2026-02", "free", 4),
    ],
)
def test_a_period_is_read(typed: str, name: str, kind: str, length: int) -> None:
    period = read_period(typed, TODAY)
    assert (period.name, period.kind, period.length) == (name, kind, length)
    assert read_period(period.name, TODAY) == period


@pytest.mark.parametrize(
    ("typed", "refusal", "hint"),
    [
        ("2026-06..2026-02", Reversed, "2026-02..2026-06"),
        ("2027", InTheFuture, "2026"),
        ("2026-12", InTheFuture, "2026-11"),
        ("2027-Q1", InTheFuture, "2026-Q4"),
        ("2026-09..2027-01", InTheFuture, "2026-09..2026-11"),
        ("2000-01..2026-11", TooLong, "2006-12..2026-11"),
        ("2026-11..2000-01", Reversed, "2006-12..2026-11"),
        ("2026-Q5", NotAPeriod, "2026-Q4"),
        ("2026-T4", NotAPeriod, "2026-T3"),
        ("2026-13", NotAPeriod, "2026-T3"),
        ("2026Q3", NotAPeriod, "2026-Q3"),
        ("last month", NotAPeriod, "2026-Q4"),
        ("", NotAPeriod, "2026-Q4"),
        ("9999", NotAPeriod, ""),
    ],
)
def test_what_is_no_period_is_told_with_the_nearest(
    typed: str, refusal: type[NotAPeriod], hint: str
) -> None:
    with pytest.raises(NotAPeriod) as told:
        read_period(typed, TODAY)
    assert type(told.value) is refusal
    if hint:
        assert told.value.hint == hint
    read_period(told.value.hint, TODAY)


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_told_with_one(typed: str) -> None:
    try:
        period = read_period(typed, TODAY)
    except NotAPeriod as told:
        period = read_period(told.hint, TODAY)
    assert read_period(period.name, TODAY) == period


def test_a_year_has_its_periods_by_their_end() -> None:
    names = [period.name for period in calendar_periods(2026)]
    assert names[:6] == ["2026-01", "2026-02", "2026-03", "2026-Q1", "2026-04", "2026-T1"]
    assert names[-4:] == ["2026-12", "2026-Q4", "2026-T3", "2026"]
    assert len(names) == 12 + 4 + 3 + 1


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_the_newest_whole_period_is_the_last_that_is_over(today: datetime.date) -> None:
    period = newest_whole("quarter", today)
    assert last_day(period.last) < today
    after = [one for one in calendar_periods(period.first // 12) if one.first > period.last]
    assert all(not one.is_over(today) for one in after if one.kind == "quarter")


def test_the_longest_period_is_one() -> None:
    assert read_period("2006-12..2026-11", TODAY).length == LONGEST


def test_the_same_period_a_year_before() -> None:
    assert read_period("2026-T2", TODAY).year_before().name == "2025-T2"
    assert read_period("2026-02..2026-06", TODAY).year_before().name == "2025-02..2025-06"
