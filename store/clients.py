"""Clients and their assessments: who, and which walk through which pathway."""

from __future__ import annotations

import json
from typing import Any, Literal

from store import codes, texts
from store.errors import UnknownRecord
from store.records import Assessment, Client, Draft, PathwayCopy
from store.session import STATE, Session

_CLIENT = """
    SELECT c.id, code, birth_year, sex, language, municipality, c.created_at,
        w.handle AS created_by
    FROM clients c JOIN workers w ON w.id = c.created_by"""

_ASSESSMENT = f"""
    SELECT a.id, seq, client_id, pathway_digest, pathway_id, version AS pathway_version, setting,
        language, started_at, w.handle AS started_by, {STATE} AS state
    FROM assessments a JOIN workers w ON w.id = a.started_by
        JOIN pathways p ON p.digest = a.pathway_digest"""

_LAST_GOOD = "last_good."
"""Begins the setting that holds the digest of a pathway's last text without a fault."""

_RECENT = """
    WITH touched (id, at) AS (
        SELECT * FROM (SELECT client_id, started_at FROM assessments WHERE {assessed}
            ORDER BY seq DESC LIMIT :many)
        UNION ALL
        SELECT * FROM (SELECT id, created_at FROM clients WHERE {added}
            ORDER BY rowid DESC LIMIT :few)
    )
    SELECT id FROM touched GROUP BY id ORDER BY max(at) DESC, id DESC LIMIT :few"""

_CURRENT = """
    SELECT count(*) FROM answers n WHERE n.assessment_id = a.id AND n.state = 'given'
        AND n.origin IS NULL AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)"""

_LAST = """
    max(a.started_at,
        coalesce((SELECT max(n.at) FROM answers n WHERE n.assessment_id = a.id), ''),
        coalesce((SELECT max(n.at) FROM notes n WHERE n.assessment_id = a.id), ''),
        coalesce((SELECT max(s.at) FROM safety s WHERE s.assessment_id = a.id), ''))"""


class Clients(Session):
    """The part of the store that knows clients and assessments."""

    def add_client(
        self,
        *,
        birth_year: int,
        language: str,
        sex: Literal["f", "m", "x"] | None = None,
        municipality: str | None = None,
        code: str | None = None,
    ) -> Client:
        """Add a client under a fresh code, or under `code` if one is given.

        ValueError if the birth year is not in 1900–2100, RefusedText for texts not to be kept.
        """
        client = Client(
            id=self._ids.new(),
            code=codes.parse(code) if code else self._free_code(),
            birth_year=birth_year,
            sex=sex,
            language=texts.code("language", language),
            municipality=texts.optional("municipality", municipality),
            created_at=self._clock(),
            created_by=self.handle,
        )
        row = {**client.model_dump(), "created_at": self._now(), "created_by": self._worker}
        with self._write():
            self._append("clients", row, "client.added", client.id)
        return self.client(client.id)

    def _free_code(self) -> str:
        while self._coded(code := codes.new()):
            pass
        return code

    def _coded(self, plain: str) -> dict[str, Any] | None:
        with self._read():
            return self._row(f"{_CLIENT} WHERE code = ?", plain)

    def client(self, client_id: str) -> Client:
        """The client with an id; UnknownRecord if there is none."""
        with self._read():
            row = self._row(f"{_CLIENT} WHERE c.id = ?", client_id)
        if not row:
            raise UnknownRecord
        return Client(**row)

    def find_client(self, code: str) -> Client | None:
        """The client with a code as it was typed, or None.

        Raises MistypedCode, which names a mistake in it, or OtherUnit.
        """
        if row := self._coded(codes.parse(code)):
            self.need("read", client_id=row["id"])
            return Client(**row)
        return None

    def client_id(self, code: str) -> str | None:
        """The id of the client with a code in any unit, or None; for those who read the log."""
        row = self._coded(codes.parse(code))
        return str(row["id"]) if row else None

    def recent_clients(self, limit: int = 20) -> list[Client]:
        """Clients who were added or assessed last, the newest first."""
        with self._read():
            assessed, values = self._within("client_id")
            sql = _RECENT.format(assessed=assessed, added=self._within("clients.id")[0])
            ids = self.db.execute(sql, {"few": limit, "many": 10 * limit, **values}).fetchall()
            rows = [self._row(f"{_CLIENT} WHERE c.id = ?", found[0]) for found in ids]
        return [Client(**row) for row in rows if row]

    def start(
        self, client_id: str, pathway: PathwayCopy, *, setting: str, language: str
    ) -> Assessment:
        """Begin an assessment and keep the pathway's texts with it; UnknownRecord for no client."""
        row = {
            "id": self._ids.new(),
            "client_id": client_id,
            "pathway_digest": pathway.digest,
            "setting": texts.code("setting", setting),
            "language": texts.code("language", language),
            "started_at": self._now(),
            "started_by": self._worker,
        }
        with self._write():
            if not self._row("SELECT 1 FROM clients WHERE id = ?", client_id):
                raise UnknownRecord
            self._keep(pathway)
            newest = self.db.execute("SELECT coalesce(max(seq), 0) FROM assessments").fetchone()
            row["seq"] = newest[0] + 1
            self._append("assessments", row, "assessment.started", row["id"])
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
            row = self._row(f"{_ASSESSMENT} WHERE a.id = ?", assessment_id)
        if not row:
            raise UnknownRecord
        return Assessment(**row)

    def assessments_of(self, client_id: str) -> list[Assessment]:
        """All assessments of a client, the newest first."""
        with self._read():
            sql = f"{_ASSESSMENT} WHERE client_id = ? ORDER BY seq DESC"
            return [Assessment(**row) for row in self._rows(sql, client_id)]

    def drafts(self) -> list[Draft]:
        """Assessments neither confirmed nor abandoned, the one last worked on first."""
        # A cross join keeps the drafts outermost; else the engine may go through all assessments.
        sql = f"""
            SELECT assessment.*, c.code AS client_code, ({_CURRENT}) AS answered,
                {_LAST} AS last_at, coalesce(w.kind = 'open_stop', FALSE) AS stopped
            FROM drafts d
                CROSS JOIN assessments a ON a.id = d.assessment_id
                JOIN ({_ASSESSMENT}) assessment ON assessment.id = d.assessment_id
                JOIN clients c ON c.id = a.client_id
                LEFT JOIN worklist w ON w.assessment_id = d.assessment_id
            WHERE {{within}} ORDER BY last_at DESC, a.seq DESC"""
        with self._read():
            within, values = self._within("a.client_id")
            rows = list(self._rows(sql.format(within=within), values))
        extra = ("client_code", "answered", "last_at", "stopped")
        return [
            Draft(**{name: row.pop(name) for name in extra}, assessment=Assessment(**row))
            for row in rows
        ]
