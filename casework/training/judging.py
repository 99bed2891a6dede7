"""A case judged as its nurse: a draft of an invented client, and what the trainee made of it.

The draft is one of the seat's training store like any other, so that a program that ends half-way
loses nothing. Where it is done says of which mode and case it is, and of which text of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from casework.assessment import AssessmentSession
from casework.episode import EpisodeSession
from casework.training.practice import Practice
from casework.workspace import MUNICIPALITY
from stepping.decision.safety import SafetyStep, list_safety_steps
from stepping.episode.events import Closed
from stepping.pathway.client_facts import AGE, SEX
from stepping.pathway.model import Answer
from stepping.training.comparison import Comparison, compare, reach
from stepping.training.reading import Case
from stepping.training.records import Judgement, Place
from store.errors import UnknownRecord
from store.records import Client, Draft, SafetyRecord

_SHORT = 12
"""Characters of a case's digest that a draft keeps."""
Mode = Literal["judge", "interview"]
"""Alone with the story, or with somebody who plays the client."""


@dataclass(frozen=True)
class OwnWord:
    """A trainee's own step (0–9), up to three facts that decided, and a few words."""

    step: int
    because: tuple[str, ...] = ()
    words: str = ""


def begin(practice: Practice, case: Case, mode: Mode) -> AssessmentSession:
    """Begin the draft of a case, with a client of its age today and the facts that are given.

    Raises:
        StoreError: If it cannot be kept; then nothing was.
        RuntimeError: If the open store is no training store.
    """
    workspace, person = practice.workspace, case.vignette.person
    store, languages = workspace.store, case.pathway.header.languages
    if not store.training:
        raise RuntimeError("a case is judged in a training store alone")
    language = workspace.language if workspace.language in languages else languages[0]
    with store.writing():
        client = store.clients.add(
            birth_year=workspace.today.year - person.age,
            language=language,
            sex=person.sex,
            municipality=store.settings.get(MUNICIPALITY),
        )
        session = AssessmentSession.start(
            store, case.pathway, client, setting=_setting(case, mode), language=language
        )
        if given := _given(case):
            session.record_answers(given)
    return session


def find_draft(practice: Practice, case: Case, mode: Mode) -> Draft | None:
    """Return the draft of a case that was left half-way, the one last worked on, if any.

    Raises:
        StoreError: If the store does not tell.
    """
    drafts = practice.workspace.store.assessments.list_drafts()
    wanted = [mode, case.vignette.id]
    return next((e for e in drafts if e.assessment.setting.split(":")[:2] == wanted), None)


def go_on(practice: Practice, draft: Draft) -> AssessmentSession:
    """Return the session of a draft, under the pathway text that it began with.

    Raises:
        StoreError: If the store does not give it.
        PathwayError: If its pathway can no longer be read.
    """
    workspace = practice.workspace
    pathway = workspace.get_pathway(draft.assessment.pathway_digest)
    return AssessmentSession.resume(workspace.store, draft.assessment, pathway)


def is_of_today(session: AssessmentSession, case: Case) -> bool:
    """Say whether a draft can be judged by the case as it is now: same texts, same facts."""
    if not session.assessment.setting.endswith(f":{case.digest[:_SHORT]}"):
        return False
    given = {AGE: case.answers.get(AGE), SEX: case.answers.get(SEX), **_given(case)}
    same = all(session.answers.get(id_) == answer for id_, answer in given.items())
    return same and session.pathway.digest == case.pathway.digest


def find_judgement(practice: Practice, session: AssessmentSession) -> Judgement | None:
    """Return what was kept of a draft, if the trainee's word on it was.

    Raises:
        StoreError: If the record of the seat cannot be used.
    """
    for entry in practice.record.entries:
        if isinstance(entry, Judgement) and entry.id == session.assessment.id:
            return entry
    return None


def find_last(
    practice: Practice, case: Case, mode: Mode
) -> tuple[AssessmentSession, Judgement] | None:
    """Return what was kept last of a case as it is now, with its ended draft, if both are here.

    Raises:
        StoreError: If the record of the seat cannot be used.
    """
    for entry in reversed(practice.record.entries):
        if isinstance(entry, Judgement) and (entry.case, entry.mode) == (case.vignette.id, mode):
            if (entry.case_digest, entry.digest) != (case.digest, case.pathway.digest):
                return None
            store = practice.workspace.store
            try:
                assessment = store.assessments.get(entry.id)
            except UnknownRecord:  # the training store was made anew since
                return None
            return AssessmentSession.resume(store, assessment, case.pathway), entry
    return None


def keep(
    practice: Practice, case: Case, session: AssessmentSession, mode: Mode, own: OwnWord
) -> Judgement:
    """Keep a trainee's word on a draft, before anything is shown, and return what is kept.

    A draft has one: its id is that of the draft, and another window's word came first.

    Raises:
        StoreError: If it cannot be kept; then nothing was.
    """
    pathway, answers = session.pathway, _told(session)
    reached = reach(pathway, answers)
    judgement = Judgement(
        id=session.assessment.id,
        at=practice.stamp(),
        case=case.vignette.id,
        case_digest=case.digest,
        class_id=practice.class_id,
        mode=mode,
        pathway=pathway.id,
        digest=pathway.digest,
        answers=answers,
        stops=reached.stops,
        step=own.step,
        because=own.because,
        words=own.words,
        suggested=reached.step,
    )
    practice.keep(judgement)
    return find_judgement(practice, session) or judgement


def compare_with(case: Case, judgement: Judgement) -> Comparison:
    """Compare a judgement with the case under whose pathway text it was made."""
    return compare(case, judgement.answers, judgement.stops, judgement.step)


def end(practice: Practice, session: AssessmentSession, why: str) -> None:
    """End the draft of a case, so that nothing of it waits: also an episode that a stop began.

    One that another window has ended is left as it is.

    Raises:
        StoreError: If it cannot be ended; then nothing was.
    """
    workspace = practice.workspace
    with workspace.store.writing():
        if workspace.store.assessments.get(session.assessment.id).state == "draft":
            session.abandon_with_stops(why)
        _close_episode(practice, session.client)


def end_unread(practice: Practice, draft: Draft, why: str) -> None:
    """End the draft of a case whose pathway's text can no longer be read, like any other.

    Raises:
        StoreError: If it cannot be ended; then nothing was.
    """
    store, assessment = practice.workspace.store, draft.assessment
    with store.writing():
        store.assessments.abandon(assessment.id, why)
        _close_episode(practice, store.clients.get(assessment.client_id))


def _close_episode(practice: Practice, client: Client) -> None:
    """Close the episode that a stop of a case began, if any."""
    workspace = practice.workspace
    if found := workspace.store.episodes.find_open(client.id):
        episode = EpisodeSession.of(workspace, client, *found)
        episode.record_event(Closed(day=workspace.today, how="moved_on"))


def tell_place(practice: Practice, case: Case, session: AssessmentSession) -> None:
    """Let the trainer of a class see how far the draft of a case is.

    Raises:
        StoreError: If that cannot be kept.
    """
    if practice.membership is None:
        return
    done, of = session.measure_way()
    place = Place(
        id=practice.new_id(),
        at=practice.stamp(),
        case=case.vignette.id,
        case_digest=case.digest,
        class_id=practice.class_id,
        done=done,
        of=of,
    )
    practice.tell_place(place)


def seen(session: AssessmentSession, case: Case) -> AssessmentSession:
    """Return the case's answers as if the client of a draft had given them; nothing is stored."""
    steps = (
        step
        for stop in case.stopped.stops
        for step in list_safety_steps(case.pathway, case.answers, stop)
    )
    return AssessmentSession(
        session.store,
        case.pathway,
        session.client,
        session.assessment,
        given={id_: each for id_, each in case.answers.items() if id_ not in (AGE, SEX)},
        safety=[_done(step, session) for step in steps],
    )


def _done(step: SafetyStep, session: AssessmentSession) -> SafetyRecord:
    return SafetyRecord(
        stop=step.stop,
        card=step.card,
        step=step.step,
        done=True,
        why_not=None,
        recorder=session.store.handle,
        answers_seq=0,
        at=session.store.now,
    )


def _setting(case: Case, mode: Mode) -> str:
    return f"{mode}:{case.vignette.id}:{case.digest[:_SHORT]}"


def _given(case: Case) -> dict[str, Answer]:
    """Return what an episode gives to a follow-up, as the case has it."""
    facts = case.pathway.facts
    return {
        id_: answer
        for id_, answer in case.answers.items()
        if facts[id_].origin == "given" and id_ not in (AGE, SEX)
    }


def _told(session: AssessmentSession) -> dict[str, Answer]:
    """Return every answer that decides; no words, which are the trainee's own affair."""
    questions = session.pathway.questions
    texts = {id_ for id_, question in questions.items() if question.kind == "text"}
    return {id_: answer for id_, answer in session.answers.items() if id_ not in texts}
