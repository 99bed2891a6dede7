"""Clients: persons under codes."""

from __future__ import annotations

import json
from typing import Any, Literal

from store import codes, text_guard
from store.database.tables.v5_corrections import YEAR_UNKNOWN
from store.errors import RefusedText, UnknownRecord
from store.records import Client, FoundClients, SeenClient
from store.repository.internal import persons, risk_signs
from store.session.guarded import Repository, reads, writes
from store.session.session import Session

_RECENT = """
    WITH touched (id, at) AS (
        SELECT * FROM (SELECT b.client, a.started_at
            FROM assessments a CROSS JOIN belongings b ON b.assessment_id = a.id
            WHERE b.client NOTNULL AND {assessed} ORDER BY seq DESC LIMIT :many)
        UNION ALL
        SELECT * FROM (SELECT id, created_at FROM clients WHERE {added}
            ORDER BY rowid DESC LIMIT :few)
    )
    SELECT p.person FROM touched t CROSS JOIN persons p ON p.id = t.id
    GROUP BY p.person ORDER BY max(at) DESC, p.person DESC LIMIT :few"""

_LINE = f"""
    SELECT {persons.last_seen(":person")} AS seen, {risk_signs.glances_of(":person")} AS risk,
        (SELECT json_array(w.episode_id, min(w.due) OVER ())
            FROM members m CROSS JOIN episodes e ON e.client_id = m.client
                CROSS JOIN worklist w ON w.episode_id = e.id
            WHERE m.person = :person AND w.kind IN ('next_contact', 'no_next_contact')
            ORDER BY e.seq LIMIT 1) AS care,
        EXISTS (SELECT 1 FROM open_stops o
            CROSS JOIN belongings b ON b.assessment_id = o.assessment_id
            CROSS JOIN persons p ON p.id = b.client
            WHERE p.person = :person) AS stopped"""
"""What a list tells of a person; an episode that is open has one of these lines.

Clients who were joined may have an episode each: the older one goes on, and the next contact is
the first of any.
"""

_BY_CODE = "SELECT id FROM clients WHERE code BETWEEN :begins AND :begins || '~'"
_BY_YEAR = """
    SELECT id FROM clients WHERE birth_year = :year
    UNION SELECT client FROM client_corrections WHERE birth_year = :year"""

_FOUND = """
    WITH hit (id) AS ({hits})
    SELECT p.person FROM hit CROSS JOIN persons p ON p.id = hit.id
    WHERE (:year ISNULL OR p.birth_year = :year) AND {within}
    GROUP BY p.person ORDER BY {seen} DESC, p.person DESC"""


class Clients(Repository):
    """Clients: persons under codes."""

    @writes("care")
    def add(
        self,
        *,
        birth_year: int | None,
        language: str,
        sex: Literal["f", "m", "x"] | None = None,
        municipality: str | None = None,
        code: str | None = None,
        why: str | None = None,
    ) -> Client:
        """Add a client under a fresh code, or under `code` if one is given.

        `why` tells why the year of birth is not known; where it is None that is needed. ValueError
        if the year is not in 1900–2099, RefusedText for texts not to be kept.
        """
        reason = text_guard.needed("why", why) if birth_year is None else None
        client = Client(
            id=self.session.ids.new(),
            code=codes.parse(code) if code else _free_code(self.session),
            birth_year=birth_year,
            sex=sex,
            language=text_guard.code("language", language),
            municipality=text_guard.optional("municipality", municipality),
            created_at=self.session.clock(),
            created_by=self.session.handle,
        )
        row: dict[str, Any] = {
            **client.model_dump(exclude={"card", "also"}),
            "birth_year": birth_year or YEAR_UNKNOWN,
            "created_at": self.session.timestamp(),
            "created_by": self.session.worker_id,
        }
        self.session.append("clients", row, "client.added", client.id)
        if reason is not None:
            persons.put_card(self.session, client, reason)
        return self.get(client.id)

    @reads("read")
    def get(self, client_id: str) -> Client:
        """Return the person that the client with an id is; UnknownRecord if there is none.

        The id is that of the client that stands, which another code may have been joined to.
        """
        return persons.read_client(self.session, client_id)

    @reads("read")
    def find(self, code: str) -> Client | None:
        """Return the person with a code as it was typed, or None; any of a person's codes finds it.

        Raises MistypedCode, which names a mistake in it, or OtherUnit.
        """
        if row := persons.find_coded(self.session, codes.parse(code)):
            self.session.need("read", client_id=row["id"])
            return self.get(row["id"])
        return None

    @reads("who")
    def find_id(self, code: str) -> str | None:
        """Return the id of the client with a code in any unit, or None."""
        row = persons.find_coded(self.session, codes.parse(code))
        return str(row["id"]) if row else None

    @reads("read")
    def list_recent(self, limit: int = 20) -> list[Client]:
        """Return clients who were added or assessed last, the newest first."""
        assessed, values = self.session.reach_condition("b.client")
        sql = _RECENT.format(assessed=assessed, added=self.session.reach_condition("clients.id")[0])
        ids = self.session.db.execute(sql, {"few": limit, "many": 10 * limit, **values}).fetchall()
        return [persons.read_client(self.session, found[0]) for found in ids]

    @reads("read")
    def list_seen(self, limit: int = 5) -> list[SeenClient]:
        """Return what `list_recent` has, each with what a list tells of a client."""
        return [_line(self.session, client) for client in self.list_recent(limit)]

    @reads("read")
    def search(
        self, *, begins: str = "", birth_year: int | None = None, limit: int = 9
    ) -> FoundClients:
        """Return those in reach with a code that begins so, or of a year of birth.

        Any of a person's codes finds it. Those who were seen last come first.

        Raises MistypedCode, which names a mistake in the beginning of a code.
        """
        within, home = self.session.reach_condition("p.person")
        hits = _BY_CODE if birth_year is None else _BY_YEAR
        sql = _FOUND.format(hits=hits, within=within, seen=persons.last_seen("p.person"))
        beginning = codes.parse_beginning(begins) if birth_year is None else ""
        values = {"begins": beginning, "year": birth_year, **home}
        ids = [found for (found,) in self.session.db.execute(sql, values).fetchall()]
        clients = (persons.read_client(self.session, found) for found in ids[:limit])
        lines = tuple(_line(self.session, client) for client in clients)
        return FoundClients(shown=lines, total=len(ids))

    @writes("move")
    def move_to_unit(self, client_id: str, unit: str) -> None:
        """Let a client belong to another unit, which somebody has to work or have worked in.

        What waits stays listed under the unit in which it was begun.

        Raises:
            UnknownRecord: If there is no such client.
            RefusedText: If it is no name of a unit, or nobody has named it.
        """
        plain = text_guard.unit(unit)
        row = self.session.new_row(client=client_id, unit=plain)
        if not self.session.row("SELECT 1 FROM clients WHERE id = ?", client_id):
            raise UnknownRecord
        if not self.session.row("SELECT 1 FROM worker_units WHERE unit = ?", plain):
            raise RefusedText("unit", "missing")
        self.session.append("client_units", row, "move.made")


def _line(session: Session, client: Client) -> SeenClient:
    """Return what a list tells of a person."""
    row = session.rows(_LINE, {"person": client.id})[0]
    episode_id, due = json.loads(row["care"] or "[null, null]")
    return SeenClient(
        client=client,
        seen=row["seen"],
        episode_id=episode_id,
        due=due,
        stopped=bool(row["stopped"]),
        risk=risk_signs.read_glances(row["risk"]),
    )


def _free_code(session: Session) -> str:
    while persons.find_coded(session, code := codes.new()):
        pass
    return code
