"""Whether an episode can take an event: dates in order, nothing twice, nothing after the end."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stepping.episode import measures, tracks
from stepping.episode.contacts import latest_day
from stepping.episode.episode import Episode, EventRejected, Period, replay
from stepping.episode.events import (
    AlcoholUse,
    Closed,
    Contact,
    Event,
    EventBase,
    EventEntry,
    Experience,
    Measured,
    Missed,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Responsible,
    Resumed,
    TrackEvent,
    Withdrawn,
)
from stepping.pathway.care.measures import MeasureDefinition
from stepping.pathway.care.schema import TrackDefinition
from stepping.pathway.schema import Ages


@dataclass(frozen=True)
class ValidationContext:
    """What is known beside the episode."""

    today: datetime.date
    """In Finnish time."""
    birth_year: int | None
    """None while it is not known: nothing is refused for an age then."""
    interventions: Mapping[str, Ages]
    """The ages of every intervention that may be started."""
    services: Mapping[str, Collection[str]]
    """The interventions that each service gives."""
    service_ages: Mapping[str, Ages]
    """The ages of the services that are not for everyone."""
    tracks: Mapping[str, TrackDefinition]
    """What goes on beside the steps, by id."""
    measures: Mapping[str, MeasureDefinition] = field(default_factory=dict)
    """The questionnaires of which totals are typed in, by id."""


def apply_event(episode: Episode, entry: EventEntry, context: ValidationContext) -> Episode:
    """Return the episode with one more entry.

    Raises:
        EventRejected: With the reason; the episode is as before.
    """
    event = entry.event
    if entry.seq != episode.last_seq + 1:
        raise EventRejected("The episode was changed in another window at the same time.")
    if entry.supersedes is None and isinstance(event, Withdrawn):
        raise EventRejected("A withdrawal says which entry it withdraws.")
    if entry.supersedes is not None and entry.supersedes not in {e.id for e in episode.entries}:
        raise EventRejected("The entry to be corrected does not stand any more.")
    before = replay(e for e in episode.entries if e.id != entry.supersedes)
    placed = _placed(episode, entry)
    for reason in (*_faults(before, event, context), *_on_track(placed, entry, context.tracks)):
        raise EventRejected(reason)
    after = replay((*episode.entries, entry))
    for reason in _left_hanging(after):
        raise EventRejected(reason)
    was = tracks.find_unfounded(episode.entries, context.tracks)
    if tracks.find_unfounded(placed, context.tracks) - was - {entry.id}:
        raise EventRejected("What follows rests on this entry; withdraw that first.")
    return after


def _faults(episode: Episode, event: Event, context: ValidationContext) -> Iterator[str]:
    """Yield everything that speaks against an event in an episode."""
    yield from _of_day(episode, event, context)
    yield from _of_end(episode, event)
    yield from measures.find_faults(event, episode, context.measures)
    match event:
        case Opened() if episode.opened is not None:
            yield "The episode is open already."
        case Measured():
            yield from _of_measurement(episode, event)
        case PeriodStarted():
            yield from _of_start(episode, event, context)
        case Contact() | Missed() | PeriodEnded():
            yield from _of_period(episode, event)
        case Paused() if episode.pauses and episode.pauses[-1][1] is None:
            yield "The clock is paused already."
        case Resumed():
            yield from _of_resumption(episode, event)
        case NextContact() | TrackEvent() | AlcoholUse():
            yield from _of_agreed_day(episode, event)
        case Experience() | Responsible():
            yield from _of_what_is_told(episode, event)
        case Closed():
            yield from _of_closing(episode, event)
        case _:
            return


def _of_day(episode: Episode, event: Event, context: ValidationContext) -> Iterator[str]:
    if event.day > context.today:
        yield "The day lies in the future."
    if context.birth_year is not None and event.day.year < context.birth_year:
        yield "The day lies before the client's year of birth."
    if isinstance(event, Opened):
        return
    if episode.opened is None:
        if not isinstance(event, Withdrawn):
            yield "The episode has not been opened."
    elif event.day < episode.opened.day:
        yield "The day lies before the episode began."


def _of_end(episode: Episode, event: Event) -> Iterator[str]:
    """Yield why a closed episode takes nothing more; a withdrawal it does take."""
    if episode.closed is not None and not isinstance(event, Withdrawn):
        yield "The episode is closed. Open a new one, or withdraw its end first."


def _of_measurement(episode: Episode, event: Measured) -> Iterator[str]:
    if episode.baseline is not None and event.day < episode.baseline.day:
        yield "The follow-up lies before the baseline."
    if any(measured.assessment == event.assessment for measured in episode.measured):
        yield "The assessment is in the episode already."


def _of_start(episode: Episode, event: PeriodStarted, context: ValidationContext) -> Iterator[str]:
    ages = context.interventions.get(event.intervention)
    if ages is None:
        yield "The intervention is not known."
        return
    if not ages.may_hold(context.birth_year, event.day):
        yield "The intervention is not for the client's age."
    if event.service is not None:
        yield from _of_service(event, event.service, context)
    for period in episode.periods:
        if period.id == event.period:
            yield "A treatment with this id is known already."
        elif period.open and period.started.intervention == event.intervention:
            yield "This treatment is open already: end it first."


def _of_service(event: PeriodStarted, service: str, context: ValidationContext) -> Iterator[str]:
    given = context.services.get(service)
    if given is None:
        yield "The service is not known."
    elif event.intervention not in given:
        yield "The service does not give this treatment."
    ages = context.service_ages.get(service)
    if ages is not None and not ages.may_hold(context.birth_year, event.day):
        yield "The service is not for the client's age."


def _without_ground(
    episode: Episode, event: Contact | Missed | PeriodEnded | Experience
) -> Iterator[str]:
    """Yield why an event cannot be of the treatment that it names, if it names one."""
    if event.period is None:
        return
    period = _period(episode, event.period)
    if period is None:
        yield "There is no such treatment in this episode."
    elif event.day < period.started.day:
        yield "The day lies before the treatment began."


def _of_period(episode: Episode, event: Contact | Missed | PeriodEnded) -> Iterator[str]:
    yield from _without_ground(episode, event)
    period = _period(episode, event.period)
    if period is None:
        return
    if period.ended is not None:
        if isinstance(event, PeriodEnded):
            yield "The treatment has ended already."
        elif event.day > period.ended.day:
            yield "The day lies after the treatment ended."
    last = max((contact.day for contact in period.contacts), default=period.started.day)
    if isinstance(event, PeriodEnded) and event.day < last:
        yield "The treatment cannot end before its last contact."


def _of_resumption(episode: Episode, event: Resumed) -> Iterator[str]:
    if not episode.pauses or episode.pauses[-1][1] is not None:
        yield "The clock is not paused."
    elif event.day < episode.pauses[-1][0].day:
        yield "The clock cannot go on before it was paused."


def _of_agreed_day(episode: Episode, event: NextContact | TrackEvent | AlcoholUse) -> Iterator[str]:
    if isinstance(event, NextContact):
        if event.due < event.day:
            yield "The next contact lies before the day on which it was agreed."
        last = latest_day(episode.events, event)
        if last is not None and event.due > last and not (event.why or "").strip():
            yield "The next contact is later than a safety step allows: say why."
    elif event.review_on is not None and event.review_on < event.day:
        yield "The review lies before the day on which it was agreed."


def _of_what_is_told(episode: Episode, event: Experience | Responsible) -> Iterator[str]:
    if isinstance(event, Responsible):
        if event.who is None and event.role is None:
            yield "Nobody is named who would be responsible."
        return
    words = event.model_dump(include={"helped", "missing", "heard", "changed", "advice"}).values()
    if event.satisfaction is None and not any(text and text.strip() for text in words):
        yield "Nothing is told of how the care was: one answer is enough."
    yield from _without_ground(episode, event)


def _placed(episode: Episode, entry: EventEntry) -> tuple[EventEntry, ...]:
    """Return the entries with one more; a correction takes the place of its original on its day."""
    place = {e.id: e.seq for e in episode.entries}.get(entry.supersedes or "", entry.seq)
    kept = [(e.event.day, e.seq, e) for e in episode.entries if e.id != entry.supersedes]
    added = [] if isinstance(entry.event, Withdrawn) else [(entry.event.day, place, entry)]
    return tuple(each for _, _, each in sorted([*kept, *added], key=lambda row: row[:2]))


def _on_track(
    placed: Sequence[EventEntry], entry: EventEntry, definitions: Mapping[str, TrackDefinition]
) -> Iterator[str]:
    """Yield what speaks against an event beside the steps, after the earlier ones of its track."""
    event = entry.event
    if isinstance(event, TrackEvent | AlcoholUse):
        earlier = (e.event for e in placed[: placed.index(entry)])
        kind = (TrackEvent, AlcoholUse)
        same = tracks.track_of(event)
        told = [e for e in earlier if isinstance(e, kind) and tracks.track_of(e) == same]
        yield from tracks.find_faults(event, told, definitions)


def _of_closing(episode: Episode, event: Closed) -> Iterator[str]:
    died = event.how == "died"
    if not died and any(period.open for period in episode.periods):
        yield "A treatment is still open: end it first."
    if not died and measures.find_unassessed(episode) and not (event.despite_words or "").strip():
        yield "Nobody has assessed an item on suicide that was typed in: say why it ends."
    yield from _of_recovery(episode, event)
    # What was written down before a death was known does not speak against it.
    met = (Measured, Contact, Opened) if died else EventBase
    days = (entry.event.day for entry in episode.entries if isinstance(entry.event, met))
    if event.day < max(days, default=event.day):
        yield "The episode cannot end before the last thing that happened in it."


def _of_recovery(episode: Episode, event: Closed) -> Iterator[str]:
    """Yield why an end as recovered cannot stand by itself: no measurement says so."""
    if event.how != "recovered":
        return
    if event.despite is None and not says_recovered(episode):
        yield "No measurement says that the client has recovered: say why it ends so."
    if event.despite == "other" and not (event.despite_words or "").strip():
        yield "Say in a few words why it ends as recovered."


def says_recovered(episode: Episode) -> bool:
    """Return whether the latest measurement says that the client has recovered.

    None does while a typed item tells of suicidal thoughts that nobody has assessed since.
    """
    return episode.verdicts.recovered is True and measures.find_unassessed(episode) is None


def _left_hanging(episode: Episode) -> Iterator[str]:
    """Yield what a correction would leave without ground."""
    if episode.entries and episode.opened is None:
        yield "What follows rests on this entry; withdraw that first."
    for entry in episode.entries:
        event = entry.event
        if isinstance(event, Contact | Missed | PeriodEnded | Experience) and any(
            _without_ground(episode, event)
        ):
            yield "What follows rests on this entry; withdraw that first."
    for entry in episode.entries:
        if episode.opened is not None and entry.event.day < episode.opened.day:
            yield "What follows rests on this entry; withdraw that first."


def _period(episode: Episode, id_: str | None) -> Period | None:
    return next((period for period in episode.periods if period.id == id_), None)
