"""What goes with an assessment that is moved to another client or marked as of the wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from store.errors import UnfitEvent
from store.repository.internal import (
    assessments,
    draft_status,
    episodes,
    measurements,
    safety_contacts,
)
from store.repository.internal.episodes import StoredEpisode
from store.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stepping.episode.events import Event, EventEntry, NextContact


class Recorded(NamedTuple):
    """What an assessment has recorded in an episode."""

    measured: list[Event]
    """The measurement, and what the same worker agreed by it that day."""
    agreed: list[NextContact]
    """The contacts of its safety steps."""


def carry(
    session: Session,
    assessment_id: str,
    client_id: str,
    kind: Literal["moved", "returned"],
    why: str,
    recorded: Recorded,
) -> tuple[bool, str | None]:
    """Let an assessment be another client's, and record in that client's episode what it has.

    Returns whether it belongs to an episode then, and why not where something does not fit.
    """
    put_move(session, assessment_id, kind, client_id, why)
    outcome = _arrive(session, assessment_id, client_id, *recorded)
    follow_draft(session, assessment_id)
    return outcome


def put_move(
    session: Session,
    assessment_id: str,
    kind: Literal["wrong_client", "moved", "returned"],
    client_id: str,
    why: str,
) -> None:
    """Keep whose an assessment is from now on."""
    row = session.new_row(
        assessment_id=assessment_id, kind=kind, client=client_id, episode_id=None, why=why
    )
    session.append("assessment_moves", row, f"belonging.{kind}")


def follow_draft(session: Session, assessment_id: str) -> None:
    """Make the worklist and the open stops of a draft fit its client's present card."""
    sql = """
        UPDATE worklist SET municipality =
            (SELECT p.municipality FROM persons p WHERE p.id = worklist.client_id)
        WHERE assessment_id = ?"""
    session.db.execute(sql, (assessment_id,))
    draft_status.keep_status(session, assessment_id)


def withdraw_recorded(session: Session, assessment_id: str) -> Recorded:
    """Withdraw what an assessment has recorded in episodes; return it."""
    agreed = safety_contacts.withdraw_agreed(session, assessment_id)
    return Recorded(_withdraw_measured(session, assessment_id), agreed)


def _withdraw_measured(session: Session, assessment_id: str) -> list[Event]:
    from stepping.episode.events import NeedEstablished

    episode_id = assessments.find_episode_id(session, assessment_id)
    if episode_id is None:
        return []
    told = episodes.read(session, episode_id)
    hung = list(_hung_on(session, told, assessment_id))
    for entry in hung:
        need = _need_by(told) if isinstance(entry.event, NeedEstablished) and told.open else None
        if need is not None:
            told = episodes.add_event(session, told, need, supersedes=entry.id)
        else:
            told = episodes.withdraw_entry(session, told, entry.id)
    return [entry.event for entry in hung]


def _hung_on(session: Session, told: StoredEpisode, assessment_id: str) -> Iterator[EventEntry]:
    """Return the measurement of an assessment, and what the same worker agreed by it that day."""
    from stepping.episode.events import Agreement, Measured, NeedEstablished, NextContact

    entries = sorted(told.episode.entries, key=lambda entry: entry.seq)
    measured: EventEntry | None = None
    for entry in entries:
        event = entry.event
        if isinstance(event, Measured):
            measured = entry if event.assessment == assessment_id else None
            if measured is not None:
                yield entry
        elif (
            measured is not None
            and isinstance(event, NeedEstablished | NextContact | Agreement)
            and event.day == measured.event.day
            and not (isinstance(event, NextContact) and event.safety)
            and _writer(session, entry.id) == _writer(session, measured.id)
        ):
            yield entry


def _writer(session: Session, entry_id: str) -> str:
    row = session.row('SELECT "by" FROM episode_events WHERE id = ?', entry_id)
    return str(row["by"]) if row else ""


def _need_by(told: StoredEpisode) -> Event | None:
    """Return the need for treatment by the assessments that an episode has.

    Any step above 0 tells it: which one needs none is the pathway's to say, and a time that runs
    needlessly harms nobody.
    """
    from stepping.episode.events import NeedEstablished

    days = [measured.day for measured in told.episode.measured if measured.step]
    return NeedEstablished(day=min(days)) if days else None


def _arrive(
    session: Session,
    assessment_id: str,
    client_id: str,
    hung: list[Event],
    contacts: list[NextContact],
) -> tuple[bool, str | None]:
    """Do as `_count_in`, with the `contacts` of its safety steps: an episode begins for them.

    They stand whether or not the measurement fits. Where one cannot, why is returned.
    """
    if contacts and episodes.find_open(session, client_id) is None:
        from stepping.episode.events import Opened

        measured = measurements.read_measurement(session, assessment_id)
        first = min(event.day for event in (*contacts, measured) if event)
        try:
            episodes.begin(session, client_id, Opened(day=first))
        except UnfitEvent as unfit:
            return False, unfit.what
    joined, why_not = _count_in(session, assessment_id, client_id, hung)
    for contact in contacts:
        why_not = _tell_contact(session, client_id, contact) or why_not
    return joined, why_not


def _tell_contact(session: Session, client_id: str, contact: NextContact) -> str | None:
    """Record a safety step's contact in the open episode of a client; return why it cannot be."""
    told = episodes.find_open(session, client_id)
    opened = told.episode.opened if told else None
    if told is None or opened is None:
        return None
    agreed = contact.model_copy(update={"day": max(contact.day, opened.day)})
    try:
        episodes.add_event(session, told, agreed)
    except UnfitEvent as unfit:
        return unfit.what
    return None


def _count_in(
    session: Session, assessment_id: str, client_id: str, hung: list[Event]
) -> tuple[bool, str | None]:
    """Record in the open episode of a client what an assessment recorded in another one.

    Returns whether the assessment belongs to it, and why not where it does not fit.
    """
    from stepping.episode.events import Agreement, NextContact

    told = episodes.find_open(session, client_id)
    if told is None:
        return False, None
    measured = measurements.read_measurement(session, assessment_id)
    if measured is not None:
        try:
            episodes.check_event(session, told, measured)
        except UnfitEvent as unfit:
            return False, unfit.what
    episodes.attach(session, assessment_id, told.record.id)
    if measured is not None:
        told = episodes.add_event(session, told, measured)
    need = _need_by(told) if told.episode.need is None else None
    agreed = (event for event in hung if isinstance(event, Agreement | NextContact))
    for event in (*agreed, *([need] if need else [])):
        told = episodes.add_event(session, told, event)
    return True, None
