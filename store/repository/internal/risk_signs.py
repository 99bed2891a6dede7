"""The signs of risk that stay to be told of a client, worked out from the rows of assessments."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stepping.decision.risk_glance import find_glances
from stepping.finland import finnish_day
from store.records import RiskGlance, plain_answer
from store.repository.internal import pathway_copies, persons
from store.repository.internal.assessments import HIDDEN, OUTDATED
from store.session.session import Session

if TYPE_CHECKING:
    from stepping.decision.risk import TimedEntry

_ASSESSMENT = """
    SELECT a.id, a.pathway_digest, a.started_at, c.birth_year, c.sex
    FROM assessments a
        CROSS JOIN belongings b ON b.assessment_id = a.id
        CROSS JOIN persons c ON c.id = b.place
    WHERE a.id = ?"""

_ENTRIES = """
    SELECT seq, question, state, value, why, at, given_at, "by" FROM answers n
    WHERE assessment_id = ? AND question IN (SELECT value FROM json_each(?))
        AND (origin ISNULL OR NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id))
    ORDER BY seq"""
"""What an episode gave and was taken back was another client's; nobody has told it of this one."""

_Row = dict[str, Any]


def of_person(person: str) -> str:
    """Return SQL from which to select the signs `r` of a person, some of them twice.

    `person` is a column or a parameter.
    """
    return f"""
    FROM ({persons.assessments_near(person)}) theirs
        CROSS JOIN risk_signs r ON r.assessment_id = theirs.assessment_id
        CROSS JOIN belongings b ON b.assessment_id = r.assessment_id AND b.client = theirs.client"""


def glances_of(person: str) -> str:
    """Return SQL for what `read_glances` reads of a person; `person` is as in `of_person`."""
    rows = "json_group_array(json_array(r.kind, r.since))"
    return f"(SELECT {rows} {of_person(person)} WHERE r.wrong ISNULL)"


def read_glances(text: str) -> tuple[RiskGlance, ...]:
    """Return the newest day of each kind of risk that is to be told, an attempt first."""
    told = sorted(json.loads(text))
    newest = {kind: finnish_day(datetime.fromisoformat(since)) for kind, since in told}
    return tuple(RiskGlance(kind=kind, day=day) for kind, day in find_glances(newest))


def keep(session: Session, assessment_id: str) -> None:
    """Keep which signs of risk an assessment has told, within a transaction.

    What is known of one whose pathway cannot be read stays.
    """
    rows = find(session, assessment_id)
    known = session.rows("SELECT * FROM risk_signs WHERE assessment_id = ?", assessment_id)
    if rows is None or {tuple(row.items()) for row in rows} == {tuple(r.items()) for r in known}:
        return
    session.db.execute("DELETE FROM risk_signs WHERE assessment_id = ?", (assessment_id,))
    if rows:
        session.db.table("risk_signs").insert_all(rows)


def find(session: Session, assessment_id: str) -> list[_Row] | None:
    """Return the rows of an assessment as its entries tell them; None where nobody can tell."""
    from stepping.decision.risk import find_risk_questions, find_risk_signs
    from stepping.pathway.client_facts import card_facts

    told = session.row(_ASSESSMENT, assessment_id)
    pathway = pathway_copies.find_pathway(session, told["pathway_digest"]) if told else None
    if told is None or pathway is None:
        return None
    asked = json.dumps(sorted(find_risk_questions(pathway)))
    rows = {row["seq"]: row for row in session.rows(_ENTRIES, assessment_id, asked)}
    began = finnish_day(datetime.fromisoformat(told["started_at"]))
    card = card_facts(told["birth_year"], told["sex"], began)
    signs = find_risk_signs(pathway, card, [_entry(row) for row in rows.values()])
    return [
        {
            "assessment_id": assessment_id,
            "kind": sign.kind,
            "about": sign.about,
            "since": rows[sign.since]["at"],
            "by": rows[sign.since]["by"],
            "wrong": rows[sign.wrong]["at"] if sign.wrong is not None else None,
        }
        for sign in signs
    ]


def keep_all(session: Session) -> None:
    """Keep the signs of every assessment, within a transaction.

    One with an answer that does not fit its question keeps what is known: it must not keep the
    whole store closed.
    """
    for (digest,) in session.db.execute("SELECT digest FROM pathways").fetchall():
        for (assessment_id,) in _candidates(session, digest):
            try:
                keep(session, assessment_id)
            except (TypeError, ValueError, KeyError):
                continue


def _candidates(session: Session, digest: str) -> list[tuple[str]]:
    """Return the assessments under a text that may have told of a risk: few of many."""
    from stepping.decision.risk import find_risk_questions

    pathway = pathway_copies.find_pathway(session, digest)
    if pathway is None:
        return []
    asked = find_risk_questions(pathway)
    calm = [id_ for id_ in asked if pathway.facts[id_].worse != "down"]
    sql = """
        SELECT a.id FROM assessments a WHERE a.pathway_digest = :digest AND EXISTS (
            SELECT 1 FROM json_each(:asked) q CROSS JOIN answers n
                ON n.assessment_id = a.id AND n.question = q.value
            WHERE n.state = 'given' AND NOT (
                n.value IN ('0', '"no"', '"declined"', '""', '[]')
                AND n.question IN (SELECT value FROM json_each(:calm))))
        ORDER BY a.seq"""
    values = {"digest": digest, "asked": json.dumps(sorted(asked)), "calm": json.dumps(calm)}
    return session.db.execute(sql, values).fetchall()


def _entry(row: _Row) -> TimedEntry:
    from stepping.decision.risk import TimedEntry

    value = row["value"]
    return TimedEntry(
        row["seq"],
        row["question"],
        None if value is None else plain_answer(json.loads(value)),
        datetime.fromisoformat(row["given_at"] or row["at"]),
        asked_anew=row["state"] == "withdrawn" and row["why"] in (OUTDATED, HIDDEN),
    )
