"""The rows that reports count, one frozen class for each table.

No row holds a name, an id of a record, a day or a free text. A moment is a month, as in 2026-11,
and a length is a number of days. `None` is what nobody told; it is never a zero.

What still runs has to be counted to the day: the fields that hold days say so, and they are empty
as soon as their episode ends. Only an ended episode is ever deleted, so no day outlives one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Month = str
"""As in 2026-11."""
Day = str
"""As in 2026-11-30; only of what still runs."""
TimeState = Literal["running", "paused", "met", "late", "overdue", "ended"]
"""How a legal time stands: `met` in time or `late`; of an ended episode that never met it, it was
`overdue` or, where the end came before the last day, simply `ended`."""
Turnout = Literal["kept", "not_come", "client_cancelled", "unit_cancelled"]
"""What became of an agreed contact."""
AssessmentState = Literal["confirmed", "abandoned"]


@dataclass(frozen=True, slots=True)
class EpisodeRow:
    """An episode of care: who it was of, as far as a sum may ask, and how it went."""

    ordinal: int | None
    """The how-manieth episode of its person: over all ordinals, the highest number of rows with
    one ordinal is a lower bound of the number of persons."""
    opened: Month | None
    closed: Month | None
    how: str | None
    """How it ended."""
    age: int | None
    """The lowest age of the band, by the year of birth and the year in which it was opened."""
    sex: str | None
    language: str | None
    municipality: str | None
    unit: str | None
    setting: str | None
    referrer: str | None
    reason: str | None
    """The first of the reasons for which the client came."""
    segment: int | None
    pathway: str | None
    version: str | None
    """Those of its first assessment, as the next three are."""
    suggested: int | None
    confirmed: int | None
    override: str | None
    """The code of the reason for another step."""
    step: int | None
    """The step that was confirmed last."""
    agreement: int | None
    satisfaction: int | None
    """With the care as a whole, 0 to 10."""
    need: Month | None
    contact_days: int | None
    """From the need to the first contact that was kept, on that day or later."""
    treatment_days: int | None
    """From the need to the first treatment above self-care, 0 where one was going on."""
    wish_days: int
    """How long its times stood still at the client's wish, up to the last day that is told."""
    medical_days: int
    worker: str | None
    """The staff code of who is responsible; empty once the episode has ended."""


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One time of the law within which care must begin."""

    rule: str
    because: str
    """Whether the client had the time of the young, and why."""
    since: Month
    state: TimeState
    days: int | None
    """From its beginning to what met it."""
    spare: int | None
    """The days that were left then; below zero it was late."""
    paused_days: int
    met: Month | None
    form: str | None
    """The form of care that met it."""
    since_day: Day | None
    due_day: Day | None
    paused_day: Day | None
    """While it runs: from when, until when, and since when it stands still."""


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    """One treatment, from its start to its end."""

    number: int
    """The how-manieth of its episode, from 1."""
    form: str
    code: str | None
    """The procedure code of the form of care."""
    programme: str | None
    service: str | None
    production: str | None
    counted: str | None
    step: int | None
    started: Month
    ended: Month | None
    weeks: int | None
    why: str | None
    """Why it ended."""
    onward: str | None
    """Where the client was referred as it ended."""
    arrived: str | None
    """What became of that: `took_place`, `not` or `refused`."""
    next_step: int | None
    """The step of the treatment that began next."""
    satisfaction: int | None
    alone: bool | None
    """Whether the client told it alone at the keyboard."""
    kept: int
    not_come: int
    client_cancelled: int
    unit_cancelled: int
    remote: int | None
    """How many of the kept contacts were remote; empty where no contact tells its channel."""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """How many contacts of an episode were alike in a month."""

    month: Month
    treatment: int
    """The number of the treatment, 0 outside any."""
    turnout: Turnout
    channel: str | None
    profession: str | None
    with_whom: str | None
    count: int


@dataclass(frozen=True, slots=True)
class TrackRow:
    """What happened in one round of a track beside the steps, a row for each kind of thing."""

    track: str
    round: int
    what: str
    month: Month
    """Of the first time, as the other fields are of the last."""
    days: int
    """From the beginning of the round to the first time."""
    count: int
    place: str | None
    role: str | None
    outcome: str | None
    took_place: bool | None
    review_day: Day | None
    """While the episode goes on: when it is to be looked at again."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What became of one total, over a whole episode or over one of its treatments."""

    measure: str
    treatment: int
    """The number of the treatment, 0 for the whole episode."""
    form: str | None
    production: str | None
    step: int | None
    """The step at its start."""
    first: float
    last: float | None
    first_month: Month
    last_month: Month | None
    count: int
    """How often it was measured."""
    days: int | None
    """From the first to the last measurement."""
    band: str | None
    """Of the first total: `case` from the cut-off on, else `below`."""
    category: str | None
    """Empty where no rule says what is a reliable change."""
    case_then: bool | None
    case_now: bool | None


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessment that was confirmed, or abandoned."""

    state: AssessmentState
    month: Month
    pathway: str
    version: str
    setting: str
    age: int | None
    sex: str | None
    language: str | None
    municipality: str | None
    unit: str | None
    suggested: int | None
    confirmed: int | None
    override: str | None
    choice: str | None
    """Whether the step was the suggested one, one that was left open upward, or another."""
    urgency: str | None
    deciding: str
    """The rules that had decided, as JSON."""
    rules: str
    """All rules that held, as JSON."""
    offered: str
    """Actions, and forms of care beside the steps, as JSON."""
    skipped: str
    """Questions that were skipped, as JSON."""
    minutes: int | None
    """Spent on it: without what lay between two entries that are more than half an hour apart."""
    auditc: int | None
    auditc_positive: bool | None
    audit: int | None
    sick_leave_days: int | None


@dataclass(frozen=True, slots=True)
class StopRow:
    """A safety stop of an assessment."""

    stop: str
    card: str | None
    minutes: int | None
    """From the answer that opened it until its last step was recorded."""
    done: int
    not_done: int
    reasons: str
    """The coded reasons of what was not done, as JSON; words are never kept."""


@dataclass(frozen=True)
class EpisodeRows:
    """Everything that reports count of one episode."""

    episode: EpisodeRow
    times: tuple[TimeRow, ...] = ()
    treatments: tuple[TreatmentRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    tracks: tuple[TrackRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()


@dataclass(frozen=True)
class AssessmentRows:
    """Everything that reports count of one assessment."""

    assessment: AssessmentRow
    stops: tuple[StopRow, ...] = ()
