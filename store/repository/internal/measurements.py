"""What a confirmed assessment has measured, as its decision and its answers tell."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from stepping.finland import finnish_day
from store.professions import profession_key
from store.repository.internal import assessments
from store.session.session import Session

if TYPE_CHECKING:
    # The events are read only where an episode is: they cost a start more than they are worth.
    from stepping.episode.events import Measured
    from stepping.pathway.care.schema import CareRules

_SEGMENTS = range(1, 5)
"""The client groups that an episode knows."""


def read_measurement(session: Session, assessment_id: str) -> Measured | None:
    """Return the measurement of a confirmed assessment; None without a decision."""
    from stepping.episode.events import Measured
    from stepping.measured import measured_scores

    sql = """
        SELECT d.decision, d.confirmed_step, d.at, w.handle
        FROM decisions d JOIN workers w ON w.id = d.by WHERE d.assessment_id = ?"""
    row = session.row(sql, assessment_id)
    if row is None:
        return None
    whole = json.loads(row["decision"])
    decision = whole.get("decision", whole) if isinstance(whole, dict) else {}
    told = decision if isinstance(decision, dict) else {}
    return Measured(
        day=finnish_day(datetime.fromisoformat(row["at"])),
        assessment=assessment_id,
        step=row["confirmed_step"],
        scores=(scores := measured_scores(whole) | _typed_totals(session, assessment_id)),
        told=_told_elsewhere(session, assessment_id, scores) or None,
        verdicts=told.get("verdicts"),
        by=row["handle"],
        role=session.db.get_setting(profession_key(row["handle"])),
        **_told_in(whole, session.care),
    )


def _told_in(whole: object, care: CareRules) -> dict[str, Any]:
    """Return what the answers of a decision tell of client group, referrer and reasons.

    Questions of these names are asked by pathways that wish to; what is no code is left out.
    """
    answers = whole.get("answers", {}) if isinstance(whole, dict) else {}
    segment, referrer = answers.get("segment"), answers.get("referrer")
    asked = answers.get(care.contacts.reason_question or "")
    listed = asked if isinstance(asked, list) else [asked]
    reasons = tuple(each for each in listed if isinstance(each, str) and each in care.reasons)
    return {
        "segment": segment if type(segment) is int and segment in _SEGMENTS else None,
        "referrer": referrer if isinstance(referrer, str) and referrer in care.referrers else None,
        "reasons": reasons or None,
    }


def _typed_totals(session: Session, assessment_id: str) -> dict[str, int]:
    """Return the totals that were typed in as answers: of forms that were filled in elsewhere."""
    typed = "state = 'given' AND question IN (SELECT value FROM json_each(?))"
    facts = json.dumps([measure.fact for measure in session.care.measures.values()])
    rows = session.rows(f"{assessments.CURRENT} AND {typed}", assessment_id, facts)
    told = {row["question"]: json.loads(row["value"]) for row in rows}
    return {fact: points for fact, points in told.items() if type(points) is int}


def _told_elsewhere(
    session: Session, assessment_id: str, scores: Collection[str]
) -> dict[str, date]:
    """Return the day of each total that was told elsewhere, without its items."""
    told = "elsewhere NOTNULL AND question IN (SELECT value FROM json_each(?))"
    rows = session.rows(
        f"{assessments.CURRENT} AND {told}", assessment_id, json.dumps(sorted(scores))
    )
    return {r["question"]: finnish_day(datetime.fromisoformat(r["given_at"])) for r in rows}
