"""Says a day so that a slip is seen: with its weekday and how far it is away."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from casework.language import N_, Speech
from stepping.days import count_years_away, is_far
from stepping.finland import finnish_time

if TYPE_CHECKING:
    from casework.care_names import CareNames
    from stepping.episode.events import NextContact
    from store.records import AgreedContact, SafetyRecord

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_DAY = N_("{year}-{month:02}-{day:02}")
_CLOCK = N_("{hour:02}:{minute:02}")
NO_SUCH_DAY = N_("The calendar has no such day.")
NOT_A_DAY = N_("A day as 2026-12-01 or 1.12., please.")


def day_text(day: date, t: Speech) -> str:
    """Return a day as the language writes it: 2026-12-10, or 10.12.2026."""
    return t(_DAY, day=day.day, month=day.month, year=day.year)


def clock_text(moment: time, t: Speech) -> str:
    """Return a time of day as the language writes it: 09:05, or 9.05."""
    return t(_CLOCK, hour=moment.hour, minute=moment.minute)


def moment_text(moment: datetime, t: Speech) -> str:
    """Return a stored moment as Finnish clocks show it, with its weekday."""
    here = finnish_time(moment)
    return f"{weekday(here.date(), t)} {clock_text(here.time(), t)}"


def weekday(day: date, t: Speech) -> str:
    """Return a day with its weekday, as in "Thu 2026-12-10"."""
    return f"{t(WEEKDAYS[day.weekday()])} {day_text(day, t)}"


def distance(day: date, today: date, t: Speech) -> str:
    """Return how far a day is away, in days."""
    days = (day - today).days
    near = {0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}
    if days in near:
        return t(near[days])
    if days < 0:
        return t.many("{count} day ago", "{count} days ago", -days)
    return t.many("in {count} day", "in {count} days", days)


_MONTHS_FROM, _YEARS_FROM = 60, 730
"""Days from which a distance is told in months, and in years."""


def time_since(day: date, today: date, t: Speech) -> str:
    """Return how long ago a day was, in months or years where it is far."""
    days = (today - day).days
    if days >= _YEARS_FROM:
        return t.many("{count} year ago", "{count} years ago", days // 365)
    if days >= _MONTHS_FROM:
        return t.many("{count} month ago", "{count} months ago", days * 12 // 365)
    return distance(day, today, t)


def day_words(day: date, today: date, t: Speech) -> str:
    """Return a day in full, as in "Thu 2026-12-10, in 11 days"."""
    return f"{weekday(day, t)}, {distance(day, today, t)}"


def distance_warning(day: date, today: date, t: Speech) -> str:
    """Return how many years a day is away where that is more than one; nothing of a nearer one."""
    if not is_far(day, today):
        return ""
    away = count_years_away(day, today)
    if day > today:
        return t.many(
            "That is more than {count} year ahead.", "That is more than {count} years ahead.", away
        )
    return t.many(
        "That is more than {count} year ago.", "That is more than {count} years ago.", away
    )


def contact_words(agreed: AgreedContact | NextContact, names: CareNames, t: Speech) -> str:
    """Return when the contact is and who gets in touch, as in "Thu 2026-12-03 09:30, nurse"."""
    day = weekday(agreed.due, t)
    who = agreed.who or names.role(agreed.role)
    return ", ".join(part for part in (f"{day} {agreed.time or ''}".strip(), who) if part)


def agreed_words(row: SafetyRecord, names: CareNames, t: Speech) -> str:
    """Return what a safety step agreed: the next contact, then who, when and where; or nothing."""
    contact = contact_words(row.agreed, names, t) if row.agreed else ""
    terms = row.terms
    if terms is None:
        return contact
    told = (names.role(terms.who), weekday(terms.when, t) if terms.when else "", terms.where)
    return "; ".join(filter(None, (contact, ", ".join(filter(None, told)))))
