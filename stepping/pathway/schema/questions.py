"""`questions.toml`: what is asked, in order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from stepping.pathway.schema.base import (
    AskedOf,
    Basis,
    Bound,
    Content,
    Duration,
    FactId,
    Identifier,
    Kind,
    NotePart,
    RiskKind,
    Safety,
    Source,
    Text,
    Worse,
)


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


class NamedQuestion(Content):
    """One question of several that are asked alike."""

    id: FactId
    text: Text
    label: Text
    help: Text = {}


class AskedAlike(Content):
    """How a question of the pathway's own is asked, and what its answer is."""

    section: Identifier
    type: Kind
    source: Source
    basis: Basis
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
    unit_one: Text = {}
    low: Text = {}
    high: Text = {}
    note: NotePart | None = None
    context: bool = False
    risk: RiskKind | None = None

    @model_validator(mode="after")
    def _danger_is_told_as_risk(self) -> AskedAlike:
        if self.safety and self.note not in (None, "risk"):
            raise ValueError("what is asked about danger stands under `risk` in the note")
        return self

    @model_validator(mode="after")
    def _danger_decides(self) -> AskedAlike:
        if self.safety and self.context:
            raise ValueError("what is asked about danger opens a stop, so it is no context")
        return self


class OwnQuestion(AskedAlike, NamedQuestion):
    """A question of the pathway's own."""


class QuestionList(AskedAlike):
    """Several questions that are asked alike, written once."""

    items: Annotated[tuple[NamedQuestion, ...], Field(min_length=1, max_length=100)]

    @property
    def questions(self) -> tuple[OwnQuestion, ...]:
        """Each of them, as if it were written alone."""
        alike = {key: getattr(self, key) for key in AskedAlike.model_fields}
        return tuple(OwnQuestion(**alike, **dict(item)) for item in self.items)


class InstrumentUse(Content):
    """Where an instrument's items are asked."""

    instrument: Identifier
    section: Identifier
    items: tuple[str, ...] = ()
    required: bool = False
    holds: Duration | None = None
    ask_if: str | None = None
    note: NotePart | None = None
    context: bool = False


class PageHeading(Content):
    """What stands above the yes/no questions of one screen."""

    id: Identifier
    section: Identifier
    text: Text


def _which_ask(value: object) -> str:
    if not isinstance(value, dict):
        return OWN_QUESTION
    if "instrument" in value:
        return INSTRUMENT_USE
    return QUESTION_LIST if "items" in value else OWN_QUESTION


OWN_QUESTION, QUESTION_LIST = "an own question", "a list of questions"
INSTRUMENT_USE = "use of an instrument"
ASKS = (OWN_QUESTION, QUESTION_LIST, INSTRUMENT_USE)
Ask = Annotated[
    Annotated[OwnQuestion, Tag(OWN_QUESTION)]
    | Annotated[QuestionList, Tag(QUESTION_LIST)]
    | Annotated[InstrumentUse, Tag(INSTRUMENT_USE)],
    Discriminator(_which_ask),
]


class Questions(Content):
    """`questions.toml`: what is asked, in order."""

    given: tuple[Given, ...] = ()
    page: tuple[PageHeading, ...] = ()
    ask: tuple[Ask, ...]

    @property
    def how_many(self) -> int:
        """How many questions of the pathway's own and uses of instruments there are."""
        return sum(len(a.items) if isinstance(a, QuestionList) else 1 for a in self.ask)
