"""The condition language: comparisons of facts with constants, in three-valued logic.

A condition is true, false, or not yet known (`None`) while answers are missing. There are no
functions, no arithmetic and no code, so every condition ends and every fact falls into finitely
many cells.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
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


class ConditionError(ValueError):
    """A condition that cannot be read; the message says where and why."""


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


_INSTEAD = {"=": "write is, >= or <=", "!": "write is not", "&": "write and", "|": "write or"}
"""What is meant by signs of other languages."""


def _hint(sign: str) -> str:
    return f"; {_INSTEAD[sign]}" if sign in _INSTEAD else ""


_TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<order>>=|<=|>|<)|(?P<number>-?[0-9]{1,9}(?![\w.]))"
    r"|(?P<word>[A-Za-z_][\w]*(?:\.\w+)*))"
)
_RESERVED = {"and", "or", "not", "is", "has"}
_MOST_NESTED = 100
"""Parentheses and nots in one condition; nobody could read more."""
LONGEST = 10_000
"""Characters of one condition; two hundred comparisons fit."""


def count_levels(condition: Condition) -> int:
    """Return how deep a condition is nested; 0 for a comparison."""
    match condition:
        case Compare():
            return 0
        case Not(part):
            return 1 + count_levels(part)
        case And(parts) | Or(parts):
            return 1 + max(map(count_levels, parts))


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises:
        ConditionError: If it is not a condition; the message names the column.
    """
    return _Parser(text).read()


class _Parser:
    """A recursive-descent reader: `or` binds weakest, then `and`, then `not`."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ConditionError(f"it is longer than {LONGEST} characters; split it into facts")
        self._text = text
        self._tokens = list(self._split())
        if sum(kind in ("open", "not") for kind, _, _ in self._tokens) > _MOST_NESTED:
            raise ConditionError("it is nested too deep; split it into facts of their own")
        self._at = 0

    def _split(self) -> Iterator[tuple[str, str, int]]:
        position = 0
        end = len(self._text.rstrip())
        while position < end:
            match = _TOKEN.match(self._text, position)
            if match is None or match.lastgroup is None:
                odd = self._text[position:].lstrip()[0]
                column = len(self._text) - len(self._text[position:].lstrip()) + 1
                raise ConditionError(
                    f"column {column}: {odd!r} means nothing in a condition{_hint(odd)}"
                )
            kind, word = match.lastgroup, match[match.lastgroup]
            if kind == "word" and word in _RESERVED:
                kind = word
            yield kind, word, match.start(match.lastgroup) + 1
            position = match.end()

    def read(self) -> Condition:
        condition = self._either()
        if self._at < len(self._tokens):
            raise self._error("'and' or 'or'")
        return condition

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "end"

    def _take(self, *kinds: str) -> str | None:
        if self._kind() not in kinds:
            return None
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _error(self, wanted: str) -> ConditionError:
        if self._at < len(self._tokens):
            _, word, column = self._tokens[self._at]
            return ConditionError(f"column {column}: {word!r} stands where {wanted} should be")
        return ConditionError(f"it ends where {wanted} should follow")

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._take("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _single(self) -> Condition:
        if self._take("not"):
            return Not(self._single())
        if self._take("open"):
            inner = self._either()
            if not self._take("close"):
                raise self._error("')'")
            return inner
        fact = self._take("word")
        if fact is None:
            raise self._error("a fact")
        return self._comparison(fact)

    def _comparison(self, fact: str) -> Condition:
        if order := self._take("order"):
            number = self._take("number")
            if number is None:
                raise self._error("a whole number")
            return Compare(fact, order, int(number))  # type: ignore[arg-type]
        if self._take("has"):
            return Compare(fact, "has", self._constant())
        if self._take("is"):
            operator: Operator = "is not" if self._take("not") else "is"
            constant = self._constant()
            if constant == "given":
                given = Compare(fact, "is given", "given")
                return given if operator == "is" else Not(given)
            return Compare(fact, operator, constant)
        return Compare(fact, "is", "yes")

    def _constant(self) -> int | str:
        if (number := self._take("number")) is not None:
            return int(number)
        word = self._take("word")
        if word is None:
            raise self._error("a value")
        return word
