"""Finds what must not stand in free text: identity codes, phone numbers, e-mail addresses.

Text is matched by form alone, so that a mistyped identity code is found as well: a false alarm
costs the nurse one rewording, a miss puts a person's identity beside their answers.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Kind = Literal["hetu", "phone", "email"]


class Identity(NamedTuple):
    """One find: its kind, and the half-open range `start`–`end` of characters in the text."""

    kind: Kind
    start: int
    end: int


class UnfitText(ValueError):
    """A text holds a character that is never kept; `position` counts from 1."""

    def __init__(self, position: int, character: str) -> None:
        self.position = position
        super().__init__(f"character {position} (U+{ord(character):04X}) cannot be kept")


_DASH = "-\u2010-\u2015\u2212"
# Day, month, year, century sign, three digits, check character. The signs after the first three
# hold since 2023; source: the Digital and Population Data Services Agency's reform of the code.
_HETU = re.compile(
    rf"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"
    rf"\s?[{_DASH}+YXWVUABCDEF]\s?\d{{3}}[0-9A-FHJ-NPR-Y](?!\d)",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+%'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63})+", re.I)
# Dates are blanked out before phone numbers are looked for: they are digits and separators too.
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}"
    r"|(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d\d))(?!\d)"
)
_GAP = rf"[{_DASH} \u00a0.()/]{{0,2}}"  # the dash first: elsewhere it would make a range
_PHONE = re.compile(
    rf"(?<![\d,])(?:(?:\+|00)[ \u00a0]?[1-9](?:{_GAP}\d){{6,14}}"  # international
    rf"|358(?:{_GAP}\d){{6,10}}"  # Finnish, the plus left out
    rf"|\(?0[1-9](?:{_GAP}\d){{7,10}})(?!\d)"  # Finnish, 9 to 12 digits
)
# Controls, surrogates, bidi controls, and the invisible ones that could split an identity code.
_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def find_identity(text: str) -> list[Identity]:
    """Find what looks like an identity code, phone number or e-mail address, in order of place.

    Scores, dates, times and doses are not taken for phone numbers. An identity code is reported
    also when its check character is wrong.
    """
    finds = [Identity("hetu", *match.span()) for match in _HETU.finditer(text)]
    finds += [Identity("email", *match.span()) for match in _EMAIL.finditer(text)]
    rest = _DATE.sub(lambda match: "_" * len(match[0]), text)
    finds += [
        Identity("phone", *match.span())
        for match in _PHONE.finditer(rest)
        if not any(find.start < match.end() and match.start() < find.end for find in finds)
    ]
    return sorted(finds, key=lambda find: find.start)


def clean(text: str) -> str:
    """Return the text unchanged if every character may be kept.

    Raises UnfitText (a ValueError) that names the first control character, lone surrogate, bidi
    control or invisible character: they hide text, or break a terminal that shows it.
    """
    if match := _UNFIT.search(text):
        raise UnfitText(match.start() + 1, match[0])
    return text
