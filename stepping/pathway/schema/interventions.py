"""`interventions.toml`: the forms of care."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from stepping.pathway.schema.base import (
    Ages,
    Basis,
    Because,
    Content,
    Format,
    Identifier,
    Need,
    Source,
    Target,
    Text,
)


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
    child_ages: Ages | None = None
    """The ages of a child for whose family it is, told where no pathway assesses the child."""
    needs: tuple[Need, ...] = ()
    code: str | None = None
    programme: str | None = None
    """What it is a part of, as a programme of the county or the country."""
    guarantee: bool = False
    """Whether the county counts its start under the therapy guarantee."""
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
