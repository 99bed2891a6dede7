"""What a row is made from besides the events: whose it is, and what the pathway said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel, ConfigDict

from stepping.pathway.care.measures import MeasureDefinition
from stepping.pathway.care.schema import Deadlines
from stepping.pathway.model import Pathway
from stepping.pathway.schema import Change
from stepping.summary.rows import AssessmentRow, Month

AGE_BANDS = (0, 13, 18, 23, 30, 40, 50, 60, 70, 80)
"""The lowest age of each band; the last one has no end."""

LANGUAGES = ("fi", "sv")
"""The languages that a row tells; any other is "other": few speak it, and a row must not point."""


@dataclass(frozen=True)
class Person:
    """What of a client's card a row may tell."""

    birth_year: int | None = None
    sex: str | None = None
    language: str | None = None
    municipality: str | None = None
    unit: str | None = None

    def background(self, day: date) -> dict[str, int | str | None]:
        """Return the fields of a row that tell whose it is, as of a day."""
        spoken = self.language if self.language in LANGUAGES else self.language and "other"
        return {
            "age": age_band(self.birth_year, day),
            "sex": self.sex,
            "language": spoken,
            "municipality": self.municipality,
            "unit": self.unit,
        }


class Terms(BaseModel):
    """What rows need to know of a pathway's text, so that it need not be read for them."""

    model_config = ConfigDict(frozen=True)

    changes: Mapping[str, Change] = {}
    """What counts as a change of each total, by fact id."""
    codes: Mapping[str, str] = {}
    """The procedure code of each form of care that has one."""
    programmes: Mapping[str, str] = {}
    floors: Mapping[str, int] = {}
    """The step that each rule asks for."""


@dataclass(frozen=True)
class Context:
    """What an episode's rows are made from besides its events."""

    person: Person
    deadlines: Deadlines
    measures: Mapping[str, MeasureDefinition]
    ordinal: int | None = None
    assessments: Mapping[str, AssessmentRow] = field(default_factory=dict)
    """The rows of its assessments, by their ids."""
    terms: Mapping[str, Terms] = field(default_factory=dict)
    """What the pathway of each of them says, likewise."""
    worker: str | None = None
    """Who is responsible where the events do not tell."""
    remote: frozenset[str] = frozenset()
    """The channels by which client and worker are not in one place."""
    given_by: Mapping[str, str] = field(default_factory=dict)
    """The form of care that gives each track."""


def read_terms(pathway: Pathway) -> Terms:
    """Return what rows need to know of a pathway."""
    forms = [ready.content for ready in pathway.interventions]
    told = ((form.id, getattr(form, "programme", None)) for form in forms)
    floors = ((ready.rule.id, ready.rule.minimum_step) for ready in pathway.rules)
    return Terms(
        changes={
            f"{each.id}.{each.change.total}": each.change
            for each in pathway.instruments.values()
            if each.change is not None
        },
        codes={form.id: form.code for form in forms if form.code},
        programmes={id_: programme for id_, programme in told if programme},
        floors={id_: floor for id_, floor in floors if floor is not None},
    )


def age_band(birth_year: int | None, day: date) -> int | None:
    """Return the lowest age of the band that somebody born in a year is in; None if unknown."""
    if birth_year is None:
        return None
    return max(low for low in AGE_BANDS if low <= max(day.year - birth_year, 0))


def month_of(day: date) -> Month:
    """Return the month of a day, as in 2026-11."""
    return f"{day:%Y-%m}"
