"""What is chosen of reports: which one, by what it is told, for which period, as which file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from casework.language import N_
from casework.workspace import Workspace
from screens.base.lines import capital
from screens.base.pick import ListItem, PickScreen
from screens.base.prompt import Refused, ValuePrompt
from screens.reports.forms import FORMS
from screens.reports.words import BREAKDOWNS, REPORTS, period_words
from stepping.reports.catalogue import PARTS
from stepping.reports.model import Report, Scope
from stepping.reports.periods import (
    EARLIEST,
    LENGTHS,
    LONGEST_YEARS,
    YEAR,
    InTheFuture,
    Kind,
    NotAPeriod,
    Period,
    Reversed,
    TooLong,
    calendar_period,
    month_of,
    newest_whole,
    read_period,
)

ABOUT: Mapping[str, str] = {
    "methods": N_("Started, going on and ended; contacts and weeks of a treatment."),
    "onward": N_("From step to step, to other services, refused or taken place."),
    "satisfaction": N_("Of how many it was asked, and what they told from 0 to 10."),
    "change": N_("Questionnaires at the beginning and the end of care."),
    "access": N_("Days to treatment, the times of the law, and who waits now."),
    "multi_support": N_("With a plan and a contact person, and what is late."),
    "contacts": N_("Kept, not come and cancelled."),
    "overrides": N_("How often, why, and what became of it."),
    "stops": N_("How many, how soon recorded, and what was not done."),
    "mini_intervention": N_("AUDIT-C, the whole AUDIT, and the talk within 30 days."),
    "work_ability": N_("Asked for, agreed, referred, met and reviewed."),
    "caseload": N_("The sums of the clients for whom you are responsible."),
    "pathway": N_("Minutes and questions skipped; which rules held."),
}
KINDS: Mapping[Kind, str] = {
    "month": N_("month"),
    "quarter": N_("quarter"),
    "third": N_("four months"),
    "year": N_("year"),
}
_LONGEST = 20
"""Characters that a period may have."""


def reports_screen(workspace: Workspace, reports: Sequence[Report], at: int) -> PickScreen:
    """List reports; the part with the one at a place is shown."""
    t = workspace.t
    entries = [ListItem(t(REPORTS[one.name]), t(ABOUT[one.name])) for one in reports]
    return PickScreen(workspace, (t("Reports"), ""), entries, at)


def breakdowns_of(report: Report, period: Period, scope: Scope) -> tuple[str, ...]:
    """Return what a report can be told by: its own breakdowns, and parts that cut the period."""
    parts = (name for name, kind in PARTS.items() if LENGTHS[kind] < period.length)
    without = ("unit",) if scope == "unit" else report.of_units if scope == "all" else ()
    own = (name for name in report.breakdowns if name not in without)
    return (*own, *parts)


def breakdown_screen(workspace: Workspace, names: Sequence[str]) -> PickScreen:
    """List what a report can be told by; the first is all together."""
    t = workspace.t
    told = [t("all together"), *(t(BREAKDOWNS[name]) for name in names)]
    entries = [ListItem(capital(name), "") for name in told]
    return PickScreen(workspace, (t("By what is it told?"), ""), entries)


def periods_near(period: Period, today: datetime.date) -> tuple[Period, ...]:
    """Return a period of each kind: the one in which another ends, or the newest that is over."""
    near = (calendar_period(kind, period.last) for kind in KINDS)
    return tuple(one if one.is_over(today) else newest_whole(one.kind, today) for one in near)


def period_screen(workspace: Workspace, periods: Sequence[Period]) -> PickScreen:
    """List periods by their kind; the last entry is one that is typed."""
    t = workspace.t
    entries = [ListItem(capital(t(KINDS[one.kind])), period_words(one, t)) for one in periods]
    typed = ListItem(
        t("Another one"), t("To be typed, as in {example}", example="2026-02..2026-06")
    )
    return PickScreen(workspace, (t("Which period?"), ""), [*entries, typed])


def typed_period(workspace: Workspace, today: datetime.date, *, over: bool) -> ValuePrompt[Period]:
    """Ask for a period; `over`: it may not reach into months that are not over."""
    t = workspace.t

    def read(text: str) -> Period:
        try:
            period = read_period(text, today)
        except NotAPeriod as error:
            why = {
                Reversed: t("The period ends before it begins."),
                InTheFuture: t("The period has not begun, or ends in the future."),
                TooLong: t("A period has at most {count} years.", count=LONGEST_YEARS),
            }.get(type(error), t("That is no period."))
            raise Refused(f"{why} {t('Type {example}?', example=error.hint)}") from None
        if over and not period.is_over(today):
            raise Refused(not_over(workspace, period, today))
        return period

    about = t(
        "A month is typed as 2026-11, a quarter as 2026-Q3, four months as 2026-T2. "
        "A year is 2026, and other months are 2026-02..2026-06."
    )
    return ValuePrompt(workspace, t("Which period?"), about, read, longest=_LONGEST)


def not_over(workspace: Workspace, period: Period, today: datetime.date) -> str:
    """Say that where few persons are hidden, a period has to be over."""
    newest = newest_whole(period.kind, today).name
    return workspace.t(
        "A file is made of periods that are over. The last one is {period}.", period=newest
    )


def may_be_asked(period: Period, today: datetime.date, *, over: bool) -> bool:
    """Return whether a period has begun, or where few are hidden, is over; none is before 2000."""
    if period.first < EARLIEST * YEAR:
        return False
    if over:
        return period.is_over(today)
    return (period.last if period.kind == "free" else period.first) <= month_of(today)


def forms_screen(workspace: Workspace, period: Period) -> PickScreen:
    """List the forms of a file, under the period of which it is."""
    t = workspace.t
    entries = [ListItem(t(form.name), t(form.about)) for form in FORMS.values()]
    return PickScreen(workspace, (t("As which file?"), period_words(period, t)), entries)
