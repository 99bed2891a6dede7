"""The condition language: comparisons of facts with constants, in three-valued logic.

A condition is true, false, or not yet known (`None`) while answers are missing. There are no
functions, no arithmetic and no code, so every condition ends and every fact falls into finitely
many cells.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

Truth = bool | None
"""True, false, or `None` while it depends on something unanswered."""

Operator = Literal[">=", ">", "<=", "<", "is", "is not", "has", "is given"]


@dataclass(frozen=True, slots=True)
class NumberState:
    """What a numeric fact may be: `low`–`high`, both included."""

    low: int
    high: int
    maybe_hidden: bool = False


@dataclass(frozen=True, slots=True)
class WordState:
    """What a fact with named values may be."""

    values: frozenset[str]
    maybe_hidden: bool = False


@dataclass(frozen=True, slots=True)
class SetState:
    """The options picked in a multiple choice; `None` while unanswered."""

    values: frozenset[str] | None
    maybe_hidden: bool = False


@dataclass(frozen=True, slots=True)
class RemarkState:
    """Whether a text or date has been given; `None` while unanswered."""

    given: Truth
    maybe_hidden: bool = False


@dataclass(frozen=True, slots=True)
class HiddenState:
    """A fact whose question is not asked: every comparison with it is false."""


FactState = NumberState | WordState | SetState | RemarkState | HiddenState
"""What is known of one fact."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact against one constant."""

    fact: str
    operator: Operator
    constant: int | str

    def evaluate(self, algebra: Algebra[Value]) -> Value:
        """Return what it means in an algebra."""
        return algebra.compare(self)

    def holds_in(self, state: FactState) -> Truth:
        """Return the truth in a state of the fact; false where its question is not asked.

        Raises:
            TypeError: If a number is compared with a word, or by an operator for words.
        """
        if isinstance(state, NumberState):
            truth = _compare_number(state, self.operator, self.constant)
        elif isinstance(state, HiddenState):
            return False
        elif isinstance(state, WordState):
            truth = _compare_word(state, self.operator, self.constant)
        elif isinstance(state, SetState):
            truth = None if state.values is None else self.constant in state.values
        else:
            truth = state.given
        return None if truth and state.maybe_hidden else truth

    def parts(self) -> Iterator[Compare]:
        """Yield every comparison inside."""
        yield self

    @property
    def cuts(self) -> tuple[int, ...]:
        """The numbers at which what it says of a number changes; none for a word."""
        if not isinstance(self.constant, int):
            return ()
        match self.operator:
            case ">=" | "<":
                return (self.constant,)
            case ">" | "<=":
                return (self.constant + 1,)
            case _:
                return (self.constant, self.constant + 1)

    def __str__(self) -> str:
        if self.operator == "is given":
            return f"{self.fact} is given"
        if (self.operator, self.constant) == ("is", "yes"):
            return self.fact
        return f"{self.fact} {self.operator} {self.constant}"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: Condition

    def evaluate(self, algebra: Algebra[Value]) -> Value:
        """Return what it means in an algebra."""
        return algebra.neg(self.part.evaluate(algebra))

    def parts(self) -> Iterator[Compare]:
        """Yield every comparison inside."""
        yield from self.part.parts()

    def __str__(self) -> str:
        return f"not {_grouped(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    """All of several conditions."""

    all: tuple[Condition, ...]

    def evaluate(self, algebra: Algebra[Value]) -> Value:
        """Return what it means in an algebra; parts that this does not ask for are left."""
        return algebra.conj(part.evaluate(algebra) for part in self.all)

    def parts(self) -> Iterator[Compare]:
        """Yield every comparison inside."""
        for part in self.all:
            yield from part.parts()

    def __str__(self) -> str:
        return " and ".join(_grouped(part) for part in self.all)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of several conditions."""

    any: tuple[Condition, ...]

    def evaluate(self, algebra: Algebra[Value]) -> Value:
        """Return what it means in an algebra; parts that this does not ask for are left."""
        return algebra.disj(part.evaluate(algebra) for part in self.any)

    def parts(self) -> Iterator[Compare]:
        """Yield every comparison inside."""
        for part in self.any:
            yield from part.parts()

    def __str__(self) -> str:
        return " or ".join(_grouped(part) for part in self.any)


Condition = Compare | Not | And | Or


Value = TypeVar("Value")


class Algebra(Protocol[Value]):
    """What a comparison means somewhere, and how such meanings are combined."""

    def compare(self, comparison: Compare) -> Value:
        """Return the meaning of one comparison."""
        ...

    def neg(self, part: Value) -> Value:
        """Return the opposite."""
        ...

    def conj(self, parts: Iterable[Value]) -> Value:
        """Return the meaning of all parts together."""
        ...

    def disj(self, parts: Iterable[Value]) -> Value:
        """Return the meaning of any of the parts."""
        ...


class ThreeValued(ABC):
    """The algebra of one case: true, false, or not yet known, as Kleene's strong logic has it."""

    @abstractmethod
    def get_state(self, fact: str) -> FactState:
        """Return what is known of a fact."""

    def evaluate(self, condition: Condition) -> Truth:
        """Evaluate a condition; `None` means that it depends on something unanswered."""
        return condition.evaluate(self)

    def compare(self, comparison: Compare) -> Truth:
        """Compare what is known of the fact."""
        return comparison.holds_in(self.get_state(comparison.fact))

    def neg(self, part: Truth) -> Truth:
        """Return the opposite; what is not yet known stays so."""
        return None if part is None else not part

    def conj(self, parts: Iterable[Truth]) -> Truth:
        """Return false as soon as one part is."""
        result: Truth = True
        for truth in parts:
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def disj(self, parts: Iterable[Truth]) -> Truth:
        """Return true as soon as one part is."""
        result: Truth = False
        for truth in parts:
            if truth:
                return True
            if truth is None:
                result = None
        return result


def _grouped(part: Condition) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


def _compare_word(state: WordState, operator: Operator, constant: int | str) -> Truth:
    if constant not in state.values:
        return operator != "is"
    return None if len(state.values) > 1 else operator == "is"


def _compare_number(state: NumberState, operator: Operator, constant: int | str) -> Truth:
    if not isinstance(constant, int):
        raise TypeError(f"a number cannot be compared with {constant!r}")
    low, high = state.low, state.high
    match operator:
        case ">=":
            return True if low >= constant else False if high < constant else None
        case "<":
            return True if high < constant else False if low >= constant else None
        case ">":
            return True if low > constant else False if high <= constant else None
        case "<=":
            return True if high <= constant else False if low > constant else None
        case "is":
            return True if low == high == constant else None if low <= constant <= high else False
        case "is not":
            return False if low == high == constant else None if low <= constant <= high else True
        case _:
            raise TypeError(f"a number cannot be compared with {operator!r}")


def count_levels(condition: Condition) -> int:
    """Return how deep a condition is nested; 0 for a comparison."""
    match condition:
        case Compare():
            return 0
        case Not(part):
            return 1 + count_levels(part)
        case And(parts) | Or(parts):
            return 1 + max(map(count_levels, parts))


def list_held_alternatives(
    condition: Condition, evaluate: Callable[[Condition], Truth]
) -> tuple[Condition, ...]:
    """Return the alternatives by which a condition with an `or` holds; none where it has no choice.

    What is not known counts as not held. An alternative that has alternatives itself is told by
    those of them that hold, and one that only joins others that are told is left out.
    """
    match condition:
        case And(parts) | Not(Or(parts)):
            choices = (list_held_alternatives(_as_in(condition, part), evaluate) for part in parts)
            held = [each for found in choices for each in found]
        case Or(parts) | Not(And(parts)):
            ways = (_as_in(condition, part) for part in parts)
            held = [_narrowed(way, evaluate) for way in ways if evaluate(way)]
        case Not(Not(part)):
            return list_held_alternatives(part, evaluate)
        case _:
            return ()
    return tuple(each for each in dict.fromkeys(held) if not _joins(each, held))


def _joins(condition: Condition, others: list[Condition]) -> bool:
    return isinstance(condition, And) and all(part in others for part in condition.all)


def _as_in(condition: Condition, part: Condition) -> Condition:
    """Return a part of a condition, or its opposite where the condition is one."""
    return Not(part) if isinstance(condition, Not) else part


def _narrowed(condition: Condition, evaluate: Callable[[Condition], Truth]) -> Condition:
    """Return a condition that holds, without the alternatives inside it that do not."""
    match condition:
        case And(parts):
            return And(tuple(_narrowed(part, evaluate) for part in parts))
        case Or():
            held = list_held_alternatives(condition, evaluate)
            return held[0] if len(held) == 1 else Or(held)
        case _:
            return condition
