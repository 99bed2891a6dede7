"""Where the columns of reports stand in the summary tables: one SELECT for each kind of rows.

Each has the columns that `stepping.reports.series` and the breakdowns name, and three for the
counting: `whose` row it is (an episode's place), the `ordinal` of that episode, and the `weight` of
the row. Only those that are asked for are worked out. Names of columns come from the catalogue, and
never from what somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from stepping.reports.model import Rows
from store.database.tables.v9_facts import LINES, OF_EPISODES

_LAST = (1 << LINES) - 1

_WHO = """
    e.place AS whose, e.ordinal AS ordinal, e.age AS age, e.sex AS sex, e.language AS language,
    e.municipality AS municipality, e.unit AS unit, e.referrer AS referrer, e.segment AS segment,
    e.how AS how, e.worker AS worker,
    CASE WHEN e.age < 23 THEN 'under_23' WHEN e.age >= 23 THEN 'from_23' END AS age_limit"""


def _lines(table: str) -> str:
    """Return how the lines of a table stand with their episodes."""
    return f"{table} l JOIN summary_episodes e ON e.place = l.id >> {LINES}"


def _range(place: str) -> str:
    """Return the ids of the lines of a place, as what stands after BETWEEN."""
    return f"{place} << {LINES} AND ({place} << {LINES}) + {_LAST}"


def _yes(condition: str, *, known: str = "TRUE") -> str:
    return f"CASE WHEN NOT ({known}) THEN NULL WHEN {condition} THEN 'yes' ELSE 'no' END"


def _lines_of(table: str, condition: str) -> str:
    """Return a condition on the lines of the episode `e`, which a range of ids finds.

    A plus keeps an index on tracks out of it, which has the lines of all episodes.
    """
    return f"FROM {table} l WHERE l.id BETWEEN {_range('e.place')} AND {condition}"


_PLANNED = _lines_of("summary_tracks", "+l.track = 'multi_service' AND l.what = 'planned'")
_KEPT = _lines_of("summary_contacts", "l.turnout = 'kept'")

_EPISODES = f"""
    SELECT {_WHO}, 1 AS weight, e.opened AS opened, e.closed AS closed, e.need AS need,
        e.treatment_days AS treatment_days, e.contact_days AS contact_days, e.step AS step,
        {_yes("e.wish_days > 0", known="e.wish_days NOTNULL")} AS paused_client,
        {_yes("e.medical_days > 0", known="e.medical_days NOTNULL")} AS paused_medical,
        (SELECT coalesce(sum(l.count), 0) {_KEPT}) AS contacts,
        {_yes(f"EXISTS (SELECT 1 {_PLANNED})")} AS with_plan
    FROM summary_episodes e"""

_TIMES = f"""
    SELECT {_WHO}, 1 AS weight, l.since AS since, l.rule AS rule, l.form AS form,
        CASE WHEN l.state = 'running' AND l.due_day < :today THEN 'overdue' ELSE l.state END
            AS state,
        CAST(julianday(:today) - julianday(l.since_day) AS INTEGER) AS waited_days
    FROM {_lines("summary_times")}"""

_TREATMENTS = f"""
    SELECT {_WHO}, 1 AS weight, l.started AS started, l.ended AS ended, l.form AS form,
        l.code AS code, l.production AS production, l.step AS step, l.why AS why,
        l.onward AS onward, {_yes("l.onward NOTNULL")} AS sent, l.arrived AS arrived,
        l.satisfaction AS satisfaction, l.kept AS kept, l.weeks AS weeks,
        CASE WHEN l.ended NOTNULL THEN 'ended' END AS state,
        CASE WHEN l.satisfaction NOTNULL THEN 'yes' END AS rated
    FROM {_lines("summary_treatments")}"""

_CONTACTS = f"""
    SELECT {_WHO}, l.count AS weight, l.month AS month, l.turnout AS turnout,
        l.channel AS channel, l.profession AS profession
    FROM {_lines("summary_contacts")}"""


def _changes(which: str) -> str:
    return f"""
    SELECT {_WHO}, 1 AS weight, l.first_month AS first_month, l.measure AS measure,
        l.form AS form, l.production AS production, l.step AS step, l.band AS band,
        l.category AS category, {_yes("l.last NOTNULL")} AS twice,
        CAST(round(l.first * 10) AS INTEGER) AS first, CAST(round(l.last * 10) AS INTEGER) AS last,
        CASE WHEN l.case_then = 0 THEN 'no_case' WHEN l.case_now = 1 THEN 'still_case'
            WHEN l.case_now = 0 THEN 'no_case_more' END AS caseness
    FROM {_lines("summary_changes")} WHERE l.treatment {which}"""


def _rounds(track: str, columns: str, having: str = "TRUE") -> str:
    """Return the rounds of a track, each one row."""
    return f"""
    SELECT {_WHO}, 1 AS weight, min(l.month) AS month, max(l.place) AS hub, {columns}
    FROM {_lines("summary_tracks")} WHERE l.track = '{track}'
    GROUP BY e.place, l.round HAVING {having}"""


def _happened(what: str) -> str:
    return _yes(f"max(l.what = '{what}')")


_DIRECTION = """
    CASE WHEN a.choice IN ('suggested', 'or_above') OR a.confirmed = a.suggested THEN 'same'
        WHEN a.confirmed > a.suggested THEN 'up' WHEN a.confirmed < a.suggested THEN 'down' END"""

_ABOUT = """
    e.place AS whose, e.ordinal AS ordinal, e.how AS how, e.segment AS segment, 1 AS weight,
    a.month AS month, a.pathway AS pathway, a.pathway || ' ' || a.version AS version, a.age AS age,
    a.sex AS sex, a.language AS language, a.municipality AS municipality, a.unit AS unit,
    a.override AS override"""
_OF_EPISODE = "LEFT JOIN summary_episodes e ON e.place = a.episode"


def _assessments(more: str = "", columns: str = "") -> str:
    return f"""
    SELECT {_ABOUT}, {_DIRECTION} AS direction, a.minutes AS minutes,
        json_array_length(a.skipped) AS skipped, {_yes("a.auditc NOTNULL")} AS auditc_asked,
        {_yes("a.auditc_positive = 1", known="a.auditc_positive NOTNULL")} AS auditc_positive
        {columns}
    FROM summary_assessments a {_OF_EPISODE} {more}
    WHERE a.state = 'confirmed'"""


_STOPS = f"summary_stops s JOIN summary_assessments a ON a.place = s.id >> {LINES}"


def _stops(more: str = "", columns: str = "") -> str:
    return f"""
    SELECT {_ABOUT}, s.stop AS stop, s.minutes AS minutes,
        CASE WHEN s.minutes NOTNULL THEN 'yes' END AS recorded,
        {_yes("s.not_done > 0", known="s.done + s.not_done > 0")} AS some_not_done {columns}
    FROM {_STOPS}
        {_OF_EPISODE} {more}"""


def _not_done() -> str:
    """Return the safety steps that were not done: those with a coded reason, and all others."""
    untold = "s.not_done - json_array_length(s.reasons)"
    others = _stops(columns=", NULL AS reason").replace("1 AS weight", f"{untold} AS weight")
    coded = _stops(", json_each(s.reasons) j", ", j.value AS reason")
    return f"{coded} UNION ALL {others} WHERE {untold} > 0"


SOURCES: Mapping[Rows, str] = {
    "episodes": _EPISODES,
    "at_risk": f"{_EPISODES} WHERE e.segment = 4",
    "times": _TIMES,
    "treatments": _TREATMENTS,
    "contacts": _CONTACTS,
    "changes": _changes("= 0"),
    "course_changes": _changes("> 0"),
    "support_rounds": _rounds(
        "multi_service",
        f"""{_happened("planned")} AS planned, {_yes("max(l.role) NOTNULL")} AS contact_person,
        {_yes("max(l.review_day) < :today")} AS review_late""",
    ),
    "work_rounds": _rounds(
        "work_ability",
        f"""{_happened("fired")} AS work_fired, {_happened("consented")} AS work_consented,
        {_happened("referred")} AS work_referred, {_happened("met")} AS work_met,
        {_happened("reviewed")} AS work_reviewed,
        min(CASE WHEN l.what = 'met' THEN l.days END) AS work_days""",
    ),
    "alcohol_rounds": _rounds(
        "alcohol",
        f"""{_happened("audit")} AS audit_done,
        min(CASE WHEN l.what = 'mini' THEN l.days END) AS mini_days""",
        "max(l.what = 'positive')",
    ),
    "assessments": _assessments(),
    "deciding": _assessments(", json_each(a.deciding) j", ", j.value AS rule"),
    "rule_uses": _assessments(", json_each(a.rules) j", ", j.value AS rule"),
    "skips": _assessments(", json_each(a.skipped) j", ", j.value AS question"),
    "stops": _stops(),
    "not_done": _not_done(),
}


def heads_first(rows: str) -> str:
    """Return a source that finds the lines by the rows of their records, not the other way round.

    It is for a few of the records: all lines of one stand side by side. An index on a track, which
    has the lines of all records, is kept out of it by a plus.
    """
    for table in OF_EPISODES:
        found = f"{table} l ON l.id BETWEEN {_range('e.place')}"
        rows = rows.replace(_lines(table), f"summary_episodes e CROSS JOIN {found}")
    rows = rows.replace(" l.track = ", " +l.track = ")
    found = f"summary_stops s ON s.id BETWEEN {_range('a.place')}"
    return rows.replace(_STOPS, f"summary_assessments a CROSS JOIN {found}")


def in_months(rows: str) -> str:
    """Return a source of what stands under a few months: found by them, not by looking at all.

    The rounds of a track are those of the episodes with an entry in one of the months.
    """
    if "GROUP BY" not in rows:
        return rows if _STOPS not in rows else heads_first(rows)
    found = rf"SELECT t.id >> {LINES} FROM summary_tracks t WHERE t.track = '\1'"
    narrow = rf"\g<0> AND e.place IN ({found} AND t.month BETWEEN :first AND :last)"
    return heads_first(re.sub(r"l\.track = '(\w+)'", narrow, rows, count=1))
