"""`rules.toml`: derived facts, and conditions with their effects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stepping.pathway.schema.base import (
    Basis,
    Content,
    FactId,
    Identifier,
    Ids,
    Source,
    Text,
    Urgency,
)
from stepping.pathway.schema.cards import Level

_TWO = 2


class DerivedFact(Content):
    """A fact made of others: a condition, how many hold of several, or a change of a number."""

    id: FactId
    label: Text
    when: str | None = None
    count: tuple[str, ...] = ()
    difference: tuple[FactId, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> DerivedFact:
        if [self.when is not None, bool(self.count), bool(self.difference)].count(True) != 1:
            raise ValueError("a fact has one of `when`, `count` and `difference`")
        if self.difference and len(self.difference) != _TWO:
            raise ValueError("a difference is that of two facts: the later one, then the earlier")
        return self


class CardUse(Content):
    """An action card that a stop opens, always or under a condition."""

    card: Identifier
    when: str | None = None
    level: Level | None = None


class Rule(Content):
    """One condition and its effect: a stop, a floor, or something beside the step."""

    id: Identifier
    when: str
    because: Text
    source: Source
    basis: Basis
    stop: Urgency | None = None
    cards: tuple[CardUse, ...] = ()
    ask_first: tuple[FactId, ...] = ()
    then_at_least: int | None = None
    at_least: int | None = None
    or_above: bool | str = False
    consider: Text = {}
    add: Ids = ()
    offer: Ids = ()
    avoid: Ids = ()
    provisional: bool = False
    only_steps: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _one_effect(self) -> Rule:
        beside = bool(self.add or self.offer or self.avoid or self.provisional)
        if [self.stop is not None, self.at_least is not None, beside].count(True) != 1:
            raise ValueError("a rule is a stop, a floor, or something beside the step")
        if self.stop is None and (self.cards or self.ask_first or self.then_at_least is not None):
            raise ValueError("cards, ask_first and then_at_least belong to a stop")
        if self.stop is not None and not self.cards:
            raise ValueError("a stop names its action card")
        if self.only_steps and not beside:
            raise ValueError("only_steps belongs to a rule beside the step: it moves no step")
        if self.or_above and self.at_least is None:
            raise ValueError("or_above belongs to a floor")
        if bool(self.or_above) != bool(self.consider):
            raise ValueError("or_above and consider go together: say what to weigh when choosing")
        return self

    @property
    def minimum_step(self) -> int | None:
        """The lowest step that it leaves: of a stop, once its safety steps are recorded."""
        return self.at_least if self.stop is None else self.then_at_least

    def effect(self, *, above: bool) -> str:
        """Return the effect in the words of the file, as in `at_least 2` or `stop same_day`.

        `above` says whether a floor leaves the step open upward here.
        """
        if self.stop is not None:
            return f"stop {self.stop}"
        if self.at_least is not None:
            return f"at_least {self.at_least}" + (" or_above" if above else "")
        words = [
            f"{kind} {name}" for kind in ("add", "offer", "avoid") for name in getattr(self, kind)
        ]
        words += ["provisional"] if self.provisional else []
        words += [f"only_steps {' '.join(map(str, self.only_steps))}"] if self.only_steps else []
        return ", ".join(words)


class Rules(Content):
    """`rules.toml`."""

    fact: tuple[DerivedFact, ...] = ()
    rule: Annotated[tuple[Rule, ...], Field(min_length=1)]
