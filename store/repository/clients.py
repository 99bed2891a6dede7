"""Clients and their assessments: who, and which walk through which pathway."""

from __future__ import annotations

import json
from typing import Any, Literal

from store import codes, text_guard
from store.database.tables.v5_corrections import YEAR_UNKNOWN
from store.errors import UnknownRecord
from store.records import Assessment, Client, Draft, OpenStop, PathwayCopy
from store.repository.open_stops import Stops
from store.repository.session import STATE, footing

_CLIENT = """
    SELECT c.person AS id, code, birth_year, sex, language, municipality, card, c.created_at,
        w.handle AS created_by
    FROM persons c CROSS JOIN workers w ON w.id = c.created_by"""

ASSESSMENT = f"""
    SELECT a.id, a.seq, b.place AS client_id, pathway_digest, pathway_id,
        version AS pathway_version, setting, language, started_at, w.handle AS started_by,
        {STATE} AS state, b.client ISNULL AS wrong_client, b.move,
        {footing("b.place")} AS footing
    FROM assessments a CROSS JOIN belongings b ON b.assessment_id = a.id
        JOIN workers w ON w.id = a.started_by
        JOIN pathways p ON p.digest = a.pathway_digest"""

FOUND = """
    WITH person (id) AS (SELECT value FROM json_each(:person)),
    found (id) AS (
        SELECT a.id FROM person CROSS JOIN assessments a ON a.client_id = person.id UNION
        SELECT m.assessment_id FROM person CROSS JOIN assessment_moves m ON m.client = person.id)"""
"""Every assessment that began with a person or was ever moved there, by `_same_person` as JSON."""

_LAST_GOOD = "last_good."
"""Begins the setting that holds the digest of a pathway's last text without a fault."""

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

_CURRENT = """
    SELECT count(*) FROM answers n WHERE n.assessment_id = a.id AND n.state = 'given'
        AND n.origin IS NULL AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)"""

_LAST = """
    max(a.started_at,
        coalesce((SELECT max(n.at) FROM answers n WHERE n.assessment_id = a.id), ''),
        coalesce((SELECT max(n.at) FROM notes n WHERE n.assessment_id = a.id), ''),
        coalesce((SELECT max(s.at) FROM safety s WHERE s.assessment_id = a.id), ''))"""


class Clients(Stops):
    """The part of the store that knows clients and assessments."""

    def add_client(
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
            id=self._ids.new(),
            code=codes.parse(code) if code else self._free_code(),
            birth_year=birth_year,
            sex=sex,
            language=text_guard.code("language", language),
            municipality=text_guard.optional("municipality", municipality),
            created_at=self._clock(),
            created_by=self.handle,
        )
        row: dict[str, Any] = {
            **client.model_dump(exclude={"card", "also"}),
            "birth_year": birth_year or YEAR_UNKNOWN,
            "created_at": self._now(),
            "created_by": self._worker,
        }
        with self._write():
            self._append("clients", row, "client.added", client.id)
            if reason is not None:
                self._put_card(client, reason)
        return self.client(client.id)

    def _put_card(self, client: Client, why: str) -> None:
        """Keep the whole card of a client as it is from now on, within a transaction."""
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "client": client.id,
            "birth_year": client.birth_year,
            "sex": client.sex,
            "language": client.language,
            "municipality": client.municipality,
            "why": why,
            "at": self._now(),
            "by": self._worker,
        }
        self._append("client_corrections", row, "correction.made", row["id"])

    def _free_code(self) -> str:
        while self._coded(code := codes.new()):
            pass
        return code

    def _coded(self, plain: str) -> dict[str, Any] | None:
        with self._read():
            return self._row("SELECT id FROM clients WHERE code = ?", plain)

    def client(self, client_id: str) -> Client:
        """The person that the client with an id is; UnknownRecord if there is none.

        The id is that of the client that stands, which another code may have been joined to.
        """
        with self._read():
            return self._client(client_id)

    def _client(self, client_id: str) -> Client:
        row = self._row(f"{_CLIENT} WHERE c.id = ?", client_id)
        if not row:
            raise UnknownRecord
        joined = json.dumps(self._same_person(client_id)[1:])
        codes_of = "SELECT code FROM clients WHERE id IN (SELECT value FROM json_each(?))"
        also = self.db.execute(f"{codes_of} ORDER BY code", (joined,)).fetchall()
        return Client(**row, also=tuple(code for (code,) in also))

    def find_client(self, code: str) -> Client | None:
        """The person with a code as it was typed, or None; any of a person's codes finds it.

        Raises MistypedCode, which names a mistake in it, or OtherUnit.
        """
        if row := self._coded(codes.parse(code)):
            self.need("read", client_id=row["id"])
            return self.client(row["id"])
        return None

    def stops_of_code(self, code: str) -> list[OpenStop]:
        """The open stops of the person with a code in any unit: which, how urgent, and where.

        It is asked where `find_client` raised OtherUnit, which is in the log: whoever has the
        person in front of them has to know. Nothing else of the client is told.
        """
        row = self._coded(codes.parse(code))
        with self._read():
            return list(self._open_stops(row["id"])) if row else []

    def client_id(self, code: str) -> str | None:
        """The id of the client with a code in any unit, or None; for those who read the log."""
        row = self._coded(codes.parse(code))
        return str(row["id"]) if row else None

    def recent_clients(self, limit: int = 20) -> list[Client]:
        """Clients who were added or assessed last, the newest first."""
        with self._read():
            assessed, values = self._within("b.client")
            sql = _RECENT.format(assessed=assessed, added=self._within("clients.id")[0])
            ids = self.db.execute(sql, {"few": limit, "many": 10 * limit, **values}).fetchall()
            return [self._client(found[0]) for found in ids]

    def start(
        self, client_id: str, pathway: PathwayCopy, *, setting: str, language: str
    ) -> Assessment:
        """Begin an assessment and keep the pathway's texts with it; UnknownRecord for no client."""
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "pathway_digest": pathway.digest,
            "setting": text_guard.code("setting", setting),
            "language": text_guard.code("language", language),
            "started_at": self._now(),
            "started_by": self._worker,
        }
        with self._write():
            row["client_id"] = self._same_person(client_id)[0]
            self._keep(pathway)
            newest = self.db.execute("SELECT coalesce(max(seq), 0) FROM assessments").fetchone()
            row["seq"] = newest[0] + 1
            self._append("assessments", row, "assessment.started", row["id"])
            self._keep_standing(row["id"])
        return self.assessment(row["id"])

    def _keep(self, pathway: PathwayCopy) -> None:
        """Keep the texts of a pathway once; the digest tells whether they are there."""
        if self._row("SELECT 1 FROM pathways WHERE digest = ?", pathway.digest):
            return
        row: dict[str, Any] = {
            "digest": pathway.digest,
            "pathway_id": pathway.pathway_id,
            "version": pathway.version,
            "files": json.dumps(dict(pathway.files), ensure_ascii=False, sort_keys=True),
        }
        self._append("pathways", row, "pathway.kept", pathway.digest)

    def keep_good(self, pathway: PathwayCopy) -> None:
        """Keep the texts of a pathway without a fault, to fall back on; once for each text."""
        if self.last_good().get(pathway.pathway_id) == pathway.digest:
            return
        row = {"key": _LAST_GOOD + pathway.pathway_id, "value": pathway.digest}
        with self._write():
            self._keep(pathway)
            self._set(row)

    def last_good(self) -> dict[str, str]:
        """The digest of the last text without a fault, by the pathway's id."""
        sql = "SELECT key, value FROM settings WHERE substr(key, 1, ?) = ? ORDER BY key"
        with self._read():
            rows = self._rows(sql, len(_LAST_GOOD), _LAST_GOOD)
        return {str(row["key"]).removeprefix(_LAST_GOOD): str(row["value"]) for row in rows}

    def pathway_files(self, digest: str) -> dict[str, str]:
        """The texts of a pathway that is kept, by file name; UnknownRecord if none."""
        with self._read():
            row = self._row("SELECT files FROM pathways WHERE digest = ?", digest)
        if not row:
            raise UnknownRecord
        files: dict[str, str] = json.loads(row["files"])
        return files

    def assessment(self, assessment_id: str) -> Assessment:
        """The assessment with an id; UnknownRecord if there is none."""
        with self._read():
            return self._assessment(assessment_id)

    def _assessment(self, assessment_id: str) -> Assessment:
        row = self._row(f"{ASSESSMENT} WHERE a.id = ?", assessment_id)
        if not row:
            raise UnknownRecord
        return Assessment(**row)

    def assessments_of(self, client_id: str) -> list[Assessment]:
        """All assessments of a client, the newest first; those marked as of another too."""
        # The plus keeps the engine from going through all assessments in their order.
        sql = f"""{FOUND}
            {ASSESSMENT} WHERE a.id IN (SELECT id FROM found)
                AND b.place IN (SELECT id FROM person) ORDER BY +a.seq DESC"""
        with self._read():
            return [Assessment(**row) for row in self._rows(sql, self._person_values(client_id))]

    def _person_values(self, client_id: str) -> dict[str, str]:
        """What `FOUND` needs; no client is nobody."""
        try:
            return {"person": json.dumps(self._same_person(client_id))}
        except UnknownRecord:
            return {"person": "[]"}

    def drafts(self) -> list[Draft]:
        """Assessments neither confirmed nor abandoned, the one last worked on first.

        Those marked as of the wrong client are not among them: they are on the worklist.
        """
        # A cross join keeps the drafts outermost; else the engine may go through all assessments.
        sql = f"""
            SELECT assessment.*, c.code AS client_code, ({_CURRENT}) AS answered,
                {_LAST} AS last_at, coalesce(w.kind = 'open_stop', FALSE) AS stopped
            FROM drafts d
                CROSS JOIN assessments a ON a.id = d.assessment_id
                CROSS JOIN belongings b ON b.assessment_id = a.id
                JOIN ({ASSESSMENT}) assessment ON assessment.id = d.assessment_id
                CROSS JOIN persons c ON c.id = b.client
                LEFT JOIN worklist w ON w.assessment_id = d.assessment_id
            WHERE {{within}} ORDER BY last_at DESC, a.seq DESC"""
        with self._read():
            within, values = self._within("b.client")
            rows = list(self._rows(sql.format(within=within), values))
        extra = ("client_code", "answered", "last_at", "stopped")
        return [
            Draft(**{name: row.pop(name) for name in extra}, assessment=Assessment(**row))
            for row in rows
        ]
