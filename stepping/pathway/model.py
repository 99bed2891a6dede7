"""A pathway with its parts tied together: questions in order, facts, rules with read conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Literal

from stepping.pathway.condition import And, Condition
from stepping.pathway.schema import (
    Action,
    AskedOf,
    Basis,
    Card,
    Example,
    Header,
    Instrument,
    Intervention,
    Kind,
    Level,
    NotePart,
    Option,
    RiskKind,
    Rule,
    Safety,
    Text,
    Worse,
)
from stepping.pathway.toml_lines import Place

Answer = int | str | tuple[str, ...]
"""A whole number, a word (`yes`, `no`, `refused`, an option, a text), or chosen options."""
Answers = Mapping[str, Answer]
"""What has been answered, by question id."""

NO, YES, REFUSED = "no", "yes", "refused"
DECLINED = "declined"
"""The answer of who does not want to answer: known to be unknown, neither missing nor skipped."""


@dataclass(frozen=True)
class Question:
    """One thing to ask, whether the pathway's own or an item of an instrument."""

    id: str
    section: str
    kind: Kind
    text: Text
    label: Text
    source: str
    basis: Basis
    help: Text = field(default_factory=dict)
    stem: Text = field(default_factory=dict)
    """What is said before it, where others of its instrument may share that."""
    explain: Text = field(default_factory=dict)
    """What a word of it means, for whoever answers."""
    asked_of: AskedOf = "client"
    page: str | None = None
    required: bool = False
    safety: Safety = False
    holds: timedelta = timedelta(days=14)
    """How long an answer counts; after that the question is asked again."""
    worse: Worse = "none"
    ask_if: Condition | None = None
    refusable: bool = False
    declinable: bool = False
    """Whether the client may decline it, which then leaves it unknown for good."""
    options: tuple[Option, ...] = ()
    low: int = 0
    high: int = 0
    low_label: Text = field(default_factory=dict)
    high_label: Text = field(default_factory=dict)
    unit: Text = field(default_factory=dict)
    unit_one: Text = field(default_factory=dict)
    """What stands beside 1 where that is another form of the word."""
    instrument: Instrument | None = None
    note: NotePart | None = None
    """The part of the record note as the pathway says it; `stepping.pathway.note_parts` tells."""
    context: bool = False
    """Whether it is asked and noted, and decides nothing."""
    risk: RiskKind | None = None
    """What a yes, or a number above the lowest, tells of the client for good."""

    def unit_of(self, value: object) -> Text:
        """Return what stands beside a number of this question."""
        return self.unit_one if value == 1 and self.unit_one else self.unit

    @property
    def words(self) -> tuple[str, ...]:
        """The answers of a yes/no question or choice, best first where the order means anything."""
        if self.kind == "yesno":
            return (NO, REFUSED, YES) if self.refusable else (NO, YES)
        return tuple(option.id for option in self.options)

    @property
    def numeric(self) -> bool:
        """Whether conditions see the answer as a number."""
        if self.kind == "choice":
            return all(option.id.isdigit() for option in self.options)
        return self.kind in ("integer", "scale")

    @property
    def points(self) -> Sequence[int]:
        """The numbers that a numeric answer may be, rising; AUDIT's last items give 0, 2 or 4."""
        if self.kind == "choice":
            return tuple(sorted(int(option.id) for option in self.options))
        return range(self.low, self.high + 1)


@dataclass(frozen=True)
class QuestionPage:
    """What is asked on one screen: one question, or several yes/no questions together."""

    id: str
    section: str
    questions: tuple[Question, ...]
    heading: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """Anything that a rule may name, with its range and the direction that means more need."""

    id: str
    kind: Literal["number", "word", "set", "remark"]
    label: Text
    worse: Worse = "none"
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()
    default: str | None = None
    ask_if: Condition | None = None
    origin: Literal["given", "question", "total", "condition", "count", "difference"] = "question"
    items: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    context: bool = False
    """Whether it comes from questions that decide nothing; no condition that decides names it."""


@dataclass(frozen=True)
class ReadyRule:
    """A rule with its condition read and its cards found."""

    rule: Rule
    condition: Condition
    cards: tuple[tuple[Card, Condition | None], ...] = ()
    above: Condition | None = None
    """Where it leaves the step open upward, if it does so only there."""

    @cached_property
    def minimum_steps(self) -> tuple[MinimumStep, ...]:
        """What it asks for of the step: nothing, a step, or a step and where it is "or above"."""
        step = self.rule.minimum_step
        if step is None:
            return ()
        if self.above is None:
            return (MinimumStep(self, self.condition, step, bool(self.rule.or_above)),)
        both = And((self.condition, self.above))
        return (
            MinimumStep(self, self.condition, step, above=False),
            MinimumStep(self, both, step, above=True),
        )

    @property
    def deciding(self) -> tuple[Condition, ...]:
        """Its condition, and the one under which it leaves the step open upward."""
        return (self.condition,) if self.above is None else (self.condition, self.above)

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    def card_level(self, number: int) -> Level:
        """Return the level at which one of its cards is opened: that of its use, or its own."""
        return self.rule.cards[number].level or self.cards[number][0].level


@dataclass(frozen=True)
class MinimumStep:
    """A step that a rule asks for where a condition holds, or that step "or above"."""

    rule: ReadyRule
    condition: Condition
    step: int
    above: bool

    @property
    def rank(self) -> int:
        """Twice the step, one more for "or above", which lies between two steps."""
        return 2 * self.step + self.above


@dataclass(frozen=True)
class ReadyIntervention:
    """An intervention with its conditions read."""

    content: Intervention
    suits: tuple[Condition, ...]
    excluded_if: tuple[Condition, ...]
    requires: tuple[Condition, ...]

    @property
    def id(self) -> str:
        """The intervention's id."""
        return self.content.id


@dataclass(frozen=True, eq=False)
class Pathway:
    """Everything that decides: read, tied together, and known by the digest of its texts."""

    header: Header
    pages: tuple[QuestionPage, ...]
    facts: Mapping[str, Fact]
    instruments: Mapping[str, Instrument]
    rules: tuple[ReadyRule, ...]
    cards: Mapping[str, Card]
    interventions: tuple[ReadyIntervention, ...]
    examples: tuple[Example, ...]
    example_bases: Mapping[str, Mapping[str, object]]
    files: Mapping[str, str]
    places: Mapping[str, tuple[str, Place]]
    """The file of each fact and its place in that file."""
    digest: str

    @property
    def id(self) -> str:
        """The pathway's id."""
        return self.header.id

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by id, in the order of asking."""
        return {question.id: question for page in self.pages for question in page.questions}

    @cached_property
    def base_step(self) -> int:
        """The lowest step, where every suggestion starts."""
        return min(step.number for step in self.header.step)

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """Every parallel action by id."""
        return {action.id: action for action in self.header.action}

    @property
    def deciding_conditions(self) -> Iterator[Condition]:
        """Every condition of a rule, of a derived fact, or of the asking of a question."""
        for fact in self.facts.values():
            yield from fact.conditions
            if fact.ask_if is not None:
                yield fact.ask_if
        for rule in self.rules:
            yield from rule.deciding

    @property
    def other_conditions(self) -> Iterator[Condition]:
        """Every condition of a card or an intervention."""
        for rule in self.rules:
            yield from (when for _, when in rule.cards if when is not None)
        for intervention in self.interventions:
            yield from (*intervention.suits, *intervention.excluded_if, *intervention.requires)

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition that there is."""
        yield from self.deciding_conditions
        yield from self.other_conditions

    @cached_property
    def stops(self) -> tuple[ReadyRule, ...]:
        """The rules that stop the session, in the order of the file."""
        return tuple(rule for rule in self.rules if rule.rule.stop is not None)

    @cached_property
    def minimum_step_rules(self) -> tuple[ReadyRule, ...]:
        """The rules that set a lowest step."""
        return tuple(rule for rule in self.rules if rule.rule.at_least is not None)

    @cached_property
    def minimum_steps(self) -> tuple[MinimumStep, ...]:
        """Every step that a rule asks for, also after a stop, the lowest first."""
        found = (each for rule in self.rules for each in rule.minimum_steps)
        return tuple(sorted(found, key=lambda each: each.rank))

    def step_name(self, number: int) -> Text:
        """Return the name of a step in each language."""
        return next(step.name for step in self.header.step if step.number == number)

    def rule(self, rule_id: str) -> ReadyRule:
        """Return a rule by id."""
        return next(rule for rule in self.rules if rule.id == rule_id)

    def intervention(self, intervention_id: str) -> Intervention:
        """Return an intervention by id."""
        return next(i.content for i in self.interventions if i.id == intervention_id)
