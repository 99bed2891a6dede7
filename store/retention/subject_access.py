"""Everything that is held on a client: what a client may ask to see, and who has seen it.

Source: GDPR article 15; Finnish Act 703/2023, section 11, for who has used the data.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from store.database.tables.v5_corrections import YEAR_UNKNOWN
from store.repository.audit_log import AuditEntry, AuditLog
from store.repository.internal import persons, plan_words
from store.repository.internal.persons import FOUND
from store.retention import related_rows
from store.session.guarded import requires
from store.session.session import Session

_JSON = frozenset({"value", "decision", "event", "terms"})
"""Columns that hold JSON."""


class Held(NamedTuple):
    """What the store holds on a client at an instant.

    `tables` are rows by table, with every column; workers go by their staff codes.
    """

    at: datetime
    tables: dict[str, list[dict[str, Any]]]
    log: list[AuditEntry]


@requires("read")
@requires("who")
def gather_records(session: Session, client_id: str) -> Held:
    """Read all that is held on a person, to be handed out; it is logged before it is read.

    All codes of the person are told. An assessment of somebody else, moved to another client or
    marked as of the wrong one, is not, nor what it told an episode before that was withdrawn.
    Raises UnknownRecord, NotAllowed or OtherUnit.
    """
    with session.writing():
        person = persons.same_person(session, client_id)
        session.log("export.access", client_id)
    log = AuditLog(session).find_uses(client_id)
    db = session.db
    with session.reading():
        handles = dict(db.execute("SELECT id, handle FROM workers").fetchall())
        workers = {
            (link.table, link.columns[0])
            for link in related_rows.links(db)
            if link.parent == "workers"
        }
        mine, others = _assessments(session, person)
        stray = set(plan_words.find_stray(session, person))
        found = related_rows.below(db, {"clients": person, "assessments": mine})
        tables = {
            table: [
                {
                    name: handles.get(value, value)
                    if (table, name) in workers
                    else _read(table, name, value)
                    for name, value in row.items()
                }
                for row in related_rows.rows(db, table, numbers)
                if not _is_of(table, row, others)
                and not (table == "plan_points" and row["id"] in stray)
            ]
            for table, numbers in sorted(found.items())
        }
    return Held(session.clock(), tables, log)


def _assessments(session: Session, person: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the assessments that are a person's, and those begun there and now others'."""
    sql = f"{FOUND} SELECT b.* FROM found CROSS JOIN belongings b ON b.assessment_id = found.id"
    rows = session.rows(sql, {"person": json.dumps(list(person))})
    mine = [row["assessment_id"] for row in rows if row["client"] in person]
    return mine, [row["assessment_id"] for row in rows if row["client"] not in person]


def _is_of(table: str, row: dict[str, Any], assessments: Collection[str]) -> bool:
    """Return whether a row is one of some assessments, or about one."""
    if table == "episode_events":
        return json.loads(row["event"]).get("assessment") in assessments
    return row.get("id" if table == "assessments" else "assessment_id") in assessments


def _read(table: str, name: str, value: Any) -> Any:
    if (table, name, value) == ("clients", "birth_year", YEAR_UNKNOWN):
        return None
    return json.loads(value) if name in _JSON and value is not None else value
