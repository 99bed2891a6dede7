"""How far a draft is and which safety stops are open in it, worked out from its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stepping.finland import finnish_day
from store.records import DraftState, OpenStop, plain_answer
from store.repository.internal import pathway_copies, persons, risk_signs
from store.repository.internal.assessments import CURRENT
from store.session.session import Session, unit_of

if TYPE_CHECKING:
    from stepping.decision.draft_status import DraftStatus, HeldStop
    from stepping.pathway.model import Answer


UNDONE = "[undone]"
"""Stands for the reason where a safety step is taken back; nobody's reason may be this."""

NEWEST = """
    FROM safety s WHERE assessment_id = ?
        AND NOT EXISTS (SELECT 1 FROM safety t WHERE t.supersedes = s.id)"""
"""The last row of each safety step of an assessment; a condition or an order may follow."""

RECORDED = f"{NEWEST} AND why_not IS NOT '{UNDONE}'"
"""Those of them that record an outcome."""

_DRAFT = """
    SELECT a.id, a.pathway_digest, a.started_at, a.started_by, c.birth_year, c.sex
    FROM drafts d
        JOIN assessments a ON a.id = d.assessment_id
        JOIN belongings b ON b.assessment_id = a.id
        JOIN persons c ON c.id = b.place
    WHERE d.assessment_id = ?"""

_OPEN = f"""
    SELECT o.assessment_id, o.stop, o.urgency, o.floor, o.since, w.handle AS "by",
        b.client AS client_id, a.pathway_digest, p.pathway_id, a.started_at,
        {unit_of("b.client")} AS unit
    FROM open_stops o
        JOIN assessments a ON a.id = o.assessment_id
        JOIN belongings b ON b.assessment_id = o.assessment_id
        JOIN pathways p ON p.digest = a.pathway_digest
        JOIN workers w ON w.id = o."by"
    WHERE b.client IN (SELECT value FROM json_each(?))
    ORDER BY o.urgency = 'emergency' DESC, o.urgency = 'same_day' DESC, o.since, o.stop"""


def keep_status(session: Session, assessment_id: str) -> None:
    """Keep which stops are open in a draft, how far it is, and what it has told of risk.

    Within a transaction. It is worked out from the rows that stand, so that nobody can hand in
    what another window has overtaken. Nothing is kept of an assessment that is closed. Of a draft
    whose pathway cannot be read what was known stays.
    """
    if (draft := session.row(_DRAFT, assessment_id)) is None:
        return
    if (now := _work_out(session, draft)) is not None:
        _keep_open(session, draft, now)
    else:
        keep_known(session, draft)
    risk_signs.keep(session, assessment_id)


def held_now(session: Session, assessment_id: str) -> set[tuple[str, str, int | None]] | None:
    """Return stop, urgency and floor of what its answers hold open in a draft; None if unknown."""
    draft = session.row(_DRAFT, assessment_id)
    now = _work_out(session, draft) if draft else None
    return {(stop.id, stop.urgency, stop.floor) for stop in now.stops} if now else None


def keep_known(session: Session, draft: dict[str, Any]) -> None:
    """Leave the open stops of a draft as they are known, and list it by them."""
    if session.row("SELECT 1 FROM open_stops WHERE assessment_id = ?", draft["id"]):
        _list_draft(session, draft, "open_stop", draft["started_at"])


def _work_out(session: Session, draft: dict[str, Any]) -> DraftStatus | None:
    """Return how a draft stands by the rows that there are; None if its pathway is unreadable."""
    from stepping.decision.draft_status import get_draft_status
    from stepping.decision.safety import RecordedStep, SafetyStep
    from stepping.pathway.client_facts import card_facts

    pathway = pathway_copies.find_pathway(session, draft["pathway_digest"])
    if pathway is None:
        return None
    entries = session.rows(CURRENT, draft["id"])
    asked = (row for row in entries if row["question"] in pathway.facts)
    given = {row["question"]: row for row in asked if row["state"] == "given"}
    began = finnish_day(datetime.fromisoformat(draft["started_at"]))
    answers: dict[str, Answer] = {
        **card_facts(draft["birth_year"], draft["sex"], began),
        **{id_: plain_answer(json.loads(row["value"])) for id_, row in given.items()},
    }
    steps = session.rows(f"SELECT stop, card, step, answers_seq {RECORDED}", draft["id"])
    return get_draft_status(
        pathway,
        answers,
        {id_: row["seq"] for id_, row in given.items()},
        {row["question"] for row in entries if row["state"] == "skipped"},
        [
            RecordedStep(SafetyStep(r["stop"], r["card"], r["step"]), r["answers_seq"])
            for r in steps
        ],
    )


def _keep_open(session: Session, draft: dict[str, Any], now: DraftStatus) -> None:
    """Put the open stops of a draft in the place of what was known of them."""
    sql = "SELECT * FROM open_stops WHERE assessment_id = ?"
    known = {row["stop"]: row for row in session.rows(sql, draft["id"])}
    held = {stop.id: _open_row(session, draft, stop, known.get(stop.id)) for stop in now.stops}
    for stop in known.keys() - held.keys():
        sql = "DELETE FROM open_stops WHERE assessment_id = ? AND stop = ?"
        session.db.execute(sql, (draft["id"], stop))
    for stop, row in held.items():
        if row != known.get(stop):
            session.db.table("open_stops").upsert(row, pk=("assessment_id", "stop"))
    kind: DraftState = "open_stop" if held else "unconfirmed" if now.finished else "draft"
    since = min((row["since"] for row in held.values()), default=draft["started_at"])
    _list_draft(session, draft, kind, since)


def _open_row(
    session: Session, draft: dict[str, Any], stop: HeldStop, known: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the row of an open stop; one that was open before stays open since then."""
    opened = known or _opened(session, draft, stop)
    return {
        "assessment_id": draft["id"],
        "stop": stop.id,
        "urgency": stop.urgency,
        "floor": stop.floor,
        "since": opened["since"],
        "by": opened["by"],
    }


def _opened(session: Session, draft: dict[str, Any], stop: HeldStop) -> dict[str, Any]:
    """Return when and by whom that was recorded which opened a stop."""
    sql = f'SELECT at AS since, "by" FROM ({CURRENT}) WHERE question = ?'
    found = session.row(sql, draft["id"], stop.since) if stop.since else None
    return found or {"since": draft["started_at"], "by": draft["started_by"]}


def _list_draft(session: Session, draft: dict[str, Any], kind: DraftState, since: str) -> None:
    sql = """
        UPDATE worklist SET kind = :kind, since = :since
        WHERE assessment_id = :id AND (kind, since) IS NOT (:kind, :since)"""
    session.db.execute(sql, {"id": draft["id"], "kind": kind, "since": since})


def keep_all(session: Session) -> None:
    """Keep how every draft stands, within a transaction.

    A draft with an answer that does not fit its question counts as one that cannot be read:
    it must not keep the whole store closed.
    """
    for (assessment_id,) in session.db.execute("SELECT assessment_id FROM drafts").fetchall():
        try:
            keep_status(session, assessment_id)
        except (TypeError, ValueError, KeyError):
            draft = session.row(_DRAFT, assessment_id)
            if draft is not None:
                keep_known(session, draft)


def list_open_stops(session: Session, client_id: str) -> Iterator[OpenStop]:
    """Yield the stops that are open in any draft of a person, the most urgent first."""
    for row in session.rows(_OPEN, json.dumps(persons.same_person(session, client_id))):
        yield OpenStop(**row, in_reach=session.is_in_reach(row["client_id"]))
