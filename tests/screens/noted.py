"""Visits of invented clients without a store, for the tests of the note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

from casework.assessment import AssessmentSession
from casework.care_names import CareNames
from screens.note.compose import RecordNote
from screens.note.episode_part import EpisodeSummary
from stepping.decision.safety import list_safety_steps
from stepping.episode.episode import Episode
from stepping.pathway.model import Answer, Pathway
from store.pathway_files.care import shipped_care
from store.records import Assessment, Client, SafetyRecord, StoredDecision
from store.repository.store import Store
from tests.screens.episodes import KNOWN

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AGES = {"adult": 40, "youth": 15, "follow_up": 40}
LONG = "en saanut sanaa suustani kun kaikki katsoivat " * 10


def visited(pathway: Pathway, answers: Mapping[str, Answer], id_: str = "a0") -> AssessmentSession:
    """A visit with these answers, of a woman as old as the pathway's clients are."""
    client = Client(
        id="c1",
        code="TREENAAM",
        birth_year=AT.year - AGES.get(pathway.id, 40),
        sex="f",
        language="fi",
        created_at=AT,
        created_by="nurse1",
    )
    assessment = Assessment(
        id=id_,
        seq=1,
        client_id=client.id,
        pathway_digest=pathway.digest,
        pathway_id=pathway.id,
        pathway_version=pathway.header.version,
        setting="reception",
        language="fi",
        started_at=AT,
        started_by="nurse1",
        state="draft",
    )
    return AssessmentSession(cast("Store", None), pathway, client, assessment, given=dict(answers))


def record(visit: AssessmentSession, stop: str, why_not: str | None = None) -> None:
    """Record every safety step that a stop asks for now."""
    for step in list_safety_steps(visit.pathway, visit.answers, stop):
        row = SafetyRecord(
            stop=step.stop,
            card=step.card,
            step=step.step,
            done=why_not is None,
            why_not=why_not,
            reason=None if why_not is None else "not_needed",
            recorder="nurse1",
            answers_seq=0,
            at=AT,
        )
        visit.safety.append(row)


def confirmed(
    visit: AssessmentSession, step: int, code: str | None = None, text: str = ""
) -> StoredDecision:
    """The nurse's word on what is suggested now."""
    return StoredDecision(
        assessment_id=visit.assessment.id,
        decision_json="{}",
        suggested_step=visit.decide().step,
        confirmed_step=step,
        reason_code=code,
        reason_text=text or None,
        at=AT,
        by="nurse1",
    )


def note_of(
    visit: AssessmentSession,
    language: str = "en",
    row: StoredDecision | None = None,
    episode: Episode | None = None,
    *,
    past: bool = False,
) -> RecordNote:
    """The note of a visit, with an episode of care if one is given."""
    decision = visit.decide()
    today = date(2026, 3, 20)
    names = CareNames(shipped_care(), language)
    known = replace(KNOWN, care=names)
    summary = (
        EpisodeSummary(episode, known, visit, decision, language, today, past) if episode else None
    )
    return RecordNote(visit, decision, row, language, False, names, summary)


def flat(text: str) -> str:
    """A text as if it were one long line."""
    return " ".join(text.split())
