"""`cards/*.toml`: what to do at a red flag."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stepping.pathway.schema.base import (
    Basis,
    Content,
    Identifier,
    RiskKind,
    Source,
    Text,
    Verified,
)

Level = Literal["E", "D", "W", "R"]
"""How soon a card is acted on: as an emergency, the same day, within a week, as routine."""
LEVELS: tuple[Level, ...] = ("R", "W", "D", "E")
"""From the mildest to the most urgent."""


class CardNumber(Content):
    """A telephone number on an action card."""

    number: Annotated[str, StringConstraints(pattern=r"\d")]
    label: Text
    hours: Text = {}
    verified: Verified | None = None

    @property
    def is_verified(self) -> bool:
        """Whether it is told when the number answers, and when that was read in its source."""
        return bool(self.hours) and self.verified is not None


AgreedOn = Literal["who", "when", "where"]
"""What a safety step may ask to be agreed besides the next contact."""


class CardStep(Content):
    """A safety step that is recorded as done, or not done and why."""

    id: Identifier
    text: Text
    contact_within_days: int | None = Field(default=None, ge=0, le=60)
    agree: tuple[AgreedOn, ...] = ()


class Card(Content):
    """`cards/*.toml`: what to do at one red flag."""

    id: Identifier
    level: Level
    milder_levels: tuple[Level, ...] = ()
    title: Text
    lead: Text
    numbers: Annotated[tuple[CardNumber, ...], Field(max_length=4)] = ()
    steps: Annotated[tuple[CardStep, ...], Field(min_length=1, max_length=6)]
    risk: RiskKind | None = None
    source: Source
    basis: Basis

    @model_validator(mode="after")
    def _milder(self) -> Card:
        for level in self.milder_levels:
            if LEVELS.index(level) >= LEVELS.index(self.level):
                raise ValueError(f"milder_levels: {level} is not milder than level {self.level}")
        return self
