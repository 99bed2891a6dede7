"""`examples.toml`: cases with their expected outcome."""

from __future__ import annotations

from typing import Literal

from stepping.pathway.schema.base import Content, FactId, Identifier, Text, Urgency


class Expectation(Content):
    """What an example wants to hold; what it does not name may be anything."""

    status: Literal["suggested", "stop", "insufficient"] | None = None
    step: int | None = None
    lowest: int | None = None
    highest: int | None = None
    urgency: Urgency | None = None
    stops: tuple[str, ...] | None = None
    rules: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    or_above: bool | None = None
    cards: tuple[str, ...] | None = None
    interventions: tuple[str, ...] | None = None


class Example(Content):
    """A named case with its expected outcome."""

    id: Identifier
    title: Text
    base: Identifier | None = None
    items: dict[str, tuple[int | bool | str, ...]] = {}
    answers: dict[str, object] = {}
    unanswered: tuple[FactId, ...] = ()
    recorded: tuple[str, ...] = ()
    expect: Expectation


class Examples(Content):
    """`examples.toml`."""

    base: dict[str, dict[str, object]] = {}
    example: tuple[Example, ...] = ()
