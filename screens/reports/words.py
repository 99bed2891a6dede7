"""Names reports, figures and groups, and says numbers as the language writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from casework.language import N_, Speech
from stepping.reports.model import NOT_TOLD, Figure, Scope
from stepping.reports.periods import LENGTHS, YEAR, NotAPeriod, Period, read_month
from stepping.reports.table import Cell, Table

Names = Callable[[str, str], str]
"""How a value of a breakdown is called: given the breakdown and the value."""

REPORTS: Mapping[str, str] = {
    "methods": N_("Use of methods"),
    "onward": N_("Onward referral"),
    "satisfaction": N_("Satisfaction"),
    "change": N_("Before and after"),
    "access": N_("Access to care"),
    "multi_support": N_("Clients who need many services"),
    "contacts": N_("Contacts"),
    "overrides": N_("Another step than the suggested one"),
    "stops": N_("Safety stops"),
    "mini_intervention": N_("Mini-intervention for alcohol"),
    "work_ability": N_("Work ability"),
    "caseload": N_("My own clients"),
    "pathway": N_("How the pathway was used"),
}
FIGURES: Mapping[str, str] = {
    "started": N_("Treatments started"),
    "going_on": N_("of these, still going on"),
    "ended": N_("Treatments ended"),
    "completed": N_("ended as planned"),
    "stepped_up": N_("ended by a step up"),
    "stepped_down": N_("ended by a step down"),
    "broken_off": N_("ended by the client, or by a move"),
    "contacts_quartile_1": N_("Contacts of a treatment, lower quartile"),
    "contacts_median": N_("Contacts of a treatment, median"),
    "contacts_quartile_3": N_("Contacts of a treatment, upper quartile"),
    "weeks_median": N_("Weeks of a treatment, median"),
    "onward": N_("Referred onward at the end"),
    "took_place": N_("the referral took place"),
    "refused": N_("the referral was refused"),
    "answered": N_("told their satisfaction"),
    "satisfaction_mean": N_("Satisfaction from 0 to 10, mean"),
    "satisfaction_spread": N_("Satisfaction, standard deviation"),
    "high": N_("satisfaction 9 or 10"),
    "low": N_("satisfaction 0 to 6"),
    "measured_twice": N_("measured at least twice"),
    "no_case_more": N_("below the cut-off now, of those above it at first"),
    "improved": N_("reliably improved"),
    "unchanged": N_("without a reliable change"),
    "worse": N_("reliably deteriorated"),
    "first_score": N_("First total, mean"),
    "last_score": N_("Last total, mean"),
    "needs": N_("Needs of treatment established"),
    "contact_14": N_("first contact within 14 days"),
    "within_14": N_("treatment within 14 days"),
    "within_28": N_("treatment within 28 days"),
    "within_91": N_("treatment within 91 days"),
    "days_median": N_("Days to treatment, median"),
    "days_percentile_90": N_("Days to treatment, nine in ten at most"),
    "days_longest": N_("Days to treatment, longest"),
    "paused_client": N_("paused at the client's wish"),
    "paused_medical": N_("paused for a medical reason"),
    "times": N_("Times of the law that began"),
    "met": N_("kept in time"),
    "late": N_("late or overdue"),
    "waiting": N_("waiting now"),
    "waited_median": N_("Days waited until now, median"),
    "waited_longest": N_("Days waited until now, longest"),
    "multi_support": N_("Rounds of support by many services"),
    "planned": N_("with a plan"),
    "contact_person": N_("with a contact person"),
    "review_late": N_("review is late"),
    "without_plan": N_("client group 4 without a plan"),
    "contacts": N_("Contacts agreed"),
    "kept": N_("took place"),
    "not_come": N_("the client did not come"),
    "cancelled": N_("cancelled"),
    "per_episode": N_("Contacts of an episode, mean"),
    "confirmed": N_("Assessments confirmed"),
    "up": N_("a higher step was chosen"),
    "down": N_("a lower step was chosen"),
    "stops": N_("Safety stops"),
    "recorded": N_("recorded to the end"),
    "stop_minutes_median": N_("Minutes to recorded, median"),
    "stop_minutes_percentile_90": N_("Minutes to recorded, nine in ten at most"),
    "some_not": N_("some safety step was not done"),
    "not_done": N_("Safety steps not done"),
    "auditc": N_("AUDIT-C was asked"),
    "auditc_positive": N_("AUDIT-C over its limit"),
    "audit_done": N_("the whole AUDIT was done"),
    "mini_30": N_("mini-intervention within 30 days"),
    "work_ability": N_("Rounds of support for work ability"),
    "work_fired": N_("an assessment asked for it"),
    "work_consented": N_("the client agreed"),
    "work_referred": N_("was referred"),
    "work_met": N_("a meeting was held"),
    "work_reviewed": N_("it was reviewed"),
    "work_days_median": N_("Days to the meeting, median"),
    "minutes_median": N_("Minutes of an assessment, median"),
    "minutes_percentile_90": N_("Minutes of an assessment, nine in ten at most"),
    "skipped_mean": N_("Questions skipped, mean"),
    "rule_used": N_("Rules that held"),
    "question_skipped": N_("Questions skipped"),
}
BREAKDOWNS: Mapping[str, str] = {
    "method": N_("method"),
    "code": N_("procedure code"),
    "age": N_("age"),
    "age_limit": N_("under 23 and from 23"),
    "step": N_("step"),
    "unit": N_("unit"),
    "municipality": N_("municipality"),
    "production": N_("who produces it"),
    "referrer": N_("who sent the client"),
    "onward": N_("where to"),
    "segment": N_("client group"),
    "measure": N_("questionnaire"),
    "start_band": N_("first total"),
    "channel": N_("channel"),
    "profession": N_("profession"),
    "version": N_("version of the pathway"),
    "reason": N_("reason"),
    "rule": N_("rule"),
    "question": N_("question"),
    "outcome": N_("how the episode ended"),
    "stop": N_("stop"),
    "not_done": N_("reason"),
    "pathway": N_("pathway"),
    "law": N_("time of the law"),
    "hub": N_("place"),
    "area": N_("area of employment"),
    "sex": N_("sex"),
    "language": N_("language"),
    "month": N_("month"),
    "quarter": N_("quarter"),
    "third": N_("four months"),
}
HIDDEN = N_("hidden")
EMPTY = N_("There is nothing in this period.")
HIDES = N_(
    "Hidden is what few persons stand behind, or what would tell of them. "
    "One to four persons are few, and for a mean up to nine."
)
SMALL = N_("Numbers marked with ! tell of one to four persons. Do not hand this page on.")


def title(table: Table, t: Speech) -> str:
    """Return the name of a report with what it is told by."""
    name = t(REPORTS[table.report.name])
    if table.by:
        name = t("{report} by {what}", report=name, what=t(BREAKDOWNS[table.by]))
    return t("{report}: {unit}", report=name, unit=table.unit) if table.unit else name


def only_on_screen(scope: Scope, t: Speech) -> str:
    """Return why there is no file of a part of the rows."""
    if scope == "own":
        return t("The sums of your own clients stay on the screen. A file could tell of few.")
    if scope == "all":
        return t("By that it is told of one unit alone. Of all units it could tell of few.")
    return t("A file of one unit is told by time alone. By anything else it could tell of few.")


def period_words(period: Period, t: Speech) -> str:
    """Return a period in words, as in "third quarter of 2026"."""
    year, month = divmod(period.first, YEAR)
    match period.kind:
        case "month":
            return _month(period.first, t)
        case "quarter":
            return t(
                "quarter {number} of {year}", number=month // LENGTHS["quarter"] + 1, year=year
            )
        case "third":
            number = month // LENGTHS["third"] + 1
            return t("four months, {number} of 3, {year}", number=number, year=year)
        case "year":
            return str(year)
    return "–".join(_month(at, t) for at in (period.first, period.last))


def _month(month: int, t: Speech) -> str:
    return t(N_("{year}-{month:02}"), year=month // YEAR, month=month % YEAR + 1)


def periods_words(table: Table, t: Speech) -> str:
    """Return for which period a report is, and beside which one."""
    asked, before = (period_words(period, t) for period in table.periods)
    return t("{period}; beside it {before}", period=asked, before=before)


def group_words(table: Table, group: str | None, names: Names, t: Speech) -> str:
    """Return the name of a group."""
    if group is None:
        return t("all together")
    if group == NOT_TOLD:
        return t("not told")
    if table.by == "month":
        try:
            return _month(read_month(group), t)
        except NotAPeriod:
            return group
    return names(table.by or "", group)


def decimals(value: Fraction, places: int) -> str:
    """Return a number with so many decimals, halves rounded up: the same on every machine."""
    unit = 10**places
    whole, rest = divmod(int(abs(value) * unit + Fraction(1, 2)), unit)
    sign = "-" if value < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest:0{places}}" if places else f"{sign}{whole}"


def value_words(figure: Figure, cell: Cell, t: Speech) -> str:
    """Return what stands in a cell: a number, a share with both its numbers, or why none does."""
    if cell.hidden:
        return t(HIDDEN)
    if cell.value is None or cell.is_empty:
        return "–"
    return _value_words(figure, cell, cell.value, t) + ("!" if cell.is_small else "")


def _value_words(figure: Figure, cell: Cell, value: Fraction, t: Speech) -> str:
    if figure.kind == "count":
        return str(cell.number)
    if figure.kind == "share":
        share = t("{number} %", number=decimals(value * 100, 0))
        return f"{share} ({cell.number}/{cell.denominator})"
    return plain_number(value, t)


def plain_number(value: Fraction, t: Speech) -> str:
    """Return a number with one decimal where it has any."""
    text = decimals(value, 1).removesuffix(".0")
    return text.replace(".", t(N_("0.5"))[1])


def target_words(figure: Figure, target: Fraction | None, t: Speech) -> str:
    """Return a target as its figure is written, or nothing."""
    if target is None:
        return ""
    if figure.kind == "share":
        return t("{number} %", number=plain_number(target * 100, t))
    return plain_number(target, t)


def standing(table: Table, t: Speech) -> list[str]:
    """Return what has to be known beside the numbers, a sentence each."""
    told = []
    if table.is_empty:
        told.append(t(EMPTY))
    if table.hides:
        told.append(t(HIDES))
    if table.has_small:
        told.append(t(SMALL))
    if table.whole_from is not None and table.whole_from > table.periods[-1].first:
        month = _month(table.whole_from, t)
        told.append(
            t("Before {month} not everything was recorded that is counted here.", month=month)
        )
    return told


def made_words(table: Table, t: Speech) -> str:
    """Return whose targets stand in it, when it was made, and the head of the log where known."""
    made = t("Made by Porras on {day}.", day=table.made)
    head = [t("Head of the log: {head}", head=table.head)] if table.head else []
    return " ".join([*_targets(table, t), made, *head])


def _targets(table: Table, t: Speech) -> Iterator[str]:
    """Yield each target with who set it."""
    figures = {figure.name: figure for figure in table.figures}
    targets = {cell.figure: cell.target for cell in table.cells}
    for name, source in table.sources:
        yield t(
            "Target for “{figure}”: {target} ({source}).",
            figure=t(FIGURES[name]),
            target=target_words(figures[name], targets.get(name), t),
            source=source,
        )
