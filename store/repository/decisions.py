"""Decisions: the step of care that a nurse confirms."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from store import text_guard
from store.errors import AnswersChanged, AnswersOutdated, RefusedText, StopElsewhere, UnknownRecord
from store.records import Confirmation, StoredDecision
from store.repository.internal import assessments, draft_status, episodes
from store.session import clock_doubt
from store.session.guarded import Repository, reads, writes
from store.session.session import Session


class Decisions(Repository):
    """Decisions: the step of care that a nurse confirms."""

    @writes("care")
    def confirm(
        self, assessment_id: str, confirmation: Confirmation, *, join_episode: bool = False
    ) -> StoredDecision:
        """Keep the decision, close the assessment, and record the measurement in its episode.

        With `join_episode` an assessment that belongs to no episode joins the one that its client
        is in, or a new one. All of it, and whether the need for treatment is established, is one
        transaction: no cut leaves a step without its legal times.

        Raises:
            RefusedText: If an override comes without a reason code of the pathway's.
            UnknownRecord: If there is no such assessment.
            ClosedAssessment: If it is no draft any more.
            MarkedWrong: If it is marked as of the wrong client.
            CardChanged: If the client or the card is not that of `card_version` any more.
            AnswersChanged: If an entry is newer than `final_answers_seq`.
            ClockPutBack: If the clock stands before what was recorded.
            AnswersOutdated: If it is later than `holds_until`.
            StopOpen: While a stop of it is open.
            StopElsewhere: If a stop is open in another draft of the person that the decision does
                not name, or that asks for a higher step.
            UnfitEvent: If the episode cannot take the measurement.
        """
        given, named = confirmation, _named(confirmation.decision_json)
        _refuse_bare_override(given)
        row = self.session.new_row(
            assessment_id=assessment_id,
            decision=given.decision_json,
            suggested_step=given.suggested_step,
            confirmed_step=given.confirmed_step,
            reason_code=given.reason_code,
            reason_text=text_guard.optional("reason_text", given.reason_text),
        )
        assessments.require_assessment(self.session, assessment_id, draft=True)
        _refuse_outdated(self.session, given, row)
        _refuse_below_stops(self.session, assessment_id, given.confirmed_step, named)
        if join_episode and not assessments.find_episode_id(self.session, assessment_id):
            episodes.join_open(self.session, assessment_id)
        self.session.append("decisions", row, "decision.confirmed")
        episodes.measure(self.session, assessment_id, need_established=given.need_established)
        if (found := self.find(assessment_id)) is None:
            raise UnknownRecord
        return found

    @reads("read")
    def find(self, assessment_id: str) -> StoredDecision | None:
        """Return the confirmed decision of an assessment, or None.

        Raises UnknownRecord if there is no such assessment.
        """
        sql = """
            SELECT assessment_id, decision AS decision_json, suggested_step, confirmed_step,
                reason_code, reason_text, at, w.handle AS "by"
            FROM decisions d JOIN workers w ON w.id = d."by" WHERE assessment_id = ?"""
        assessments.require_assessment(self.session, assessment_id)
        row = self.session.row(sql, assessment_id)
        return StoredDecision(**row) if row else None


def _refuse_bare_override(given: Confirmation) -> None:
    """Raise RefusedText if an override comes without a reason code of the pathway's."""
    from stepping.decision.outcome import AT_LEAST, OR_ABOVE, classify_choice

    left_open = given.reason_code == OR_ABOVE
    made = classify_choice(given.suggested_step, given.confirmed_step, or_above=left_open)
    if made == "override" and given.reason_code in (OR_ABOVE, AT_LEAST, None, ""):
        raise RefusedText("reason_code", "missing")


def _refuse_outdated(session: Session, given: Confirmation, row: dict[str, Any]) -> None:
    """Refuse a decision that rests on an older card, older answers, or a time that is over."""
    assessments.refuse_changed_card(session, row["assessment_id"], given.card_version)
    if assessments.last_seq(session, row["assessment_id"]) != given.final_answers_seq:
        raise AnswersChanged
    clock_doubt.require_not_put_back(session)
    if given.holds_until and datetime.fromisoformat(row["at"]) > given.holds_until:
        raise AnswersOutdated


def _refuse_below_stops(
    session: Session, assessment_id: str, step: int | None, named: Collection[tuple[str, str]]
) -> None:
    """Raise StopElsewhere if a stop in another draft is not named, or asks for a higher step."""
    whose = session.row("SELECT place FROM belongings WHERE assessment_id = ?", assessment_id)
    for stop in draft_status.list_open_stops(session, whose["place"]) if whose else ():
        if stop.assessment_id == assessment_id:
            continue
        below = stop.floor is not None and (step is None or step < stop.floor)
        if below or (stop.assessment_id, stop.stop) not in named:
            raise StopElsewhere


def _named(decision_json: str) -> frozenset[tuple[str, str]]:
    """Return the drafts and ids of the stops open elsewhere that a decision names."""
    try:
        whole = json.loads(decision_json)
    except ValueError:
        raise RefusedText("decision_json", "value") from None
    decision = whole.get("decision") if isinstance(whole, dict) else None
    elsewhere = decision.get("elsewhere", ()) if isinstance(decision, dict) else ()
    return frozenset((str(stop["draft"]), str(stop["id"])) for stop in elsewhere)
