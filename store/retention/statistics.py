"""What is kept for statistics of an assessment that is deleted: counts of cases, not of people.

A row names no client, worker, record or day, holds no free text, and stands at a random place, so
that its neighbours tell nothing. For the same reason no event tells of it: the log would say whose
it is. Rare combinations may still point to somebody who knows more, so whoever reports from these
rows leaves out groups of fewer than five.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stepping.episode.clocks import score_changes
from stepping.finland import finnish_day
from store.repository.internal import episodes, pathway_copies
from store.session.session import Session

if TYPE_CHECKING:
    from stepping.pathway.schema import Change

_PLACES = 48
"""Bits of the random number under which a row stands."""

AGE_UNKNOWN = -10
"""Stands for the age of somebody whose year of birth was never known: the column needs a number."""

_CONFIRMED = """
    SELECT a.id, a.pathway_digest, p.pathway_id, p.version, b.episode_id, c.birth_year,
        c.municipality, d.decision, d.suggested_step, d.confirmed_step, d.reason_code, d.at
    FROM decisions d
        JOIN assessments a ON a.id = d.assessment_id
        JOIN pathways p ON p.digest = a.pathway_digest
        CROSS JOIN belongings b ON b.assessment_id = a.id
        CROSS JOIN persons c ON c.id = b.client
    WHERE a.id IN (SELECT value FROM json_each(?)) ORDER BY a.seq"""


def keep(session: Session, assessments: Collection[str]) -> None:
    """Keep a row for each of these assessments that is confirmed, within a transaction.

    One that is marked as of the wrong client counts nowhere.

    What an episode did and what came of it stands once, in the row of its first assessment.
    """
    told: set[str] = set()
    for row in session.rows(_CONFIRMED, json.dumps(list(assessments))):
        session.db.table("statistics").insert(_row(session, row, told))


def _row(session: Session, found: dict[str, Any], told: set[str]) -> dict[str, Any]:
    day = finnish_day(datetime.fromisoformat(found["at"]))
    whole = json.loads(found["decision"])
    decision = whole.get("decision", whole)
    row: dict[str, Any] = {
        "place": secrets.randbits(_PLACES),
        "month": f"{day:%Y-%m}",
        "pathway_id": found["pathway_id"],
        "pathway_version": found["version"],
        "suggested_step": found["suggested_step"],
        "confirmed_step": found["confirmed_step"],
        "reason_code": found["reason_code"],
        "urgency": decision.get("urgency"),
        "stops": json.dumps(sorted(decision.get("stops", ()))),
        "age_from": _age_from(found["birth_year"], day.year),
        "municipality": found["municipality"],
        "part": "alone",
    }
    episode_id = found["episode_id"]
    if episode_id in told:
        row["part"] = "later"
    elif episode_id:
        told.add(episode_id)
        row |= {"part": "first", **_course(session, episode_id)}
    return row


def _age_from(birth_year: int | None, year: int) -> int:
    """Return the age at which a group of ten years begins."""
    return AGE_UNKNOWN if birth_year is None else max(year - birth_year, 0) // 10 * 10


def _course(session: Session, episode_id: str) -> dict[str, str]:
    """Return which interventions an episode had, and what became of each measure."""
    episode = episodes.read(session, episode_id).episode
    rules: dict[str, Change] = {}
    for measured in episode.measured:
        rules |= _rules(session, measured.assessment)
    scored = {fact for measured in episode.measured for fact in measured.scores}
    overall = score_changes(episode, {fact: rule for fact, rule in rules.items() if fact in scored})
    used = {period.started.intervention for period in episode.periods}
    outcomes = {change.instrument: change.category for change in overall.changes}
    return {
        "interventions": json.dumps(sorted(used)),
        "outcomes": json.dumps(outcomes, sort_keys=True),
    }


def _rules(session: Session, assessment_id: str) -> Mapping[str, Change]:
    """Return what counts as a change of each total, by the text under which it was measured.

    Nothing does by a text that cannot be read.
    """
    row = session.row("SELECT pathway_digest FROM assessments WHERE id = ?", assessment_id)
    pathway = pathway_copies.find_pathway(session, row["pathway_digest"]) if row else None
    instruments = pathway.instruments.values() if pathway else ()
    return {
        f"{instrument.id}.{instrument.change.total}": instrument.change
        for instrument in instruments
        if instrument.change is not None
    }
