"""When a treatment is measured: what is forgotten here is measured too late, or never."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.days import add_months
from stepping.episode.episode import Episode, replay
from stepping.episode.events import (
    Closed,
    Contact,
    Event,
    EventEntry,
    Measured,
    Opened,
    PeriodEnded,
    PeriodStarted,
    Withdrawn,
)
from stepping.episode.schedule import DueMeasurement, due_measurements, is_measured_next
from stepping.pathway.schema import Measuring

FIRST = date(2026, 3, 2)
EACH = Measuring(every=1, after_months=(3, 6))
SECOND = Measuring(every=2, after_months=(3, 6))


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def lived(*events: Event) -> Episode:
    told: tuple[Event, ...] = (Opened(day=FIRST), *events)
    return replay(EventEntry(id=f"e{n}", seq=n, event=event) for n, event in enumerate(told, 1))


def start(at: int, plan: Measuring | None = EACH, period: str = "p1") -> PeriodStarted:
    return PeriodStarted(day=day(at), period=period, intervention="help", measuring=plan)


def met(*at: int, period: str = "p1") -> tuple[Contact, ...]:
    return tuple(Contact(day=day(number), period=period) for number in at)


def end(at: int | date, period: str = "p1") -> PeriodEnded:
    when = at if isinstance(at, date) else day(at)
    return PeriodEnded(day=when, period=period, why="completed")


def measured(at: int | date, score: int | None = 9) -> Measured:
    when = at if isinstance(at, date) else day(at)
    scores = {} if score is None else {"phq9.total": score}
    return Measured(day=when, assessment=f"a{when}", step=1, scores=scores)


def owed(*events: Event) -> list[tuple[str, date, int | None]]:
    return [(each.occasion, each.day, each.months) for each in due_measurements(lived(*events))]


# -- at contacts --------------------------------------------------------------------------------


def test_every_contact_of_guided_self_help_is_measured() -> None:
    assert owed(measured(0), start(3)) == []
    assert owed(measured(0), start(3), *met(10)) == [("contact", day(10), None)]
    assert owed(measured(0), start(3), *met(10), measured(10)) == []


def test_every_second_contact_of_brief_therapy_is_measured() -> None:
    assert owed(start(0, SECOND), *met(7)) == []
    assert owed(start(0, SECOND), *met(7, 14)) == [("contact", day(14), None)]


def test_a_forgotten_measurement_stays_due_from_its_own_contact_on() -> None:
    assert owed(start(0, SECOND), *met(7, 14, 21, 28)) == [("contact", day(14), None)]


def test_a_measurement_on_the_day_of_a_contact_belongs_to_it() -> None:
    told: tuple[Event, ...] = (start(0, SECOND), *met(7, 14), measured(14))
    assert owed(*told, *met(21)) == []
    assert owed(*told, *met(21, 28)) == [("contact", day(28), None)]


def test_an_early_measurement_counts_anew_from_there() -> None:
    assert owed(start(0, SECOND), *met(7), measured(8), *met(14)) == []


def test_an_assessment_without_a_whole_total_measures_nothing() -> None:
    assert owed(start(0), *met(7), measured(7, None)) == [("contact", day(7), None)]


def test_a_treatment_without_a_plan_owes_nothing() -> None:
    assert owed(start(0, None), *met(7, 14), end(20)) == []


def test_two_treatments_are_measured_each_by_its_own_plan() -> None:
    told: tuple[Event, ...] = (
        start(0, SECOND),
        start(1, EACH, "p2"),
        *met(7),
        *met(9, period="p2"),
    )
    assert due_measurements(lived(*told)) == (DueMeasurement("contact", "p2", day(9)),)


def test_a_corrected_contact_takes_its_measurement_with_it() -> None:
    entries = [*lived(start(0), *met(7)).entries]
    mistake = EventEntry(id="e9", seq=9, event=Withdrawn(day=day(8)), supersedes=entries[-1].id)
    assert due_measurements(replay(entries)) == (DueMeasurement("contact", "p1", day(7)),)
    assert due_measurements(replay([*entries, mistake])) == ()


def test_the_next_contact_is_told_to_be_one_that_is_measured() -> None:
    told: tuple[Event, ...] = (start(0, SECOND), *met(7))
    assert not is_measured_next(lived(start(0, SECOND)))
    assert is_measured_next(lived(*told))
    assert is_measured_next(lived(start(0)))
    assert not is_measured_next(lived(*told, measured(7)))
    assert not is_measured_next(lived(*told, end(8)))
    assert not is_measured_next(lived(*told, Closed(day=day(8), how="moved_on")))
    assert not is_measured_next(lived(start(0, Measuring(after_months=(3,))), *met(7)))


# -- at the end and after it --------------------------------------------------------------------

AFTER = [("months", date(2026, 7, 11), 3), ("months", date(2026, 10, 11), 6)]


def test_an_end_is_measured_at_the_last_contact_or_later() -> None:
    """On day 40 the last contact, on day 40 the measurement, on day 41 the end is written down."""
    told: tuple[Event, ...] = (start(0), *met(40))
    assert owed(*told, measured(39), end(40))[0] == ("end", day(40), None)
    assert owed(*told, measured(40), end(40)) == AFTER
    assert owed(*told, measured(40), end(60))[0][0] == "months"
    assert owed(*told, end(40), measured(50)) == AFTER


def test_an_end_without_any_contact_is_measured_from_its_day_on() -> None:
    told: tuple[Event, ...] = (measured(0), start(0))
    assert owed(*told, end(40)) == [("end", day(40), None), *AFTER]
    assert owed(*told, end(40), measured(40)) == AFTER


def test_a_measurement_up_to_28_days_early_will_do() -> None:
    told: tuple[Event, ...] = (start(0), *met(40), measured(40), end(40))
    third = AFTER[0][1]
    assert owed(*told, measured(third - timedelta(days=29))) == AFTER
    assert owed(*told, measured(third - timedelta(days=28))) == AFTER[1:]
    assert owed(*told, measured(AFTER[1][1])) == [], "the later one stands for both"


def test_the_measurement_of_the_end_is_never_that_of_a_month_later() -> None:
    plan = Measuring(after_months=(1,))
    february = date(2027, 2, 1)
    told: tuple[Event, ...] = (start(0, plan), end(february))
    assert owed(*told, measured(february)) == [("months", date(2027, 3, 1), 1)]
    assert owed(*told, measured(february + timedelta(days=1))) == []


@pytest.mark.parametrize(
    ("ended", "months", "then"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 10, 15), 3, date(2027, 1, 15)),
    ],
)
def test_months_are_those_of_the_calendar(ended: date, months: int, then: date) -> None:
    told: tuple[Event, ...] = (
        start(0, Measuring(after_months=(months,))),
        end(ended),
        measured(ended),
    )
    assert owed(*told) == [("months", then, months)]


def test_a_later_treatment_brings_its_own_months() -> None:
    told: tuple[Event, ...] = (start(0), *met(40), measured(40), end(40))
    assert owed(*told, start(47, SECOND, "p2")) == []
    assert owed(*told, start(40, SECOND, "p2")) == []
    both = due_measurements(lived(*told, start(47, SECOND, "p2"), end(100, "p2"), measured(100)))
    assert [each.period for each in both] == ["p2", "p2"]
    assert both[0].day == add_months(day(100), 3)


def test_an_end_that_was_never_measured_is_not_forgotten_under_the_next_treatment() -> None:
    assert owed(start(0), *met(40), end(41), start(47, SECOND, "p2")) == [("end", day(41), None)]


def test_peer_support_beside_it_takes_no_measurement_away() -> None:
    told: tuple[Event, ...] = (start(0), *met(40), measured(40), end(40))
    assert owed(*told, start(47, None, "p2")) == AFTER


def test_a_withdrawn_end_lets_the_treatment_go_on() -> None:
    entries = [*lived(start(0), *met(40), measured(40), end(40)).entries]
    mistake = EventEntry(id="e9", seq=9, event=Withdrawn(day=day(50)), supersedes=entries[-1].id)
    assert due_measurements(replay([*entries, mistake])) == ()


def test_nothing_is_owed_before_a_treatment_or_after_the_episode() -> None:
    assert due_measurements(Episode()) == ()
    assert owed(measured(0)) == []
    assert owed(start(0), *met(7), end(40), Closed(day=day(40), how="recovered")) == []


# -- any life -----------------------------------------------------------------------------------

PLANS = st.none() | st.builds(
    Measuring,
    every=st.none() | st.integers(1, 4),
    after_months=st.sets(st.integers(1, 24), max_size=3).map(lambda found: tuple(sorted(found))),
)
OFFSETS = st.integers(0, 400)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Up to three treatments with contacts in order, and measurements at any time."""
    events: list[Event] = []
    for number in range(draw(st.integers(0, 3))):
        days = sorted(draw(st.lists(OFFSETS, min_size=2, max_size=8)))
        period = f"p{number}"
        events += [start(days[0], draw(PLANS), period), *met(*days[1:-1], period=period)]
        if draw(st.booleans()):
            events.append(end(days[-1], period))
    return [*events, *(measured(at) for at in draw(st.lists(OFFSETS, max_size=4, unique=True)))]


@given(lives())
def test_nothing_is_owed_any_more_once_all_was_measured(life: list[Event]) -> None:
    found = due_measurements(lived(*life))
    assert list(found) == sorted(found, key=lambda each: each.day)
    last = max((each.day for each in found), default=day(400))
    assert due_measurements(lived(*life, measured(max(last, day(400))))) == ()


@given(lives(), OFFSETS)
def test_one_more_measurement_never_makes_another_one_due(life: list[Event], at: int) -> None:
    """What was owed may be made; a contact that was counted may only be counted anew later."""
    before = {
        (each.occasion, each.period, each.months): each.day
        for each in due_measurements(lived(*life))
    }
    for each in due_measurements(lived(*life, measured(at))):
        assert (each.occasion, each.period, each.months) in before
        assert each.day >= before[each.occasion, each.period, each.months]


@given(lives())
def test_only_treatments_with_a_plan_are_owed_a_measurement(life: list[Event]) -> None:
    episode = lived(*life)
    planned = {p.id: p for p in episode.periods if p.started.measuring}
    for each in due_measurements(episode):
        period = planned[each.period]
        assert (each.occasion == "contact") == period.open
        assert (each.occasion == "months") == (each.months is not None)
        assert each.day >= period.started.day


@given(lives())
def test_an_ended_episode_owes_nothing(life: list[Event]) -> None:
    assert due_measurements(lived(*life, Closed(day=day(401), how="moved_on"))) == ()
