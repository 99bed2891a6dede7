"""The safety stops that are open in the drafts of a person."""

from __future__ import annotations

import json
from collections.abc import Iterator

from store.records import OpenStop
from store.repository.internal import persons
from store.session import reach
from store.session.session import Session

_OPEN = f"""
    SELECT o.assessment_id, o.stop, o.urgency, o.floor, o.since, w.handle AS "by",
        b.client AS client_id, a.pathway_digest, p.pathway_id, a.started_at,
        {reach.unit_of("b.client")} AS unit
    FROM open_stops o
        JOIN assessments a ON a.id = o.assessment_id
        JOIN belongings b ON b.assessment_id = o.assessment_id
        JOIN pathways p ON p.digest = a.pathway_digest
        JOIN workers w ON w.id = o."by"
    WHERE b.client IN (SELECT value FROM json_each(?))
    ORDER BY o.urgency = 'emergency' DESC, o.urgency = 'same_day' DESC, o.since, o.stop"""


def list_open_stops(session: Session, client_id: str) -> Iterator[OpenStop]:
    """Yield the stops that are open in any draft of a person, the most urgent first."""
    for row in session.rows(_OPEN, json.dumps(persons.same_person(session, client_id))):
        yield OpenStop(**row, in_reach=session.is_in_reach(row["client_id"]))
