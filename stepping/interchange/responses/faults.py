"""What may be wrong with a filled-in form, each fault with its place as a path in the JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "too_large", "not_utf8", "not_json", "too_deep", "key_twice", "no_number", "shape",
    "no_response", "version", "two_persons", "another_person", "withdrawn", "unfinished",
    "no_date", "future", "no_answers", "unknown_form",
    "unknown", "two_meanings", "doubled", "older", "answer", "range", "free_text", "unticked",
    "weight", "total", "hidden", "missing", "by_another", "not_read",
    "edition",
]  # fmt: skip

_REFUSED: Final = frozenset[Kind](
    {
        "too_large", "not_utf8", "not_json", "too_deep", "key_twice", "no_number", "shape",
        "no_response", "version", "two_persons", "another_person", "withdrawn", "future",
        "no_answers", "unknown_form",
    }
)  # fmt: skip
"""Nothing is taken where one of these is found."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, or that is left out; nothing of what the file says is repeated."""

    kind: Kind
    place: str = ""
    about: str = ""
    """The question or total of ours that it is about."""
    told: int | None = None
    """A number of the file, where it is a whole one of a few digits."""
    ours: int | None = None
    """The same number as it is with us."""


class Unreadable(ValueError):
    """A file of which nothing can be read."""

    def __init__(self, kind: Kind, place: str = "") -> None:
        super().__init__(kind)
        self.fault = Fault(kind, place)


def find_refusals(
    faults: Iterable[Fault], *, unfinished: bool = False, dated: bool = False
) -> tuple[Fault, ...]:
    """Return the faults for which nothing may be taken.

    A form that was not handed in may be taken by somebody who says so (`unfinished`), and one
    without a date by somebody who tells the day (`dated`).
    """
    refused = set(_REFUSED)
    refused |= set() if unfinished else {"unfinished"}
    refused |= set() if dated else {"no_date"}
    return tuple(fault for fault in faults if fault.kind in refused)


def at(place: str, key: str | int) -> str:
    """Return the place of what stands in another by a key or a number; no odd key is repeated."""
    if isinstance(key, int):
        return f"{place}[{key}]"
    plain = key if _PLAIN.fullmatch(key) else "?"
    return f"{place}.{plain}" if place else plain
