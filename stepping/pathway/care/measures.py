"""The shape of `care/measures.toml`: questionnaires of which only the total is typed in.

Their wording is not ours to ship; whoever holds it fills the form in on paper or elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from stepping.pathway.schema import Ages, Basis, Content, FactId, Identifier, Source, Text

_TENTHS = 10
_MOST = 1_000


class MeasureLine(Content):
    """The points from which a total is over its line, for all or for some clients."""

    at: float = Field(ge=0, le=_MOST)
    sex: Literal["f", "m"] | None = None
    ages: Ages | None = None
    source: Source
    basis: Basis


class MeasureChange(Content):
    """By how many points a total must change to be more than chance, or to matter."""

    points: float = Field(gt=0, le=_MOST)
    source: Source
    basis: Basis


class DangerItem(Content):
    """The item that asks about suicide, typed in beside the total, which hides it."""

    label: Text
    fact: FactId | None = None
    high: int = Field(ge=1, le=10)
    source: Source
    basis: Basis


class MeasureDefinition(Content):
    """A questionnaire that is filled in elsewhere."""

    id: Identifier
    name: Text
    about: Text
    fact: FactId
    high: int = Field(ge=1, le=_MOST)
    step: int = Field(default=1, ge=1, le=100)
    tenths: bool = False
    worse: Literal["up", "down"] = "up"
    ages: Ages = Ages.model_validate({"from": 0, "to": 130})
    line: tuple[MeasureLine, ...] = ()
    change: MeasureChange | None = None
    danger: DangerItem | None = None
    source: Source
    basis: Basis

    @model_validator(mode="after")
    def _whole_steps(self) -> MeasureDefinition:
        if self.tenths and self.step != 1:
            raise ValueError("has `tenths` and `step`; it has one of them")
        if self.high % self.step:
            raise ValueError("`high` is no multiple of `step`")
        return self

    def takes(self, points: float) -> bool:
        """Return whether a total can be so many points."""
        if not 0 <= points <= self.high:
            return False
        if self.tenths:
            return abs(points * _TENTHS - round(points * _TENTHS)) < 1 / _MOST
        return points % self.step == 0

    def is_over(self, points: float, line: float) -> bool:
        """Return whether points are on the worse side of a line, or on it."""
        return points >= line if self.worse == "up" else points <= line


class Measures(Content):
    """`care/measures.toml`."""

    measure: Annotated[tuple[MeasureDefinition, ...], Field(min_length=1, max_length=30)]


def faults_of(definition: MeasureDefinition) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield what does not fit inside one measure, with the place of it."""
    for index, line in enumerate(definition.line):
        if not 0 < line.at < definition.high:
            yield f"a line at {line.at:g} is not within 0–{definition.high}", ("line", index, "at")
    if definition.change and definition.change.points > definition.high:
        yield "a change is of more points than there are", ("change", "points")
    if definition.danger and definition.danger.high > definition.high:
        yield "the item has more points than the total", ("danger", "high")


def find_line(
    definition: MeasureDefinition, birth_year: int | None, day: datetime.date, sex: str | None
) -> MeasureLine | None:
    """Return the line for a client on a day, the stricter one where several may be the client's.

    A year of birth that is not told may be any year, a sex that is not told either one.
    """
    fit = [
        line
        for line in definition.line
        if (line.sex is None or sex not in ("f", "m") or line.sex == sex)
        and (line.ages is None or line.ages.may_hold(birth_year, day))
    ]
    strictest = min if definition.worse == "up" else max
    return strictest(fit, key=lambda line: line.at, default=None)
