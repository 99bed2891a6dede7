"""What a staff code and a passphrase may be."""

from __future__ import annotations

import re
import unicodedata

from store.errors import RefusedHandle, RefusedPassphrase

SHORTEST, LONGEST = 12, 256
"""Characters that a passphrase may have."""

_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{1,15}")
# Tab and newline are controls too; format characters are invisible and differ between keyboards.
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})


def plain_handle(text: str) -> str:
    """Return a staff code as it is kept, in lower case.

    Raises:
        RefusedHandle: If it has another form.
    """
    handle = text.strip().lower()
    if not _HANDLE.fullmatch(handle):
        raise RefusedHandle
    return handle


def check_passphrase(passphrase: str, handle: str = "") -> None:
    """Refuse a passphrase that is too short, too long, not typable, or one that is guessed first.

    `handle` is the staff code that it shall open.

    Raises:
        RefusedPassphrase: If so.
    """
    if any(unicodedata.category(character) in _UNFIT for character in passphrase):
        raise RefusedPassphrase("character")
    length = len(unicodedata.normalize("NFKC", passphrase))
    if length < SHORTEST:
        raise RefusedPassphrase("short", limit=SHORTEST)
    if length > LONGEST:
        raise RefusedPassphrase("long", limit=LONGEST)
    from store.keys import common_passphrases

    if fault := common_passphrases.fault(passphrase, handle):
        raise RefusedPassphrase(fault)
