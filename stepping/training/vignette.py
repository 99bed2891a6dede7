"""The shape of a vignette: an invented person, what they answer, and the step that is expected.

`docs/trainers.md` explains each key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints, model_validator

from stepping.pathway.client_facts import AGE, SEX
from stepping.pathway.schema import (
    Content,
    Example,
    Expectation,
    FactId,
    Identifier,
    Source,
    Text,
    Verified,
)
from stepping.pathway.toml_lines import Place

Group = Literal["step", "or_above", "borderline", "youth", "follow_up", "danger"]
"""What a case is for: a clear step, one that is open upward, one near a limit, and so on."""
Use = Literal["test", "talk"]
"""Agreed cases serve for testing; disputed ones for talking, and count in no test of a trainee."""
GROUPS: tuple[Group, ...] = get_args(Group)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]


class Person(Content):
    """Who the case is about: an age in years today, so that the case never grows old."""

    age: int = Field(ge=13, le=105)
    sex: Literal["f", "m", "x"]


class Asked(Content):
    """What a trainee may ask in role-play, what is said then, and which questions that answers."""

    ask: Text
    says: Text
    about: Annotated[tuple[FactId, ...], Field(min_length=1)]


class TeachingPoint(Content):
    """Something to learn, and what it stands on: a rule, a card, or a source."""

    text: Text
    rule: Identifier | None = None
    card: Identifier | None = None
    source: Source | None = None

    @model_validator(mode="after")
    def _stands_on_something(self) -> TeachingPoint:
        if not (self.rule or self.card or self.source):
            raise ValueError("needs a rule, a card or a source")
        return self


class Expected(Content):
    """The steps that those who judged the case hold to be right, and the stops in it."""

    lowest: int = Field(ge=0, le=9)
    highest: int = Field(ge=0, le=9)
    stops: tuple[Identifier, ...] = ()
    why: Text = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> Expected:
        if self.lowest > self.highest:
            raise ValueError("`lowest` is above `highest`")
        return self

    @property
    def steps(self) -> str:
        """The steps to be read, as in `1` or `1–2`."""
        low, high = self.lowest, self.highest
        return str(low) if low == high else f"{low}–{high}"


class Judged(Content):
    """Who judged the case, when, and on what basis; signed once a clinician has agreed."""

    by: Line
    on: Verified
    basis: Line
    signed_by: Line | None = None


class Turn(Content):
    """How a case turns, for the drill: what happens, and which card is the right one then."""

    text: Text
    answers: Annotated[dict[str, object], Field(min_length=1)]
    card: Identifier
    also: tuple[Identifier, ...] = ()


class Vignette(Content):
    """`vignettes/NAME.toml`."""

    id: Identifier
    status: Literal["draft", "signed"]
    pathway: Identifier
    group: Group
    difficulty: int = Field(ge=1, le=3)
    use: Use
    title: Text
    person: Person
    story: Text
    asked: Annotated[tuple[Asked, ...], Field(min_length=1)]
    base: Identifier | None = None
    items: dict[str, tuple[int | bool | str, ...]] = {}
    answers: dict[str, object] = {}
    unanswered: tuple[FactId, ...] = ()
    expect: Expected
    teach: Annotated[tuple[TeachingPoint, ...], Field(min_length=1)]
    judged: Judged
    turn: Turn | None = None

    @model_validator(mode="after")
    def _signed_by_somebody(self) -> Vignette:
        if (self.status == "signed") != (self.judged.signed_by is not None):
            raise ValueError("`signed` and `judged.signed_by` belong together")
        return self

    @property
    def texts(self) -> Iterator[tuple[Place, Text]]:
        """Every text of the case, with its place in the file."""
        yield ("title",), self.title
        yield ("story",), self.story
        for index, asked in enumerate(self.asked):
            yield ("asked", index, "ask"), asked.ask
            yield ("asked", index, "says"), asked.says
        yield ("expect", "why"), self.expect.why
        yield from ((("teach", index, "text"), each.text) for index, each in enumerate(self.teach))
        if self.turn:
            yield ("turn", "text"), self.turn.text

    @property
    def example(self) -> Example:
        """The answers of the case as an example of its pathway; the card's facts are among them."""
        card = {AGE: self.person.age, SEX: self.person.sex}
        return Example(
            id=self.id,
            title=self.title,
            base=self.base,
            items=self.items,
            answers={**self.answers, **card},
            unanswered=self.unanswered,
            expect=Expectation(),
        )
