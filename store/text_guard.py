"""The guard before the disk: what may be kept as text, and what is refused."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from stepping.privacy import UnfitText, check_characters, find_identity
from store.errors import RefusedOsUser, RefusedText

LONGEST = 500
"""Characters that a free text may have."""

LONGEST_UNIT = 40
"""Characters that the name of a unit may have."""

_LONGEST_VALUE = 10_000
_CODE = re.compile(r"[\w.:@/-]{1,80}")
_LONGEST_OS_USER = 80
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def free(field: str, text: str, *, limit: int = LONGEST) -> str:
    """Return the text without blanks around it.

    `field` names the text for the one who sees the error.

    Raises:
        RefusedText: If it must not be kept as it is.
    """
    try:
        plain = check_characters(text).strip()
    except UnfitText as error:
        raise RefusedText(field, "character", position=error.position) from None
    if len(plain) > limit:
        raise RefusedText(field, "long", limit=limit)
    if finds := find_identity(text):
        raise RefusedText(field, finds[0].kind, position=finds[0].start + 1)
    return plain


def optional(field: str, text: str | None) -> str | None:
    """Return as `free`; nothing and an empty text are both nothing."""
    return (free(field, text) or None) if text else None


def needed(field: str, text: str | None, *, limit: int = LONGEST) -> str:
    """Return a text as `free`, refusing an empty one too.

    Raises:
        RefusedText: If it must not be kept, or is empty.
    """
    plain = free(field, text or "", limit=limit)
    if not plain:
        raise RefusedText(field, "missing")
    return plain


def unit(name: str) -> str:
    """Return the name of a unit without needless blanks; RefusedText where it is none."""
    return needed("unit", name, limit=LONGEST_UNIT)


def code(field: str, text: str) -> str:
    """Return an id of the pathway's or the program's.

    Raises:
        RefusedText: Unless it is letters, digits and `_ . : @ / -`, at most 80.
    """
    if not _CODE.fullmatch(text):
        raise RefusedText(field, "code")
    return text


def os_user(name: str) -> str:
    r"""Return a user of an operating system, such as `DOMAIN\maija`, as the system writes it.

    Blanks and signs within it are allowed, control and invisible characters are not; 1 to 80
    characters.

    Raises:
        RefusedOsUser: If it is none.
    """
    unseen = any(unicodedata.category(each) in _UNSEEN for each in name)
    if unseen or not 0 < len(name) <= _LONGEST_OS_USER or name != name.strip():
        raise RefusedOsUser
    return name


def value(field: str, answer: Any) -> str:
    """Return an answer as JSON text.

    Raises:
        RefusedText: If it is no value, or a text within it must not be kept.
    """
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError):
        raise RefusedText(field, "value") from None
    if answer is None or len(text) > _LONGEST_VALUE:
        raise RefusedText(field, "value")
    _guard(field, answer)
    return text


def _guard(field: str, answer: Any) -> None:
    if isinstance(answer, str):
        free(field, answer)
    elif isinstance(answer, dict):
        for key, part in answer.items():
            _guard(field, key)
            _guard(field, part)
    elif isinstance(answer, list | tuple):
        for part in answer:
            _guard(field, part)
