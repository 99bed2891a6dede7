"""`questions.toml`: what is asked, in order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, StringConstraints, Tag, model_validator

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
    note: NotePart | None = None
    context: bool = False
    risk: RiskKind | None = None

    @model_validator(mode="after")
    def _danger_is_told_as_risk(self) -> OwnQuestion:
        if self.safety and self.note not in (None, "risk"):
            raise ValueError("what is asked about danger stands under `risk` in the note")
        return self

    @model_validator(mode="after")
    def _danger_decides(self) -> OwnQuestion:
        if self.safety and self.context:
            raise ValueError("what is asked about danger opens a stop, so it is no context")
        return self


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
