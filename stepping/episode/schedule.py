"""Which measurements an episode still owes, by the plans that its treatments began with.

A measurement is a confirmed assessment with at least one whole total. Treatments without a plan are
measured by whoever gives them, and nothing here counts them.

How contacts count. A measurement belongs to the contact of its day, so contacts count from the day
after the last measurement. How an end counts. It is measured on the day of the last contact or
later; of a treatment without any contact, on the day of the end or later. How months count. They
run from the last end, and only while no treatment with a plan goes on: a new treatment brings its
own measurements. A measurement up to 28 days early will do, unless it is that of the end itself.
These rules are local proposals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from stepping.days import add_months
from stepping.episode.episode import Episode, Period
from stepping.episode.measures import find_unassessed
from stepping.pathway.schema import Measuring

EARLY: Final = timedelta(days=28)
"""How long before its day a measurement some months after the end may be made."""


@dataclass(frozen=True, slots=True)
class DueMeasurement:
    """A measurement that has not been made, of the treatment with the id `period`."""

    occasion: Literal["danger", "contact", "end", "months"]
    """`danger`: a typed item told of suicidal thoughts, which belongs to no treatment."""
    period: str
    day: date
    """From which day it is due; that of a measurement after the end may lie ahead."""
    months: int | None = None
    """How many months after the end, for that occasion alone."""


def due_measurements(episode: Episode) -> tuple[DueMeasurement, ...]:
    """Return the measurements still to be made, that of a danger first, then the earliest.

    Days ahead are among them.
    """
    if episode.closed is not None:
        return ()
    found = (each for period in episode.periods for each in _of_period(episode, period))
    planned = sorted((*found, *_months(episode)), key=lambda each: each.day)
    danger = find_unassessed(episode)
    return (*([DueMeasurement("danger", "", danger.day)] if danger else []), *planned)


def is_measured_next(episode: Episode) -> bool:
    """Return whether a treatment that goes on is to be measured at its next contact."""
    plans = ((_plan(period), period) for period in episode.periods if period.open)
    return episode.closed is None and any(
        plan.every is not None and len(_unmeasured(episode, period)) >= plan.every - 1
        for plan, period in plans
        if plan is not None
    )


def _plan(period: Period) -> Measuring | None:
    return period.started.measuring


def _days(episode: Episode) -> list[date]:
    """Return the days on which something was measured."""
    return [measured.day for measured in episode.measured if measured.scores]


def _unmeasured(episode: Episode, period: Period) -> list[date]:
    """Return the days of the contacts since the last measurement."""
    last = max(_days(episode), default=date.min)
    return [contact.day for contact in period.contacts if contact.day > last]


def _of_period(episode: Episode, period: Period) -> Iterator[DueMeasurement]:
    """Yield what is owed at a contact, or at the end."""
    plan = _plan(period)
    if plan is None:
        return
    if period.ended is not None:
        since = max((contact.day for contact in period.contacts), default=period.ended.day)
        if not any(day >= since for day in _days(episode)):
            yield DueMeasurement("end", period.id, period.ended.day)
    elif plan.every is not None:
        contacts = _unmeasured(episode, period)
        if len(contacts) >= plan.every:
            yield DueMeasurement("contact", period.id, contacts[plan.every - 1])


def _months(episode: Episode) -> Iterator[DueMeasurement]:
    """Yield what is owed after the last end."""
    planned = [(period, plan) for period in episode.periods if (plan := _plan(period)) is not None]
    ends = [(period.ended.day, period.id, plan) for period, plan in planned if period.ended]
    if not ends or len(ends) < len(planned):
        return
    end, period, plan = max(ends, key=lambda each: each[0])
    last = max(_days(episode), default=date.min)
    for months in plan.after_months:
        day = add_months(end, months)
        if last < max(day - EARLY, end + timedelta(days=1)):
            yield DueMeasurement("months", period, day, months)
