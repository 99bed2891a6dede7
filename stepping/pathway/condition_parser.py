"""Reads the text of a condition: `or` binds weakest, then `and`, then `not`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stepping.pathway.condition import And, Compare, Condition, Not, Operator, Or


class ConditionError(ValueError):
    """A condition that cannot be read; the message says where and why."""


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
