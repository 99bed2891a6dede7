"""The series that figures are made of: which rows, under which month, cut into which bands.

Each is named once, so that reports that share it hide the same. Limits of days are those of the
law (14 days, three months; 28 days for the therapy guarantee of those under 23); the bands of
satisfaction are those of the reports that the regions keep (basis: local).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stepping.reports.model import Band, Rows, Series, Within

_YES_NO = (Band("yes", ("yes",)), Band("no", ("no",)), Band("not_told"))
_ACCESS = (
    Band("within_14", low=0, high=14),
    Band("within_28", low=15, high=28),
    Band("within_91", low=29, high=91),
    Band("later", low=92),
    Band("waiting"),
)
_REACHED = ("within_14", "within_28", "within_91", "later")
_TENTHS = 10


def _inside(name: str, of: Series, value: str, *bands: str, **more: Any) -> Series:
    """Return the rows of a series that lie in some of its bands, or all, by another value."""
    within = Within(of.name, bands)
    return Series(name, of.rows, of.month, value, within=within, **more)


def _asked(name: str, of: Series, *bands: str) -> Series:
    """Return those rows of a series by whether something is so that has the series' name."""
    return _inside(name, of, name, *bands, bands=_YES_NO)


_STARTED = Series(
    "started", "treatments", "started", "state", bands=(Band("ended", ("ended",)), Band("going_on"))
)
_ENDED = Series(
    "ended",
    "treatments",
    "ended",
    "why",
    bands=(
        Band("completed", ("completed",)),
        Band("stepped_up", ("stepped_up",)),
        Band("stepped_down", ("stepped_down",)),
        Band("broken_off", ("client_ended", "moved")),
        Band("otherwise", ("other", "died")),
    ),
)
_SENT = _inside("sent", _ENDED, "sent", bands=(Band("yes", ("yes",)), Band("no", ("no",))))
_ONWARD = _inside(
    "onward",
    _SENT,
    "arrived",
    "yes",
    bands=(
        Band("took_place", ("took_place",)),
        Band("refused", ("refused",)),
        Band("did_not", ("not",)),
        Band("not_told"),
    ),
)
_RATED = _inside("rated", _ENDED, "rated", bands=(Band("answered", ("yes",)), Band("not_answered")))
_SATISFACTION = _inside(
    "satisfaction",
    _RATED,
    "satisfaction",
    "answered",
    bands=(Band("high", low=9, high=10), Band("middle", low=7, high=8), Band("low", low=0, high=6)),
    highest=10,
)


def _changes(prefix: str, rows: Rows) -> tuple[Series, ...]:
    """Return what became of totals, over episodes or over their treatments."""
    measured = Series(
        f"{prefix}measured",
        rows,
        "first_month",
        "twice",
        bands=(Band("twice", ("yes",)), Band("once", ("no",))),
    )
    compared = _inside(
        f"{prefix}compared",
        measured,
        "category",
        "twice",
        bands=(
            Band("improved", ("reliable_recovery", "reliable_improvement")),
            Band("unchanged", ("recovery", "no_reliable_change")),
            Band("worse", ("reliable_deterioration",)),
            Band("no_rule"),
        ),
    )
    cases = _inside(
        f"{prefix}cases",
        measured,
        "caseness",
        "twice",
        bands=(
            Band("no_case_more", ("no_case_more",)),
            Band("still_case", ("still_case",)),
            Band("no_case", ("no_case",)),
            Band("no_rule"),
        ),
    )
    were = ("no_case_more", "still_case")
    recovered = _inside(
        f"{prefix}recovered",
        cases,
        "caseness",
        *were,
        bands=tuple(Band(one, (one,)) for one in were),
    )
    scores = (
        _inside(f"{prefix}{when}_score", measured, when, "twice", scale=_TENTHS)
        for when in ("first", "last")
    )
    return measured, compared, cases, recovered, *scores


_ACCESSED = Series("access", "episodes", "need", "treatment_days", bands=_ACCESS)
_LAW = Series(
    "law",
    "times",
    "since",
    "state",
    bands=(
        Band("met", ("met",)),
        Band("late", ("late", "overdue")),
        Band("running", ("running", "paused")),
        Band("ended", ("ended",)),
    ),
)
_WAITING = _inside("waiting", _LAW, "waited_days", bands=_ACCESS)
_SUPPORT = Series("multi_support", "support_rounds", "month")
_AT_RISK = Series("at_risk", "at_risk", "opened", "with_plan", bands=_YES_NO)
_CONTACTS = Series(
    "contacts",
    "contacts",
    "month",
    "turnout",
    bands=(
        Band("kept", ("kept",)),
        Band("not_come", ("not_come",)),
        Band("cancelled", ("client_cancelled", "unit_cancelled")),
    ),
)
_CONFIRMED = Series(
    "confirmed",
    "assessments",
    "month",
    "direction",
    bands=(
        Band("as_suggested", ("same",)),
        Band("up", ("up",)),
        Band("down", ("down",)),
        Band("not_told"),
    ),
)
_DECIDED = replace(_CONFIRMED, name="decided", rows="deciding")
_STOPS = Series(
    "stops", "stops", "month", "recorded", bands=(Band("recorded", ("yes",)), Band("open"))
)
_SCREENED = Series("auditc", "assessments", "month", "auditc_asked", bands=_YES_NO)
_POSITIVE = Series(
    "positive",
    "alcohol_rounds",
    "month",
    "mini_days",
    bands=(Band("within_30", low=0, high=30), Band("later", low=31), Band("not_given")),
)
_WORK = Series("work_ability", "work_rounds", "month")

_ALL = (
    _STARTED,
    _ENDED,
    _inside("course_contacts", _ENDED, "kept"),
    _inside("course_weeks", _ENDED, "weeks"),
    _SENT,
    _ONWARD,
    _RATED,
    _SATISFACTION,
    *_changes("", "changes"),
    *_changes("course_", "course_changes"),
    _ACCESSED,
    _inside("access_days", _ACCESSED, "treatment_days", *_REACHED),
    _inside("contact", _ACCESSED, "contact_days", bands=_ACCESS),
    _asked("paused_client", _ACCESSED),
    _asked("paused_medical", _ACCESSED),
    _LAW,
    _WAITING,
    _inside("waited_days", _WAITING, "waited_days", *_REACHED),
    _SUPPORT,
    *(_asked(name, _SUPPORT) for name in ("planned", "contact_person", "review_late")),
    _AT_RISK,
    _CONTACTS,
    Series("episode_contacts", "episodes", "closed", "contacts"),
    _CONFIRMED,
    _DECIDED,
    _STOPS,
    _inside("stop_minutes", _STOPS, "minutes", "recorded"),
    _inside("safety_steps", _STOPS, "some_not_done", bands=_YES_NO),
    Series("not_done", "not_done", "month"),
    _SCREENED,
    _inside("auditc_positive", _SCREENED, "auditc_positive", "yes", bands=_YES_NO),
    _POSITIVE,
    _asked("audit_done", _POSITIVE),
    _WORK,
    *(
        _asked(f"work_{what}", _WORK)
        for what in ("fired", "consented", "referred", "met", "reviewed")
    ),
    _inside("work_days", _WORK, "work_days"),
    _inside("minutes", _CONFIRMED, "minutes"),
    _inside("skipped", _CONFIRMED, "skipped"),
    Series("rule_uses", "rule_uses", "month"),
    Series("skips", "skips", "month"),
)
SERIES = {series.name: series for series in _ALL}
"""Every series by its name."""
