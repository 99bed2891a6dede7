"""Episodes of care: events that are only added, each checked against all that stands."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from stepping.finland import finnish_day
from store import text_guard
from store.database.tables.v5_corrections import LIST_DRAFTS
from store.errors import (
    AttachedElsewhere,
    EpisodeChanged,
    EpisodeOpen,
    RefusedText,
    UnfitEvent,
    UnknownRecord,
)
from store.records import AgreedContact, EpisodeRecord
from store.repository.worklist import Worklist

if TYPE_CHECKING:
    # The events are read only where an episode is: they cost a start more than they are worth.
    from stepping.episode.episode import Episode
    from stepping.episode.events import Event, EventEntry, Measured, Opened
    from stepping.episode.validation import ValidationContext

EPISODE = """
    SELECT e.id, e.seq, c.person AS client_id, e.created_at, w.handle AS created_by, c.birth_year
    FROM episodes e CROSS JOIN workers w ON w.id = e.created_by
        CROSS JOIN persons c ON c.id = e.client_id"""
"""Reads episodes; a condition or an order may follow."""

AGREED = """
    SELECT v.id, v.episode_id, v.event, json_extract(v.event, '$.safety') AS safety
    FROM belongings b
        CROSS JOIN persons o ON o.id = b.client
        CROSS JOIN persons p ON p.person = o.person
        CROSS JOIN episodes e ON e.client_id = p.id
        CROSS JOIN episode_events v ON v.episode_id = e.id
    WHERE b.assessment_id = ? AND v.kind = 'next_contact'
        AND json_extract(v.event, '$.safety') IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM episode_events w WHERE w.supersedes = v.id)"""
"""The contacts that safety steps of a client agreed, and that stand."""

_IDS = frozenset({"kind", "assessment", "period", "safety"})
"""What of an event the program makes itself; it may look like a telephone number."""

_DRAFT_OF = """
    SELECT 1 FROM worklist WHERE episode_id = ? AND assessment_id NOTNULL"""


_SAFETY_ASKS = "A safety step agreed this contact. Correct it, or agree on another with a reason."
_DIED = "This client's death is recorded. If that is a mistake, withdraw it first."
_HAS_DRAFT = "An assessment of the episode is a draft: confirm or abandon it first."
_NOT_OPEN = "The episode is closed. Open a new one, or withdraw its end first."


class _Told(NamedTuple):
    """An episode with what has been told of it."""

    record: EpisodeRecord
    birth_year: int | None
    """None while it is not known."""
    episode: Episode

    @property
    def open(self) -> bool:
        return self.episode.opened is not None and self.episode.closed is None


class Episodes(Worklist):
    """The part of the store that knows episodes of care."""

    def begin_episode(
        self, client_id: str, opened: Opened, around: ValidationContext
    ) -> EpisodeRecord:
        """Begin an episode with a client; EpisodeOpen if the client is in one.

        Raises UnknownRecord, UnfitEvent or RefusedText; nothing is stored then.
        """
        event = _guarded(opened)
        with self._write():
            return self._begin(client_id, event, around).record

    def _begin(self, client_id: str, event: Event, around: ValidationContext) -> _Told:
        """As `begin_episode`, within a transaction."""
        person = self._same_person(client_id)[0]
        self._refuse_second(client_id)
        if any(told.episode.died for told in self._all_of(client_id)):
            raise UnfitEvent(_DIED)
        newest = self.db.execute("SELECT coalesce(max(seq), 0) FROM episodes").fetchone()
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "created_at": self._now(),
            "created_by": self._worker,
            "client_id": person,
            "seq": newest[0] + 1,
        }
        self._append("episodes", row, "episode.begun", row["id"])
        return self._add(self._told(row["id"]), event, around)

    def record(
        self,
        episode_id: str,
        event: Event,
        around: ValidationContext,
        *,
        supersedes: str | None = None,
        after: int | None = None,
    ) -> Episode:
        """Keep an event, or a correction of the entry `supersedes`; return the episode with it.

        `after` is `Episode.last_seq` as the caller knows it. The client's year of birth is the
        store's, not that of `around`. Raises UnknownRecord, UnfitEvent, EpisodeChanged (a
        ChangedElsewhere) if there is a newer entry, EpisodeOpen if a withdrawn end would leave the
        client in two episodes, or RefusedText; nothing is stored then.
        """
        guarded = _guarded(event)
        with self._write():
            before = self._told(episode_id)
            if after is not None and after != before.episode.last_seq:
                raise EpisodeChanged
            _refuse_less_than_safety(before.episode, guarded, supersedes)
            told = self._add(before, guarded, around, supersedes)
            if before.episode.died or told.episode.died:
                self._in_every_episode(before, told, around)
                return told.episode
            if told.open and not before.open:
                self._refuse_second(told.record.client_id, besides=episode_id)
            if before.open and not told.open and self._row(_DRAFT_OF, episode_id):
                raise UnfitEvent(_HAS_DRAFT)
        return told.episode

    def _in_every_episode(self, before: _Told, now: _Told, around: ValidationContext) -> None:
        """Let a death, or that it is withdrawn, hold for all episodes, within a transaction.

        There may be another open one where two codes of a person were joined.
        """
        from stepping.episode.events import Withdrawn

        others = self._all_of(now.record.client_id)
        for told in (each for each in others if each.record.id != now.record.id):
            if now.episode.closed is not None and told.open:
                self._add(told, now.episode.closed, around)
            elif before.episode.closed == told.episode.closed is not None:
                ended = next(e for e in told.episode.entries if e.event == told.episode.closed)
                day = max(ended.event.day, finnish_day(self._clock()))
                self._add(told, Withdrawn(day=day), around, ended.id)

    def death_of(self, client_id: str) -> date | None:
        """The day on which a client died, as an episode of care tells; None for the living."""
        with self._read():
            days = [told.episode.died for told in self._all_of(client_id)]
        return max((day for day in days if day is not None), default=None)

    def episode(self, episode_id: str) -> tuple[EpisodeRecord, Episode]:
        """The episode with an id as its events tell it; UnknownRecord if there is none."""
        with self._read():
            told = self._told(episode_id)
        return told.record, told.episode

    def episodes_of(self, client_id: str) -> list[tuple[EpisodeRecord, Episode]]:
        """All episodes of a client, the newest first."""
        with self._read():
            return [(told.record, told.episode) for told in self._all_of(client_id)]

    def open_episode_of(self, client_id: str) -> tuple[EpisodeRecord, Episode] | None:
        """The episode that a client is in, or None.

        Where two codes of one person were joined there may be two: the older one goes on.
        """
        with self._read():
            told = self._open_of(client_id)
        return (told.record, told.episode) if told else None

    def _open_of(self, client_id: str) -> _Told | None:
        """The open episode of a person that began first, within a transaction."""
        found = [told for told in self._all_of(client_id) if told.open]
        return min(found, key=_age, default=None)

    def attach(self, assessment_id: str, episode_id: str) -> None:
        """Let an assessment belong to an open episode of its client; a second time changes nothing.

        One that is confirmed already is measured at once. Raises UnknownRecord, AttachedElsewhere
        or UnfitEvent; nothing is stored then.
        """
        with self._write():
            self._require(assessment_id)
            told = self._told(episode_id)
            if self._episode_id(assessment_id) == episode_id:
                return
            ours = self._whose(assessment_id) == told.record.client_id
            if not ours or self._episode_id(assessment_id) is not None:
                raise AttachedElsewhere
            if not told.open:
                raise UnfitEvent(_NOT_OPEN)
            self._attach(assessment_id, episode_id)
            self._measure(assessment_id)

    def _attach(self, assessment_id: str, episode_id: str) -> None:
        """Keep to which episode an assessment belongs, within a transaction."""
        row: dict[str, Any] = {
            "assessment_id": assessment_id,
            "episode_id": episode_id,
            "at": self._now(),
            "by": self._worker,
        }
        sql = "SELECT client FROM assessment_moves WHERE assessment_id = ? LIMIT 1"
        if self._row(sql, row["assessment_id"]) is None:
            subject = row["assessment_id"]
            self._append("episode_assessments", row, "attachment.made", subject)
            return
        # What was moved told already to which episode it belongs; the newest row counts.
        id_, client = self._ids.new(), self._whose(row["assessment_id"])
        moved = {**row, "id": id_, "kind": "attached", "client": client}
        self._append("assessment_moves", moved, "belonging.attached", id_)

    def _whose(self, assessment_id: str) -> str | None:
        """The person whose an assessment is, None for nobody; within a transaction."""
        sql = """
            SELECT p.person FROM belongings b CROSS JOIN persons p ON p.id = b.client
            WHERE b.assessment_id = ?"""
        row = self._row(sql, assessment_id)
        return str(row["person"]) if row else None

    def _agree(
        self, assessment_id: str, agreed: AgreedContact | None, safety: str, before: str | None
    ) -> None:
        """Let the episode have the contact that a safety step agrees, within a transaction.

        `safety` is the row of the step and `before` the one that it takes the place of; what that
        agreed is corrected, or withdrawn where nothing is agreed any more. Where the client is in
        no episode, one begins: care has begun.
        """
        if agreed is None and before is None:
            return
        from stepping.episode.events import NextContact, Opened, Withdrawn
        from stepping.episode.validation import ValidationContext

        known = {row["safety"]: row for row in self._rows(AGREED, assessment_id)}
        was = known.get(before)
        if agreed is None and was is None:
            return
        today = finnish_day(self._clock())
        around = ValidationContext(today, None, {}, {}, {})
        if was is not None:
            told = self._told(was["episode_id"])
        else:
            told = self._in_care(assessment_id, Opened(day=today), around)
        event: Event = Withdrawn(day=today)
        if agreed is not None:
            given = agreed.model_dump(exclude_none=True)
            event = _guarded(NextContact(day=today, safety=safety, **given))
        self._add(told, event, around, was["id"] if was else None)

    def _agreed(self, assessment_id: str) -> dict[str, AgreedContact]:
        """The contacts that safety steps agreed and that stand, by the id of the step's row."""
        found = {}
        for row in self._rows(AGREED, assessment_id):
            told = json.loads(row["event"])
            kept = {name: told[name] for name in AgreedContact.model_fields if name in told}
            found[row["safety"]] = AgreedContact(**kept)
        return found

    def _in_care(self, assessment_id: str, opened: Opened, around: ValidationContext) -> _Told:
        """The episode that the client of an assessment is in, begun now if there is none.

        The assessment belongs to it, unless it belongs to another one.
        """
        client_id = self._whose(assessment_id)
        if client_id is None:
            raise UnknownRecord
        told = self._own(assessment_id) or self._open_of(client_id)
        told = told or self._begin(client_id, opened, around)
        if self._episode_id(assessment_id) is None:
            self._attach(assessment_id, told.record.id)
            self._measure(assessment_id)
        return self._told(told.record.id)

    def _own(self, assessment_id: str) -> _Told | None:
        """The episode of an assessment while it is open: of two joined codes each keeps its own."""
        episode_id = self._episode_id(assessment_id)
        told = self._told(episode_id) if episode_id else None
        return told if told and told.open else None

    def episode_of(self, assessment_id: str) -> tuple[EpisodeRecord, Episode] | None:
        """The episode that an assessment belongs to, or None; UnknownRecord for no assessment."""
        with self._read():
            self._require(assessment_id)
            episode_id = self._episode_id(assessment_id)
            told = self._told(episode_id) if episode_id else None
        return (told.record, told.episode) if told else None

    def rebuild_worklist(self) -> None:
        """Make the worklist and the open stops anew from what was recorded.

        Of a draft whose pathway cannot be read, what was known is carried over.
        """
        with self._write():
            self._list_all()

    def _list_all(self) -> None:
        """As `rebuild_worklist`, within a transaction."""
        marked = "SELECT kind, assessment_id FROM worklist WHERE assessment_id IS NOT NULL"
        drafts = self.db.execute(f"{marked} AND kind <> 'draft'").fetchall()
        self.db.execute("DELETE FROM worklist")
        self.db.execute(LIST_DRAFTS)
        for draft in drafts:
            self.db.execute("UPDATE worklist SET kind = ? WHERE assessment_id = ?", draft)
        self._keep_all_standings()
        for row in self._rows(f"{EPISODE} ORDER BY e.seq"):
            told = self._tell(row)
            self._list_again(told.record, told.episode, told.birth_year)

    def _measure(self, assessment_id: str, *, need_established: bool = False) -> None:
        """Tell the episode of a confirmed assessment what was measured, within a transaction.

        With `need_established` its legal times begin on the same day, unless they have begun.
        Nothing is told of an assessment without an episode or a decision.
        """
        from stepping.episode.events import NeedEstablished

        event, episode_id = self._measured(assessment_id), self._episode_id(assessment_id)
        if event is None or episode_id is None:
            return
        told = self._told(episode_id)
        around = self._around(told, event.day)
        told = self._add(told, event, around)
        if need_established and told.episode.need is None:
            self._add(told, NeedEstablished(day=event.day), around)

    def _measured(self, assessment_id: str) -> Measured | None:
        """What a confirmed assessment tells an episode; None of one without a decision."""
        from stepping.episode.events import Measured

        sql = "SELECT decision, confirmed_step, at FROM decisions WHERE assessment_id = ?"
        row = self._row(sql, assessment_id)
        if row is None:
            return None
        return Measured(
            day=finnish_day(datetime.fromisoformat(row["at"])),
            assessment=assessment_id,
            step=row["confirmed_step"],
            scores=_totals(row["decision"]),
        )

    def _around(self, told: _Told, *days: date) -> ValidationContext:
        """What the store's own events are checked against; `days` are never in the future."""
        from stepping.episode.validation import ValidationContext

        known = [entry.event.day for entry in told.episode.entries]
        today = max([finnish_day(self._clock()), *days, *known])
        return ValidationContext(today, told.birth_year, {}, {}, {})

    def _add(
        self, told: _Told, event: Event, around: ValidationContext, supersedes: str | None = None
    ) -> _Told:
        """Write an event that the episode takes, and what then waits, within a transaction."""
        from stepping.episode.events import event_text

        entry = self._entry_of(told, event, supersedes)
        episode = self._taken(told, entry, around)
        row = {
            "id": entry.id,
            "episode_id": told.record.id,
            "seq": entry.seq,
            "kind": event.kind,
            "day": event.day.isoformat(),
            "event": event_text(event),
            "at": self._now(),
            "by": self._worker,
            "supersedes": supersedes,
        }
        self._append("episode_events", row, f"event.{event.kind}", entry.id)
        self._list_again(told.record, episode, told.birth_year)
        return told._replace(episode=episode)

    def _entry_of(self, told: _Told, event: Event, supersedes: str | None = None) -> EventEntry:
        from stepping.episode.events import EventEntry

        seq = told.episode.last_seq + 1
        return EventEntry(id=self._ids.new(), seq=seq, event=event, supersedes=supersedes)

    @staticmethod
    def _taken(told: _Told, entry: EventEntry, around: ValidationContext) -> Episode:
        """The episode with one more entry; UnfitEvent if it cannot take it."""
        from stepping.episode.episode import EventRejected
        from stepping.episode.validation import apply_event

        try:
            return apply_event(told.episode, entry, replace(around, birth_year=told.birth_year))
        except EventRejected as unfit:
            raise UnfitEvent(unfit.reason) from None

    def _refuse_second(self, client_id: str, *, besides: str | None = None) -> None:
        """EpisodeOpen if a client is in an episode that is not this one."""
        if any(told.open and told.record.id != besides for told in self._all_of(client_id)):
            raise EpisodeOpen

    def _all_of(self, client_id: str) -> list[_Told]:
        """All episodes of a person, the newest first."""
        try:
            person = json.dumps(self._same_person(client_id))
        except UnknownRecord:
            return []
        mine = "e.client_id IN (SELECT value FROM json_each(?))"
        rows = self._rows(f"{EPISODE} WHERE {mine} ORDER BY e.seq DESC", person)
        return [self._tell(row) for row in rows]

    def _told(self, episode_id: str) -> _Told:
        row = self._row(f"{EPISODE} WHERE e.id = ?", episode_id)
        if row is None:
            raise UnknownRecord
        return self._tell(row)

    def _tell(self, row: dict[str, Any]) -> _Told:
        """Read the events of an episode, and replay them."""
        from stepping.episode.episode import replay

        birth_year = row.pop("birth_year")
        sql = "SELECT id, seq, event, supersedes FROM episode_events WHERE episode_id = ?"
        entries = [_entry(entry) for entry in self._rows(f"{sql} ORDER BY seq", row["id"])]
        return _Told(EpisodeRecord(**row), birth_year, replay(entries))

    def _episode_id(self, assessment_id: str) -> str | None:
        sql = "SELECT episode_id FROM belongings WHERE assessment_id = ? AND episode_id NOTNULL"
        row = self._row(sql, assessment_id)
        return str(row["episode_id"]) if row else None


def _age(told: _Told) -> tuple[str, int]:
    """What puts open episodes in the order in which they began."""
    opened = told.episode.opened
    return (opened.day.isoformat() if opened else "", told.record.seq)


def _entry(row: dict[str, Any]) -> EventEntry:
    from stepping.episode.events import EventEntry, read_event

    return EventEntry(**{**row, "event": read_event(row["event"])})


def _guarded(event: Event) -> Event:
    """The event with its texts as they may be kept; RefusedText if one may not."""
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


def _refuse_less_than_safety(episode: Episode, event: Event, supersedes: str | None) -> None:
    """UnfitEvent where the contact of a safety step would go while nothing has met it.

    It is taken back with the step, not beside it: the step would stand as done without a contact.
    """
    from stepping.episode.contacts import is_met
    from stepping.episode.events import NextContact

    events = [entry.event for entry in episode.entries]
    old = next((entry.event for entry in episode.entries if entry.id == supersedes), None)
    if not (isinstance(old, NextContact) and old.safety) or is_met(old, events):
        return
    if episode.closed is None and getattr(event, "safety", None) != old.safety:
        raise UnfitEvent(_SAFETY_ASKS)


def _totals(decision_json: str) -> dict[str, int]:
    """The totals of a decision that are known to the point; a range is none."""
    whole = json.loads(decision_json)
    decision = whole.get("decision", whole) if isinstance(whole, dict) else {}
    scores = decision.get("scores", {}) if isinstance(decision, dict) else {}
    return {name: score for name, score in scores.items() if type(score) is int}
