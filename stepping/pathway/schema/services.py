"""`services/*.toml`: where an intervention can be had."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stepping.pathway.schema.base import Ages, Content, Identifier, Ids, Need, Text

Euros = Annotated[float, Field(ge=0, le=100_000)]
"""An amount of money."""


class Municipality(Content):
    """A municipality of an area."""

    id: Identifier
    name: Text
    hub: Identifier | None = None
    employment_area: str = ""
    number: Annotated[str, StringConstraints(pattern=r"^\d{3}$")] | None = None


Production = Literal["own", "bought", "voucher", "partner", "third_sector"]
"""Who runs a service: the county, another for its money or for a voucher, or somebody else."""


class Service(Content):
    """Where an intervention can be had."""

    id: Identifier
    name: Text
    municipalities: Ids
    interventions: Ids
    production: Production
    place: Literal["fixed", "mobile", "remote"]
    at: Identifier | None = None
    near: bool = False
    ages: Ages = Ages()
    needs: tuple[Need, ...] = ()
    without_occupational_care: bool = False
    languages: tuple[str, ...]
    contact: str
    contact_checked: datetime.date
    waiting_days: int | None = Field(default=None, ge=0, le=3660)
    waiting_checked: datetime.date | None = None
    places_a_week: int | None = Field(default=None, ge=0, le=10_000)
    price: Euros | None = None
    own_share: Euros | None = None
    fee: Euros | None = None
    eligibility: Text = {}


class Area(Content):
    """`services/*.toml`: the services of one area."""

    id: Identifier
    county: Text
    example: bool = False
    municipalities: Annotated[tuple[Municipality, ...], Field(min_length=1)]
    service: tuple[Service, ...] = ()

    @model_validator(mode="after")
    def _one_municipality_a_number(self) -> Area:
        """Refuse a number that two municipalities have: their sums would be told as one."""
        told: dict[str, str] = {}
        for each in self.municipalities:
            if each.number and told.setdefault(each.number, each.id) != each.id:
                raise ValueError(f"{each.id} and {told[each.number]} have one number")
        return self
