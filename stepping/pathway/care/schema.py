"""The shape of the files of `care/`: tracks beside the steps, legal deadlines, and contacts.

They belong to no single pathway: an episode of care may rest on several.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stepping.pathway.care.measures import MeasureDefinition, Measures
from stepping.pathway.schema import Basis, Content, FactId, Identifier, LocalizedText, Source, Text

What = Literal[
    "planned",
    "referred",
    "consented",
    "refused",
    "notified",
    "acknowledged",
    "told",
    "met",
    "reviewed",
    "arrived",
    "assessed",
    "begun",
    "ended",
]
"""What an event of a track may say; `arrived`, `assessed` and `begun` are of specialised care."""
ActionId = Literal["used", What]
"""What may happen on a track; `used` is that alcohol was brought up."""
Detail = Literal["where", "role", "review_on", "goals", "manner", "outcome", "took_place", "words"]
"""What may be recorded with an action."""
Milestone = Literal[
    "need_established",
    "need_assessed",
    "referral_arrived",
    "treatment_started",
    "care_started",
    "first_treatment_event",
    "assessment_done",
    "specialised_started",
]
"""What starts or ends a time.

`need_assessed` is the day on which the need was established: it rests on that assessment.
`treatment_started` is the start of a form of care that the county counts, `care_started` that of
any treatment above self-care, `first_treatment_event` the first contact of one. The others stand on
the track of a referral to specialised care.
"""


_COUNTED = 2
"""Goes up when the program counts clocks in another way: a list made before is made anew then."""


class NamedCode(Content):
    """A code that is stored, and its name."""

    id: Identifier
    name: Text


class FirstIf(Content):
    """The answer of an assessment that moves a place to the front."""

    question: FactId
    answer: Annotated[str, StringConstraints(pattern=r"^\w+$")]


class TrackPlace(NamedCode):
    """Where a track may lead that no list of services has."""

    first_if: FirstIf | None = None


class TrackAction(Content):
    """One thing that may be recorded on a track."""

    id: ActionId
    done: Text = Field(default_factory=dict)
    after: tuple[ActionId, ...] = ()
    consent: bool = False
    needs: tuple[Detail, ...] = ()
    may: tuple[Detail, ...] = ()

    @model_validator(mode="after")
    def _each_detail_once(self) -> TrackAction:
        if twice := set(self.needs) & set(self.may):
            raise ValueError(f"{min(twice)!r} stands in `needs` and in `may`")
        return self


class TrackDefinition(Content):
    """Something that goes on beside the steps of care."""

    id: Identifier
    name: Text
    about: Text
    action: Annotated[tuple[TrackAction, ...], Field(min_length=1)]
    way: Annotated[tuple[ActionId, ...], Field(min_length=1)]
    given_by: Identifier | None = None
    code: str | None = None
    place: tuple[TrackPlace, ...] = ()
    services: bool = True
    outcome: tuple[NamedCode, ...] = ()
    notice_step: Identifier | None = None
    warns: bool = False
    attendance_only: bool = False
    source: Source
    basis: Basis

    def find_action(self, id_: str) -> TrackAction | None:
        """Return an action of this track, if it knows it."""
        return next((action for action in self.action if action.id == id_), None)


class Tracks(Content):
    """`care/tracks.toml`."""

    track: Annotated[tuple[TrackDefinition, ...], Field(min_length=1, max_length=9)]


class TimeLimit(Content):
    """A length of time."""

    days: int = Field(default=0, ge=0, le=3660)
    months: int = Field(default=0, ge=0, le=120)

    @model_validator(mode="after")
    def _some_time(self) -> TimeLimit:
        if not (self.days or self.months):
            raise ValueError("needs days or months")
        return self


class Young(Content):
    """Who has the time of the young, and how the reason is told."""

    until: int = Field(ge=1, le=130)
    under: Text
    either: Text
    over: Text
    unknown: Text
    source: Source
    basis: Basis


class DeadlineRule(Content):
    """By which day care must begin, under one law."""

    id: Identifier
    name: Text
    since: datetime.date | None = None
    starts: Milestone
    ends: Milestone
    young: TimeLimit | None = None
    others: TimeLimit | None = None
    watched: bool = False
    law: Source
    source: Source
    basis: Basis

    @model_validator(mode="after")
    def _for_somebody(self) -> DeadlineRule:
        if self.young is None and self.others is None:
            raise ValueError("needs `young` or `others`")
        return self


class Deadlines(Content):
    """`care/deadlines.toml`."""

    young: Young
    deadline: Annotated[tuple[DeadlineRule, ...], Field(min_length=1)]

    def in_force(self, day: datetime.date) -> tuple[DeadlineRule, ...]:
        """Return the rule of each id for a time that begins on a day, in the order of the ids.

        The oldest rule of an id counts for all days before it too.
        """
        found: dict[str, DeadlineRule] = {}
        for rule in self.deadline:
            if rule.id not in found or rule.since is None or rule.since <= day:
                found[rule.id] = rule
        return tuple(found.values())

    @cached_property
    def names(self) -> Mapping[str, LocalizedText]:
        """The names of each deadline; those of the latest law."""
        return _names(self.deadline)


class Channel(NamedCode):
    """How a contact takes place."""

    remote: bool = False
    code: Annotated[str, StringConstraints(pattern=r"^R\d{2}$")] | None = None
    source: Source
    basis: Basis


class NotDoneReason(NamedCode):
    """Why a safety step was not done."""

    source: Source
    basis: Basis


class Role(NamedCode):
    """Whom a contact person may be, and by which profession one meets a client."""

    profession: bool = True


class Contacts(Content):
    """`care/contacts.toml`."""

    role: Annotated[tuple[Role, ...], Field(min_length=1)]
    referrer: Annotated[tuple[NamedCode, ...], Field(min_length=1)]
    channel: Annotated[tuple[Channel, ...], Field(max_length=9)] = ()
    reason: tuple[NamedCode, ...] = ()
    not_done: Annotated[tuple[NotDoneReason, ...], Field(max_length=9)] = ()
    reason_question: FactId | None = None
    source: Source
    basis: Basis


@dataclass(frozen=True)
class CareRules:
    """What the files of `care/` say together."""

    files: Tracks
    deadlines: Deadlines
    contacts: Contacts
    totals: Measures

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of how clocks are counted and of all that tracks and deadlines say.

        By these the worklist is made.
        """
        told = self.files.model_dump_json() + self.deadlines.model_dump_json()
        return hashlib.sha256(f"{_COUNTED}{told}".encode()).hexdigest()

    @cached_property
    def tracks(self) -> Mapping[str, TrackDefinition]:
        """Every track by its id, in the order in which they are shown."""
        return {track.id: track for track in self.files.track}

    @cached_property
    def measures(self) -> Mapping[str, MeasureDefinition]:
        """Every questionnaire of which totals are typed in, by its id."""
        return {measure.id: measure for measure in self.totals.measure}

    @cached_property
    def professions(self) -> frozenset[str]:
        """The roles that are professions of those who work with clients."""
        return frozenset(role.id for role in self.contacts.role if role.profession)

    @cached_property
    def roles(self) -> Mapping[str, LocalizedText]:
        """The names of each role of a contact person."""
        return _names(self.contacts.role)

    @cached_property
    def referrers(self) -> Mapping[str, LocalizedText]:
        """The names of each referrer."""
        return _names(self.contacts.referrer)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """How a contact may take place, by id, in the order in which it is asked."""
        return {channel.id: channel for channel in self.contacts.channel}

    @cached_property
    def reasons(self) -> Mapping[str, LocalizedText]:
        """The names of each reason for contact."""
        return _names(self.contacts.reason)

    @cached_property
    def not_done(self) -> Mapping[str, LocalizedText]:
        """Why a safety step may not be done, in the order in which it is asked."""
        return _names(self.contacts.not_done)

    @cached_property
    def places(self) -> Mapping[str, LocalizedText]:
        """The names of the places of all tracks."""
        return _names(place for track in self.files.track for place in track.place)

    @cached_property
    def outcomes(self) -> Mapping[str, LocalizedText]:
        """The names of the outcomes of all tracks."""
        return _names(outcome for track in self.files.track for outcome in track.outcome)


def _names(codes: Iterable[NamedCode | DeadlineRule]) -> Mapping[str, LocalizedText]:
    return {code.id: LocalizedText(code.name) for code in codes}
