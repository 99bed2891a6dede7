"""`pathway.toml`: whose pathway it is, for whom, its steps and sections."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from stepping.pathway.schema.base import Ages, Content, Duration, Identifier, Ids, Text


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
    reference_cards: Ids = ()
    step_first: bool = False
    step: Annotated[tuple[Step, ...], Field(min_length=1)]
    section: Annotated[tuple[Section, ...], Field(min_length=1)]
    action: tuple[Action, ...] = ()
    override_reason: tuple[OverrideReason, ...] = ()

    def list_override_reasons(self, suggested: int, other: int) -> tuple[OverrideReason, ...]:
        """Return the reasons for which another step may be confirmed than the suggested one."""
        way = "up" if other > suggested else "down"
        return tuple(each for each in self.override_reason if each.direction in ("any", way))

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
