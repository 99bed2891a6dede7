"""An episode of care as its events tell it; nothing is kept that the events do not say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from stepping.decision.verdicts import Verdicts
from stepping.episode.contacts import is_met, next_contact_of
from stepping.episode.events import (
    Agreement,
    AlcoholUse,
    Closed,
    Contact,
    Event,
    EventEntry,
    Experience,
    Measured,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Reason,
    Referrer,
    Responsible,
    Resumed,
    Segment,
    TrackEvent,
    TrackId,
    Voice,
    Withdrawn,
)

Kind = TypeVar("Kind")


class EventRejected(ValueError):
    """An event that the episode cannot take; nothing may be stored."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        """A sentence in English, to be translated where it is shown."""


@dataclass(frozen=True)
class Period:
    """One treatment from its start to its end, if it has ended."""

    started: PeriodStarted
    contacts: tuple[Contact, ...] = ()
    missed: tuple[Missed, ...] = ()
    ended: PeriodEnded | None = None
    told: tuple[Experience, ...] = ()
    """What the client said of this treatment."""

    @property
    def satisfaction(self) -> int | None:
        """How satisfied the client is, 0 to 10: the client's own latest word before the nurse's."""
        own = [each.satisfaction for each in self.told if each.satisfaction is not None]
        return own[-1] if own else self.ended.satisfaction if self.ended else None

    @property
    def id(self) -> str:
        """The id of the period."""
        return self.started.period

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self.ended is None


@dataclass(frozen=True)
class Episode:
    """What stands after all events: corrections have taken the place of what they correct."""

    entries: tuple[EventEntry, ...] = ()
    """The events that stand, in the order of their days, those of one day as written."""
    opened: Opened | None = None
    measured: tuple[Measured, ...] = ()
    periods: tuple[Period, ...] = ()
    need: NeedEstablished | None = None
    """The first one: what two windows told at the same time moves no legal time on."""
    pauses: tuple[tuple[Paused, Resumed | None], ...] = ()
    next_contact: NextContact | None = None
    agreement: int | None = None
    voices: tuple[Voice, ...] = ()
    experience: Experience | None = None
    contacts: tuple[Contact, ...] = ()
    """Every contact, of a treatment or outside any."""
    missed: tuple[Missed, ...] = ()
    """Every contact that did not take place, likewise."""
    alcohol: tuple[AlcoholUse, ...] = ()
    tracks: Mapping[TrackId, tuple[TrackEvent, ...]] = field(default_factory=dict)
    closed: Closed | None = None
    last_seq: int = 0

    @property
    def events(self) -> list[Event]:
        """The events that stand, in the order of their days."""
        return [entry.event for entry in self.entries]

    @property
    def died(self) -> datetime.date | None:
        """The day on which the client died, where that is what ended it."""
        return self.closed.day if self.closed and self.closed.how == "died" else None

    @property
    def baseline(self) -> Measured | None:
        """The first assessment: what later ones are compared with."""
        return self.measured[0] if self.measured else None

    @property
    def step(self) -> int | None:
        """The step that was confirmed last."""
        steps = [m.step for m in self.measured if m.step is not None]
        return steps[-1] if steps else None

    @property
    def segment(self) -> int | None:
        """The client group that was told last, by hand or in an interview."""
        return self._segment[0]

    @property
    def segment_day(self) -> datetime.date | None:
        """The day on which it was told."""
        return self._segment[1]

    @property
    def _segment(self) -> tuple[int | None, datetime.date | None]:
        told: list[tuple[int | None, datetime.date]] = [
            (event.group if isinstance(event, Segment) else event.segment, event.day)
            for event in self.events
            if isinstance(event, Segment | Measured)
        ]
        return next((each for each in reversed(told) if each[0] is not None), (None, None))

    @property
    def referrer(self) -> str | None:
        """Who sent the client, as it was told last."""
        told = [e.referrer for e in self.events if isinstance(e, Opened | Measured | Referrer)]
        return next((each for each in reversed(told) if each is not None), None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the client came, as it was told last; nothing where nobody told."""
        told = [reasons_of(event) for event in self.events]
        return next((each for each in reversed(told) if each), ())

    @property
    def responsible(self) -> Responsible | None:
        """Who is responsible for the care: who was named last, else whoever confirmed first."""
        if named := [event for event in self.events if isinstance(event, Responsible)]:
            return named[-1]
        first = next((event for event in self.measured if event.by is not None), None)
        return Responsible(day=first.day, who=first.by, role=first.role) if first else None

    @property
    def satisfaction(self) -> int | None:
        """How satisfied the client is with the care as a whole, 0 to 10, as told last."""
        told = [e for e in self.events if isinstance(e, Experience) and e.period is None]
        rated = [each.satisfaction for each in told if each.satisfaction is not None]
        return rated[-1] if rated else None

    @property
    def in_treatment(self) -> bool:
        """Whether a treatment goes on."""
        return any(period.open for period in self.periods)

    @property
    def verdicts(self) -> Verdicts:
        """What the latest measurement says of recovery, case and risk; nothing where none does."""
        return (self.measured[-1].verdicts if self.measured else None) or Verdicts()

    @property
    def without_next_contact(self) -> bool:
        """Whether it goes on, and nothing is agreed that has not been met."""
        return self.closed is None and self.unmet_contact is None

    @property
    def unmet_contact(self) -> NextContact | None:
        """The agreed contact that nothing done has met yet."""
        agreed = self.next_contact
        met = agreed is None or is_met(agreed, self.events)
        return None if met else agreed

    @property
    def unasked(self) -> frozenset[str]:
        """What belongs to the step of an open episode and is still to be asked: agreement, goal."""
        if self.step is None or self.closed is not None:
            return frozenset()
        goal = any(voice.about == "goal" for voice in self.voices)
        asked = {"agreement": self.agreement is not None, "goal": goal}
        return frozenset(name for name, done in asked.items() if not done)

    def may_take(self, kind: str) -> bool:
        """Return whether an event of a kind may be recorded now, as far as others decide that."""
        if self.closed is not None:
            return False
        paused = bool(self.pauses) and self.pauses[-1][1] is None
        match kind:
            case "period_ended":
                return self.in_treatment
            case "need_established":
                return self.need is None
            case "paused":
                return self.need is not None and not paused
            case "resumed":
                return paused
            case _:
                return True

    def find_agreed_contact(self, day: datetime.date) -> NextContact | None:
        """Return the contact that is agreed for a day or later and not met yet, if one is."""
        agreed = self.unmet_contact if self.closed is None else None
        return agreed if agreed and agreed.due >= day else None


def current_entries(entries: Iterable[EventEntry]) -> tuple[EventEntry, ...]:
    """Return the entries that stand, without withdrawals, by day and then as written."""
    known = list(entries)
    replaced = {entry.supersedes for entry in known if entry.supersedes}
    kept = [e for e in known if e.id not in replaced and not isinstance(e.event, Withdrawn)]
    return tuple(sorted(kept, key=lambda entry: (entry.event.day, entry.seq)))


def replay(entries: Iterable[EventEntry]) -> Episode:
    """Return the episode that some entries tell of, in whatever order they come."""
    known = sorted(entries, key=lambda entry: entry.seq)
    kept = current_entries(known)
    events = [entry.event for entry in kept]
    return Episode(
        entries=kept,
        opened=_last(events, Opened),
        measured=tuple(e for e in events if isinstance(e, Measured)),
        periods=tuple(_periods(events)),
        need=next((e for e in events if isinstance(e, NeedEstablished)), None),
        pauses=tuple(_pauses(events)),
        next_contact=next_contact_of(events),
        agreement=getattr(_last(events, Agreement), "rating", None),
        voices=tuple(e for e in events if isinstance(e, Voice)),
        experience=_last(events, Experience),
        contacts=tuple(e for e in events if isinstance(e, Contact)),
        missed=tuple(e for e in events if isinstance(e, Missed)),
        alcohol=tuple(e for e in events if isinstance(e, AlcoholUse)),
        tracks=_tracks(events),
        closed=_last(events, Closed),
        last_seq=known[-1].seq if known else 0,
    )


def reasons_of(event: Event) -> tuple[str, ...]:
    """Return what an event tells of why the client came."""
    match event:
        case Measured():
            return event.reasons or ()
        case Opened() | Reason():
            return (event.reason,) if event.reason else ()
        case _:
            return ()


def _last(events: Sequence[Event], kind: type[Kind]) -> Kind | None:
    found = [event for event in events if isinstance(event, kind)]
    return found[-1] if found else None


def _periods(events: Sequence[Event]) -> Iterator[Period]:
    for started in events:
        if isinstance(started, PeriodStarted):
            id_ = started.period
            contacts = (e for e in events if isinstance(e, Contact) and e.period == id_)
            ends = [e for e in events if isinstance(e, PeriodEnded) and e.period == id_]
            missed = (e for e in events if isinstance(e, Missed) and e.period == id_)
            end = ends[-1] if ends else _by_death(events, id_)
            told = (e for e in events if isinstance(e, Experience) and e.period == id_)
            yield Period(started, tuple(contacts), tuple(missed), end, tuple(told))


def _by_death(events: Sequence[Event], period: str) -> PeriodEnded | None:
    """Return the end that a death gives a treatment; it goes as the death is withdrawn."""
    closed = _last(events, Closed)
    if closed is None or closed.how != "died":
        return None
    return PeriodEnded(day=closed.day, period=period, why="died")


def _pauses(events: Sequence[Event]) -> Iterator[tuple[Paused, Resumed | None]]:
    open_: Paused | None = None
    for event in events:
        if isinstance(event, Paused):
            open_ = open_ or event
        elif isinstance(event, Resumed) and open_ is not None:
            yield open_, event
            open_ = None
    if open_ is not None:
        yield open_, None


def _tracks(events: Sequence[Event]) -> Mapping[TrackId, tuple[TrackEvent, ...]]:
    found: dict[TrackId, tuple[TrackEvent, ...]] = {}
    for event in events:
        if isinstance(event, TrackEvent):
            found[event.track] = (*found.get(event.track, ()), event)
    return found
