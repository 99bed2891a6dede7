"""The shape of what clinicians write: one frozen model for each table of a pathway's files.

`docs/pathways.md` tells each key. These models hold what a file says and nothing more; how
the files fit together is `stepping.pathway.model`.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    field_validator,
    model_validator,
)

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][\w]*$")]
FactId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]\w*(\.\w+)*$")]


class LocalizedText(dict[str, str]):
    """A text by language; a language that it lacks is answered in its first one."""

    def __missing__(self, language: str) -> str:
        return next(iter(self.values()), "")


Text = Annotated[dict[str, str], AfterValidator(LocalizedText)]
"""One text in each declared language."""
Basis = Literal["guideline", "law", "local"]
"""What a rule stands on; `local` is a proposal that still needs clinical sign-off."""
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
"""Where something clinical comes from; never empty."""
Worse = Literal["up", "down", "yes", "none"]
"""The direction in which a fact means more need of care."""
Urgency = Literal["emergency", "same_day", "week"]
AskedOf = Literal["client", "nurse"]
"""Who alone can answer a question; `client` may also be asked by the nurse."""
Kind = Literal["yesno", "choice", "integer", "scale", "multi", "text", "date"]
Format = Literal["self_guided", "net", "talk", "group", "medication", "long_psychotherapy"]
Need = Literal["net", "e_id", "reading", "language", "doctor_referral", "kela_terms"]
Target = Literal[
    "depression",
    "anxiety",
    "insomnia",
    "trauma",
    "alcohol",
    "drugs",
    "eating",
    "work",
    "strain",
    "relations",
]


Safety = bool | Literal["gate"]
"""Whether a question asks about danger: its worst answer then always opens a stop, but for a gate,
which opens one together with other answers only."""
Bound = Annotated[int, Field(ge=-10_000, le=100_000)]
"""The end of a range of answers; a larger one is a slip of the finger."""


_DURATION = r"^([1-9][0-9]{0,2}) (hour|day|week|year)s?$"
_UNITS = {
    "hour": datetime.timedelta(hours=1),
    "day": datetime.timedelta(days=1),
    "week": datetime.timedelta(weeks=1),
    "year": datetime.timedelta(days=365),
}


def read_duration(text: str) -> datetime.timedelta:
    """Return a time written as in "12 hours", "3 days", "2 weeks" or "2 years".

    A year has 365 days.

    Raises:
        ValueError: If it is not written so, or is no time at all.
    """
    found = re.match(_DURATION, text)
    if found is None:
        raise ValueError(
            'needs a time above zero as in "12 hours", "3 days", "2 weeks" or "2 years"'
        )
    return int(found[1]) * _UNITS[found[2]]


def _checked_duration(text: str) -> str:
    read_duration(text)
    return text


Duration = Annotated[
    str,
    AfterValidator(_checked_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION}),
]
"""How long something holds, as text; `read_duration` reads it."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Ids = Annotated[tuple[Identifier, ...], BeforeValidator(_as_list)]


class Content(BaseModel):
    """A table that refuses unknown keys and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Ages(Content):
    """Whole years, both ends included."""

    from_: int = Field(default=0, alias="from", ge=0, le=130)
    to: int = Field(default=120, ge=0, le=130)

    def contains(self, age: int) -> bool:
        """Say whether an age is inside."""
        return self.from_ <= age <= self.to


class Because(Content):
    """A condition and what it means, in words."""

    when: str
    because: Text


class Step(Content):
    """One step of care."""

    number: int = Field(ge=0, le=9)
    name: Text
    summary: Text


class Section(Content):
    """A part of the interview."""

    id: Identifier
    title: Text
    holds: Duration | None = None


class Action(Content):
    """Something to do beside the step of care."""

    id: Identifier
    title: Text
    detail: Text = {}
    days: int | None = Field(default=None, ge=0, le=366)
    contact: bool = False
    card: Identifier | None = None

    @model_validator(mode="after")
    def _a_contact_has_a_day(self) -> Action:
        if self.contact and self.days is None:
            raise ValueError("a contact says in `days` by when it is")
        return self


class OverrideReason(Content):
    """A coded reason for confirming another step than the suggested one."""

    code: Identifier
    direction: Literal["up", "down", "any"]
    text: Text


class Overlap(Content):
    """Ages that another pathway of the folder takes too, and which of the two assesses them."""

    pathway: Identifier
    ages: Ages
    leads: Identifier
    because: Text


class Header(Content):
    """`pathway.toml`: whose pathway this is, for whom, and its steps."""

    id: Identifier
    version: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    status: Literal["draft", "approved"]
    owner: str
    reviewed_by: str = ""
    reviewed_on: str = ""
    change_note: str = ""
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    ages: Ages
    follows: Ids = ()
    overlap: tuple[Overlap, ...] = ()
    title: Text
    emergency_cards: Ids
    step: Annotated[tuple[Step, ...], Field(min_length=1)]
    section: Annotated[tuple[Section, ...], Field(min_length=1)]
    action: tuple[Action, ...] = ()
    override_reason: tuple[OverrideReason, ...] = ()

    @field_validator("reviewed_on")
    @classmethod
    def _a_date(cls, value: str) -> str:
        if value:
            try:
                datetime.date.fromisoformat(value)
            except ValueError:
                raise ValueError("needs a date as YYYY-MM-DD") from None
        return value

    @model_validator(mode="after")
    def _approved_by_someone(self) -> Header:
        needed = ("reviewed_by", "reviewed_on", "change_note")
        lacking = [key for key in needed if not getattr(self, key).strip()]
        if self.status == "approved" and lacking:
            raise ValueError(f"an approved pathway also needs {', '.join(lacking)}")
        return self


class Option(Content):
    """One answer of a choice."""

    id: Annotated[str, StringConstraints(pattern=r"^\w+$")]
    label: Text


class Given(Content):
    """A fact that comes from the client card."""

    id: FactId
    type: Literal["integer", "choice"]
    label: Text
    min: Bound = 0
    max: Bound = 0
    options: tuple[Option, ...] = ()
    default: str | int | None = None


class OwnQuestion(Content):
    """A question of the pathway's own."""

    id: FactId
    section: Identifier
    type: Kind
    text: Text
    label: Text
    source: Source
    basis: Basis
    help: Text = {}
    asked_of: AskedOf = "client"
    page: Identifier | None = None
    required: bool = False
    safety: Safety = False
    holds: Duration | None = None
    worse: Worse = "none"
    ask_if: str | None = None
    refusable: bool = False
    options: tuple[Option, ...] = ()
    min: Bound = 0
    max: Bound = 0
    unit: Text = {}
    low: Text = {}
    high: Text = {}


class InstrumentUse(Content):
    """Where an instrument's items are asked."""

    instrument: Identifier
    section: Identifier
    items: tuple[str, ...] = ()
    required: bool = False
    holds: Duration | None = None
    ask_if: str | None = None


class PageHeading(Content):
    """What stands above the yes/no questions of one screen."""

    id: Identifier
    section: Identifier
    text: Text


def _which_ask(value: object) -> str:
    return INSTRUMENT_USE if isinstance(value, dict) and "instrument" in value else OWN_QUESTION


OWN_QUESTION, INSTRUMENT_USE = "an own question", "use of an instrument"
Ask = Annotated[
    Annotated[OwnQuestion, Tag(OWN_QUESTION)] | Annotated[InstrumentUse, Tag(INSTRUMENT_USE)],
    Discriminator(_which_ask),
]


class Questions(Content):
    """`questions.toml`: what is asked, in order."""

    given: tuple[Given, ...] = ()
    page: tuple[PageHeading, ...] = ()
    ask: tuple[Ask, ...]


class ScoredOption(Content):
    """One answer of an instrument's item and what it scores."""

    score: int = Field(ge=0, le=99)
    label: Text


class Wording(Content):
    """Where an instrument's wording in one language comes from."""

    status: Literal["published", "working", "none"]
    source: str


class Item(Content):
    """One item of an instrument."""

    id: Annotated[str, StringConstraints(pattern=r"^\w+$")]
    text: Text
    label: Text
    help: Text = {}
    type: Literal["choice", "yesno", "scale"] = "choice"
    refusable: bool = False
    options: tuple[ScoredOption, ...] = ()
    min: Bound = 0
    max: Bound = 0
    low: Text = {}
    high: Text = {}
    loinc: str | None = None
    safety: Safety = False
    holds: Duration | None = None
    scored: bool = True
    worse: Worse | None = None
    ask_if: str | None = None


class Band(Content):
    """A range of a total, from its lowest score up to the next band, or to the one it names."""

    from_: int = Field(alias="from")
    to: int | None = None
    label: Text


class Total(Content):
    """A sum of items; nothing is prorated."""

    id: Identifier
    label: Text
    items: tuple[str, ...] = ()
    loinc: str | None = None
    bands: tuple[Band, ...] = ()
    worse: Literal["up", "down"] = "up"
    source: Source


class Row(Content):
    """One line of a cut-off table."""

    when: str
    source: Source


class Positive(Content):
    """A yes/no fact that holds when any row of a cut-off table does."""

    id: Identifier
    label: Text
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class Change(Content):
    """What counts as a case and as reliable change, for follow-up."""

    total: Identifier
    caseness: int
    reliable: int
    source: Source


class Instrument(Content):
    """`instruments/*.toml`: a questionnaire with its own wording, scoring, source and licence."""

    id: Identifier
    version: str
    name: str
    title: Text
    stem: Text
    window: Text
    holds: Duration | None = None
    source: str
    licence: str
    loinc_panel: str | None = None
    options: tuple[ScoredOption, ...] = ()
    wording: dict[str, Wording]
    item: Annotated[tuple[Item, ...], Field(min_length=1)]
    total: tuple[Total, ...] = ()
    positive: tuple[Positive, ...] = ()
    change: Change | None = None


_TWO = 2


class DerivedFact(Content):
    """A fact made of others: a condition, how many hold of several, or a change of a number."""

    id: FactId
    label: Text
    when: str | None = None
    count: tuple[str, ...] = ()
    difference: tuple[FactId, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> DerivedFact:
        if [self.when is not None, bool(self.count), bool(self.difference)].count(True) != 1:
            raise ValueError("a fact has one of `when`, `count` and `difference`")
        if self.difference and len(self.difference) != _TWO:
            raise ValueError("a difference is that of two facts: the later one, then the earlier")
        return self


class CardUse(Content):
    """An action card that a stop opens, always or under a condition."""

    card: Identifier
    when: str | None = None


class Rule(Content):
    """One condition and its effect: a stop, a floor, or something beside the step."""

    id: Identifier
    when: str
    because: Text
    source: Source
    basis: Basis
    stop: Urgency | None = None
    cards: tuple[CardUse, ...] = ()
    ask_first: tuple[FactId, ...] = ()
    then_at_least: int | None = None
    at_least: int | None = None
    or_above: bool = False
    consider: Text = {}
    add: Ids = ()
    offer: Ids = ()
    avoid: Ids = ()
    provisional: bool = False

    @model_validator(mode="after")
    def _one_effect(self) -> Rule:
        beside = bool(self.add or self.offer or self.avoid or self.provisional)
        if [self.stop is not None, self.at_least is not None, beside].count(True) != 1:
            raise ValueError("a rule is a stop, a floor, or something beside the step")
        if self.stop is None and (self.cards or self.ask_first or self.then_at_least is not None):
            raise ValueError("cards, ask_first and then_at_least belong to a stop")
        if self.stop is not None and not self.cards:
            raise ValueError("a stop names its action card")
        if self.or_above and self.at_least is None:
            raise ValueError("or_above belongs to a floor")
        if self.or_above != bool(self.consider):
            raise ValueError("or_above and consider go together: say what to weigh when choosing")
        return self

    @property
    def minimum_step(self) -> int | None:
        """The lowest step that it leaves: of a stop, once its safety steps are recorded."""
        return self.at_least if self.stop is None else self.then_at_least

    @property
    def effect(self) -> str:
        """The effect in the words of the file, as in `at_least 2` or `stop same_day`."""
        if self.stop is not None:
            return f"stop {self.stop}"
        if self.at_least is not None:
            return f"at_least {self.at_least}" + (" or_above" if self.or_above else "")
        words = [
            f"{kind} {name}" for kind in ("add", "offer", "avoid") for name in getattr(self, kind)
        ]
        return ", ".join([*words, *(["provisional"] if self.provisional else [])])


class Rules(Content):
    """`rules.toml`."""

    fact: tuple[DerivedFact, ...] = ()
    rule: Annotated[tuple[Rule, ...], Field(min_length=1)]


class CardNumber(Content):
    """A telephone number on an action card."""

    number: Annotated[str, StringConstraints(pattern=r"\d")]
    label: Text


class CardStep(Content):
    """A safety step that is recorded as done, or not done and why."""

    id: Identifier
    text: Text
    contact_within_days: int | None = Field(default=None, ge=0, le=60)


class Card(Content):
    """`cards/*.toml`: what to do at one red flag."""

    id: Identifier
    level: Literal["E", "D", "W", "R"]
    title: Text
    lead: Text
    numbers: Annotated[tuple[CardNumber, ...], Field(max_length=4)] = ()
    steps: Annotated[tuple[CardStep, ...], Field(min_length=1, max_length=6)]
    source: Source
    basis: Basis


class Measuring(Content):
    """When a treatment is measured besides its end."""

    every: int | None = Field(default=None, ge=1, le=20)
    after_months: tuple[Annotated[int, Field(ge=1, le=24)], ...] = ()

    @field_validator("after_months")
    @classmethod
    def _rises(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if list(value) != sorted(set(value)):
            raise ValueError("the months rise, each stands once")
        return value


class Intervention(Content):
    """One form of care, on one or more steps or beside them."""

    id: Identifier
    steps: tuple[int, ...]
    title: Text
    summary: Text
    dose: Text
    delivered_by: Text
    formats: tuple[Format, ...] = ()
    targets: tuple[Target, ...] = ()
    ages: Ages = Ages()
    needs: tuple[Need, ...] = ()
    code: str | None = None
    follow_up: Text
    measure: Measuring | None = None
    suits: tuple[Because, ...] = ()
    excluded_if: tuple[Because, ...] = ()
    requires: tuple[Because, ...] = ()
    source: Source
    basis: Basis


class Interventions(Content):
    """`interventions.toml`."""

    intervention: Annotated[tuple[Intervention, ...], Field(min_length=1)]


class Expectation(Content):
    """What an example wants to hold; what it does not name may be anything."""

    status: Literal["suggested", "stop", "insufficient"] | None = None
    step: int | None = None
    lowest: int | None = None
    highest: int | None = None
    urgency: Urgency | None = None
    stops: tuple[str, ...] | None = None
    rules: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    or_above: bool | None = None
    cards: tuple[str, ...] | None = None
    interventions: tuple[str, ...] | None = None


class Example(Content):
    """A named case with its expected outcome."""

    id: Identifier
    title: Text
    base: Identifier | None = None
    items: dict[str, tuple[int | bool | str, ...]] = {}
    answers: dict[str, object] = {}
    unanswered: tuple[FactId, ...] = ()
    recorded: tuple[str, ...] = ()
    expect: Expectation


class Examples(Content):
    """`examples.toml`."""

    base: dict[str, dict[str, object]] = {}
    example: tuple[Example, ...] = ()


class Municipality(Content):
    """A municipality of an area."""

    id: Identifier
    name: Text
    hub: Identifier | None = None
    employment_area: str = ""


class Service(Content):
    """Where an intervention can be had."""

    id: Identifier
    name: Text
    municipalities: Ids
    interventions: Ids
    production: Literal["own", "bought", "voucher", "partner", "third_sector"]
    place: Literal["fixed", "mobile", "remote"]
    at: Identifier | None = None
    near: bool = False
    ages: Ages = Ages()
    needs: tuple[Need, ...] = ()
    languages: tuple[str, ...]
    contact: str
    contact_checked: datetime.date
    waiting_days: int | None = Field(default=None, ge=0, le=3660)
    waiting_checked: datetime.date | None = None
    eligibility: Text = {}


class Area(Content):
    """`services/*.toml`: the services of one area."""

    id: Identifier
    county: Text
    example: bool = False
    municipalities: Annotated[tuple[Municipality, ...], Field(min_length=1)]
    service: tuple[Service, ...] = ()
