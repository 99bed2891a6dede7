"""Reads what the rows of reports are made from besides the events of an episode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from store.database.engine import pragma
from store.repository.internal import pathway_copies
from store.repository.internal.assessments import CURRENT
from store.repository.internal.draft_status import UNDONE
from store.repository.internal.summary.tables import fields_of
from store.session.session import Session, unit_of

if TYPE_CHECKING:
    from stepping.summary.assessments import Step, Told
    from stepping.summary.context import Person, Terms
    from stepping.summary.rows import AssessmentRow

_PERSON = f"""
    SELECT birth_year, sex, language, municipality, {unit_of("p.id")} AS unit
    FROM persons p WHERE p.id = ?"""

_CLOSED = """
    SELECT a.id, a.setting, a.started_at, a.pathway_digest, p.pathway_id, p.version,
        b.client, b.episode_id, d.decision, d.suggested_step, d.confirmed_step, d.reason_code,
        d.at AS confirmed_at, c.at AS abandoned_at
    FROM assessments a
        JOIN pathways p ON p.digest = a.pathway_digest
        CROSS JOIN belongings b ON b.assessment_id = a.id
        LEFT JOIN decisions d ON d.assessment_id = a.id
        LEFT JOIN closings c ON c.assessment_id = a.id
    WHERE a.id = ? AND b.client NOTNULL AND coalesce(d.at, c.at) NOTNULL"""
"""An assessment that is closed and somebody's."""

_STEPS = """
    SELECT s.stop, s.card, s.step, s.done, s.reason, s.at, n.at AS answered
    FROM safety s LEFT JOIN answers n
        ON n.assessment_id = s.assessment_id AND n.seq = s.answers_seq
    WHERE s.assessment_id = ? AND s.why_not IS NOT ? ORDER BY s.rowid"""

_NEAR = """
    SELECT a.id, a.pathway_digest FROM {table} near
        CROSS JOIN belongings b ON b.assessment_id = near.assessment_id
        CROSS JOIN assessments a ON a.id = near.assessment_id
    WHERE near.episode_id = :episode AND b.episode_id = :episode AND b.client NOTNULL"""
_OF_EPISODE = " UNION ".join(
    _NEAR.format(table=table) for table in ("episode_assessments", "assessment_moves")
)

_ORDINAL = """
    SELECT (SELECT count(*) FROM members m CROSS JOIN episodes e ON e.client_id = m.client
            WHERE m.person = :person AND e.seq <= :seq)
        + (SELECT coalesce(sum(g.count), 0) FROM members m
            CROSS JOIN earlier_episodes g ON g.client_id = m.client WHERE m.person = :person)"""

_terms: dict[str, Terms] = {}


def read_person(session: Session, client_id: str) -> Person:
    """Return what of a client's card a row may tell."""
    from stepping.summary.context import Person

    return Person(**(session.row(_PERSON, client_id) or {}))


def read_closed(session: Session, assessment_id: str) -> dict[str, Any] | None:
    """Return the row of an assessment that is closed and somebody's; None of any other."""
    return session.row(_CLOSED, assessment_id)


def tell(session: Session, row: dict[str, Any]) -> Told:
    """Return a closed assessment as the rows of reports take it."""
    from stepping.summary.assessments import Told

    confirmed = row["confirmed_at"] is not None
    decision = json.loads(row["decision"]) if confirmed else {}
    entries = session.rows("SELECT at FROM answers WHERE assessment_id = ?", row["id"])
    ends = [row["confirmed_at"]] if confirmed else []
    return Told(
        state="confirmed" if confirmed else "abandoned",
        at=datetime.fromisoformat(row["confirmed_at"] if confirmed else row["abandoned_at"]),
        pathway=row["pathway_id"],
        version=row["version"],
        setting=row["setting"],
        decision=decision if isinstance(decision, dict) else {},
        suggested=row["suggested_step"],
        confirmed=row["confirmed_step"],
        reason_code=row["reason_code"],
        skipped=_skipped(session, row["id"]),
        moments=[
            datetime.fromisoformat(at)
            for at in (row["started_at"], *(entry["at"] for entry in entries), *ends)
        ],
        steps=list(_steps(session, row["id"])),
    )


def _skipped(session: Session, assessment_id: str) -> list[str]:
    rows = session.rows(f"{CURRENT} AND state = 'skipped'", assessment_id)
    return [row["question"] for row in rows]


def _steps(session: Session, assessment_id: str) -> Iterator[Step]:
    """Yield the outcome of each safety step that stands, as of when it was recorded first."""
    from stepping.summary.assessments import Step

    by_step: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in session.rows(_STEPS, assessment_id, UNDONE):
        by_step.setdefault((row["stop"], row["card"], row["step"]), []).append(row)
    for (stop, card, _), rows in by_step.items():
        first = rows[0]
        answered = first["answered"]
        yield Step(
            stop=stop,
            card=card,
            done=bool(rows[-1]["done"]),
            opened=datetime.fromisoformat(answered) if answered else None,
            recorded=datetime.fromisoformat(first["at"]),
            code=rows[-1]["reason"],
        )


def list_of_episode(session: Session, episode_id: str) -> dict[str, str]:
    """Return the assessments that belong to an episode, each with its pathway's digest."""
    rows = session.rows(_OF_EPISODE, {"episode": episode_id})
    return {row["id"]: row["pathway_digest"] for row in rows}


def read_kept(session: Session, assessment_id: str) -> AssessmentRow | None:
    """Return the row that stands of an assessment."""
    from stepping.summary.rows import AssessmentRow

    names = ", ".join(f'"{name}"' for name in fields_of(AssessmentRow))
    sql = f"SELECT {names} FROM summary_assessments WHERE assessment_id = ?"
    row = session.row(sql, assessment_id)
    if row is None:
        return None
    positive = row["auditc_positive"]
    return AssessmentRow(**{**row, "auditc_positive": None if positive is None else bool(positive)})


def read_terms(session: Session, digest: str) -> Terms:
    """Return what rows need to know of a pathway; it is read at its first use and kept.

    Nothing is known of one that this program cannot read.
    """
    from stepping.summary.context import Terms, read_terms

    if digest in _terms:
        return _terms[digest]
    kept = session.row("SELECT terms FROM pathway_terms WHERE digest = ?", digest)
    if kept is not None:
        return _terms.setdefault(digest, Terms.model_validate_json(kept["terms"]))
    pathway = pathway_copies.find_pathway(session, digest)
    if pathway is None:
        return Terms()
    terms = read_terms(pathway)
    if pragma(session.db, "query_only")[0]:  # a look into the store writes nothing
        return terms
    sql = "INSERT INTO pathway_terms (digest, terms) VALUES (?, ?)"
    session.db.execute(sql, (digest, terms.model_dump_json()))
    return terms


def count_ordinal(session: Session, person: str, seq: int) -> int:
    """Return the how-manieth episode of a person is the one with a number."""
    found = session.db.execute(_ORDINAL, {"person": person, "seq": seq}).fetchone()
    return int(found[0])
