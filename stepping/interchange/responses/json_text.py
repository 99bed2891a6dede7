"""Reads JSON of unknown origin: every doubt is a fault with its place, and nothing is guessed."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, Final

from stepping.interchange.responses.faults import Unreadable, at

LARGEST: Final = 4_000_000
"""Bytes; a filled-in form is some ten thousand, and a Bundle has a few dozen."""
_DEEPEST: Final = 64
_LONGEST_NUMBER: Final = 20


class _Doubled(dict[str, Any]):
    """An object that has a key twice."""

    key = ""


class _NoNumber:
    """Stands for what is no number, or none that a form has."""


def parse(content: bytes) -> dict[str, Any]:
    """Return the object that a file holds.

    Raises:
        Unreadable: With the first fault, in the order of the file where it is one of its content.
    """
    if len(content) > LARGEST:
        raise Unreadable("too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8", f"byte {error.start + 1}") from None
    try:
        parsed = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=lambda _: _NoNumber(),
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        raise Unreadable("not_json", f"line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise Unreadable("too_deep") from None
    _check(parsed)
    if not isinstance(parsed, dict):
        raise Unreadable("shape")
    return parsed


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = _Doubled(found)
    doubled.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return doubled


def _int(digits: str) -> int | _NoNumber:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else _NoNumber()


def _float(digits: str) -> float | _NoNumber:
    number = float(digits)
    return number if math.isfinite(number) else _NoNumber()


def _check(parsed: object) -> None:
    """Go through all of it in order, without calling itself.

    Raises:
        Unreadable: At the first place that cannot be relied on.
    """
    waiting: list[tuple[object, str, int]] = [(parsed, "", 0)]
    while waiting:
        value, place, depth = waiting.pop()
        if depth > _DEEPEST:
            raise Unreadable("too_deep", place)
        if isinstance(value, _Doubled):
            raise Unreadable("key_twice", at(place, value.key))
        if isinstance(value, _NoNumber):
            raise Unreadable("no_number", place)
        if isinstance(value, dict):
            inner = [(each, at(place, key), depth + 1) for key, each in value.items()]
        elif isinstance(value, list):
            inner = [(each, at(place, n), depth + 1) for n, each in enumerate(value)]
        else:
            continue
        waiting += reversed(inner)
