"""Finds what must not stand in free text: identity codes, phone numbers, e-mail addresses, names.

Text is matched by form alone, so that a mistyped identity code is found as well: a false alarm
costs the nurse one rewording, a miss puts a person's identity beside their answers. A name is
found where words announce it; a bare name is a word like any other and is not found.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from stepping.characters import UNFIT

Kind = Literal["hetu", "phone", "email", "name"]


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
_BLANK = " \u00a0"
_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_CENTURY = rf"[{_DASH}+YXWVUABCDEF]"
_CHECK = "0-9A-FHJ-NPR-Y"
# Day, month, year, century sign, three digits, check character. The signs after the first three
# hold since 2023; source: the Digital and Population Data Services Agency's reform of the code.
# Written apart, a date and a dose look much the same, so there the code must end the word.
_HETU = re.compile(
    rf"(?<!\d){_DAY}(?:{_MONTH}\d\d\s?{_CENTURY}\s?\d{{3}}[{_CHECK}](?!\d)"
    rf"|[ .]?{_MONTH}[ .]?\d\d\s?{_CENTURY}\s?\d{{3}}[{_DASH} ]?(?=[{_CHECK}](?!\w))[A-Y])",
    re.IGNORECASE,
)
_AT = re.compile(r"@|[(\[]at[)\]]", re.I)  # cheap to look for, and no address is without
_EMAIL = re.compile(r"[\w.+%'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63})+", re.I)

# These are blanked out before phone numbers are looked for: they are digits and separators too.
_UUID = re.compile(
    r"(?<![\w-])(?=[\d-]*[a-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w-])", re.I
)
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}-\d{1,2}-\d{1,2}"
    r"|(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d\d)?)(?!\d)"
)
_HOUR = r"(?:[01]\d|2[0-3])"
_HOURS = re.compile(
    rf"(?<![\d.]){_HOUR}(?:[.:][0-5]\d\s?[{_DASH}]\s?{_HOUR}[.:][0-5]\d"
    rf"|[0-5]\d[{_DASH}]{_HOUR}[0-5]\d)(?![.:{_DASH} ]?\d{{3}}|\d)"
)
_GAP = rf"[{_DASH}{_BLANK}.()/]{{0,2}}"  # the dash first: elsewhere it would make a range
_PHONE = re.compile(
    rf"(?<![\d,])(?:(?:\+|00)[{_BLANK}]?[1-9](?:{_GAP}\d){{6,14}}"  # international
    rf"|358(?:{_GAP}\d){{6,10}}"  # Finnish, the plus left out
    rf"|\(?0[1-9](?:{_GAP}\d){{7,10}})(?!\d)"  # Finnish, 9 to 12 digits
    # Announced as a number, which then may lack its first nought; 116117 is nobody's own.
    rf"|\b(?i:puh|puhelin|puhelinnumero|gsm|tel|telefon|telefonnummer|mobil|phone|mobile)\b"
    rf"[{_BLANK}.:]{{0,3}}[1-9](?:{_GAP}\d){{6,9}}(?!\d)"
)

_NAME = r"[A-ZÅÄÖÉÜŠŽ][a-zåäöéüšž]+(?![a-zåäöéüšž])"
# Who it is that is called so: a medicine, a place and a ward have names as well.
_WHOSE_FI = (
    "asiakkaan|potilaan|hänen|äidin|isän|miehen|vaimon|puolison|lapsen|pojan|tyttären|tytön"
    "|veljen|siskon|sisaren|ystävän|naapurin|esimiehen|työkaverin"
)
_WHO_SV = (
    "han|hon|hen|klienten|patienten|mamman|pappan|mannen|frun|makan|maken|sambon|barnet|sonen"
    "|dottern|brodern|systern|vännen|chefen"
)
_WHOSE_EN = (
    "his|her|their|client's|patient's|mother's|father's|husband's|wife's|partner's|son's"
    "|daughter's|child's|brother's|sister's|friend's"
)
_NO_NAME = "Jumala|Jumalan|Jeesus|Gud|Jesus|God|Lord"
_NAMED = re.compile(
    # People who tell their own name do not always write it with a capital letter.
    r"\b(?i:nimeni[ ]on|jag[ ]heter|mitt[ ]namn[ ]är|my[ ]name[ ]is|my[ ]name's)[ ]"
    r"(?!(?i:vaihtu|muuttu|väärin|salai|tuttu|kirjoi|inte\b|fel\b|not\b|wrong|changed|known))"
    r"[^\W\d_]{2,}"
    rf"|\b(?:(?i:(?:{_WHOSE_FI})[ ]nimi[ ]on|(?:{_WHO_SV})[ ]heter|(?:{_WHOSE_EN})[ ]name[ ]is)"
    rf"|(?:[Nn]imi|[Nn]amn|[Nn]ame):)[ ]{_NAME}"
    # A title and a capital letter; small, the same words are anybody's.
    r"|\b(?:[Hh]erra|[Rr]ouva|[Nn]eiti|[Hh]ra|[Rr]va|[Nn]ti|[Tt]ohtori|[Tt]ri|[Hh]err|[Ff]ru"
    r"|[Ff]röken|[Dd]oktor|[Mm]ister|Mrs?|Ms|Mx|Miss|[Dd]r|[Dd]octor)\.?[ ]"
    rf"(?!(?:{_NO_NAME})\b){_NAME}"
)


def find_identity(text: str) -> list[Identity]:
    """Find what looks like an identity code, phone number, e-mail address or name, in order.

    Scores, dates, hours, doses and UUIDs are not taken for phone numbers. An identity code is
    reported also when its check character is wrong; a name only after a title or words such as
    "my name is", in Finnish, Swedish and English.
    """
    text = _blanked(_UUID, text)
    finds = [Identity("hetu", *match.span()) for match in _HETU.finditer(text)]
    if _AT.search(text):
        finds += [Identity("email", *match.span()) for match in _EMAIL.finditer(text)]
    if " " in text:
        finds += [Identity("name", *match.span()) for match in _NAMED.finditer(text)]
    rest = _blanked(_HOURS, _blanked(_DATE, text))
    finds += [
        Identity("phone", *match.span())
        for match in _PHONE.finditer(rest)
        if not any(find.start < match.end() and match.start() < find.end for find in finds)
    ]
    return sorted(finds, key=lambda find: find.start)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """Return the text with every match replaced by as many characters that nothing here matches."""
    return pattern.sub(lambda match: "_" * len(match[0]), text)


def check_characters(text: str) -> str:
    """Return the text unchanged if every character may be kept.

    Raises:
        UnfitText: At the first control character, lone surrogate, bidi control or invisible
            character: they hide text, or break a terminal that shows it.
    """
    if match := UNFIT.search(text):
        raise UnfitText(match.start() + 1, match[0])
    return text
