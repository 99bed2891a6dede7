"""Codes that people read aloud, write down and type: client codes and recovery codes.

The 32 characters are read as the numbers of the finite field GF(32). A code is a polynomial over
that field whose value at a primitive element is nought; the last character makes it so. Every
single wrong character and every swap of two different characters changes the value, so it is found.
"""

from __future__ import annotations

import secrets

from store.errors import MistypedCode

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The characters of all codes; I, O, 0 and 1 are left out because they are taken for others."""

CLIENT_LENGTH = 8
"""Characters of a client code, the check character among them."""

LEAST_BEGINNING = 2
"""Characters by which a client may be looked for: one would find too many."""

GROUPS = 6
"""Groups of a recovery code."""

GROUP_LENGTH = 5
"""Characters of one group, its check character among them."""

_FIRST = "".join(sorted(set(ALPHABET.lower()) - {"l"}))
"""The characters of a first passphrase: typed without Shift, and none that is taken for a 1."""

_REDUCE = 0b100101  # x^5 + x^2 + 1, of which x is a primitive element


def _fold(text: str, start: int = 0) -> int:
    """Return a polynomial's value at x, by Horner's rule; 0 for a code without a mistake."""
    value = start
    for character in text:
        value <<= 1
        if value & 32:
            value ^= _REDUCE
        value ^= ALPHABET.index(character)
    return value


def with_check(data: str, start: int = 0) -> str:
    """Return the data and the character that brings the value to nought."""
    return data + ALPHABET[_fold(data + ALPHABET[0], start)]


def _random(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _plain(text: str, length: int, least: int | None = None) -> str:
    """Return a code in upper case without blanks and dashes.

    Raises MistypedCode for a wrong character or length; `least` is for the beginning of one.
    """
    code = "".join(c for c in text.upper() if not c.isspace() and c not in "-‐‑–—−_.")
    for position, character in enumerate(code, start=1):
        if character not in ALPHABET:
            raise MistypedCode("character", position=position, character=character)
    if not (length if least is None else least) <= len(code) <= length:
        raise MistypedCode("length", found=len(code), expected=length)
    return code


def new() -> str:
    """Return a random client code of 8 characters: 35 random bits and a check character."""
    return with_check(_random(CLIENT_LENGTH - 1))


def parse(text: str) -> str:
    """Return the client code that was typed, in its stored form.

    Raises:
        MistypedCode: If there is a mistake in it; it names what is wrong.
    """
    code = _plain(text, CLIENT_LENGTH)
    if _fold(code):
        raise MistypedCode("check")
    return code


def parse_beginning(text: str) -> str:
    """Return the beginning of a client code that was typed, as codes are stored.

    Raises:
        MistypedCode: If no code begins so, or it is shorter than two characters.
    """
    return _plain(text, CLIENT_LENGTH, least=LEAST_BEGINNING)


def show(code: str) -> str:
    """Return a client code as people read it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def new_recovery() -> str:
    """Return a random recovery code: 6 groups of 5, 120 random bits and a check each."""
    groups = (with_check(_random(GROUP_LENGTH - 1), number) for number in range(1, GROUPS + 1))
    return "-".join(groups)


def new_first_passphrase() -> str:
    """Return a random first passphrase to copy from paper: 4 groups of 4, 79 random bits."""
    return "-".join("".join(secrets.choice(_FIRST) for _ in range(4)) for _ in range(4))


def parse_recovery(text: str) -> str:
    """Return the recovery code that was typed, in its stored form.

    The number of a group is part of its check, so groups in a wrong order are found as well.

    Raises:
        MistypedCode: If there is a mistake in it; it names the wrong group.
    """
    code = _plain(text, GROUPS * GROUP_LENGTH)
    starts = range(0, len(code), GROUP_LENGTH)
    groups = [code[start : start + GROUP_LENGTH] for start in starts]
    for number, group in enumerate(groups, start=1):
        if _fold(group, number):
            raise MistypedCode("group", position=number)
    return "-".join(groups)
