"""What goes on beside the steps of care: what may come next on a track, and what is to be done.

`care/tracks.toml` defines the tracks; the functions here only read the definitions. A track goes
in rounds: once it has ended it may begin anew, and nothing of the round before counts any more.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, get_args

from stepping.episode.alcohol import ADVICE, COUNSELLING, compare_with_limits
from stepping.episode.episode import Episode
from stepping.episode.events import AlcoholUse, Event, EventEntry, TrackEvent, TrackId
from stepping.pathway.care.schema import (
    ActionId,
    Detail,
    TrackAction,
    TrackDefinition,
    TrackPlace,
)

TrackedEvent = TrackEvent | AlcoholUse
OfTrack = TypeVar("OfTrack", bound=TrackedEvent)
Definitions = Mapping[str, TrackDefinition]
"""The tracks by their ids, in the order in which they are shown."""
ALCOHOL = "alcohol"
"""The track of `AlcoholUse`."""
MOST_GOALS = 5

NEEDED: Mapping[Detail, str] = {
    "where": "It has to be told where.",
    "role": "A plan needs the role of the contact person.",
    "review_on": "The day of the next review is needed.",
    "goals": "A plan needs at least one goal of the client's.",
    "manner": "It has to be told how the notice was made.",
    "outcome": "It has to be told what became of the notice.",
    "took_place": "It has to be told whether it took place.",
}
"""Why an action without a detail is refused."""
MISSING: Mapping[ActionId, str] = {
    "met": "There is no referral or plan before this meeting.",
    "reviewed": "There is nothing to review yet: no plan, or no meeting.",
    "acknowledged": "There is no notice that could be acknowledged.",
    "assessed": "The referral has not arrived yet.",
    "begun": "The referral has not arrived yet.",
    "ended": "Nothing has begun on this track that could end.",
}
"""Why an action is refused before what it rests on."""
NO_TALK = "There has been no talk with the employer yet."
NOTHING_BEFORE = "What comes before this on its track has not happened yet."
ATTENDANCE_ONLY = (
    "Only the attendance may go back to the employer: nothing more is kept on this track."
)
NOTHING_TOLD = "Nothing is told of alcohol: give a total, the portions or the mini-intervention."


def track_of(event: Event) -> TrackId | None:
    """Return the track that an event belongs to, if it does."""
    if isinstance(event, AlcoholUse):
        return ALCOHOL
    return event.track if isinstance(event, TrackEvent) else None


def action_of(event: TrackedEvent) -> ActionId:
    """Return what happened with an event."""
    return "used" if isinstance(event, AlcoholUse) else event.what


def events_of(episode: Episode, track: TrackId) -> tuple[TrackedEvent, ...]:
    """Return everything that happened on a track, in the order of days."""
    return tuple(
        entry.event
        for entry in episode.entries
        if isinstance(entry.event, TrackEvent | AlcoholUse) and track_of(entry.event) == track
    )


def shown_tracks(episode: Episode, tracks: Definitions) -> tuple[TrackId, ...]:
    """Return the ids of the defined tracks, then of those that only the episode knows."""
    lived = (track_of(entry.event) for entry in episode.entries)
    return tuple(dict.fromkeys([*tracks, *sorted({track for track in lived if track})]))


def current_round(events: Sequence[OfTrack]) -> tuple[OfTrack, ...]:
    """Return the events of the round that goes on, or of the last one if it has ended."""
    ends = [
        place for place, event in enumerate(events[:-1], start=1) if action_of(event) == "ended"
    ]
    return tuple(events[ends[-1] if ends else 0 :])


def has_consent(events: Iterable[TrackedEvent]) -> bool:
    """Return whether the latest word on consent is a yes."""
    words = [action_of(event) for event in events if action_of(event) in ("consented", "refused")]
    return words[-1:] == ["consented"]


def find_faults(
    event: TrackedEvent, before: Sequence[TrackedEvent], tracks: Definitions
) -> Iterator[str]:
    """Yield everything that speaks against an event after others of its track, as sentences."""
    track = tracks.get(track_of(event) or "")
    action = track.find_action(action_of(event)) if track else None
    if track is None or action is None:
        yield "This does not happen on this track."
        return
    yield from find_order_faults(action, track, before)
    if isinstance(event, TrackEvent):
        yield from _find_detail_faults(event, action, track)
    elif event.audit is None and event.portions is None and not event.mini_intervention:
        yield NOTHING_TOLD


def possible_actions(
    episode: Episode, track: TrackId, tracks: Mapping[str, TrackDefinition]
) -> tuple[ActionId, ...]:
    """Return what may come now on a track: what would be refused is not among it."""
    known = tracks.get(track)
    if known is None or episode.closed is not None:
        return ()
    told = events_of(episode, track)
    return tuple(each.id for each in known.action if not any(find_order_faults(each, known, told)))


def find_order_faults(
    action: TrackAction, track: TrackDefinition, before: Sequence[TrackedEvent]
) -> Iterator[str]:
    """Yield why an action cannot come after what happened on its track, whatever it records."""
    ended = bool(before) and action_of(before[-1]) == "ended"
    now = () if ended else current_round(before)  # nothing of an ended round counts any more
    if action.after and not {action_of(event) for event in now} & set(action.after):
        if ended:
            yield "This track has ended: begin it anew first."
        else:
            other = NO_TALK if track.attendance_only else NOTHING_BEFORE
            yield MISSING.get(action.id, other)
    elif action.consent and not has_consent(now):
        yield "The client's consent comes first."


def _find_detail_faults(
    event: TrackEvent, action: TrackAction, track: TrackDefinition
) -> Iterator[str]:
    goals = event.goals or ()
    for detail in get_args(Detail):
        told = any(goals) if detail == "goals" else getattr(event, detail) is not None
        if detail in action.needs and not told:
            yield NEEDED[detail]
        elif told and detail not in (*action.needs, *action.may):
            only = track.attendance_only
            yield ATTENDANCE_ONLY if only else "This is not told with what happened."
    if len(goals) > MOST_GOALS:
        yield "Five goals are enough: choose the most important ones."


def find_unfounded(entries: Iterable[EventEntry], tracks: Definitions) -> frozenset[str]:
    """Return the ids of track entries that rest on nothing; entries come in the order of days."""
    found: set[str] = set()
    told: dict[TrackId, tuple[TrackedEvent, ...]] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, TrackEvent | AlcoholUse) and (track := track_of(event)):
            before = told.get(track, ())
            if any(find_faults(event, before, tracks)):
                found.add(entry.id)
            told[track] = (*before, event)
    return frozenset(found)


# -- where a track stands ---------------------------------------------------------------

Next = Literal[ActionId, "audit", "mini_intervention", "ask_again"]
"""What still has to be done; the last three are about alcohol."""
State = Literal["not_begun", "open", "refused", "ended"]
_REVIEWS: tuple[ActionId, ...] = ("used", "reviewed", "acknowledged")
"""What counts as the agreed review also when it comes before its day."""


@dataclass(frozen=True)
class TrackStatus:
    """Where a track stands on a day."""

    track: TrackId
    state: State
    events: tuple[TrackedEvent, ...] = field(default=(), repr=False)
    """What happened in the round that counts, in the order of days."""
    next: Next | None = None
    by: datetime.date | None = None
    """The day that is agreed for a review, where there has been none since."""
    overdue: bool = False


def track_status(
    episode: Episode,
    track: TrackId,
    today: datetime.date,
    tracks: Definitions,
    sex: str | None = None,
) -> TrackStatus:
    """Return where a track stands on a day, and what still has to be done on it.

    The client's sex, `f` or `m`, tells the limits for alcohol. A closed episode owes nothing more,
    and of a track that is not defined any more nothing is known to come next.
    """
    now = current_round(events_of(episode, track))
    if not now:
        return TrackStatus(track, "not_begun")
    last = action_of(now[-1])
    stands: State = "ended" if last == "ended" else "refused" if last == "refused" else "open"
    if stands == "ended" or episode.closed is not None:
        return TrackStatus(track, stands, now)
    by = review_day(now)
    step: Next | None = None
    if stands == "open" and (definition := tracks.get(track)):
        on_alcohol = track == ALCOHOL
        step = _next_on_alcohol(now, by, sex) if on_alcohol else _next_on(definition, now, by)
    return TrackStatus(track, stands, now, step, by, by is not None and by < today)


def track_statuses(
    episode: Episode, today: datetime.date, tracks: Definitions, sex: str | None = None
) -> tuple[TrackStatus, ...]:
    """Return where every track stands, in the order in which they are shown."""
    shown = shown_tracks(episode, tracks)
    return tuple(track_status(episode, track, today, tracks, sex) for track in shown)


def review_day(events: Sequence[TrackedEvent]) -> datetime.date | None:
    """Return the day that was agreed last for a review, unless it has been held since.

    It has if anything happened on that day or later, or if a review came early.
    """
    for place in reversed(range(len(events))):
        day = events[place].review_on
        if day is not None:
            later = events[place + 1 :]
            held = any(event.day >= day or action_of(event) in _REVIEWS for event in later)
            return None if held else day
    return None


def comes_first(place: TrackPlace, answers: Mapping[str, object]) -> bool:
    """Return whether the answers of an assessment put a place before all services."""
    wanted = place.first_if
    return wanted is not None and answers.get(wanted.question) == wanted.answer


def _next_on(
    track: TrackDefinition, now: Sequence[TrackedEvent], by: datetime.date | None
) -> ActionId:
    """Return the action after the farthest one; reviews come again as long as one is agreed."""
    way = track.way
    farthest = max((way.index(action_of(e)) for e in now if action_of(e) in way), default=-1)
    following = way[min(farthest + 1, len(way) - 1)]
    again = following == "ended" and by is not None and track.find_action("reviewed") is not None
    return "reviewed" if again else following


def _next_on_alcohol(
    now: Sequence[TrackedEvent], by: datetime.date | None, sex: str | None
) -> Next:
    """Return AUDIT first, then the mini-intervention, the substance service, and asking again."""
    uses = [event for event in now if isinstance(event, AlcoholUse)]
    audit = next((use.audit for use in reversed(uses) if use.audit is not None), None)
    weekly_ = next((use.portions for use in reversed(uses) if use.portions is not None), 0)
    if audit is None:
        return "audit"
    if audit < ADVICE and compare_with_limits(weekly_, sex) == "below":
        return "ask_again" if by is not None else "ended"
    if not any(use.mini_intervention for use in uses):
        return "mini_intervention"
    if audit >= COUNSELLING and all(action_of(event) != "referred" for event in now):
        return "referred"
    return "ask_again"
