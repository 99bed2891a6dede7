"""Events of episodes of care: replayed, checked against all that stands, and added."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from stepping.finland import finnish_day
from store import text_guard
from store.errors import EpisodeOpen, RefusedText, UnfitEvent, UnknownRecord
from store.records import EpisodeRecord
from store.repository.internal import (
    assessments,
    measurements,
    pathway_copies,
    persons,
    worklist_lines,
)
from store.session.session import Session

if TYPE_CHECKING:
    # The events are read only where an episode is: they cost a start more than they are worth.
    from stepping.episode.episode import Episode
    from stepping.episode.events import Event, EventEntry, Measured
    from stepping.episode.validation import ValidationContext

EPISODE = """
    SELECT e.id, e.seq, c.person AS client_id, e.created_at, w.handle AS created_by, c.birth_year
    FROM episodes e CROSS JOIN workers w ON w.id = e.created_by
        CROSS JOIN persons c ON c.id = e.client_id"""
"""Reads episodes; a condition or an order may follow."""

_IDS = frozenset({"kind", "assessment", "period", "safety"})
"""What of an event the program makes itself; it may look like a telephone number."""

_DIED = "This client's death is recorded. If that is a mistake, withdraw it first."


class StoredEpisode(NamedTuple):
    """An episode as it is stored: its record, the replay of its events, the year of birth."""

    record: EpisodeRecord
    episode: Episode
    birth_year: int | None
    """None while it is not known."""

    @property
    def open(self) -> bool:
        """Whether it was opened and not closed."""
        return self.episode.opened is not None and self.episode.closed is None


def begin(
    session: Session, client_id: str, event: Event, context: ValidationContext | None = None
) -> StoredEpisode:
    """Begin an episode of a person.

    Raises:
        EpisodeOpen: If the person is in one.
        UnfitEvent: If the person has died.
    """
    person = persons.same_person(session, client_id)[0]
    refuse_second(session, client_id)
    if any(told.episode.died for told in list_of_person(session, client_id)):
        raise UnfitEvent(_DIED)
    newest = session.db.execute("SELECT coalesce(max(seq), 0) FROM episodes").fetchone()
    row: dict[str, Any] = {
        "id": session.ids.new(),
        "created_at": session.timestamp(),
        "created_by": session.worker_id,
        "client_id": person,
        "seq": newest[0] + 1,
    }
    session.append("episodes", row, "episode.begun")
    return add_event(session, read(session, row["id"]), event, context)


def guard_texts(event: Event) -> Event:
    """Return the event with its texts as they may be kept.

    Raises:
        RefusedText: If one may not.
    """
    kept: dict[str, object] = {}
    for name, value in event:
        if isinstance(value, str) and name not in _IDS:
            kept[name] = text_guard.free(name, value) or None
            if kept[name] is None and type(event).model_fields[name].is_required():
                raise RefusedText(name, "missing")
        elif isinstance(value, tuple):
            words = (text_guard.free(name, text) for text in value if isinstance(text, str))
            kept[name] = tuple(text for text in words if text) or None
    return event.model_copy(update=kept)


def share_death(
    session: Session, before: StoredEpisode, now: StoredEpisode, context: ValidationContext
) -> None:
    """Let a death, or that it is withdrawn, hold for all episodes, within a transaction.

    There may be another open one where two codes of a person were joined.
    """
    from stepping.episode.events import Withdrawn

    others = list_of_person(session, now.record.client_id)
    for told in (each for each in others if each.record.id != now.record.id):
        if now.episode.closed is not None and told.open:
            add_event(session, told, now.episode.closed, context)
        elif before.episode.closed == told.episode.closed is not None:
            ended = next(e for e in told.episode.entries if e.event == told.episode.closed)
            day = max(ended.event.day, finnish_day(session.clock()))
            add_event(session, told, Withdrawn(day=day), context, ended.id)


def find_open(session: Session, client_id: str) -> StoredEpisode | None:
    """Return the open episode of a person that began first, within a transaction."""
    found = [told for told in list_of_person(session, client_id) if told.open]
    return min(found, key=_age, default=None)


def attach(session: Session, assessment_id: str, episode_id: str) -> None:
    """Keep to which episode an assessment belongs, within a transaction."""
    row = session.new_row(assessment_id=assessment_id, episode_id=episode_id)
    sql = "SELECT client FROM assessment_moves WHERE assessment_id = ? LIMIT 1"
    if session.row(sql, assessment_id) is None:
        del row["id"]
        session.append("episode_assessments", row, "attachment.made", assessment_id)
        return
    # What was moved told already to which episode it belongs; the newest row counts.
    row |= {"kind": "attached", "client": assessments.find_person(session, assessment_id)}
    session.append("assessment_moves", row, "belonging.attached")


def _find_own_open(session: Session, assessment_id: str) -> StoredEpisode | None:
    """Return the episode of an assessment while it is open.

    Of two codes that were joined each keeps its own.
    """
    episode_id = assessments.find_episode_id(session, assessment_id)
    told = read(session, episode_id) if episode_id else None
    return told if told and told.open else None


def join_open(session: Session, assessment_id: str) -> StoredEpisode:
    """Return the episode that the client of an assessment is in, begun now if there is none.

    The assessment belongs to it from then on, unless it belongs to another one.

    Raises:
        UnknownRecord: If the assessment is nobody's.
        UnfitEvent: If the client has died.
    """
    from stepping.episode.events import Opened

    client_id = assessments.find_person(session, assessment_id)
    if client_id is None:
        raise UnknownRecord
    told = (
        _find_own_open(session, assessment_id)
        or find_open(session, client_id)
        or begin(session, client_id, Opened(day=finnish_day(session.clock())))
    )
    if assessments.find_episode_id(session, assessment_id) is None:
        attach(session, assessment_id, told.record.id)
        measure(session, assessment_id)
    return read(session, told.record.id)


def measure(session: Session, assessment_id: str, *, need_established: bool = False) -> None:
    """Record what a confirmed assessment has measured in its episode.

    With `need_established` its legal times begin on the same day, unless they have begun.
    Nothing is recorded for an assessment without an episode or a decision.
    """
    from stepping.episode.events import NeedEstablished

    event = measurements.read_measurement(session, assessment_id)
    episode_id = assessments.find_episode_id(session, assessment_id)
    if event is None or episode_id is None:
        return
    told = read(session, episode_id)
    context = make_context(session, told, event.day)
    event = event.model_copy(update={"knew": _known_entries(session, assessment_id, episode_id)})
    told = add_event(session, told, _only_news(event, told.episode), context)
    if need_established and told.episode.need is None:
        add_event(session, told, NeedEstablished(day=event.day), context)


_ASKED_LAST = """
    SELECT seq FROM audit WHERE subject IN (
        SELECT n.id FROM answers n
        WHERE n.assessment_id = :assessment AND n.origin ISNULL AND n.elsewhere ISNULL
            AND (:asked = '[]' OR n.question IN (SELECT value FROM json_each(:asked))))
    ORDER BY seq DESC LIMIT 1"""
_KNOWN = """
    SELECT count(*) FROM episode_events v WHERE v.episode_id = :episode
        AND v.id NOT IN (SELECT subject FROM audit WHERE seq > :since)"""


def _known_entries(session: Session, assessment_id: str, episode_id: str) -> int:
    """Return how many entries an episode had at an assessment's latest answer about suicide.

    The log tells which came first; the clock may have been put back between them. It is read from
    its end on, where the answer stands. Of a pathway that marks no such question, every answer is
    taken for one.
    """
    from stepping.decision.risk import find_risk_questions

    digest = assessments.read_assessment(session, assessment_id).pathway_digest
    pathway = pathway_copies.find_pathway(session, digest)
    asked = sorted(find_risk_questions(pathway)) if pathway else []
    found = session.row(_ASKED_LAST, {"assessment": assessment_id, "asked": json.dumps(asked)})
    if found is None:
        return 0
    values = {"episode": episode_id, "since": found["seq"]}
    return int(session.db.execute(_KNOWN, values).fetchone()[0])


def _only_news(event: Measured, episode: Episode) -> Measured:
    """Return a measurement without what an episode knew: that keeps its day."""
    known = {
        "segment": episode.segment,
        "referrer": episode.referrer,
        "reasons": episode.reasons or None,
    }
    same = {name: None for name, value in known.items() if getattr(event, name) == value}
    return event.model_copy(update=same)


def make_context(session: Session, told: StoredEpisode, *days: date) -> ValidationContext:
    """Return what the store's own events are checked against; `days` are never in the future."""
    from stepping.episode.validation import ValidationContext

    known = [entry.event.day for entry in told.episode.entries]
    today = max([finnish_day(session.clock()), *days, *known])
    return ValidationContext(
        today, told.birth_year, {}, {}, {}, session.care.tracks, session.care.measures
    )


def add_event(
    session: Session,
    told: StoredEpisode,
    event: Event,
    context: ValidationContext | None = None,
    supersedes: str | None = None,
) -> StoredEpisode:
    """Write an event, and what then waits; return the episode with it.

    Raises UnfitEvent if the episode cannot take it.
    """
    from stepping.episode.events import dump_event

    entry, with_it = check_event(session, told, event, context, supersedes)
    row = session.new_row(
        episode_id=told.record.id,
        seq=entry.seq,
        kind=event.kind,
        day=event.day.isoformat(),
        event=dump_event(event),
        supersedes=supersedes,
    )
    session.append("episode_events", row | {"id": entry.id}, f"event.{event.kind}")
    worklist_lines.list_episode(session, *with_it)
    session.touched.note_episode(with_it.record, with_it)
    return with_it


def check_event(
    session: Session,
    told: StoredEpisode,
    event: Event,
    context: ValidationContext | None = None,
    supersedes: str | None = None,
) -> tuple[EventEntry, StoredEpisode]:
    """Return an event as the next entry of an episode, and the episode with it.

    Raises:
        UnfitEvent: If the episode cannot take it.
    """
    from stepping.episode.episode import EventRejected
    from stepping.episode.events import EventEntry
    from stepping.episode.validation import apply_event

    seq = told.episode.last_seq + 1
    entry = EventEntry(id=session.ids.new(), seq=seq, event=event, supersedes=supersedes)
    context = replace(context or make_context(session, told), birth_year=told.birth_year)
    try:
        return entry, told._replace(episode=apply_event(told.episode, entry, context))
    except EventRejected as unfit:
        raise UnfitEvent(unfit.reason) from None


def withdraw_entry(session: Session, told: StoredEpisode, entry_id: str) -> StoredEpisode:
    """Withdraw an entry of an episode today."""
    from stepping.episode.events import Withdrawn

    context = make_context(session, told)
    return add_event(session, told, Withdrawn(day=context.today), context, entry_id)


def refuse_second(session: Session, client_id: str, *, besides: str | None = None) -> None:
    """Refuse an episode beside the one that a client is in.

    Raises:
        EpisodeOpen: If the client is in one that is not `besides`.
    """
    if any(told.open and told.record.id != besides for told in list_of_person(session, client_id)):
        raise EpisodeOpen


def list_of_person(session: Session, client_id: str) -> list[StoredEpisode]:
    """Return all episodes of a person, the newest first."""
    try:
        person = json.dumps(persons.same_person(session, client_id))
    except UnknownRecord:
        return []
    mine = "e.client_id IN (SELECT value FROM json_each(?))"
    rows = session.rows(f"{EPISODE} WHERE {mine} ORDER BY e.seq DESC", person)
    return [replay_events(session, row) for row in rows]


def read(session: Session, episode_id: str) -> StoredEpisode:
    """Return the episode with an id.

    Raises:
        UnknownRecord: If there is none.
    """
    row = session.row(f"{EPISODE} WHERE e.id = ?", episode_id)
    if row is None:
        raise UnknownRecord
    return replay_events(session, row)


def replay_events(session: Session, row: dict[str, Any]) -> StoredEpisode:
    """Read the events of an episode, and replay them."""
    from stepping.episode.episode import replay

    birth_year = row.pop("birth_year")
    sql = "SELECT id, seq, event, supersedes FROM episode_events WHERE episode_id = ?"
    entries = [_entry(entry) for entry in session.rows(f"{sql} ORDER BY seq", row["id"])]
    return StoredEpisode(EpisodeRecord(**row), replay(entries), birth_year)


def _age(told: StoredEpisode) -> tuple[str, int]:
    """Return what puts open episodes in the order in which they began."""
    opened = told.episode.opened
    return (opened.day.isoformat() if opened else "", told.record.seq)


def _entry(row: dict[str, Any]) -> EventEntry:
    from stepping.episode.events import EventEntry, read_event

    return EventEntry(**{**row, "event": read_event(row["event"])})
