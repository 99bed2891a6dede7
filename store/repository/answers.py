"""Answers, skips and notes: every entry is on the disk before the next question is drawn."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from stepping.finland import finnish_day
from stepping.pathway.age import AnswerTime, Elsewhere, Source
from store import text_guard
from store.errors import ChangedElsewhere
from store.records import Note, Progress, plain_answer
from store.repository.internal import assessments, draft_status
from store.repository.internal.assessments import CURRENT, HIDDEN, OUTDATED
from store.session.guarded import Repository, reads, writes
from store.session.session import Session
from store.times import to_iso_utc

if TYPE_CHECKING:
    from stepping.pathway.model import Answer


class _Entry(NamedTuple):
    question: str
    state: Literal["given", "skipped", "withdrawn"]
    value: str | None
    why: str | None
    origin: Literal["episode"] | None = None
    """Where an answer came from that nobody was asked for."""
    elsewhere: Source | None = None
    """Where it was given, if not here."""
    given_at: str | None = None


class Answers(Repository):
    """Answers, skips and notes of assessments."""

    @writes("care")
    def record(
        self,
        assessment_id: str,
        answers: Mapping[str, Any],
        why: str | None = None,
        *,
        told: Collection[str] = (),
        anew: Collection[str] = (),
        hidden: Collection[str] = (),
        after: int | None = None,
    ) -> int:
        """Keep answers by question id, all or none; they are durable when this returns.

        An answer that stands already is not written again, so a retry after a cut does no harm;
        one of `anew` is, because it was asked again. `why` tells why an earlier answer is
        corrected; `told` are those that the client's episode gave and nobody was asked; `hidden`
        are withdrawn with them, as no longer asked. Which stops are open then, and how far the
        draft is, is kept with them. Returns the number of the newest entry.
        `after` is the newest entry that the caller knows of. Raises ChangedElsewhere if there is a
        newer one, ClosedAssessment, UnknownRecord or RefusedText; nothing is stored then.
        """
        reason = text_guard.optional("why", why)
        entries = [
            _Entry(
                text_guard.code("question", question),
                "given",
                text_guard.value(question, value),
                reason,
                "episode" if question in told else None,
            )
            for question, value in answers.items()
        ]
        entries += [_withdrawn(question, HIDDEN) for question in hidden]
        return _enter(self.session, assessment_id, entries, after, anew)

    @writes("care")
    def take_in(
        self,
        assessment_id: str,
        answers: Mapping[str, Any],
        source: Source,
        given_at: datetime,
        *,
        hidden: Collection[str] = (),
        after: int | None = None,
    ) -> int:
        """Keep answers that were given elsewhere, all or none, as old as they are.

        `given_at` has a time zone; of a day alone it is the day's beginning. `hidden` are withdrawn
        with them, as no longer asked. What stands already with the same age is not written again.
        Returns the number of the newest entry. `after` is as in `record`.

        Raises:
            ValueError: If `given_at` lies ahead of the clock, or has no time zone.
            ChangedElsewhere: If there is an entry newer than `after`.
            ClosedAssessment, UnknownRecord, RefusedText: As in `record`; nothing is stored then.
        """
        at = to_iso_utc(given_at)
        if at > self.session.timestamp():
            raise ValueError("an answer cannot have been given in the future")
        entries = [
            _Entry(
                text_guard.code("question", question),
                "given",
                text_guard.value(question, value),
                None,
                elsewhere=source,
                given_at=at,
            )
            for question, value in answers.items()
        ]
        entries += [_withdrawn(question, HIDDEN) for question in hidden]
        return _enter(self.session, assessment_id, entries, after)

    @reads("read")
    def list_told(self, assessment_id: str) -> list[tuple[str, Answer, datetime]]:
        """Return question, answer and instant of all that was given elsewhere, corrected or not.

        Raises:
            UnknownRecord: If there is no such assessment.
        """
        assessments.require_assessment(self.session, assessment_id)
        sql = """
            SELECT question, value, given_at FROM answers
            WHERE assessment_id = ? AND elsewhere NOTNULL ORDER BY seq"""
        return [
            (
                r["question"],
                plain_answer(json.loads(r["value"])),
                datetime.fromisoformat(r["given_at"]),
            )
            for r in self.session.rows(sql, assessment_id)
        ]

    @writes("care")
    def record_skip(
        self,
        assessment_id: str,
        question: str,
        why: str | None = None,
        *,
        anew: bool = False,
        after: int | None = None,
    ) -> int:
        """Keep that a question was skipped, and why; an earlier answer no longer counts.

        A skip that stands already is written again only if it is given `anew`.
        """
        reason = text_guard.optional("why", why)
        entry = _Entry(text_guard.code("question", question), "skipped", None, reason)
        return _enter(self.session, assessment_id, [entry], after, (question,) if anew else ())

    @writes("care")
    def withdraw(self, assessment_id: str, question: str, *, after: int | None = None) -> int:
        """Take back an answer or skip, so that the question is open again; it stays in history."""
        return _enter(self.session, assessment_id, [_withdrawn(question)], after)

    @writes("care")
    def withdraw_outdated(
        self, assessment_id: str, questions: Iterable[str], *, after: int | None = None
    ) -> int:
        """Open questions again whose answers or skips have grown too old, all or none."""
        entries = [_withdrawn(question, OUTDATED) for question in questions]
        return _enter(self.session, assessment_id, entries, after)

    @writes("care")
    def add_note(self, assessment_id: str, question: str, text: str) -> None:
        """Keep a remark at a question; ClosedAssessment, UnknownRecord or RefusedText."""
        row = self.session.new_row(
            assessment_id=assessment_id,
            question=text_guard.code("question", question),
            text=text_guard.needed("note", text),
        )
        assessments.require_assessment(self.session, assessment_id, draft=True)
        self.session.append("notes", row, "note.added")

    @reads("read")
    def get_progress(self, assessment_id: str) -> Progress:
        """Return what counts now in an assessment; UnknownRecord if there is none."""
        notes = """
            SELECT question, text, at, w.handle AS "by"
            FROM notes n JOIN workers w ON w.id = n."by"
            WHERE assessment_id = ? ORDER BY n.rowid"""
        assessments.require_assessment(self.session, assessment_id)
        current = self.session.rows(f"{CURRENT} ORDER BY seq", assessment_id)
        seen = _seen(self.session, assessment_id)
        remarks = tuple(Note(**row) for row in self.session.rows(notes, assessment_id))
        seq = assessments.last_seq(self.session, assessment_id)
        return Progress(
            answers={r["question"]: json.loads(r["value"]) for r in current if r["value"]},
            order={r["question"]: r["seq"] for r in current if r["value"]},
            times={
                r["question"]: AnswerTime(
                    datetime.fromisoformat(r["given_at"] or r["at"]), seen[r["seq"]]
                )
                for r in current
                if r["state"] != "withdrawn" and r["origin"] is None
            },
            elsewhere={
                r["question"]: Elsewhere(
                    source=r["elsewhere"],
                    day=finnish_day(datetime.fromisoformat(r["given_at"])),
                )
                for r in current
                if r["elsewhere"]
            },
            outdated=frozenset(
                r["question"] for r in current if r["state"] == "withdrawn" and r["why"] == OUTDATED
            ),
            skipped={r["question"]: r["why"] or "" for r in current if r["state"] == "skipped"},
            notes=remarks,
            seq=seq,
        )


def _enter(
    session: Session,
    assessment_id: str,
    entries: list[_Entry],
    after: int | None,
    anew: Collection[str] = (),
) -> int:
    """Write the entries that change something or are `anew`, each over what stood before."""
    assessments.require_assessment(session, assessment_id, draft=True)
    seq = assessments.last_seq(session, assessment_id)
    if after is not None and seq != after:
        raise ChangedElsewhere
    for entry in entries:
        current = session.row(f"{CURRENT} AND question = ?", assessment_id, entry.question)
        if _stands(entry, current) and entry.question not in anew:
            continue
        seq += 1
        row = session.new_row(
            assessment_id=assessment_id,
            seq=seq,
            **entry._asdict(),
            supersedes=current["id"] if current else None,
        )
        if entry.elsewhere:
            session.append("answers", row, "answer.told")
        else:
            session.append("answers", row, f"answer.{entry.state}")
    draft_status.keep_status(session, assessment_id)
    return seq


def _stands(entry: _Entry, current: dict[str, Any] | None) -> bool:
    if current is None:
        return entry.state == "withdrawn"
    same = (entry.state, entry.value) == (current["state"], current["value"])
    as_old = (entry.elsewhere, entry.given_at) == (current["elsewhere"], current["given_at"])
    return same and as_old and entry.why in (None, current["why"])


def _seen(session: Session, assessment_id: str) -> dict[int, datetime]:
    """Return the latest instant that lies behind each entry: its own, or that of one after it."""
    sql = "SELECT seq, at FROM answers WHERE assessment_id = ? ORDER BY seq DESC"
    found: dict[int, datetime] = {}
    latest = datetime.min.replace(tzinfo=UTC)
    for row in session.rows(sql, assessment_id):
        latest = found[row["seq"]] = max(latest, datetime.fromisoformat(row["at"]))
    return found


def _withdrawn(question: str, why: str | None = None) -> _Entry:
    return _Entry(text_guard.code("question", question), "withdrawn", None, why)
