"""Confirmed assessments as they were decided, piece by piece, for whoever counts them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from stepping.reports.past_cases import PastCase
from store.session.session import Session

_CASES_AT_ONCE = 1024
_PAST_CASES = """
    SELECT d.rowid AS place, p.person, d.decision -> '$.answers' AS answers,
        d.decision -> '$.recorded' AS recorded
    FROM decisions d CROSS JOIN assessments a ON a.id = d.assessment_id
        CROSS JOIN pathways t ON t.digest = a.pathway_digest
        CROSS JOIN belongings b ON b.assessment_id = a.id
        LEFT JOIN persons p ON p.id = b.client
    WHERE t.pathway_id = ? AND d.rowid > ? ORDER BY d.rowid LIMIT ?"""
"""A decision keeps what it was made on; whose it is may have been put right since."""


def read_pieces(session: Session, pathway_id: str) -> Iterator[list[PastCase]]:
    """Yield the confirmed assessments of a pathway, within a transaction."""
    last = 0
    while rows := session.rows(_PAST_CASES, pathway_id, last, _CASES_AT_ONCE):
        last = rows[-1]["place"]
        yield [_past_case(row) for row in rows]


def _past_case(row: dict[str, Any]) -> PastCase:
    answers, recorded = (json.loads(row[name] or "null") for name in ("answers", "recorded"))
    kept = isinstance(answers, dict) and isinstance(recorded, list)
    return PastCase(row["person"], answers if kept else None, recorded if kept else ())
