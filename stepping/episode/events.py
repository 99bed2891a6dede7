"""What can happen in an episode of care: one frozen model for each kind of event.

Events are only added. A correction is an event that names the one it takes the place of; a mistake
that has nothing in its place is withdrawn.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, TypeAdapter

from stepping.decision.verdicts import Verdicts
from stepping.pathway.care.schema import What
from stepping.pathway.schema import Measuring, Production

Code = Annotated[str, StringConstraints(pattern=r"^[\w.:@/-]+$", max_length=80)]
"""An id, never free text."""
Words = Annotated[str, StringConstraints(max_length=500)]
"""A free text; the store refuses one in which somebody could be named."""
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day in Finland, as in 09:30."""
Rating = Annotated[int, Field(ge=0, le=10)]


class EventBase(BaseModel):
    """The base of all events: frozen, with the day on which it was so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: datetime.date
    """In Finnish time; not the instant at which it was written down."""


class Opened(EventBase):
    """The episode began."""

    kind: Literal["opened"] = "opened"
    referrer: Code | None = None
    reason: Code | None = None
    """Why the client came, by its id in `care/contacts.toml`."""


class Measured(EventBase):
    """An assessment was confirmed: the first one is the baseline of the episode."""

    kind: Literal["measured"] = "measured"
    assessment: Code
    step: int | None = Field(default=None, ge=0, le=9)
    """The step that was confirmed; `None` for a measurement that confirmed none."""
    scores: dict[Code, int] = {}
    """Totals by fact id: those of which every item was answered, and those that were typed in."""
    told: dict[Code, datetime.date] | None = None
    """Of those totals, by fact id, the ones that were told elsewhere, and the day of that; `None`
    where none was, and in older entries."""
    knew: int | None = Field(default=None, ge=0)
    """The number of the episode's last entry before the latest answer about suicide; in older
    entries `None`."""
    verdicts: Verdicts | None = None
    """What the pathway said of recovery; `None` where it does not say, and in older entries."""
    segment: int | None = Field(default=None, ge=1, le=4)
    """The client group, where the interview told another one than was known."""
    referrer: Code | None = None
    """Who sent the client, likewise."""
    reasons: tuple[Code, ...] | None = None
    """Why the client came, likewise; an interview may tell several reasons."""
    by: Code | None = None
    """The staff code of whoever confirmed it; `None` in older entries."""
    role: Code | None = None
    """That one's profession, where it was known."""


class NeedEstablished(EventBase):
    """The need for treatment was established on this day: the guarantee's clock starts."""

    kind: Literal["need_established"] = "need_established"


class Paused(EventBase):
    """The clock stands still from this day."""

    kind: Literal["paused"] = "paused"
    why: Literal["client_wish", "medical"]


class Resumed(EventBase):
    """The clock goes on from this day."""

    kind: Literal["resumed"] = "resumed"


Counted = Literal["no", "treatment", "guarantee"]
"""What a form of care counts as: nothing (self-care, information, monitoring, open groups), a
treatment above self-care, or one that the county counts under the therapy guarantee."""


class PeriodStarted(EventBase):
    """A treatment began on this day."""

    kind: Literal["period_started"] = "period_started"
    period: Code
    intervention: Code
    step: int | None = Field(default=None, ge=0, le=9)
    service: Code | None = None
    production: Production | None = None
    """Who ran that service on the day it was recorded: a later edit of the services changes no
    history. `None` without a service, and in older entries: nobody was told.
    """
    measuring: Measuring | None = None
    """As the form of care said on the day it began: a later edit of that moves no agreed day.

    `None` where whoever gives the treatment measures by its own plan.
    """
    counted: Counted | None = None
    """As the form of care said on the day it was recorded; `None` where nobody was told."""


WithWhom = Literal["client", "family", "network"]
"""Who took part: the client alone, the client's family with or without the client, or the others
who work with the client, likewise."""


class Contact(EventBase):
    """One contact, with the totals of ORS and SRS if they were taken."""

    kind: Literal["contact"] = "contact"
    period: Code | None = None
    """The treatment that it belongs to; `None` outside any, as a contact of an assessment."""
    channel: Code | None = None
    """How it took place, by its id in `care/contacts.toml`; `None` where nobody told."""
    with_whom: WithWhom | None = None
    by: Code | None = None
    """The profession of the worker, by its id in `care/contacts.toml`; never a name."""
    ors: float | None = Field(default=None, ge=0, le=40)
    srs: float | None = Field(default=None, ge=0, le=40)


class MeasureTaken(EventBase):
    """The total of a questionnaire that was filled in elsewhere, on the day it was filled in."""

    kind: Literal["measure"] = "measure"
    measure: Code
    """By its id in `care/measures.toml`."""
    points: float = Field(ge=0, le=1000)
    item: int | None = Field(default=None, ge=0, le=10)
    """The points of its item on suicide, where it has one: the total hides them."""


class Missed(EventBase):
    """A contact that was agreed and did not take place: it counts for nothing."""

    kind: Literal["missed"] = "missed"
    period: Code | None = None
    """The treatment that it would have belonged to; `None` outside any."""
    why: Literal["not_come", "client_cancelled", "unit_cancelled"]
    channel: Code | None = None
    """How it would have taken place; `None` where nobody told."""
    by: Code | None = None
    """The profession of the worker, likewise."""


class PeriodEnded(EventBase):
    """A treatment ended on this day."""

    kind: Literal["period_ended"] = "period_ended"
    period: Code
    why: Literal[
        "completed", "stepped_up", "stepped_down", "client_ended", "moved", "other", "died"
    ]
    onward: Code | None = None
    """Where the client was referred."""
    satisfaction: Rating | None = None
    in_own_words: Words | None = None


class NextContact(EventBase):
    """The next contact is agreed for a day; this one is the day of the agreement."""

    kind: Literal["next_contact"] = "next_contact"
    due: datetime.date
    time: ClockTime | None = None
    """Left open where it is `None`."""
    who: Code | None = None
    """The staff code of who gets in touch."""
    role: Code | None = None
    """Or that one's role; never a name."""
    by: datetime.date | None = None
    """The last day that the safety step allows in which it was agreed."""
    safety: Code | None = None
    """The record of that safety step."""
    why: Words | None = None
    """Why it is later than a safety step allows."""


class Voice(EventBase):
    """What the client wants, in the client's own words."""

    kind: Literal["voice"] = "voice"
    about: Literal["goal", "wish", "format", "language", "helped_before", "experience"]
    words: Words


class Experience(EventBase):
    """What the client says of the care: how satisfied, 0 to 10, and in the client's own words."""

    kind: Literal["experience"] = "experience"
    period: Code | None = None
    """The treatment that it is about; `None` where it is about the care as a whole."""
    satisfaction: Rating | None = None
    alone: bool | None = None
    """Whether the client answered alone at the keyboard; `None` where nobody told."""
    helped: Words | None = None
    missing: Words | None = None
    heard: Words | None = None
    changed: Words | None = None
    advice: Words | None = None


class Agreement(EventBase):
    """How far the client agrees with the step, 0 not at all to 10 fully."""

    kind: Literal["agreement"] = "agreement"
    rating: Rating


class Segment(EventBase):
    """The client group: 1 occasional, 2 foreseeable, 3 continuous, 4 multidisciplinary need."""

    kind: Literal["segment"] = "segment"
    group: int = Field(ge=1, le=4)


class Referrer(EventBase):
    """Who sent the client, told after the episode began."""

    kind: Literal["referrer"] = "referrer"
    referrer: Code


class Reason(EventBase):
    """Why the client came, told after the episode began."""

    kind: Literal["reason"] = "reason"
    reason: Code


class Responsible(EventBase):
    """Who is responsible for the care from this day on; the latest one counts."""

    kind: Literal["responsible"] = "responsible"
    who: Code | None = None
    """A staff code; never a name."""
    role: Code | None = None
    """The profession, by its id in `care/contacts.toml`."""


TrackId = Code
"""What goes on beside the steps of care, by its id in `care/tracks.toml`."""


class AlcoholUse(EventBase):
    """What was found out and done about alcohol, beside the steps."""

    kind: Literal["alcohol"] = "alcohol"
    audit: int | None = Field(default=None, ge=0, le=40)
    """Total of the ten-item AUDIT."""
    portions: int | None = Field(default=None, ge=0, le=200)
    """Finnish portions of 12 g a week."""
    mini_intervention: bool = False
    """Whether the mini-intervention was given on this day."""
    review_on: datetime.date | None = None
    """When it is asked again."""


class TrackEvent(EventBase):
    """Something happened on a track beside the steps: referred, consented, met, reviewed, ended."""

    kind: Literal["track"] = "track"
    track: TrackId
    what: What
    where: Code | None = None
    """A service, or one of the places of its track."""
    role: Code | None = None
    """Of a contact person: the role, never the name."""
    review_on: datetime.date | None = None
    goals: tuple[Words, ...] | None = None
    """The client's own goals; those of the latest plan stand."""
    manner: Literal["phone", "written"] | None = None
    """How a notice was made."""
    outcome: Code | None = None
    """What became of a notice."""
    took_place: bool | None = None
    """Whether what was referred to took place."""
    words: Words | None = None


Despite = Literal[
    "other_measure", "not_measured", "other_cause", "client_view", "clinical", "other"
]
"""Why somebody counts as recovered against the figures."""


class Closed(EventBase):
    """The episode ended."""

    kind: Literal["closed"] = "closed"
    how: Literal["recovered", "moved_on", "ended_by_client", "referred", "died"]
    """A death ends every treatment that goes on, for as long as it is not withdrawn."""
    in_own_words: Words | None = None
    despite: Despite | None = None
    """Why it ended as recovered though the latest measurement did not say so."""
    despite_words: Words | None = None
    """The same in words; also why nobody has assessed a typed item on suicide."""


class Withdrawn(EventBase):
    """The event that this one takes the place of was a mistake."""

    kind: Literal["withdrawn"] = "withdrawn"


Event = Annotated[
    Opened
    | Measured
    | NeedEstablished
    | Paused
    | Resumed
    | PeriodStarted
    | Contact
    | MeasureTaken
    | Missed
    | PeriodEnded
    | NextContact
    | Voice
    | Experience
    | Agreement
    | Segment
    | Referrer
    | Reason
    | Responsible
    | AlcoholUse
    | TrackEvent
    | Closed
    | Withdrawn,
    Discriminator("kind"),
]
"""Anything that can happen."""

_READER: TypeAdapter[Event] = TypeAdapter(Event)


def read_event(text: str) -> Event:
    """Read an event from its JSON text.

    Raises:
        pydantic.ValidationError: If it is not one.
    """
    return _READER.validate_json(text)


def dump_event(event: Event) -> str:
    """Return an event as JSON text, the same for the same event; empty keys are left out."""
    return event.model_dump_json(exclude_none=True)


class EventEntry(BaseModel):
    """An event as it was written down."""

    model_config = ConfigDict(frozen=True)

    id: Code
    seq: int = Field(ge=1)
    """Number within the episode, from 1 without gaps."""
    event: Event
    supersedes: Code | None = None
    """The entry that this one takes the place of."""
