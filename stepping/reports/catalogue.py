"""The reports of the county, each as data: its figures, and what it can be told by."""

from __future__ import annotations

from stepping.pathway.diagnostics import find_nearest
from stepping.reports.model import Breakdown, Figure, Kind, Report, Unit
from stepping.reports.periods import Kind as PeriodKind


class UnknownReport(LookupError):
    """No report of that name; `near` is the one that is most like it, or nothing."""

    def __init__(self, name: str, near: str, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.near = near
        self.known = known


class UnknownBreakdown(UnknownReport):
    """A report that is not told by that."""


def _share(name: str, series: str, *bands: str) -> Figure:
    return Figure(name, "share", series, bands or ("yes",))


def _spread(name: str, series: str, unit: Unit, *kinds: Kind) -> tuple[Figure, ...]:
    """Return how the values of a series lie; the name of each says which figure it is."""
    return tuple(Figure(f"{name}_{kind}", kind, series, unit=unit) for kind in kinds)


def _change(prefix: str) -> tuple[Figure, ...]:
    """Return what became of totals, over episodes or over their treatments."""
    scores = (
        Figure(f"{when}_score", "mean", f"{prefix}{when}_score", unit="points", only_by="measure")
        for when in ("first", "last")
    )
    return (
        _share("measured_twice", f"{prefix}measured", "twice"),
        _share("no_case_more", f"{prefix}recovered", "no_case_more"),
        _share("improved", f"{prefix}compared", "improved"),
        _share("unchanged", f"{prefix}compared", "unchanged"),
        _share("worse", f"{prefix}compared", "worse"),
        *scores,
    )


def _overrides(series: str) -> tuple[Figure, ...]:
    return (
        Figure("confirmed", "count", series),
        _share("up", series, "up"),
        _share("down", series, "down"),
    )


_LAW = (
    Figure("times", "count", "law"),
    _share("met", "law", "met"),
    _share("late", "law", "late"),
    _share("waiting", "waiting", "within_14", "within_28", "within_91", "later"),
    *_spread("waited", "waited_days", "days", "median", "longest"),
)
_CONTACTS = (
    Figure("contacts", "count", "contacts"),
    _share("kept", "contacts", "kept"),
    _share("not_come", "contacts", "not_come"),
    _share("cancelled", "contacts", "cancelled"),
)
_QUARTILES: tuple[Kind, ...] = ("quartile_1", "median", "quartile_3")

AREA = "area"
"""The column that no row has: an area of employment is told by the municipality."""

BREAKDOWNS = {
    breakdown.name: breakdown
    for breakdown in (
        Breakdown("method", "form"),
        Breakdown("code", "code"),
        Breakdown("age", "age"),
        Breakdown("age_limit", "age_limit"),
        Breakdown("step", "step"),
        Breakdown("unit", "unit"),
        Breakdown("municipality", "municipality"),
        Breakdown("production", "production"),
        Breakdown("referrer", "referrer"),
        Breakdown("onward", "onward"),
        Breakdown("segment", "segment"),
        Breakdown("measure", "measure"),
        Breakdown("start_band", "band"),
        Breakdown("channel", "channel"),
        Breakdown("profession", "profession"),
        Breakdown("version", "version"),
        Breakdown("reason", "override"),
        Breakdown("rule", "rule"),
        Breakdown("question", "question"),
        Breakdown("outcome", "how"),
        Breakdown("stop", "stop"),
        Breakdown("not_done", "reason"),
        Breakdown("pathway", "pathway"),
        Breakdown("law", "rule"),
        Breakdown("hub", "hub"),
        Breakdown("area", AREA),
        Breakdown("sex", "sex"),
        Breakdown("language", "language"),
    )
}
"""What reports are told by; the words of each are those of its column."""

PARTS: dict[str, PeriodKind] = {"month": "month", "quarter": "quarter", "third": "third"}
"""Parts of the period by which any report may be told."""

_ALL = (
    Report(
        "methods",
        (
            Figure("started", "count", "started"),
            _share("going_on", "started", "going_on"),
            Figure("ended", "count", "ended"),
            _share("completed", "ended", "completed"),
            _share("stepped_up", "ended", "stepped_up"),
            _share("stepped_down", "ended", "stepped_down"),
            _share("broken_off", "ended", "broken_off"),
            *_spread("contacts", "course_contacts", "contacts", *_QUARTILES),
            *_spread("weeks", "course_weeks", "weeks", "median"),
        ),
        (
            "method",
            "code",
            "age",
            "step",
            "unit",
            "municipality",
            "production",
            "referrer",
            "sex",
            "language",
        ),
        of_units=("code",),  # a code is that of some methods
    ),
    Report(
        "onward",
        (
            Figure("ended", "count", "ended"),
            _share("stepped_up", "ended", "stepped_up"),
            _share("stepped_down", "ended", "stepped_down"),
            Figure("onward", "count", "onward"),
            _share("took_place", "onward", "took_place"),
            _share("refused", "onward", "refused"),
        ),
        ("method", "unit", "step", "onward"),
    ),
    Report(
        "satisfaction",
        (
            Figure("ended", "count", "ended"),
            _share("answered", "rated", "answered"),
            *_spread("satisfaction", "satisfaction", "rating", "mean", "spread"),
            _share("high", "satisfaction", "high"),
            _share("low", "satisfaction", "low"),
        ),
        ("method", "production", "unit"),
    ),
    Report(
        "change",
        _change(""),
        ("measure", "start_band", "segment", "method", "step", "production"),
        instead=tuple((by, _change("course_")) for by in ("method", "step", "production")),
    ),
    Report(
        "access",
        (
            Figure("needs", "count", "access"),
            _share("contact_14", "contact", "within_14"),
            _share("within_14", "access", "within_14"),
            _share("within_28", "access", "within_14", "within_28"),
            _share("within_91", "access", "within_14", "within_28", "within_91"),
            *_spread("days", "access_days", "days", "median", "percentile_90", "longest"),
            _share("paused_client", "paused_client"),
            _share("paused_medical", "paused_medical"),
            *_LAW,
        ),
        ("age_limit", "unit", "municipality", "law", "method"),
        instead=(("law", _LAW), ("method", _LAW)),
    ),
    Report(
        "multi_support",
        (
            Figure("multi_support", "count", "multi_support"),
            _share("planned", "planned"),
            _share("contact_person", "contact_person"),
            _share("review_late", "review_late"),
            _share("without_plan", "at_risk", "no"),
        ),
        ("segment", "municipality", "age"),
    ),
    Report(
        "contacts",
        (*_CONTACTS, Figure("per_episode", "mean", "episode_contacts", unit="contacts")),
        ("unit", "channel", "profession"),
        instead=tuple((by, _CONTACTS) for by in ("channel", "profession")),
    ),
    Report(
        "overrides",
        _overrides("confirmed"),
        ("version", "reason", "rule", "outcome"),
        instead=(("rule", _overrides("decided")),),
        of_units=("reason",),  # a reason is that of a step up or down
    ),
    Report(
        "stops",
        (
            Figure("stops", "count", "stops"),
            _share("recorded", "stops", "recorded"),
            *_spread("stop_minutes", "stop_minutes", "minutes", "median", "percentile_90"),
            _share("some_not", "safety_steps"),
        ),
        ("pathway", "stop", "not_done"),
        instead=(("not_done", (Figure("not_done", "count", "not_done"),)),),
        of_units=("pathway",),  # a pathway has stops of its own
    ),
    Report(
        "mini_intervention",
        (
            _share("auditc", "auditc"),
            _share("auditc_positive", "auditc_positive"),
            _share("audit_done", "audit_done"),
            _share("mini_30", "positive", "within_30"),
        ),
        ("unit", "age"),
    ),
    Report(
        "work_ability",
        (
            Figure("work_ability", "count", "work_ability"),
            _share("work_fired", "work_fired"),
            _share("work_consented", "work_consented"),
            _share("work_referred", "work_referred"),
            _share("work_met", "work_met"),
            _share("work_reviewed", "work_reviewed"),
            *_spread("work_days", "work_days", "days", "median"),
        ),
        ("hub", "area"),
    ),
    Report(
        "caseload",
        (
            Figure("needs", "count", "access"),
            *_LAW,
            *_change(""),
        ),
        ("measure",),
        ("own",),
        instead=(("measure", _change("")),),
    ),
    Report(
        "pathway",
        (
            Figure("confirmed", "count", "confirmed"),
            *_spread("minutes", "minutes", "minutes", "median", "percentile_90"),
            *_spread("skipped", "skipped", "", "mean"),
        ),
        ("version", "rule", "question"),
        instead=(
            ("rule", (Figure("rule_used", "count", "rule_uses"),)),
            ("question", (Figure("question_skipped", "count", "skips"),)),
        ),
    ),
)
REPORTS = {report.name: report for report in _ALL}
"""Every report by its name, in the order in which they are listed."""


def find_report(name: str) -> Report:
    """Return a report by its name.

    Raises:
        UnknownReport: With the nearest name that is known.
    """
    if name not in REPORTS:
        raise UnknownReport(name, find_nearest(name, REPORTS) or "", tuple(REPORTS))
    return REPORTS[name]


def find_breakdown(report: Report, name: str) -> Breakdown:
    """Return what a report is told by.

    Raises:
        UnknownBreakdown: With the nearest name that the report knows.
    """
    known = (*report.breakdowns, *PARTS)
    if name not in known:
        raise UnknownBreakdown(name, find_nearest(name, known) or "", known)
    return BREAKDOWNS.get(name) or Breakdown(name, name)
