"""Faults of OpenSSL that are known, and whether they lie in what Porras uses of it.

Two come with the program: one inside the SQLCipher of the driver (AES-256-CBC, HMAC-SHA512, random
numbers), one inside `cryptography` (X25519, ChaCha20-Poly1305, HMAC-SHA256, AES key wrap, Ed25519).
Porras parses no certificate, CMS, PKCS or TLS message by either.

The list is small and stands as of `AS_OF`: what touches these parts, and the gravest of the rest.
Ranges are those of the CVE records of OpenSSL (github.com/CVEProject/cvelistV5), read on that day.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

AS_OF = "2026-11-29"
"""The day on which the list was made."""

Part = Literal["engine", "cipher", "sealing"]
"""The engine itself, what encrypts the database in it, or what seals its key."""

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)([a-z]*)")
_NAMED = re.compile(rf"OpenSSL ({_VERSION.pattern})(?!.*compatible)")
"""LibreSSL names itself; BoringSSL and others say that they are compatible with a version."""

_Version = tuple[int, int, int, str]


class Flaw(NamedTuple):
    """A known fault: affected from each first version until the one that mends it."""

    cve: str
    ranges: tuple[tuple[str, str], ...]
    touches: tuple[Part, ...] = ()
    """In which parts it lies in what is used, or might."""


FLAWS = (
    # Random numbers that a program and its child share.
    Flaw("CVE-2019-1549", (("1.1.1", "1.1.1d"),), ("cipher", "sealing")),
    # Lengths of key and IV set by parameters. Not verified that SQLCipher never does so.
    Flaw("CVE-2023-5363", (("3.0.0", "3.0.12"), ("3.1.0", "3.1.4")), ("cipher",)),
    # A tag that is not checked where nothing was encrypted; what Porras opens has a fixed length.
    Flaw(
        "CVE-2026-75803",
        (
            ("3.0.0", "3.0.22"),
            ("3.4.0", "3.4.7"),
            ("3.5.0", "3.5.8"),
            ("3.6.0", "3.6.4"),
            ("4.0.0", "4.0.2"),
        ),
    ),
    # AES-CFB128.
    Flaw("CVE-2026-28386", (("3.6.0", "3.6.2"),)),
    # CMS messages.
    Flaw(
        "CVE-2025-15467",
        (
            ("3.0.0", "3.0.19"),
            ("3.3.0", "3.3.6"),
            ("3.4.0", "3.4.4"),
            ("3.5.0", "3.5.5"),
            ("3.6.0", "3.6.1"),
        ),
    ),
    Flaw(
        "CVE-2026-34182",
        (
            ("3.0.0", "3.0.21"),
            ("3.4.0", "3.4.6"),
            ("3.5.0", "3.5.7"),
            ("3.6.0", "3.6.3"),
            ("4.0.0", "4.0.1"),
        ),
    ),
    Flaw("CVE-2026-121482", (("3.5.0", "3.5.10"), ("4.0.0", "4.0.4"), ("4.1.0", "4.1.1"))),
)


def version_in(text: str) -> str | None:
    """Return the version that a text of OpenSSL names, such as 1.1.1c; None if it names none."""
    found = _NAMED.match(text)
    return found[1] if found else None


def known(version: str, flaws: tuple[Flaw, ...] = FLAWS) -> tuple[Flaw, ...]:
    """Return the listed faults of a version, of OpenSSL unless others are given."""
    at = _parsed(version)
    return tuple(
        flaw
        for flaw in flaws
        if any(_parsed(first) <= at < _parsed(mended) for first, mended in flaw.ranges)
    )


def _parsed(version: str) -> _Version:
    found = _VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"no version: {version}")
    return int(found[1]), int(found[2]), int(found[3]), found[4]
