"""How an assessment ends: safety steps recorded, a step confirmed, or the walk abandoned."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from store import text_guard
from store.audit import clock_check
from store.errors import (
    AnswersChanged,
    AnswersOutdated,
    RefusedText,
    StopElsewhere,
    UnknownRecord,
)
from store.keys.keystore import plain_handle
from store.records import AgreedContact, Confirmation, SafetyRecord, StoredDecision
from store.repository.answers import Interviews
from store.repository.episodes import Episodes
from store.repository.open_stops import NEWEST, RECORDED, UNDONE


class Outcomes(Interviews, Episodes):
    """The part of the store that knows safety steps and decisions."""

    def record_safety(
        self,
        assessment_id: str,
        stop: str,
        card: str,
        step: str,
        done: bool,
        why_not: str | None = None,
        recorder: str | None = None,
        agreed: AgreedContact | None = None,
    ) -> None:
        """Keep whether a step of an action card was taken, and why not if it was not.

        `recorder` is a staff code, by default that of the worker who has signed in. A closed
        assessment takes what had no outcome as well; its own outcomes stand. The contact that a
        step agrees is kept in the client's episode in one go, in the place of what the same step
        had agreed before; an episode begins if the client is in none. Raises UnknownRecord,
        RefusedText, ClosedAssessment, or UnfitEvent where the episode cannot take the contact;
        nothing is stored then.
        """
        why = None if done else text_guard.needed("why_not", why_not)
        if why == UNDONE:
            raise RefusedText("why_not", "value")
        row = self._safety_row(assessment_id, stop, card, step, recorder)
        with self._write():
            self._require(assessment_id)
            if self._newest(row, RECORDED) is not None:
                self._require(assessment_id, draft=True, even_marked=True)
            kept = row | {"done": int(done), "why_not": why}
            self._add_safety(kept, "safety.recorded", agreed if done else None)

    def withdraw_safety(self, assessment_id: str, stop: str, card: str, step: str) -> None:
        """Take the outcome of a safety step back: the step is open again, its rows stay.

        Does nothing where no outcome stands. Raises UnknownRecord, RefusedText, or ClosedAssessment
        once the step of care rests on it: no stop may open where nothing waits for it any more.
        """
        row = self._safety_row(assessment_id, stop, card, step)
        with self._write():
            self._require(assessment_id, draft=True, even_marked=True)
            if self._newest(row, RECORDED) is not None:
                self._add_safety(row | {"done": 0, "why_not": UNDONE}, "safety.withdrawn")

    def _safety_row(
        self, assessment_id: str, stop: str, card: str, step: str, recorder: str | None = None
    ) -> dict[str, Any]:
        return {
            "id": self._ids.new(),
            "assessment_id": assessment_id,
            "stop": text_guard.code("stop", stop),
            "card": text_guard.code("card", card),
            "step": text_guard.code("step", step),
            "recorder": plain_handle(recorder or self.handle),
            "at": self._now(),
        }

    def _newest(self, row: dict[str, Any], rows: str) -> str | None:
        """The id of the last row of the same step among some rows."""
        key = (row["assessment_id"], row["stop"], row["card"], row["step"])
        found = self._row(f"SELECT id {rows} AND stop = ? AND card = ? AND step = ?", *key)
        return found["id"] if found else None

    def _add_safety(
        self, row: dict[str, Any], event: str, agreed: AgreedContact | None = None
    ) -> None:
        row["answers_seq"] = self._last_seq(row["assessment_id"])
        row["supersedes"] = self._newest(row, NEWEST)
        self._append("safety", row, event, row["id"])
        self._agree(row["assessment_id"], agreed, row["id"], row["supersedes"])
        self._keep_standing(row["assessment_id"])

    def safety(self, assessment_id: str) -> list[SafetyRecord]:
        """The outcomes that stand now, in the order in which they were recorded."""
        sql = f"""
            SELECT id, stop, card, step, done, why_not, recorder, answers_seq, at
            {RECORDED} ORDER BY s.rowid"""
        with self._read():
            self._require(assessment_id)
            rows = list(self._rows(sql, assessment_id))
            agreed = self._agreed(assessment_id) if rows else {}
        return [SafetyRecord(agreed=agreed.get(row.pop("id")), **row) for row in rows]

    def confirm(self, assessment_id: str, confirmation: Confirmation) -> StoredDecision:
        """Keep the decision and close the assessment; its episode, if any, is told in one go.

        With it goes whether the need for treatment is established, so that no cut leaves a step
        without its legal times. Raises CardChanged if the client or the card is not that of
        `footing` any more, StopOpen while a stop of it is open, StopElsewhere if one is open in
        another draft of the person that the decision does not name or that asks for a higher step,
        AnswersChanged if an entry is newer than `final_answers_seq`, AnswersOutdated past
        `holds_until`, ClockPutBack if the clock stands before what was recorded, RefusedText
        (missing) if an override comes without a reason code of the pathway's, ClosedAssessment,
        UnknownRecord, or UnfitEvent if the episode cannot take the measurement.
        """
        from stepping.decision.outcome import AT_LEAST, OR_ABOVE, classify_choice

        given = confirmation
        left_open = given.reason_code == OR_ABOVE
        made = classify_choice(given.suggested_step, given.confirmed_step, or_above=left_open)
        if made == "override" and given.reason_code in (OR_ABOVE, AT_LEAST, None, ""):
            raise RefusedText("reason_code", "missing")
        try:
            whole = json.loads(given.decision_json)
        except ValueError:
            raise RefusedText("decision_json", "value") from None
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "assessment_id": assessment_id,
            "decision": given.decision_json,
            "suggested_step": given.suggested_step,
            "confirmed_step": given.confirmed_step,
            "reason_code": given.reason_code,
            "reason_text": text_guard.optional("reason_text", given.reason_text),
            "at": self._now(),
            "by": self._worker,
        }
        with self._write():
            self._require(assessment_id, draft=True)
            self._refuse_other_card(assessment_id, given.footing)
            if self._last_seq(assessment_id) != given.final_answers_seq:
                raise AnswersChanged
            clock_check.require_not_put_back(self)
            if given.holds_until and datetime.fromisoformat(row["at"]) > given.holds_until:
                raise AnswersOutdated
            self._refuse_below_stops(assessment_id, given.confirmed_step, _named(whole))
            self._append("decisions", row, "decision.confirmed", row["id"])
            self._measure(assessment_id, need_established=given.need_established)
        found = self.decision(assessment_id)
        if found is None:
            raise UnknownRecord
        return found

    def _refuse_below_stops(
        self, assessment_id: str, step: int | None, named: Collection[tuple[str, str]]
    ) -> None:
        """StopElsewhere if a stop in another draft is not named, or asks for a higher step."""
        whose = self._row("SELECT place FROM belongings WHERE assessment_id = ?", assessment_id)
        for stop in self._open_stops(whose["place"]) if whose else ():
            if stop.assessment_id == assessment_id:
                continue
            below = stop.floor is not None and (step is None or step < stop.floor)
            if below or (stop.assessment_id, stop.stop) not in named:
                raise StopElsewhere

    def decision(self, assessment_id: str) -> StoredDecision | None:
        """The confirmed decision of an assessment, or None; UnknownRecord for no assessment."""
        sql = """
            SELECT assessment_id, decision AS decision_json, suggested_step, confirmed_step,
                reason_code, reason_text, at, w.handle AS "by"
            FROM decisions d JOIN workers w ON w.id = d."by" WHERE assessment_id = ?"""
        with self._read():
            self._require(assessment_id)
            row = self._row(sql, assessment_id)
        return StoredDecision(**row) if row else None

    def abandon(self, assessment_id: str, why: str) -> None:
        """Close an assessment without a decision; the reason is needed.

        Raises StopOpen while a stop is open in it whose safety steps can be recorded.
        """
        row = {
            "assessment_id": assessment_id,
            "kind": "abandoned",
            "why": text_guard.needed("why", why),
            "at": self._now(),
            "by": self._worker,
        }
        with self._write():
            self._require(assessment_id, draft=True, even_marked=True)
            self._append("closings", row, "closing.abandoned", assessment_id)


def _named(whole: Any) -> frozenset[tuple[str, str]]:
    """The drafts and ids of the stops open elsewhere that a decision names."""
    decision = whole.get("decision") if isinstance(whole, dict) else None
    elsewhere = decision.get("elsewhere", ()) if isinstance(decision, dict) else ()
    return frozenset((str(stop["draft"]), str(stop["id"])) for stop in elsewhere)
