"""Assessments: what stands of one, the answers that count, whose it is, and in which episode."""

from __future__ import annotations

from store.errors import CardChanged, ClosedAssessment, MarkedWrong, UnknownRecord
from store.records import Assessment
from store.session.session import Session

CURRENT = """
    SELECT * FROM answers n WHERE assessment_id = ?
        AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)"""
"""The entries of an assessment that count now; a condition or an order may follow."""

OUTDATED = "too old to count: asked again"
"""Why an answer was withdrawn that had grown too old."""

HIDDEN = "not asked any more after a correction"
"""Why an answer about safety was withdrawn whose question is not asked any more."""

STATE = """
    CASE WHEN EXISTS (SELECT 1 FROM decisions d WHERE d.assessment_id = a.id) THEN 'confirmed'
         WHEN EXISTS (SELECT 1 FROM closings c WHERE c.assessment_id = a.id) THEN 'abandoned'
         ELSE 'draft' END"""


def card_version(client: str) -> str:
    """Return SQL for the person that a client is and the card as it stands.

    `client` is a column.
    """
    return f"(SELECT f.person || ':' || coalesce(f.card, '') FROM persons f WHERE f.id = {client})"


ASSESSMENT = f"""
    SELECT a.id, a.seq, b.place AS client_id, pathway_digest, pathway_id,
        version AS pathway_version, setting, language, started_at, w.handle AS started_by,
        {STATE} AS state, b.client ISNULL AS wrong_client, b.move,
        {card_version("b.place")} AS card_version
    FROM assessments a CROSS JOIN belongings b ON b.assessment_id = a.id
        JOIN workers w ON w.id = a.started_by
        JOIN pathways p ON p.digest = a.pathway_digest"""


def read_assessment(session: Session, assessment_id: str) -> Assessment:
    """Return the assessment with an id.

    Raises:
        UnknownRecord: If there is none.
    """
    row = session.row(f"{ASSESSMENT} WHERE a.id = ?", assessment_id)
    if not row:
        raise UnknownRecord
    return Assessment(**row)


def require_assessment(
    session: Session, assessment_id: str, *, draft: bool = False, even_marked: bool = False
) -> None:
    """Refuse an assessment that is not there, or is no draft where one is needed.

    Raises:
        UnknownRecord: If there is none.
        ClosedAssessment: If a draft is needed.
        MarkedWrong: If a draft is needed and this one is marked as of the wrong client.
    """
    sql = f"""
        SELECT {STATE} AS state, b.kind FROM assessments a
            CROSS JOIN belongings b ON b.assessment_id = a.id WHERE a.id = ?"""
    row = session.row(sql, assessment_id)
    if not row:
        raise UnknownRecord
    if draft and row["state"] != "draft":
        raise ClosedAssessment
    if draft and row["kind"] == "wrong_client" and not even_marked:
        raise MarkedWrong


def refuse_changed_card(session: Session, assessment_id: str, on: str | None) -> None:
    """Refuse an assessment whose person or card has changed since `on`.

    Raises:
        CardChanged: If it does.
    """
    sql = f"SELECT {card_version('b.place')} AS it FROM belongings b WHERE b.assessment_id = ?"
    if on is not None and session.row(sql, assessment_id) != {"it": on}:
        raise CardChanged


def find_person(session: Session, assessment_id: str) -> str | None:
    """Return the person whose an assessment is, None for nobody; within a transaction."""
    sql = """
        SELECT p.person FROM belongings b CROSS JOIN persons p ON p.id = b.client
        WHERE b.assessment_id = ?"""
    row = session.row(sql, assessment_id)
    return str(row["person"]) if row else None


def find_episode_id(session: Session, assessment_id: str) -> str | None:
    """Return the id of the episode that an assessment belongs to, None for none."""
    sql = "SELECT episode_id FROM belongings WHERE assessment_id = ? AND episode_id NOTNULL"
    row = session.row(sql, assessment_id)
    return str(row["episode_id"]) if row else None


def last_seq(session: Session, assessment_id: str) -> int:
    """Return the number of the newest entry of an assessment, 0 before the first."""
    sql = "SELECT coalesce(max(seq), 0) AS seq FROM answers WHERE assessment_id = ?"
    row = session.row(sql, assessment_id)
    return int(row["seq"]) if row else 0


def withdraw_given(session: Session, assessment_id: str) -> None:
    """Withdraw the answers that a draft was given by the episode of the wrong client."""
    sql = """
        SELECT n.id, n.question FROM answers n CROSS JOIN drafts d
            ON d.assessment_id = n.assessment_id
        WHERE n.assessment_id = ? AND n.state = 'given' AND n.origin NOTNULL
            AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)
        ORDER BY n.seq"""
    seq = last_seq(session, assessment_id)
    for given in session.rows(sql, assessment_id):
        seq += 1
        row = session.new_row(
            assessment_id=assessment_id,
            seq=seq,
            question=given["question"],
            state="withdrawn",
            supersedes=given["id"],
        )
        session.append("answers", row, "answer.withdrawn")
