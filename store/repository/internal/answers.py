"""Answers of an assessment: the entries that count now."""

from __future__ import annotations

from store.session.session import Session

CURRENT = """
    SELECT * FROM answers n WHERE assessment_id = ?
        AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)"""
"""The entries of an assessment that count now; a condition or an order may follow."""


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
    for given in list(session.rows(sql, assessment_id)):
        seq += 1
        row = session.new_row(
            assessment_id=assessment_id,
            seq=seq,
            question=given["question"],
            state="withdrawn",
            supersedes=given["id"],
        )
        session.append("answers", row, "answer.withdrawn")
