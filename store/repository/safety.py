"""Safety stops that are open, whether each step of their cards was taken, and safety plans."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from store import codes, text_guard
from store.errors import PlanChanged, RefusedText, UnknownRecord
from store.keys.credentials import plain_handle
from store.records import AgreedContact, OpenStop, SafetyRecord, StepTerms
from store.repository.internal import (
    assessments,
    draft_status,
    persons,
    plan_words,
    risk_signs,
    safety_contacts,
)
from store.repository.internal.draft_status import NEWEST, RECORDED, UNDONE
from store.risk_records import RiskMark, RiskSign, SafetyPlan
from store.session.guarded import Repository, reads, writes
from store.session.session import Session

_HEADER = ("assessment_id", "pathway_id", "pathway_version", "pathway_digest")
_SIGNS = f"""
    SELECT DISTINCT r.assessment_id, r.kind, r.about, r.since, r.wrong, w.handle AS "by",
        p.digest AS pathway_digest, p.pathway_id, p.version AS pathway_version,
        (SELECT n.value FROM answers n
            WHERE n.assessment_id = r.assessment_id AND n.question = r.about AND n.state = 'given'
            ORDER BY n.seq DESC LIMIT 1) AS answer
    {risk_signs.of_person(":person")}
        CROSS JOIN assessments a ON a.id = r.assessment_id
        CROSS JOIN pathways p ON p.digest = a.pathway_digest
        CROSS JOIN workers w ON w.id = r."by"
    ORDER BY r.since, r.kind, r.about"""
"""The signs of a person, each with its assessment, pathway and answer, the oldest first."""


_PLANS = """
    SELECT p.id, p.assessment_id, p.at, w.handle AS "by"
    FROM safety_plans p CROSS JOIN workers w ON w.id = p."by"
        LEFT JOIN belongings b ON b.assessment_id = p.assessment_id
    WHERE CASE WHEN p.assessment_id ISNULL THEN p.client_id ELSE b.client END
        IN (SELECT value FROM json_each(:person))
        AND p.id IN (
            SELECT id FROM safety_plans WHERE client_id IN (SELECT value FROM json_each(:person))
            UNION
            SELECT x.id FROM json_each(:person) known
                CROSS JOIN assessment_moves m ON m.client = known.value
                CROSS JOIN safety_plans x ON x.assessment_id = m.assessment_id)
    ORDER BY p.rowid DESC"""
"""The plans of a person, the newest first: those of an assessment go where that goes."""

_PLAN = """
    SELECT p.id, p.assessment_id, coalesce(b.place, p.client_id) AS place
    FROM safety_plans p LEFT JOIN belongings b ON b.assessment_id = p.assessment_id
    WHERE p.id = ?"""


class OpenStops(Repository):
    """The safety stops that are open in drafts, told of the whole person."""

    @reads("read")
    def list_of(self, client_id: str) -> list[OpenStop]:
        """Return the stops that are open in any draft of the person, the most urgent first.

        Those of a draft that the worker may not read are told as well: which, how urgent, where.
        """
        return list(draft_status.list_open_stops(self.session, client_id))

    @reads("read")
    def list_of_code(self, code: str) -> list[OpenStop]:
        """Return the open stops of the person with a code in any unit: which, how urgent, where.

        It is asked where `Clients.find` raised OtherUnit, which is in the log: whoever has the
        person in front of them has to know. Nothing else of the client is told.
        """
        row = persons.find_coded(self.session, codes.parse(code))
        return list(draft_status.list_open_stops(self.session, row["id"])) if row else []


class RiskMarks(Repository):
    """What stays to be told of a client's risk: it is the client's, not the assessment's."""

    @reads("read")
    def list_of(self, client_id: str) -> list[RiskMark]:
        """Return what any assessment of the person has told of risk, the newest first.

        An assessment that is marked as of the wrong client tells nothing.
        """
        person = persons.same_person(self.session, client_id)[0]
        told: dict[tuple[str, ...], list[RiskSign]] = {}
        for row in self.session.rows(_SIGNS, {"person": person}):
            header = tuple(row.pop(name) for name in _HEADER)
            answer = row.pop("answer")
            sign = RiskSign(**row, answer=None if answer is None else json.loads(answer))
            told.setdefault(header, []).append(sign)
        oldest_first = [
            RiskMark(
                **dict(zip(_HEADER, header, strict=True)),
                signs=tuple(signs),
                steps=tuple(_under(self.session, header[0], {sign.about for sign in signs})),
            )
            for header, signs in told.items()
        ]
        return oldest_first[::-1]


class SafetySteps(Repository):
    """Outcomes of the steps of action cards."""

    @writes("care")
    def record(
        self,
        assessment_id: str,
        stop: str,
        card: str,
        step: str,
        done: bool,
        why_not: str | None = None,
        recorder: str | None = None,
        agreed: AgreedContact | None = None,
        terms: StepTerms | None = None,
        reason: str | None = None,
    ) -> None:
        """Keep whether a step of an action card was taken, and why not if it was not.

        `why_not` is in words and needed; `reason` is a code beside them, which reports count.
        `recorder` is a staff code, by default that of the worker who has signed in. A closed
        assessment takes what had no outcome as well; its own outcomes stand. The contact that a
        step agrees is kept in the client's episode, in the place of what the same step had agreed
        before; an episode begins if the client is in none.

        Raises:
            ClosedAssessment: If it is closed, and the step has an outcome.
            UnfitEvent: If the episode cannot take the contact.
            RefusedText: If a text must not be kept, or a reason is missing.
        """
        why = None if done else text_guard.needed("why_not", why_not)
        if why == UNDONE:
            raise RefusedText("why_not", "value")
        row = _make_row(self.session, assessment_id, stop, card, step, recorder)
        assessments.require_assessment(self.session, assessment_id)
        if _find_newest(self.session, row, RECORDED) is not None:
            assessments.require_assessment(
                self.session, assessment_id, draft=True, even_marked=True
            )
        coded = None if done or reason is None else text_guard.code("reason", reason)
        kept = row | {"done": int(done), "why_not": why, "reason": coded}
        kept["terms"] = _terms(terms) if done else None
        _add(self.session, kept, "safety.recorded", agreed if done else None)

    @writes("care")
    def withdraw(self, assessment_id: str, stop: str, card: str, step: str) -> None:
        """Take the outcome of a safety step back: the step is open again, its rows stay.

        Does nothing where no outcome stands. Raises UnknownRecord, RefusedText, or ClosedAssessment
        once the step of care rests on it: no stop may open where nothing waits for it any more.
        """
        row = _make_row(self.session, assessment_id, stop, card, step)
        assessments.require_assessment(self.session, assessment_id, draft=True, even_marked=True)
        if _find_newest(self.session, row, RECORDED) is not None:
            _add(self.session, row | {"done": 0, "why_not": UNDONE}, "safety.withdrawn")

    @reads("read")
    def list_recorded(self, assessment_id: str) -> list[SafetyRecord]:
        """Return the outcomes that stand now, in the order in which they were recorded."""
        assessments.require_assessment(self.session, assessment_id)
        return _recorded(self.session, assessment_id)


class SafetyPlans(Repository):
    """The safety plans of clients."""

    @reads("read")
    def find(self, client_id: str) -> SafetyPlan | None:
        """Return the newest plan of the person, None if there is none."""
        return next(iter(_plans(self.session, client_id)), None)

    @reads("read")
    def list_of(self, client_id: str) -> list[SafetyPlan]:
        """Return every plan of the person, the newest first.

        A plan that was begun in an assessment is told of the client whose that is now, and of
        nobody while it is marked as of the wrong client.
        """
        return _plans(self.session, client_id)

    @writes("care")
    def begin(self, client_id: str, assessment_id: str | None = None) -> SafetyPlan:
        """Begin a plan that says what the last one says, which stays as it is.

        Raises:
            UnknownRecord: If there is no such client, or the assessment is not that client's.
        """
        session = self.session
        person = persons.same_person(session, client_id)
        if assessment_id is not None:
            _require_own(session, assessment_id, person)
        last = next(iter(_plans(session, client_id)), None)
        row = session.new_row(client_id=person[0], assessment_id=assessment_id)
        session.append("safety_plans", row, "plan.begun")
        for said in plan_words.read_words(session, last.id, person) if last else ():
            _add_point(session, row, said.point, said.words, said_by=said.said_by)
        return _plans(session, client_id)[0]

    @writes("care")
    def write(self, plan_id: str, point: str, words: str, *, before: str) -> None:
        """Keep what the client says under a point; empty words empty it.

        `before` is what stood there as the caller knows it. The same words again are not written.

        Raises:
            UnknownRecord: If there is no such plan.
            PlanChanged: If something else stands there by now.
            RefusedText: If the words must not be kept.
        """
        session = self.session
        named, plain = text_guard.code("point", point), text_guard.free("words", words)
        plan = session.row(_PLAN, plan_id)
        if plan is None:
            raise UnknownRecord
        person = persons.same_person(session, plan["place"])
        said = plan_words.read_words(session, plan_id, person)
        now = next((each.words for each in said if each.point == named), "")
        if now == plain:
            return
        if now != before:
            raise PlanChanged
        _add_point(session, plan, named, plain)


def _recorded(session: Session, assessment_id: str) -> list[SafetyRecord]:
    sql = f"""
        SELECT id, stop, card, step, done, why_not, recorder, answers_seq, at, terms, reason
        {RECORDED} ORDER BY s.rowid"""
    rows = session.rows(sql, assessment_id)
    agreed = safety_contacts.read_agreed(session, assessment_id) if rows else {}
    return [
        SafetyRecord(agreed=agreed.get(row.pop("id")), terms=_read_terms(row.pop("terms")), **row)
        for row in rows
    ]


def _read_terms(kept: str | None) -> StepTerms | None:
    return None if kept is None else StepTerms.model_validate_json(kept)


def _under(session: Session, assessment_id: str, stops: Collection[str]) -> list[SafetyRecord]:
    """Return what was recorded under some stops of an assessment."""
    return [row for row in _recorded(session, assessment_id) if row.stop in stops]


def _terms(terms: StepTerms | None) -> str | None:
    """Return what a step agreed as it stands on disk; None of nothing.

    Raises:
        RefusedText: If a text must not be kept.
    """
    if terms is None or not terms.told:
        return None
    where = text_guard.optional("where", terms.where)
    return terms.model_copy(update={"where": where}).model_dump_json(exclude_none=True)


def _make_row(
    session: Session,
    assessment_id: str,
    stop: str,
    card: str,
    step: str,
    recorder: str | None = None,
) -> dict[str, Any]:
    return {
        "id": session.ids.new(),
        "assessment_id": assessment_id,
        "stop": text_guard.code("stop", stop),
        "card": text_guard.code("card", card),
        "step": text_guard.code("step", step),
        "recorder": plain_handle(recorder or session.handle),
        "at": session.timestamp(),
    }


def _find_newest(session: Session, row: dict[str, Any], rows: str) -> str | None:
    """Return the id of the last row of the same step among some rows."""
    key = (row["assessment_id"], row["stop"], row["card"], row["step"])
    found = session.row(f"SELECT id {rows} AND stop = ? AND card = ? AND step = ?", *key)
    return found["id"] if found else None


def _add(
    session: Session, row: dict[str, Any], event: str, agreed: AgreedContact | None = None
) -> None:
    row["answers_seq"] = assessments.last_seq(session, row["assessment_id"])
    row["supersedes"] = _find_newest(session, row, NEWEST)
    session.append("safety", row, event)
    safety_contacts.agree(session, row["assessment_id"], agreed, row["id"], row["supersedes"])
    draft_status.keep_status(session, row["assessment_id"])


def _add_point(
    session: Session, plan: dict[str, Any], point: str, words: str, said_by: str | None = None
) -> None:
    row = session.new_row(
        plan_id=plan["id"],
        assessment_id=plan["assessment_id"],
        point=point,
        words=words,
        said_by=said_by,
    )
    session.append("plan_points", row, "point.written")


def _plans(session: Session, client_id: str) -> list[SafetyPlan]:
    person = persons.same_person(session, client_id)
    found = []
    for row in session.rows(_PLANS, {"person": json.dumps(person)}):
        said = plan_words.read_words(session, row["id"], person)
        if not plan_words.is_anothers(session, row["id"], said):
            words = {each.point: each.words for each in said}
            found.append(SafetyPlan(**row, words=words))
    return found


def _require_own(session: Session, assessment_id: str, person: Sequence[str]) -> None:
    sql = "SELECT client FROM belongings WHERE assessment_id = ?"
    found = session.row(sql, assessment_id)
    if found is None or found["client"] not in person:
        raise UnknownRecord
