"""What goes on beside the steps: the deeds of each track, their order, and what is to be done.

The tables say it all; the functions only read them. A track goes in rounds: once it has ended it
may begin anew, and nothing of the round before counts for the next one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from stepping.episode.alcohol import ADVICE, COUNSELLING, over_limit
from stepping.episode.episode import Episode
from stepping.episode.events import AlcoholUse, Event, EventEntry, Track, TrackEvent, What

Detail = Literal["where", "role", "review_on", "goals", "manner", "outcome", "took_place", "words"]
"""What may be told with a deed."""
TrackedEvent = TrackEvent | AlcoholUse
ActionId = What | Literal["used"]
"""What happened; `used` is that something was found out or done about alcohol."""
MOST_GOALS = 5

RECIPIENTS = ("child_protection", "social_emergency", "police")
"""To whom a child-welfare notice is made: the county's child protection, its social emergency
service at other hours, and the police as well where a crime is suspected (Lastensuojelulaki 25 §).
"""
NOTICE_STEP = "notice"
"""The id that a safety step has on every action card that asks for a child-welfare notice."""
OUTCOMES = ("assessment", "support", "client", "nothing", "not_told")
"""What became of a notice. The list is a local proposal."""
OCCUPATIONAL = "occupational_health"
"""Where an employed client's work ability is looked after, in place of a hub."""


@dataclass(frozen=True)
class TrackAction:
    """One thing that may be recorded on a track."""

    what: ActionId
    after: tuple[ActionId, ...] = ()
    """One of these comes before it in the round; a deed without any may begin a round."""
    needs: tuple[Detail, ...] = ()
    may: tuple[Detail, ...] = ()
    consent: bool = False
    """Whether the client's consent has to stand."""


@dataclass(frozen=True)
class TrackDefinition:
    """What a track knows."""

    deeds: tuple[TrackAction, ...]
    """In the order in which they are offered."""
    way: tuple[ActionId, ...]
    """The deeds that lead through it, one after the other; `ended` is the last one."""
    only: str = ""
    """Why a detail that is not listed is refused, where that is more than a slip."""

    def deed(self, what: ActionId) -> TrackAction | None:
        """Return a deed of this track, if it knows it."""
        return next((deed for deed in self.deeds if deed.what == what), None)


_BEGUN: tuple[ActionId, ...] = ("used", *(what for what in get_args(What) if what != "ended"))
_CONSENT = (TrackAction("consented", may=("words",)), TrackAction("refused", may=("words",)))


def _referral() -> tuple[TrackAction, ...]:
    """A referral that is met and ends with whether it took place."""
    return (
        TrackAction("planned", may=("review_on", "words")),
        TrackAction("referred", may=("where", "review_on", "words")),
        TrackAction("refused", may=("words",)),
        TrackAction("met", after=("referred",), may=("review_on", "words")),
        TrackAction("ended", after=_BEGUN, needs=("took_place",), may=("words",)),
    )


ATTENDANCE_ONLY = (
    "Only the attendance may go back to the employer: nothing more is kept on this track."
)

COURSES: Mapping[Track, TrackDefinition] = {
    "alcohol": TrackDefinition(
        (
            TrackAction("used", may=("review_on",)),
            TrackAction("referred", may=("where", "review_on", "words")),
            TrackAction("met", after=("referred",), may=("review_on", "words")),
            TrackAction("refused", may=("review_on", "words")),
            TrackAction("ended", after=_BEGUN, may=("words",)),
        ),
        ("used", "ended"),
    ),
    "work_ability": TrackDefinition(
        (
            *_CONSENT,
            TrackAction("referred", may=("where", "role", "review_on", "words"), consent=True),
            TrackAction("met", after=("referred",), may=("role", "review_on", "words")),
            TrackAction("reviewed", after=("met",), may=("role", "review_on", "words")),
            TrackAction("ended", after=_BEGUN, may=("words",)),
        ),
        ("consented", "referred", "met", "reviewed", "ended"),
    ),
    "multi_service": TrackDefinition(
        (
            *_CONSENT,
            TrackAction("planned", needs=("role", "goals", "review_on"), may=("where", "words")),
            TrackAction("met", after=("planned",), may=("words",)),
            TrackAction(
                "reviewed", after=("planned",), needs=("review_on",), may=("goals", "words")
            ),
            TrackAction("ended", after=_BEGUN, may=("words",)),
        ),
        ("planned", "reviewed", "ended"),
    ),
    "employer_talk": TrackDefinition(
        (
            TrackAction("referred"),
            TrackAction("consented", after=("referred",)),
            TrackAction("refused", after=("referred",)),
            TrackAction("told", after=("referred",), consent=True),
            TrackAction("ended", after=_BEGUN),
        ),
        ("referred", "consented", "told", "ended"),
        ATTENDANCE_ONLY,
    ),
    "physiotherapy": TrackDefinition(_referral(), ("referred", "met", "ended")),
    "exercise": TrackDefinition(_referral(), ("referred", "met", "ended")),
    "child_welfare": TrackDefinition(
        (
            TrackAction("notified", needs=("where", "manner"), may=("review_on",)),
            TrackAction("acknowledged", after=("notified",), may=("review_on",)),
            TrackAction("ended", after=("notified",), needs=("outcome",)),
        ),
        ("notified", "acknowledged", "ended"),
    ),
    "doctor": TrackDefinition(
        (
            TrackAction("planned", may=("review_on", "words")),
            TrackAction("referred", may=("where", "review_on", "words")),
            TrackAction("refused", may=("words",)),
            TrackAction("met", may=("review_on", "words")),
            TrackAction("ended", after=_BEGUN, may=("words",)),
        ),
        ("referred", "met", "ended"),
    ),
}
"""What each track knows.

A child-welfare notice asks for no consent and cannot be refused: Lastensuojelulaki (417/2007) 25 §.
It takes no words either: what is known of the child belongs in the notice, not in a client's file.
That what the client is referred to over work ability waits for consent, and that an employer learns
of nothing but the attendance, and of that with consent only, follows from the secrecy of patient
data; how it stands here is a local proposal.
"""

NEEDED: Mapping[Detail, str] = {
    "where": "It has to be told where.",
    "role": "A plan needs the role of the contact person.",
    "review_on": "The day of the next review is needed.",
    "goals": "A plan needs at least one goal of the client's.",
    "manner": "It has to be told how the notice was made.",
    "outcome": "It has to be told what became of the notice.",
    "took_place": "It has to be told whether it took place.",
}
"""Why a deed without a detail is refused."""
MISSING: Mapping[ActionId, str] = {
    "met": "There is no referral or plan before this meeting.",
    "reviewed": "There is nothing to review yet: no plan, or no meeting.",
    "acknowledged": "There is no notice that could be acknowledged.",
    "consented": "There has been no talk with the employer yet.",
    "refused": "There has been no talk with the employer yet.",
    "told": "There has been no talk with the employer yet.",
    "ended": "Nothing has begun on this track that could end.",
}
"""Why a deed is refused before what it rests on."""


NOTHING_TOLD = "Nothing is told of alcohol: give a total, the portions or the mini-intervention."


def track_of(event: Event) -> Track | None:
    """Return the track that an event belongs to, if it does."""
    if isinstance(event, AlcoholUse):
        return "alcohol"
    return event.track if isinstance(event, TrackEvent) else None


def action_of(event: TrackedEvent) -> ActionId:
    """Return what happened with an event."""
    return "used" if isinstance(event, AlcoholUse) else event.what


def events_of(episode: Episode, track: Track) -> tuple[TrackedEvent, ...]:
    """Return everything that happened on a track, in the order of days."""
    return tuple(
        entry.event
        for entry in episode.entries
        if isinstance(entry.event, TrackEvent | AlcoholUse) and track_of(entry.event) == track
    )


def current_round(events: Sequence[TrackedEvent]) -> tuple[TrackedEvent, ...]:
    """Return the events of the round that goes on, or of the last one if it has ended."""
    ends = [
        place for place, event in enumerate(events[:-1], start=1) if action_of(event) == "ended"
    ]
    return tuple(events[ends[-1] if ends else 0 :])


def has_consent(events: Iterable[TrackedEvent]) -> bool:
    """Whether the latest word on consent is a yes."""
    words = [action_of(event) for event in events if action_of(event) in ("consented", "refused")]
    return words[-1:] == ["consented"]


def find_faults(event: TrackedEvent, before: Sequence[TrackedEvent]) -> Iterator[str]:
    """Return everything that speaks against an event after others of its track, as sentences."""
    course = COURSES["alcohol" if isinstance(event, AlcoholUse) else event.track]
    deed = course.deed(action_of(event))
    if deed is None:
        yield "This does not happen on this track."
        return
    yield from find_order_faults(deed, before)
    if isinstance(event, TrackEvent):
        yield from _details(event, deed, course)
    elif event.audit is None and event.portions is None and not event.mini_intervention:
        yield NOTHING_TOLD


def find_order_faults(deed: TrackAction, before: Sequence[TrackedEvent]) -> Iterator[str]:
    """Return why a deed cannot come after what happened on its track, whatever it tells."""
    ended = bool(before) and action_of(before[-1]) == "ended"
    now = (
        () if ended else current_round(before)
    )  # nothing of a round that has ended counts any more
    if deed.after and not {action_of(event) for event in now} & set(deed.after):
        yield "This track has ended: begin it anew first." if ended else MISSING[deed.what]
    elif deed.consent and not has_consent(now):
        yield "The client's consent comes first."


def _details(event: TrackEvent, deed: TrackAction, course: TrackDefinition) -> Iterator[str]:
    goals = event.goals or ()
    for detail in get_args(Detail):
        told = any(goals) if detail == "goals" else getattr(event, detail) is not None
        if detail in deed.needs and not told:
            yield NEEDED[detail]
        elif told and detail not in (*deed.needs, *deed.may):
            yield course.only or "This is not told with what happened."
    if len(goals) > MOST_GOALS:
        yield "Five goals are enough: choose the most important ones."


def unfounded_entries(entries: Iterable[EventEntry]) -> frozenset[str]:
    """Return the ids of track entries that rest on nothing; entries come in the order of days."""
    found: set[str] = set()
    told: dict[Track, tuple[TrackedEvent, ...]] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, TrackEvent | AlcoholUse) and (track := track_of(event)):
            before = told.get(track, ())
            if any(find_faults(event, before)):
                found.add(entry.id)
            told[track] = (*before, event)
    return frozenset(found)


# -- where a track stands ---------------------------------------------------------------

Next = ActionId | Literal["audit", "mini_intervention", "ask_again"]
"""What still has to be done; the last three are about alcohol."""
State = Literal["not_begun", "open", "refused", "ended"]
_REVIEWS: tuple[ActionId, ...] = ("used", "reviewed", "acknowledged")
"""What counts as the agreed review also when it comes before its day."""


@dataclass(frozen=True)
class TrackStatus:
    """Where a track stands on a day."""

    track: Track
    state: State
    events: tuple[TrackedEvent, ...] = field(default=(), repr=False)
    """What happened in the round that counts, in the order of days."""
    next: Next | None = None
    by: datetime.date | None = None
    """The day that is agreed for a review, where there has been none since."""
    overdue: bool = False


def track_status(
    episode: Episode, track: Track, today: datetime.date, sex: str | None = None
) -> TrackStatus:
    """Return where a track stands on a day, and what still has to be done on it.

    The client's sex, `f` or `m`, tells the limits for alcohol. A closed episode owes nothing more.
    """
    now = current_round(events_of(episode, track))
    if not now:
        return TrackStatus(track, "not_begun")
    last = action_of(now[-1])
    stands: State = "ended" if last == "ended" else "refused" if last == "refused" else "open"
    if stands == "ended" or episode.closed is not None:
        return TrackStatus(track, stands, now)
    by = review_day(now)
    step = None
    if stands == "open":
        step = _alcohol_next(now, by, sex) if track == "alcohol" else _next(track, now, by)
    return TrackStatus(track, stands, now, step, by, by is not None and by < today)


def track_statuses(
    episode: Episode, today: datetime.date, sex: str | None = None
) -> tuple[TrackStatus, ...]:
    """Return where every track stands, in the order in which they are shown."""
    return tuple(track_status(episode, track, today, sex) for track in COURSES)


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


def employed(answers: Mapping[str, object]) -> bool:
    """Whether the answers of an assessment tell that the client works."""
    return answers.get("work.status") == "working"


def _next(track: Track, now: Sequence[TrackedEvent], by: datetime.date | None) -> ActionId:
    """The deed on the way after the farthest one; reviews come again as long as one is agreed."""
    course = COURSES[track]
    farthest = max(
        (course.way.index(action_of(e)) for e in now if action_of(e) in course.way), default=-1
    )
    following = course.way[min(farthest + 1, len(course.way) - 1)]
    again = following == "ended" and by is not None and course.deed("reviewed") is not None
    return "reviewed" if again else following


def _alcohol_next(now: Sequence[TrackedEvent], by: datetime.date | None, sex: str | None) -> Next:
    """AUDIT first, then the mini-intervention, the substance service, and asking again."""
    uses = [event for event in now if isinstance(event, AlcoholUse)]
    audit = next((use.audit for use in reversed(uses) if use.audit is not None), None)
    weekly_ = next((use.portions for use in reversed(uses) if use.portions is not None), 0)
    if audit is None:
        return "audit"
    if audit < ADVICE and over_limit(weekly_, sex) == "below":
        return "ask_again" if by is not None else "ended"
    if not any(use.mini_intervention for use in uses):
        return "mini_intervention"
    if audit >= COUNSELLING and all(action_of(event) != "referred" for event in now):
        return "referred"
    return "ask_again"
