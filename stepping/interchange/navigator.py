"""What a navigator's result may tell: its fields, what each feeds, and what a filled one holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stepping.pathway.diagnostics import DiagnosticCollector, PathwayError
from stepping.pathway.file_reader import FileReader
from stepping.pathway.schema import Basis, Content, FactId, Identifier, Source, Text
from stepping.privacy import find_identity

FILE = "interchange/navigator.toml"
LONGEST_REFERENCE = 16
"""Characters of the code of the other system."""

_REFERENCE = re.compile(rf"[A-Z0-9-]{{2,{LONGEST_REFERENCE}}}")
# A day of birth and the end of an identity code, whatever stands between them.
_PERSONAL = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-A-Y]?\d{3}[0-9A-Y]")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]
Kind = Literal["day", "total", "item", "wishes", "reference"]
_POINTS = ("total", "item")


class NavigatorField(Content):
    """One thing that a navigator's result may tell."""

    id: Identifier
    kind: Kind
    fact: FactId | None = None
    high: int = Field(default=0, ge=0, le=99)
    within: Identifier | None = None
    label: Text
    names: Annotated[tuple[Name, ...], Field(min_length=1, max_length=30)]
    words: dict[str, tuple[Name, ...]] = Field(default={})
    source: Source
    basis: Basis

    @model_validator(mode="after")
    def _tells_something(self) -> NavigatorField:
        if (self.kind in _POINTS) != bool(self.high):
            raise ValueError("`high` belongs to a total and to an item, and to nothing else")
        if (self.kind in (*_POINTS, "wishes")) != (self.fact is not None):
            raise ValueError("`fact` belongs to a total, an item and wishes, and to nothing else")
        if self.within is not None and self.kind not in _POINTS:
            raise ValueError("`within` belongs to a total or an item")
        return self


class NavigatorForm(Content):
    """`interchange/navigator.toml`: what a navigator's result may tell, and what that feeds."""

    readable_days: int = Field(ge=1, le=366)
    source: Source
    basis: Basis
    other_versions: tuple[Name, ...] = ()
    field: Annotated[tuple[NavigatorField, ...], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _each_once(self) -> NavigatorForm:
        ids = [each.id for each in self.field]
        facts = [each.fact for each in self.field if each.fact]
        names = [name.casefold() for each in self.field for name in each.names]
        for what, listed in (("id", ids), ("fact", facts), ("name", names)):
            if len(set(listed)) < len(listed):
                raise ValueError(f"two fields have the same {what}")
        if [each.kind for each in self.field].count("day") != 1:
            raise ValueError("one field, and one only, is the day")
        totals = {each.id for each in self.field if each.kind == "total"}
        if any(each.within not in totals for each in self.field if each.within):
            raise ValueError("`within` names no total")
        return self

    def get(self, id_: str) -> NavigatorField:
        """Return the field with an id."""
        return next(each for each in self.field if each.id == id_)


def read_navigator(text: str) -> NavigatorForm:
    """Read the file of the navigator's fields.

    Raises:
        PathwayError: With every fault found, by line.
    """
    faults = DiagnosticCollector({FILE: text})
    form = FileReader({FILE: text}, faults).whole(FILE, NavigatorForm)
    if form is None:
        raise PathwayError(faults.found)
    return form


@dataclass(frozen=True)
class NavigatorResult:
    """A result as it was typed: what is not told is not there."""

    day: date | None = None
    points: Mapping[str, int] = field(default_factory=dict)
    """Totals and items by the id of their field."""
    wishes: tuple[str, ...] | None = None
    reference: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it tells nothing that could be used."""
        return not self.points and not self.wishes


FaultKind = Literal[
    "no_day", "future", "too_old", "range", "item_missing", "part_above", "rest", "nothing",
    "reference",
]  # fmt: skip


@dataclass(frozen=True)
class ResultFault:
    """Why a result cannot be: the field that it is told at, and another one that speaks against."""

    field: str
    kind: FaultKind
    other: str = ""
    high: int = 0


def find_faults(form: NavigatorForm, result: NavigatorResult, today: date) -> Iterator[ResultFault]:
    """Yield everything for which nothing of a result is taken, in the order of its fields."""
    yield from _of_day(form, result, today)
    for each in form.field:
        points = result.points.get(each.id)
        if points is not None and not 0 <= points <= each.high:
            yield ResultFault(each.id, "range", high=each.high)
        elif each.within is not None:
            yield from _of_part(form.get(each.within), each, result)
    if result.is_empty:
        yield ResultFault(form.field[0].id, "nothing")
    if result.reference and not is_reference(result.reference):
        code = next(each.id for each in form.field if each.kind == "reference")
        yield ResultFault(code, "reference", high=LONGEST_REFERENCE)


def _of_day(form: NavigatorForm, result: NavigatorResult, today: date) -> Iterator[ResultFault]:
    day = next(each.id for each in form.field if each.kind == "day")
    if result.day is None:
        yield ResultFault(day, "no_day")
    elif result.day > today:
        yield ResultFault(day, "future")
    elif (today - result.day).days > form.readable_days:
        yield ResultFault(day, "too_old", high=form.readable_days)


def _of_part(
    total: NavigatorField, part: NavigatorField, result: NavigatorResult
) -> Iterator[ResultFault]:
    """Yield what a total and a part of it say against each other; it hides an item on danger."""
    whole, points = result.points.get(total.id), result.points.get(part.id)
    if whole is None or whole > total.high:
        return
    if points is None:
        if part.kind == "item":
            yield ResultFault(part.id, "item_missing", total.id)
    elif points > whole:
        yield ResultFault(part.id, "part_above", total.id)
    elif whole - points > total.high - part.high:
        yield ResultFault(total.id, "rest", part.id, total.high - part.high)


def is_reference(text: str) -> bool:
    """Say whether a text may be kept as the code of another system.

    It has a digit, so that it is no name, and nothing in it looks like a person's own code.
    """
    plain = text.upper()
    fits = _REFERENCE.fullmatch(plain) and any(map(str.isdigit, plain))
    return bool(fits) and not find_identity(plain) and not _PERSONAL.search(plain)
