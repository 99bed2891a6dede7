"""Persons: the clients that are one, and the card that stands."""

from __future__ import annotations

import json
from typing import Any

from store.errors import UnknownRecord
from store.records import Client
from store.session.session import Session

_CLIENT = """
    SELECT c.person AS id, code, birth_year, sex, language, municipality, card, c.created_at,
        w.handle AS created_by
    FROM persons c CROSS JOIN workers w ON w.id = c.created_by"""

FOUND = """
    WITH person (id) AS (SELECT value FROM json_each(:person)),
    found (id) AS (
        SELECT a.id FROM person CROSS JOIN assessments a ON a.client_id = person.id UNION
        SELECT m.assessment_id FROM person CROSS JOIN assessment_moves m ON m.client = person.id)"""
"""Every assessment that began with a person or was ever moved there; `person_values` binds it."""


def assessments_near(person: str) -> str:
    """Return SQL for each client that a person is, with what began or was ever moved there.

    `person` is a column or a parameter.
    """
    return f"""
        SELECT m.client, a.id AS assessment_id
        FROM members m CROSS JOIN assessments a ON a.client_id = m.client
        WHERE m.person = {person}
        UNION ALL
        SELECT m.client, x.assessment_id
        FROM members m CROSS JOIN assessment_moves x ON x.client = m.client
        WHERE m.person = {person}"""


def last_seen(person: str) -> str:
    """Return SQL for when the latest assessment of a person was begun, NULL without one.

    `person` is as in `assessments_near`.
    """
    return f"""(
        SELECT max(a.started_at) FROM ({assessments_near(person)}) theirs
            CROSS JOIN belongings b ON b.assessment_id = theirs.assessment_id
                AND b.client = theirs.client
            CROSS JOIN assessments a ON a.id = theirs.assessment_id)"""


def same_person(session: Session, client_id: str) -> tuple[str, ...]:
    """Return the ids of every client that is the same person, the one that stands first.

    Raises:
        UnknownRecord: If there is no such client.
    """
    found = session.row("SELECT person FROM persons WHERE id = ?", client_id)
    if found is None:
        raise UnknownRecord
    sql = """
        SELECT client FROM members WHERE person = :person
        ORDER BY client = :person DESC, client"""
    return tuple(client for (client,) in session.db.execute(sql, found).fetchall())


def person_values(session: Session, client_id: str) -> dict[str, str]:
    """Return what `FOUND` needs; no client is nobody."""
    try:
        return {"person": json.dumps(same_person(session, client_id))}
    except UnknownRecord:
        return {"person": "[]"}


def read_client(session: Session, client_id: str) -> Client:
    """Return the person that the client with an id is.

    Raises:
        UnknownRecord: If there is none.
    """
    row = session.row(f"{_CLIENT} WHERE c.id = ?", client_id)
    if not row:
        raise UnknownRecord
    joined = json.dumps(same_person(session, client_id)[1:])
    codes_of = "SELECT code FROM clients WHERE id IN (SELECT value FROM json_each(?))"
    also = session.db.execute(f"{codes_of} ORDER BY code", (joined,)).fetchall()
    return Client(**row, also=tuple(code for (code,) in also))


def find_coded(session: Session, plain: str) -> dict[str, Any] | None:
    """Return the id of the client with a code in its stored form, None if there is none."""
    return session.row("SELECT id FROM clients WHERE code = ?", plain)


def put_card(session: Session, client: Client, why: str) -> None:
    """Keep the whole card of a client as it is from now on, within a transaction."""
    row = session.new_row(
        client=client.id,
        birth_year=client.birth_year,
        sex=client.sex,
        language=client.language,
        municipality=client.municipality,
        why=why,
    )
    session.append("client_corrections", row, "correction.made")
