"""What the store hands out and takes in: frozen records, checked at the border."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from stepping.pathway.age import AnswerTime, Elsewhere

if TYPE_CHECKING:
    from stepping.pathway.model import Pathway

Code = Annotated[str, StringConstraints(pattern=r"^[\w.:@/-]+$", max_length=80)]
"""An id of the pathway's or of the program's, never free text."""


class Record(BaseModel):
    """The base of all records: frozen, and nothing in it that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Client(Record):
    """A person under a code; the store never knows a name or an identity code."""

    id: str
    code: str
    birth_year: int | None = Field(ge=1900, le=2099)
    """None while it is not known."""
    sex: Literal["f", "m", "x"] | None = None
    language: Code
    municipality: str | None = None
    created_at: AwareDatetime
    created_by: str
    """Staff code."""
    card: str | None = None
    """The id of the newest correction of the card; None as it was first written."""
    also: tuple[str, ...] = ()
    """Other codes of the same person, joined to this one."""


class CardChange(Record):
    """One correction of a client's card, with the card as it was before."""

    before: Client
    after: Client
    why: str
    at: AwareDatetime
    by: str
    """Staff code."""


class Joining(Record):
    """Two codes of one person that were joined, or that were parted again."""

    code: str
    stands: str | None
    """The code of the client that stands; None where it was taken back."""
    why: str
    at: AwareDatetime
    by: str
    """Staff code."""


RiskKind = Literal["suicide", "attempt"]


class RiskGlance(Record):
    """The newest day on which a client told of a kind of risk."""

    kind: RiskKind
    day: datetime.date


class SeenClient(Record):
    """A client in one line of a list."""

    client: Client
    seen: AwareDatetime | None
    """When the latest assessment was begun; None without one."""
    episode_id: str | None = None
    """The episode that the client is in."""
    due: datetime.date | None = None
    """The day of the next contact that is agreed in it."""
    stopped: bool = False
    """Whether a safety stop is open in a draft of the client."""
    risk: tuple[RiskGlance, ...] = ()
    """What stays to be told of the client's risk, an attempt first."""


class FoundClients(Record):
    """The persons that a search has found, those seen last first."""

    shown: tuple[SeenClient, ...]
    total: int
    """How many there are in all."""


class Moved(Record):
    """An assessment that was moved from a client to another one."""

    assessment_id: str
    seq: int
    to: str | None
    """The code of the client whose it is; None where that client is out of the worker's reach."""
    why: str
    at: AwareDatetime
    by: str
    """Staff code."""


class PathwayCopy(Record):
    """The texts of a pathway as they were when an assessment began, by file name."""

    digest: Code
    pathway_id: Code
    version: Code
    files: Mapping[str, str]

    @classmethod
    def of(cls, pathway: Pathway) -> Self:
        """Return the texts of a pathway that has been read."""
        return cls(
            digest=pathway.digest,
            pathway_id=pathway.id,
            version=pathway.header.version,
            files=pathway.files,
        )


class Assessment(Record):
    """One assessment of one client under one pathway."""

    id: str
    seq: int
    """Number at this site, from 1 without gaps."""
    client_id: str
    pathway_digest: str
    pathway_id: str
    pathway_version: str
    setting: str
    language: str
    started_at: AwareDatetime
    started_by: str
    """Staff code."""
    state: Literal["draft", "confirmed", "abandoned"]
    wrong_client: bool = False
    """Whether it is marked as of the wrong client: it can be read and counts nowhere."""
    move: str | None = None
    """The id of what last moved or marked it."""
    card_version: str = ""
    """Whose it is and on which card, to see whether another program has changed that."""


class Draft(Record):
    """An assessment that is neither confirmed nor abandoned."""

    assessment: Assessment
    client_code: str
    answered: int
    """Questions that were answered and still are; facts given by an episode are not counted."""
    last_at: AwareDatetime
    """When something was last recorded."""
    stopped: bool
    """Whether a safety stop is open in it."""


class Note(Record):
    """A remark of the nurse's at a question."""

    question: str
    text: str
    at: AwareDatetime
    by: str
    """Staff code."""


class Progress(Record):
    """Where an assessment stands: what counts now, not how it came about."""

    answers: dict[str, Any]
    """Question id to value; JSON values as they were recorded."""
    order: dict[str, int]
    """Question id to the number of the entry that holds its answer."""
    times: dict[str, AnswerTime]
    """Question id to when its answer or skip was given; facts given by an episode have none."""
    elsewhere: dict[str, Elsewhere]
    """Question id to where its answer was given, of those that nobody was asked for here."""
    outdated: frozenset[str]
    """Questions whose answer was withdrawn because it had grown too old; they are open again."""
    skipped: dict[str, str]
    """Question id to the reason, which may be empty."""
    notes: tuple[Note, ...]
    seq: int
    """Number of the newest entry, 0 before the first; `Confirmation` names it."""


def plain_answer(value: Any) -> Any:
    """Return an answer as the pathway knows it: what was chosen of several is a tuple."""
    return tuple(value) if isinstance(value, list) else value


class AgreedContact(Record):
    """The next contact as a safety step agreed it."""

    due: datetime.date
    time: str | None = None
    """As in 09:30; `None` where it was left open."""
    who: str | None = None
    """The staff code of who gets in touch."""
    role: Code | None = None
    """Or that one's role."""
    by: datetime.date | None = None
    """The last day that the step allows."""
    why: str | None = None
    """Why it is later than that."""


class StepTerms(Record):
    """What a safety step agreed besides the next contact; None of what was not told."""

    who: Code | None = None
    """The role of whoever does it or with whom it is agreed, never a name."""
    when: datetime.date | None = None
    where: str | None = None

    @property
    def told(self) -> bool:
        """Whether anything of it was told."""
        return self != StepTerms()


class SafetyRecord(Record):
    """Whether one step of an action card was taken."""

    stop: str
    card: str
    step: str
    done: bool
    why_not: str | None
    recorder: str
    """Staff code."""
    answers_seq: int
    """`Progress.seq` when it was recorded: it speaks for what had been answered by then."""
    at: AwareDatetime
    agreed: AgreedContact | None = None
    """The contact that it agreed, as it stands now."""
    terms: StepTerms | None = None
    """What else it agreed."""
    reason: str | None = None
    """Why it was not done, as a code; none where nobody told one."""


class Confirmation(Record):
    """The nurse's word on a suggestion."""

    decision_json: str
    """The whole decision as JSON text, kept byte for byte."""
    suggested_step: int | None
    confirmed_step: int | None
    reason_code: Code | None = None
    """Needed when the confirmed step is not the suggested one; `outcome.OR_ABOVE` where
    the suggestion left the step open upward."""
    reason_text: str | None = None
    need_established: bool = False
    """Whether treatment is needed, so that the legal times of the episode begin if none runs."""
    final_answers_seq: int
    """`Progress.seq` of the answers that the decision was made from."""
    card_version: str | None = None
    """`Assessment.card_version` of the card that it was made on."""
    holds_until: AwareDatetime | None = None
    """Up to when every answer of the decision holds; `None` where none of them has an age."""


class StoredDecision(Record):
    """A confirmed decision as it was kept."""

    assessment_id: str
    decision_json: str
    suggested_step: int | None
    confirmed_step: int | None
    reason_code: str | None
    reason_text: str | None
    at: AwareDatetime
    by: str
    """Staff code."""


Urgency = Literal["emergency", "same_day", "week"]

URGENCY: tuple[Urgency, ...] = get_args(Urgency)
"""From the most to the least urgent."""


class HeldStop(Record):
    """A safety stop that is open in a draft."""

    stop: Code
    """The id of the rule, or `v6_open_stops.UNREAD` where the pathway cannot be read."""
    urgency: Urgency
    floor: int | None
    """The lowest step that it leaves once it is recorded; None where it sets none."""
    since: AwareDatetime
    """When that was recorded which opened it."""


class OpenStop(HeldStop):
    """An open safety stop with its draft, for whoever meets the person."""

    assessment_id: str
    client_id: str
    pathway_id: str
    pathway_digest: str
    started_at: AwareDatetime
    """When the draft was begun."""
    by: str
    """Staff code of whoever recorded what opened it."""
    unit: str | None
    """The unit that the client of the draft belongs to; None for none."""
    in_reach: bool
    """Whether the worker who asks may read that draft."""


class EpisodeRecord(Record):
    """One episode of care of one client; what happened in it, its events say."""

    id: str
    seq: int
    """Number at this site, from 1 without gaps."""
    client_id: str
    created_at: AwareDatetime
    created_by: str
    """Staff code."""


DraftState = Literal["open_stop", "unconfirmed", "draft"]
"""How far a draft is: a stop is open, everything is asked but no result confirmed, or neither."""

Matter = Literal[
    DraftState, "next_contact", "measurement", "review", "guarantee", "no_next_contact"
]
"""What waits: a draft, an agreed contact whose day has passed, a follow-up measurement or the
review of a track whose day has come, a legal time that runs, an open episode in which nothing more
is agreed."""

Occasion = Literal["danger", "contact", "end", "months"]
"""When is measured: after a typed item that tells of danger; at a contact, at the end, or later."""


class WorkItem(Record):
    """One matter that waits to be done."""

    kind: Matter
    client_id: str
    client: str
    """The client's code."""
    episode_id: str | None
    """`None` for a draft that belongs to no episode."""
    assessment_id: str | None
    """The draft; `None` for a matter of an episode."""
    due: datetime.date | None
    """The agreed day, or the last day that is in time; `None` for a matter without a day."""
    since: datetime.date
    """When the draft was begun or its first open stop opened, the need established, the contact or
    review agreed, or when something was done or measured last; in Finnish time."""
    rule: str | None = None
    """Which legal time runs; of two that run, the one that ends first is listed."""
    untold: bool = False
    """Whether a treatment has begun that may have ended it: nobody told whether it counts."""
    track: Code | None = None
    """The id of the track to be reviewed, one of `CareRules.tracks`."""
    occasion: Occasion | None = None
    """What the measurement belongs to."""
    time: str | None = None
    """When the agreed contact is, as in 09:30; `None` where that was left open."""
    who: str | None = None
    """The staff code of who gets in touch."""
    role: Code | None = None
    """Or that one's role."""
    paused: bool = False
    """Whether the legal time stands still; `due` then moves on by a day each day."""
    municipality: str | None
    unit: str | None
    """Where the draft or the episode was begun; `None` if whoever began it has named no unit."""
    worker: str
    """Staff code of whoever began the draft or the episode."""
    wrong_client: bool = False
    """Whether the draft is marked as of the wrong client, so that it has to be moved or ended."""
    stops: tuple[HeldStop, ...] = ()
    """What is open in a draft, the most urgent first."""
    risk: tuple[RiskGlance, ...] = ()
    """What stays to be told of the client's risk, an attempt first."""

    def is_pressing(self, today: datetime.date) -> bool:
        """Return whether it is to be marked: an open stop, a danger, or a day that has passed."""
        danger = self.kind == "open_stop" or self.occasion == "danger"
        return danger or (self.due is not None and self.due < today)
