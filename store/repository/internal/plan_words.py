"""What safety plans say, and which of their words are another person's."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from store.session.session import Session

_EVER = """
    ever (id, client) AS (
        SELECT p.id, CASE WHEN p.assessment_id ISNULL THEN p.client_id ELSE b.client END
        FROM (
            SELECT s.id FROM json_each(:person) known
                CROSS JOIN safety_plans s ON s.client_id = known.value
            UNION
            SELECT s.id FROM json_each(:person) known
                CROSS JOIN assessment_moves m ON m.client = known.value
                CROSS JOIN safety_plans s ON s.assessment_id = m.assessment_id) mine
            CROSS JOIN safety_plans p ON p.id = mine.id
            LEFT JOIN belongings b ON b.assessment_id = p.assessment_id),
    said (point, words, own) AS (
        SELECT o.point, o.words, e.client NOTNULL AND e.client IN (SELECT value FROM
            json_each(:person))
        FROM ever e CROSS JOIN plan_points o ON o.plan_id = e.id WHERE o.said_by ISNULL)"""
"""The plans that are or once were thought to be a person's, and what was said in them."""

_IS_STRAY = """
    (n.point, n.words) IN (SELECT point, words FROM said WHERE NOT own)
    AND (n.point, n.words) NOT IN (SELECT point, words FROM said WHERE own)"""
"""Whether a row `n` that was taken over had been said in an assessment that is another's now.

What the person said elsewhere too, in the same words, stays the person's.
"""

_POINTS = f"""
    WITH {_EVER}
    SELECT n.point, n.words, coalesce(n.said_by, b.client, p.client_id) AS said_by
    FROM plan_points n CROSS JOIN safety_plans p ON p.id = n.plan_id
        LEFT JOIN belongings b ON b.assessment_id = p.assessment_id
    WHERE n.plan_id = :plan AND n.words <> '' AND n.rowid = (
        SELECT max(m.rowid) FROM plan_points m WHERE m.plan_id = n.plan_id AND m.point = n.point)
        AND (n.said_by ISNULL
            OR n.said_by IN (SELECT value FROM json_each(:person)) AND NOT ({_IS_STRAY}))
    ORDER BY n.rowid"""

_STRAY = f"""
    WITH {_EVER}
    SELECT n.id FROM json_each(:person) known CROSS JOIN plan_points n ON n.said_by = known.value
    WHERE n.words <> '' AND {_IS_STRAY}"""

_COUNTS = """
    SELECT count(*) AS told, count(said_by) AS taken FROM plan_points WHERE plan_id = ?"""


class PointWords(NamedTuple):
    """What stands under a point of a plan, and the client who said it."""

    point: str
    words: str
    said_by: str


def read_words(session: Session, plan_id: str, person: Sequence[str]) -> list[PointWords]:
    """Return what a plan says of a person; another person's words are left out.

    Those are what a moved assessment's plan took over from the person whose it was thought to be,
    and what a later plan of that person took over from the moved one.
    """
    values = {"plan": plan_id, "person": json.dumps(list(person))}
    return [PointWords(**row) for row in session.rows(_POINTS, values)]


def is_anothers(session: Session, plan_id: str, said: Sequence[PointWords]) -> bool:
    """Return whether a plan holds nothing but another person's words; `said` is what was read.

    Such a plan must not stand before what the person did say.
    """
    if said:
        return False
    (counts,) = session.rows(_COUNTS, plan_id)
    return bool(counts["told"]) and counts["told"] == counts["taken"]


def find_stray(session: Session, person: Collection[str]) -> list[str]:
    """Return the points that a person's plans took over and that another person had said."""
    rows = session.rows(_STRAY, {"person": json.dumps(sorted(person))})
    return [row["id"] for row in rows]
