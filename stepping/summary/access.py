"""How long clients waited: days from the need to care, and each time of the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from stepping.episode.clocks import Clock, legal_deadlines
from stepping.episode.deadlines import PauseReason
from stepping.episode.episode import Episode
from stepping.episode.events import Contact, Counted
from stepping.summary.context import Context, month_of
from stepping.summary.rows import TimeRow, TimeState

_TREATMENTS: Final[tuple[Counted, ...]] = ("treatment", "guarantee")


def last_day(episode: Episode) -> date:
    """Return the last day of which an episode tells: nothing here asks what day it is."""
    return max(event.day for event in episode.events)


def days_to_contact(episode: Episode) -> int | None:
    """Return the days from the need to the first contact on that day or later."""
    if episode.need is None:
        return None
    since = episode.need.day
    kept = [e.day for e in episode.events if isinstance(e, Contact) and e.day >= since]
    return (min(kept) - since).days if kept else None


def days_to_treatment(episode: Episode) -> int | None:
    """Return the days from the need to the first treatment, 0 where one was going on."""
    if episode.need is None:
        return None
    since = episode.need.day
    starts = [
        max(period.started.day, since)
        for period in episode.periods
        if period.started.counted in _TREATMENTS
        and (period.started.day >= since or not period.ended or period.ended.day > since)
    ]
    return (min(starts) - since).days if starts else None


def paused_days(episode: Episode, why: PauseReason) -> int:
    """Return the days of all pauses for a reason, up to the last day that is told.

    While the episode goes on that day is one of them: a pause that nothing follows is a pause.
    """
    seen = last_day(episode) + timedelta(days=episode.closed is None)
    return sum(
        max(((resumed.day if resumed else seen) - paused.day).days, 0)
        for paused, resumed in episode.pauses
        if paused.why == why
    )


def time_rows(episode: Episode, context: Context) -> Iterator[TimeRow]:
    """Yield each time of the law that runs, was met, or was still owed as the episode ended."""
    over = episode.closed is not None
    standing = replace(episode, closed=None)
    seen = last_day(episode)
    birth_year = context.person.birth_year
    for clock in legal_deadlines(standing, birth_year, seen, context.deadlines):
        yield _time_row(clock, seen, over=over)


def _time_row(clock: Clock, seen: date, *, over: bool) -> TimeRow:
    time, met = clock.time, clock.ended_by
    runs = met is None and not over
    day = max(met.day, clock.since) if met else None
    return TimeRow(
        rule=time.rule.id,
        because=time.because,
        since=month_of(clock.since),
        state=_state(clock, over=over),
        days=(day - clock.since).days if day else None,
        spare=time.days_left if met else None,
        paused_days=time.paused_days,
        met=month_of(day) if day else None,
        form=clock.period.started.intervention if clock.period else None,
        since_day=clock.since.isoformat() if runs else None,
        due_day=time.due.isoformat() if runs and time.due else None,
        paused_day=seen.isoformat() if runs and time.state == "paused" else None,
    )


def _state(clock: Clock, *, over: bool) -> TimeState:
    time = clock.time
    if time.state == "met":
        return "late" if (time.days_left or 0) < 0 else "met"
    if over:
        return "overdue" if time.state == "overdue" else "ended"
    if time.state == "not_applicable":
        raise ValueError(f"{time.rule.id} is not owed")
    return time.state
