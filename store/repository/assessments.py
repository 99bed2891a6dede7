"""Assessments: begun, looked up, ended without a decision."""

from __future__ import annotations

from typing import Any

from store import text_guard
from store.records import Assessment, Draft, PathwayCopy
from store.repository.internal import assessments, draft_status, pathway_copies, persons
from store.repository.internal.assessments import ASSESSMENT
from store.repository.internal.persons import FOUND
from store.session.guarded import Repository, reads, writes

_CURRENT = """
    SELECT count(*) FROM answers n WHERE n.assessment_id = a.id AND n.state = 'given'
        AND n.origin IS NULL AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)"""

_LAST = """
    max(a.started_at,
        coalesce((SELECT max(n.at) FROM answers n WHERE n.assessment_id = a.id), ''),
        coalesce((SELECT max(n.at) FROM notes n WHERE n.assessment_id = a.id), ''),
        coalesce((SELECT max(s.at) FROM safety s WHERE s.assessment_id = a.id), ''))"""


class Assessments(Repository):
    """Assessments: begun, looked up, ended without a decision."""

    @writes("care")
    def start(
        self, client_id: str, pathway: PathwayCopy, *, setting: str, language: str
    ) -> Assessment:
        """Begin an assessment and keep the pathway's texts with it; UnknownRecord for no client."""
        row: dict[str, Any] = {
            "id": self.session.ids.new(),
            "pathway_digest": pathway.digest,
            "setting": text_guard.code("setting", setting),
            "language": text_guard.code("language", language),
            "started_at": self.session.timestamp(),
            "started_by": self.session.worker_id,
        }
        row["client_id"] = persons.same_person(self.session, client_id)[0]
        pathway_copies.keep(self.session, pathway)
        newest = self.session.db.execute("SELECT coalesce(max(seq), 0) FROM assessments").fetchone()
        row["seq"] = newest[0] + 1
        self.session.append("assessments", row, "assessment.started")
        draft_status.keep_status(self.session, row["id"])
        return self.get(row["id"])

    @reads("read")
    def get(self, assessment_id: str) -> Assessment:
        """Return the assessment with an id; UnknownRecord if there is none."""
        return assessments.read_assessment(self.session, assessment_id)

    @reads("read")
    def list_of(self, client_id: str) -> list[Assessment]:
        """Return all assessments of a client, the newest first; those marked as of another too."""
        # The plus keeps the engine from going through all assessments in their order.
        sql = f"""{FOUND}
            {ASSESSMENT} WHERE a.id IN (SELECT id FROM found)
                AND b.place IN (SELECT id FROM person) ORDER BY +a.seq DESC"""
        return [
            Assessment(**row)
            for row in self.session.rows(sql, persons.person_values(self.session, client_id))
        ]

    @reads("read")
    def list_drafts(self) -> list[Draft]:
        """Return assessments neither confirmed nor abandoned, the one last worked on first.

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
        within, values = self.session.reach_condition("b.client")
        rows = self.session.rows(sql.format(within=within), values)
        extra = ("client_code", "answered", "last_at", "stopped")
        return [
            Draft(**{name: row.pop(name) for name in extra}, assessment=Assessment(**row))
            for row in rows
        ]

    @writes("care")
    def abandon(self, assessment_id: str, why: str) -> None:
        """Close an assessment without a decision; the reason is needed.

        Raises StopOpen while a stop is open in it whose safety steps can be recorded.
        """
        row = {
            "assessment_id": assessment_id,
            "kind": "abandoned",
            "why": text_guard.needed("why", why),
            "at": self.session.timestamp(),
            "by": self.session.worker_id,
        }
        assessments.require_assessment(self.session, assessment_id, draft=True, even_marked=True)
        self.session.append("closings", row, "closing.abandoned", assessment_id)
