"""Says a day so that a slip is seen: with its weekday and how far it is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from casework.language import N_, Speech
from stepping.days import count_years_away, is_far
from stepping.finland import finnish_time
from stepping.holidays import Holiday, holiday_on

if TYPE_CHECKING:
    from casework.care_names import CareNames
    from stepping.episode.events import NextContact
    from store.records import AgreedContact, SafetyRecord

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
WEEKEND = (5, 6)
HOLIDAYS: Mapping[Holiday, str] = {
    "new_year": N_("New Year's Day"),
    "epiphany": N_("Epiphany"),
    "good_friday": N_("Good Friday"),
    "easter": N_("Easter Sunday"),
    "easter_monday": N_("Easter Monday"),
    "may_day": N_("May Day"),
    "ascension": N_("Ascension Day"),
    "pentecost": N_("Whit Sunday"),
    "midsummer_eve": N_("Midsummer Eve"),
    "midsummer": N_("Midsummer Day"),
    "all_saints": N_("All Saints' Day"),
    "independence": N_("Independence Day"),
    "christmas_eve": N_("Christmas Eve"),
    "christmas": N_("Christmas Day"),
    "boxing_day": N_("Boxing Day"),
}
NO_SUCH_DAY = N_("The calendar has no such day.")
NOT_A_DAY = N_("A day as 2026-12-01 or 1.12., please.")
NOT_WEEKS = N_("Weeks are typed as 2w.")


def moment_text(moment: datetime, t: Speech) -> str:
    """Return a stored moment as Finnish clocks show it, with its weekday."""
    return f"{t(WEEKDAYS[finnish_time(moment).weekday()])} {t.moment(moment)}"


def weekday(day: date, t: Speech) -> str:
    """Return a day with its weekday, as in "Thu 2026-12-10"."""
    return f"{t(WEEKDAYS[day.weekday()])} {t.day(day)}"


def holiday(day: date, t: Speech) -> str:
    """Return the name of the public holiday that a day is, or nothing."""
    known = holiday_on(day)
    return t(HOLIDAYS[known]) if known else ""


def named_day(day: date, t: Speech) -> str:
    """Return a day with weekday and holiday, as in "Sun 2026-12-06, Independence Day"."""
    return ", ".join(filter(None, (weekday(day, t), holiday(day, t))))


def closed_warning(day: date, t: Speech) -> str:
    """Ask whether anybody is there on a day on which most places are closed, or nothing."""
    what = holiday(day, t) or (t("a weekend") if day.weekday() in WEEKEND else "")
    return t("Check that somebody is there: {what}.", what=what) if what else ""


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
    return f"{named_day(day, t)}, {distance(day, today, t)}"


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
    if agreed.time:
        day = t("{day} {clock}", day=day, clock=agreed.time)
    who = agreed.who or names.role(agreed.role)
    return ", ".join(filter(None, (day, holiday(agreed.due, t), who)))


def agreed_words(row: SafetyRecord, names: CareNames, t: Speech) -> str:
    """Return what a safety step agreed: the next contact, then who, when and where; or nothing."""
    contact = contact_words(row.agreed, names, t) if row.agreed else ""
    terms = row.terms
    if terms is None:
        return contact
    told = (names.role(terms.who), named_day(terms.when, t) if terms.when else "", terms.where)
    return "; ".join(filter(None, (contact, ", ".join(filter(None, told)))))


def not_done_words(row: SafetyRecord, names: CareNames, t: Speech) -> str:
    """Return that a safety step was not done, and why: the reason by its code, then the words."""
    told = (names.not_done(row.reason), " ".join((row.why_not or "").split()))
    return t("not done: {why}", why=" – ".join(filter(None, told)))


_NEAR_DAYS = 180
"""Within so many days the year of a day goes without saying."""


def short_day(day: date, today: date, t: Speech) -> str:
    """Return a near day with its weekday and no year, as in "Thu 12-10"; a far one in full."""
    if abs((day - today).days) > _NEAR_DAYS:
        return weekday(day, t)
    name = t(WEEKDAYS[day.weekday()])
    return t("{weekday} {month:02}-{day:02}", weekday=name, month=day.month, day=day.day)


def short_moment(moment: datetime, today: date, t: Speech) -> str:
    """Return when something was: the time of today, else the day, as Finnish clocks show it."""
    here = finnish_time(moment)
    if here.date() == today:
        return f"{t('today')} {t.clock(here.time())}"
    return short_day(here.date(), today, t)
