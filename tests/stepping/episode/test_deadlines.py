"""If these fail, a young person waits longer than the law allows, and no list shows it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.days import add_months
from stepping.episode.deadlines import (
    AgeReason,
    Deadline,
    DeadlineError,
    DeadlineState,
    Pause,
    PauseError,
    age_reason,
    compute_deadline,
)
from stepping.finland import NoTimeZone, finnish_day
from store.pathway_files.care import shipped_care

START = date(2026, 2, 2)
YOUNG, EITHER, OLDER = 2006, 2003, 1980
RULES = {rule.id: rule for rule in shipped_care().deadlines.deadline}
GUARANTEE = RULES["therapy_guarantee"]


def days(count: int) -> timedelta:
    return timedelta(days=count)


def guarantee(
    after: int, *pauses: tuple[int, int | None], met: int | None = None, birth_year: int = YOUNG
) -> Deadline:
    """The guarantee some days after its start; all other days are counted from there too."""
    return compute_deadline(
        GUARANTEE,
        start=START,
        today=START + days(after),
        birth_year=birth_year,
        pauses=[
            Pause(START + days(first), None if until is None else START + days(until), "medical")
            for first, until in pauses
        ],
        met=None if met is None else START + days(met),
        young_until=23,
    )


def due_after(found: Deadline) -> int:
    assert found.due is not None
    return (found.due - START).days


@pytest.mark.parametrize(
    ("rule", "young", "others"),
    [
        ("therapy_guarantee", date(2026, 3, 2), None),
        ("first_treatment", date(2026, 2, 16), None),
        ("treatment_start", None, date(2026, 5, 2)),
        ("specialised_assessment", date(2026, 3, 16), date(2026, 5, 2)),
        ("specialised_treatment", date(2026, 5, 2), date(2026, 8, 2)),
    ],
)
def test_each_deadline_falls_on_the_day_of_the_law(
    rule: str, young: date | None, others: date | None
) -> None:
    for birth_year, due in ((YOUNG, young), (EITHER, young), (OLDER, others)):
        found = compute_deadline(
            RULES[rule], start=START, today=START, birth_year=birth_year, young_until=23
        )
        assert found.due == due
        assert found.state == ("not_applicable" if due is None else "running")
        assert found.days_left == (None if due is None else (due - START).days)


def test_every_rule_says_its_law_its_source_and_its_two_events() -> None:
    for name, rule in RULES.items():
        assert rule.id == name
        assert rule.basis == "law"
        assert "1326/2010" in rule.law
        assert len(rule.source) > 10
        assert rule.starts != rule.ends


@pytest.mark.parametrize(
    ("after", "state", "left"), [(0, "running", 28), (28, "running", 0), (29, "overdue", -1)]
)
def test_the_last_day_is_still_in_time_and_the_next_is_not(
    after: int, state: DeadlineState, left: int
) -> None:
    found = guarantee(after)
    assert (found.state, found.days_left) == (state, left)


@pytest.mark.parametrize(("met", "left"), [(0, 28), (28, 0), (31, -3)])
def test_what_was_met_stays_met_and_tells_how_late_it_was(met: int, left: int) -> None:
    for after in (31, 400):
        found = guarantee(after, met=met)
        assert (found.state, found.days_left) == ("met", left)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 1, 30), 3, date(2026, 4, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 11, 29), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 6, date(2028, 8, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 9, 30), 3, date(2026, 12, 30)),
        (date(2026, 12, 31), 3, date(2027, 3, 31)),
        (date(2026, 10, 31), 6, date(2027, 4, 30)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_its_last_day(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later


def test_twenty_eight_days_count_the_leap_day() -> None:
    start = date(2028, 2, 15)
    found = compute_deadline(GUARANTEE, start=start, today=start, birth_year=YOUNG, young_until=23)
    assert found.due == date(2028, 3, 14)


@pytest.mark.parametrize("weekend", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 12, 25)])
def test_a_last_day_on_a_weekend_or_holiday_does_not_move(weekend: date) -> None:
    start = weekend - days(28)
    assert (
        compute_deadline(GUARANTEE, start=start, today=start, birth_year=YOUNG, young_until=23).due
        == weekend
    )


@pytest.mark.parametrize(
    ("birth_year", "day", "because"),
    [
        (2004, date(2026, 1, 1), "under_23"),
        (2004, date(2026, 12, 31), "under_23"),
        (2003, date(2026, 1, 1), "may_still_be_22"),
        (2003, date(2026, 12, 30), "may_still_be_22"),
        (2003, date(2026, 12, 31), "at_least_23"),
        (2003, date(2027, 1, 1), "at_least_23"),
        (2002, date(2026, 1, 1), "at_least_23"),
        (2026, date(2026, 6, 1), "under_23"),
    ],
)
def test_a_year_of_birth_counts_as_young_for_as_long_as_it_may_be(
    birth_year: int, day: date, because: AgeReason
) -> None:
    assert age_reason(birth_year, day, 23) == because


def test_who_may_still_be_22_gets_the_earlier_day_and_the_reason() -> None:
    rule = RULES["specialised_assessment"]
    either, older = (
        compute_deadline(rule, start=START, today=START, birth_year=year, young_until=23)
        for year in (EITHER, EITHER - 1)
    )
    assert (either.because, either.due) == ("may_still_be_22", START + days(42))
    assert (older.because, older.due) == ("at_least_23", date(2026, 5, 2))


def test_turning_23_while_waiting_takes_the_guarantee_from_nobody() -> None:
    start = date(2026, 12, 20)
    found = compute_deadline(
        GUARANTEE, start=start, today=date(2027, 1, 10), birth_year=2003, young_until=23
    )
    assert (found.state, found.due) == ("running", date(2027, 1, 17))


@pytest.mark.parametrize(
    ("pauses", "after", "due", "state"),
    [
        ([(5, 10)], 4, 28, "running"),  # What is only planned gives no time yet.
        ([(5, 10)], 5, 29, "paused"),
        ([(5, 10)], 9, 33, "paused"),
        ([(5, 10), (20, 25)], 6, 30, "paused"),
        ([(5, 10)], 10, 33, "running"),
        ([(5, 10)], 33, 33, "running"),
        ([(5, 10)], 34, 33, "overdue"),
        ([(5, 6)], 20, 29, "running"),
        ([(5, 5)], 5, 28, "running"),  # Lifted on its first day.
        ([(5, 5), (5, 10)], 20, 33, "running"),
        ([(5, 10), (5, 5)], 20, 33, "running"),
        ([(5, 10), (12, 13)], 20, 34, "running"),
        ([(12, 13), (5, 10)], 20, 34, "running"),
        ([(5, 10), (10, 12)], 20, 35, "running"),
        ([(10, None)], 10, 29, "paused"),
        ([(10, None)], 50, 69, "paused"),
        ([(28, None)], 40, 41, "paused"),  # From the last day on: that day itself does not run.
        ([(29, None)], 40, 28, "overdue"),  # Too late to buy time.
        ([(5, 10), (31, 32)], 60, 34, "overdue"),  # In time only thanks to the earlier pause.
        ([(-9, 0)], 20, 28, "running"),
        ([(-9, 1)], 20, 28, "running"),  # The day the time runs from is not counted anyway.
        ([(-9, 4)], 20, 31, "running"),
    ],
)
def test_a_pause_moves_the_last_day_by_the_days_it_took(
    pauses: list[tuple[int, int | None]], after: int, due: int, state: DeadlineState
) -> None:
    found = guarantee(after, *pauses)
    assert (due_after(found), found.state, found.paused_days) == (due, state, due - 28)
    assert found.days_left == due - after


def test_an_open_pause_holds_the_days_that_were_left() -> None:
    left = {guarantee(after, (10, None)).days_left for after in range(10, 200)}
    assert left == {19}  # Nine of 28 days were used up.


def test_a_pause_after_it_was_met_moves_nothing() -> None:
    assert guarantee(60, (5, None), met=8) == guarantee(60, (5, 9), met=8)
    assert due_after(guarantee(60, (5, None), met=8)) == 32


def test_impossible_pauses_are_refused() -> None:
    with pytest.raises(PauseError, match="cannot be lifted on"):
        Pause(START, START - days(1), "client_wish")
    for second in ((8, 12), (5, 9), (7, None), (6, 7), (4, 6)):
        with pytest.raises(PauseError, match="share days"):
            guarantee(20, (5, 9), second)
    with pytest.raises(PauseError, match="share days"):
        guarantee(20, (5, None), (90, 91))


def test_impossible_pauses_are_refused_even_where_no_deadline_applies() -> None:
    with pytest.raises(PauseError):
        guarantee(20, (5, 9), (8, 12), birth_year=OLDER)


def test_days_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(DeadlineError, match="before its start"):
        guarantee(5, met=-1)
    with pytest.raises(DeadlineError, match="born in 2027"):
        guarantee(5, birth_year=2027)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # Winter, two hours ahead; summer, three.
        (datetime(2026, 1, 15, 21, 59, 59, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 1, 15, 22, 0, tzinfo=UTC), date(2026, 1, 16)),
        (datetime(2026, 7, 15, 20, 59, 59, tzinfo=UTC), date(2026, 7, 15)),
        (datetime(2026, 7, 15, 21, 0, tzinfo=UTC), date(2026, 7, 16)),
        (datetime(2026, 1, 15, 23, 30, tzinfo=UTC), date(2026, 1, 16)),
        # The clocks go forward on 29 March at 01:00 UTC: a day of 23 hours.
        (datetime(2026, 3, 28, 21, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 20, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 0, tzinfo=UTC), date(2026, 3, 30)),
        # They go back on 25 October at 01:00 UTC: a day of 25 hours.
        (datetime(2026, 10, 24, 20, 59, tzinfo=UTC), date(2026, 10, 24)),
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 21, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 0, tzinfo=UTC), date(2026, 10, 26)),
        # An instant is the same wherever it was written down.
        (datetime(2026, 1, 15, 17, 0, tzinfo=timezone(timedelta(hours=-5))), date(2026, 1, 16)),
    ],
)
def test_an_instant_belongs_to_the_day_in_finland(instant: datetime, day: date) -> None:
    assert finnish_day(instant) == day


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NoTimeZone, match="no time zone"):
        finnish_day(datetime(2026, 1, 15, 23, 30))


@pytest.fixture
def _no_zones_of_the_system() -> Iterator[None]:
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.usefixtures("_no_zones_of_the_system")
def test_days_are_told_on_a_computer_that_brings_no_time_zones() -> None:
    """Windows has none, and neither have small containers."""
    assert finnish_day(datetime(2026, 1, 15, 23, 30, tzinfo=UTC)) == date(2026, 1, 16)


rules = st.sampled_from(sorted(RULES))
starts = st.dates(date(2025, 5, 1), date(2040, 12, 31))
ages = st.integers(0, 90)


@st.composite
def paused(draw: st.DrawFn) -> list[tuple[int, int | None]]:
    """Pauses that share no day, as days after the start; the last may still be open."""
    edges = sorted(draw(st.lists(st.integers(-30, 400), max_size=8, unique=True)))
    pairs: list[tuple[int, int | None]] = list(zip(edges[::2], edges[1::2], strict=False))
    if len(edges) % 2:
        pairs.append((edges[-1], None))
    return pairs


def told(
    rule: str,
    start: date,
    age: int,
    after: int,
    pauses: list[tuple[int, int | None]],
) -> Deadline:
    return compute_deadline(
        RULES[rule],
        start=start,
        today=start + days(after),
        birth_year=start.year - age,
        pauses=[
            Pause(
                start + days(first), None if until is None else start + days(until), "client_wish"
            )
            for first, until in pauses
        ],
        young_until=23,
    )


@given(rules, starts, ages, st.integers(0, 500), paused())
def test_no_day_is_due_before_its_start_and_the_state_fits_it(
    rule: str, start: date, age: int, after: int, pauses: list[tuple[int, int | None]]
) -> None:
    found = told(rule, start, age, after, pauses)
    if found.due is None:
        assert (found.state, found.days_left) == ("not_applicable", None)
        span = RULES[rule].others if found.because == "at_least_23" else RULES[rule].young
        assert span is None
        return
    assert found.due >= start + days(14)
    assert found.days_left == (found.due - start).days - after
    assert (found.state == "overdue") == (found.days_left < 0)
    past = {day for day in range(1, after + 1) if any(_holds(pause, day) for pause in pauses)}
    assert 0 <= found.paused_days <= len(past)
    if found.state == "paused":
        assert found.paused_days == len(past)


def _holds(pause: tuple[int, int | None], day: int) -> bool:
    first, until = pause
    return first <= day and (until is None or day < until)


def day_by_day(span: int, after: int, pauses: list[tuple[int, int | None]]) -> int:
    """The last day, found by living through the days; those to come are not paused yet."""
    day = 0
    while span:
        day += 1
        if day > after or not any(_holds(pause, day) for pause in pauses):
            span -= 1
    return day


@given(rules, starts, ages, st.integers(0, 500), paused())
def test_pauses_agree_with_living_through_the_days(
    rule: str, start: date, age: int, after: int, pauses: list[tuple[int, int | None]]
) -> None:
    found, unpaused = told(rule, start, age, after, pauses), told(rule, start, age, after, [])
    if found.due is not None:
        assert unpaused.due is not None
        span = (unpaused.due - start).days
        assert (found.due - start).days == day_by_day(span, after, pauses)


@given(rules, starts, st.integers(0, 500), paused())
def test_the_young_never_wait_longer_than_the_others(
    rule: str, start: date, after: int, pauses: list[tuple[int, int | None]]
) -> None:
    young, either, older = (told(rule, start, age, after, pauses).due for age in (22, 23, 24))
    assert young is None or older is None or young <= older
    assert either in {young, older}


@given(rules, starts, ages, st.integers(0, 500), paused(), st.integers(1, 60))
def test_a_longer_pause_never_brings_an_earlier_day(
    rule: str,
    start: date,
    age: int,
    after: int,
    pauses: list[tuple[int, int | None]],
    more: int,
) -> None:
    if not pauses:
        return
    first, until = pauses[-1]
    longer = [*pauses[:-1], (first, None if until is None else until + more)]
    without = told(rule, start, age, after, pauses[:-1]).due
    shorter = told(rule, start, age, after, pauses).due
    longest = told(rule, start, age, after, longer).due
    if without is not None:
        assert shorter is not None
        assert longest is not None
        assert without <= shorter <= longest


@given(rules, starts, ages, st.integers(0, 500), paused())
def test_the_last_day_never_comes_nearer_from_one_day_to_the_next(
    rule: str, start: date, age: int, after: int, pauses: list[tuple[int, int | None]]
) -> None:
    today, tomorrow = (told(rule, start, age, after + more, pauses) for more in (0, 1))
    if today.due is not None:
        assert tomorrow.due is not None
        assert timedelta() <= tomorrow.due - today.due <= days(1)
        assert not (today.state == "overdue" and tomorrow.state != "overdue")
