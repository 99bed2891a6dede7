"""By which day care must begin under Finnish law, what is left of the time, and why that day.

Days in, days out; nothing here knows what day it is. `care/deadlines.toml` holds the figures, each
with its law and where it was read.

How days are counted. The day that the time runs from is not counted, months end on the day of the
same number, and where a month lacks that day on its last (Act 150/1930, sections 2 and 3, read on
Finlex). That act speaks of deadlines before courts and authorities; using it for care is a local
proposal. Its section 5 lets an official deadline on a weekend or holiday wait for the next working
day. Care does not wait: the day stays where it falls, so the earlier day wins.

How age is told. Only the year of birth is known, so somebody may be of either of two ages. The age
on the day that the time runs from counts (local proposal), and who may still be 22 gets the
earlier day. So does a client whose year of birth is not known yet.

How pauses count. The laws allow for medical and similar reasons; that a recorded pause stops the
time, day for day, also at the client's wish, is a local proposal. Only days up to today
count, so a pause without an end never promises more time than it has already taken. A pause that
begins after the last day changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from stepping.days import add_months
from stepping.pathway.care.schema import DeadlineRule

DeadlineState = Literal["running", "paused", "met", "overdue", "not_applicable"]
AgeReason = Literal["under_23", "may_still_be_22", "at_least_23", "age_unknown"]
"""Why a client has the time of the young or of the others."""
PauseReason = Literal["client_wish", "medical"]


class DeadlineError(ValueError):
    """Days that contradict each other."""


class PauseError(DeadlineError):
    """A pause that is lifted before it begins, or two that share a day."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which no time runs, from `first` to the day before `until`.

    On `until` the time runs again; without it the pause is still going on. One that is lifted on
    its first day took no day.

    Raises:
        PauseError: If it is lifted before it begins.
    """

    first: date
    until: date | None
    why: PauseReason

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.first:
            raise PauseError(f"a pause from {self.first} cannot be lifted on {self.until}")

    def holds(self, day: date) -> bool:
        """Return whether a day is one of its days."""
        return self.first <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline of one client, as it stands on a day."""

    rule: DeadlineRule
    state: DeadlineState
    due: date | None
    """The last day on which care is in time; `None` where the rule does not apply."""
    days_left: int | None
    """Days from today, or from the day it was met, to `due`; below zero it is, or was, late."""
    paused_days: int
    """How many days pauses have moved `due` so far."""
    because: AgeReason


def compute_deadline(
    rule: DeadlineRule,
    *,
    start: date,
    today: date,
    birth_year: int | None,
    young_until: int,
    pauses: Iterable[Pause] = (),
    met: date | None = None,
) -> Deadline:
    """Return by which day `rule.ends` must happen, given the day of `rule.starts`.

    `met` is the day on which it happened; time and pauses stop counting there. `young_until` is the
    age in whole years from which a client has the time of the others.

    Raises:
        DeadlineError: If it was met before it started, or the client was born later.
        PauseError: If pauses share a day.
    """
    ordered = sort_pauses(pauses)
    if met is not None and met < start:
        raise DeadlineError(f"{rule.id}: met on {met}, before its start on {start}")
    because = age_reason(birth_year, start, young_until)
    span = rule.others if because == "at_least_23" else rule.young
    if span is None:
        return Deadline(rule, "not_applicable", None, None, 0, because)
    first_due = add_months(start, span.months) + timedelta(days=span.days)
    seen_on = today if met is None else met
    due, pausing = _with_pauses(start, first_due, ordered, seen_on)
    state: DeadlineState = "overdue" if seen_on > due else "paused" if pausing else "running"
    return Deadline(
        rule,
        state="met" if met is not None else state,
        due=due,
        days_left=(due - seen_on).days,
        paused_days=(due - first_due).days,
        because=because,
    )


def age_reason(birth_year: int | None, day: date, young_until: int) -> AgeReason:
    """Return whether somebody born in a year is young on a day, is not, or may be either.

    `None` is a year that is not known. The codes name the age of the present law, 23 years.

    Raises:
        DeadlineError: If the year is after the day's.
    """
    if birth_year is None:
        return "age_unknown"
    turning = day.year - birth_year
    if turning < 0:
        raise DeadlineError(f"born in {birth_year}, after {day}")
    if turning != young_until:
        return "under_23" if turning < young_until else "at_least_23"
    # On the last day of a year nobody's birthday is still to come.
    return "at_least_23" if (day.month, day.day) == (12, 31) else "may_still_be_22"


def sort_pauses(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Return pauses from the earliest on.

    Raises:
        PauseError: If two share a day.
    """
    ordered = tuple(sorted(pauses, key=lambda pause: (pause.first, pause.until or date.max)))
    for earlier, later in pairwise(ordered):
        if earlier.holds(later.first):
            raise PauseError(f"the pauses from {earlier.first} and {later.first} share days")
    return ordered


def _with_pauses(
    start: date, due: date, pauses: tuple[Pause, ...], seen_on: date
) -> tuple[date, bool]:
    """Return a day moved by the paused days until `seen_on`, and whether that one is paused."""
    pausing = False
    tomorrow = seen_on + timedelta(days=1)
    for pause in pauses:
        if pause.first > due:
            break
        first = max(pause.first, start + timedelta(days=1))
        until = min(pause.until or tomorrow, tomorrow)
        due += max(timedelta(), until - first)
        pausing = pausing or pause.holds(seen_on)
    return due, pausing
