"""The safety stops that are open: kept with each entry of a draft, and told of the whole person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from store.records import DraftState, OpenStop
from store.repository import pathway_cache, permissions
from store.repository.session import Session

if TYPE_CHECKING:
    from stepping.decision.draft_status import DraftStatus, HeldStop
    from stepping.pathway.model import Answer, Pathway

CURRENT = """
    SELECT * FROM answers n WHERE assessment_id = ?
        AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)"""
"""The entries of an assessment that count now; a condition or an order may follow."""

UNDONE = "[undone]"
"""Stands for the reason where a safety step is taken back; nobody's reason may be this."""

NEWEST = """
    FROM safety s WHERE assessment_id = ?
        AND NOT EXISTS (SELECT 1 FROM safety t WHERE t.supersedes = s.id)"""
"""The last row of each safety step of an assessment; a condition or an order may follow."""

RECORDED = f"{NEWEST} AND why_not IS NOT '{UNDONE}'"
"""Those of them that tell an outcome."""

_DRAFT = """
    SELECT a.id, a.pathway_digest, a.started_at, a.started_by, c.birth_year, c.sex
    FROM drafts d
        JOIN assessments a ON a.id = d.assessment_id
        JOIN belongings b ON b.assessment_id = a.id
        JOIN persons c ON c.id = b.place
    WHERE d.assessment_id = ?"""

_OPEN = f"""
    SELECT o.assessment_id, o.stop, o.urgency, o.floor, o.since, w.handle AS "by",
        b.client AS client_id, a.pathway_digest, p.pathway_id, a.started_at,
        {permissions.home("b.client")} AS unit
    FROM open_stops o
        JOIN assessments a ON a.id = o.assessment_id
        JOIN belongings b ON b.assessment_id = o.assessment_id
        JOIN pathways p ON p.digest = a.pathway_digest
        JOIN workers w ON w.id = o."by"
    WHERE b.client IN (SELECT value FROM json_each(?))
    ORDER BY o.urgency = 'emergency' DESC, o.urgency = 'same_day' DESC, o.since, o.stop"""


class Stops(Session):
    """The part of the store that knows which safety stops are open."""

    def open_stops(self, client_id: str) -> list[OpenStop]:
        """The stops that are open in any draft of the person, the most urgent first.

        Those of a draft that the worker may not read are told as well: which, how urgent, where.
        """
        with self._read():
            return list(self._open_stops(client_id))

    def _open_stops(self, client_id: str) -> Iterator[OpenStop]:
        """As `open_stops`, within a transaction."""
        standing = self._standing()
        for row in self._rows(_OPEN, json.dumps(self._same_person(client_id))):
            beyond = self._beyond(standing, "read", {"client_id": row["client_id"]})
            yield OpenStop(**row, in_reach=beyond is None)

    def _keep_standing(self, assessment_id: str) -> None:
        """Keep which stops are open in a draft and how far it is, within a transaction.

        It is worked out from the rows that stand, so that nobody can hand in what another window
        has overtaken. Nothing is kept of an assessment that is closed. Of a draft whose pathway
        cannot be read what was known stays.
        """
        draft = self._row(_DRAFT, assessment_id)
        if draft is None:
            return
        pathway = pathway_cache.at_hand(
            draft["pathway_digest"],
            lambda: self._texts(draft["pathway_digest"]),
        )
        if pathway is not None:
            self._keep_open(draft, self._worked_out(draft, pathway))
        else:
            self._keep_known(draft)

    def _held_now(self, assessment_id: str) -> set[tuple[str, str, int | None]] | None:
        """Stop, urgency and floor of what its answers hold open in a draft; None if unknown."""
        draft = self._row(_DRAFT, assessment_id)
        if draft is None:
            return None
        digest = draft["pathway_digest"]
        pathway = pathway_cache.at_hand(digest, lambda: self._texts(digest))
        if pathway is None:
            return None
        now = self._worked_out(draft, pathway)
        return {(stop.id, stop.urgency, stop.floor) for stop in now.stops}

    def _keep_known(self, draft: dict[str, Any]) -> None:
        """Leave the open stops of a draft as they are known, and list it by them."""
        if self._row("SELECT 1 FROM open_stops WHERE assessment_id = ?", draft["id"]):
            self._list_draft(draft, "open_stop", draft["started_at"])

    def _texts(self, digest: str) -> str:
        row = self._row("SELECT files FROM pathways WHERE digest = ?", digest)
        return str(row["files"]) if row else "{}"

    def _worked_out(self, draft: dict[str, Any], pathway: Pathway) -> DraftStatus:
        from stepping.decision.draft_status import get_draft_status
        from stepping.decision.safety import RecordedStep, SafetyStep
        from stepping.finland import finnish_day
        from stepping.pathway.client_facts import card_facts

        entries = list(self._rows(CURRENT, draft["id"]))
        asked = (row for row in entries if row["question"] in pathway.facts)
        given = {row["question"]: row for row in asked if row["state"] == "given"}
        began = finnish_day(datetime.fromisoformat(draft["started_at"]))
        answers: dict[str, Answer] = {
            **card_facts(draft["birth_year"], draft["sex"], began),
            **{id_: plain_answer(json.loads(row["value"])) for id_, row in given.items()},
        }
        steps = self._rows(f"SELECT stop, card, step, answers_seq {RECORDED}", draft["id"])
        return get_draft_status(
            pathway,
            answers,
            {id_: row["seq"] for id_, row in given.items()},
            {row["question"] for row in entries if row["state"] == "skipped"},
            [
                RecordedStep(SafetyStep(r["stop"], r["card"], r["step"]), r["answers_seq"])
                for r in steps
            ],
        )

    def _keep_open(self, draft: dict[str, Any], now: DraftStatus) -> None:
        """Put the open stops of a draft in the place of what was known of them."""
        sql = "SELECT * FROM open_stops WHERE assessment_id = ?"
        known = {row["stop"]: row for row in self._rows(sql, draft["id"])}
        held = {stop.id: self._open_row(draft, stop, known.get(stop.id)) for stop in now.stops}
        for stop in known.keys() - held.keys():
            sql = "DELETE FROM open_stops WHERE assessment_id = ? AND stop = ?"
            self.db.execute(sql, (draft["id"], stop))
        for stop, row in held.items():
            if row != known.get(stop):
                self.db.table("open_stops").upsert(row, pk=("assessment_id", "stop"))
        kind: DraftState = "open_stop" if held else "unconfirmed" if now.finished else "draft"
        since = min((row["since"] for row in held.values()), default=draft["started_at"])
        self._list_draft(draft, kind, since)

    def _open_row(
        self, draft: dict[str, Any], stop: HeldStop, known: dict[str, Any] | None
    ) -> dict[str, Any]:
        """The row of an open stop; one that was open before stays open since then."""
        opened = known or self._opened(draft, stop)
        return {
            "assessment_id": draft["id"],
            "stop": stop.id,
            "urgency": stop.urgency,
            "floor": stop.floor,
            "since": opened["since"],
            "by": opened["by"],
        }

    def _opened(self, draft: dict[str, Any], stop: HeldStop) -> dict[str, Any]:
        """When and by whom that was recorded which opened a stop."""
        sql = f'SELECT at AS since, "by" FROM ({CURRENT}) WHERE question = ?'
        found = self._row(sql, draft["id"], stop.since) if stop.since else None
        return found or {"since": draft["started_at"], "by": draft["started_by"]}

    def _list_draft(self, draft: dict[str, Any], kind: DraftState, since: str) -> None:
        sql = """
            UPDATE worklist SET kind = :kind, since = :since
            WHERE assessment_id = :id AND (kind, since) IS NOT (:kind, :since)"""
        self.db.execute(sql, {"id": draft["id"], "kind": kind, "since": since})

    def _keep_all_standings(self) -> None:
        """Keep how every draft stands, within a transaction.

        A draft with an answer that does not fit its question counts as one that cannot be read:
        it must not keep the whole store closed.
        """
        for (assessment_id,) in self.db.execute("SELECT assessment_id FROM drafts").fetchall():
            try:
                self._keep_standing(assessment_id)
            except (TypeError, ValueError, KeyError):
                draft = self._row(_DRAFT, assessment_id)
                if draft is not None:
                    self._keep_known(draft)


def plain_answer(value: Any) -> Any:
    """An answer as the pathway knows it: what was chosen of several is a tuple."""
    return tuple(value) if isinstance(value, list) else value
