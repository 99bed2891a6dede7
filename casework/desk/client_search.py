"""Clients that are looked for by a code, the beginning of one, or a year of birth."""

from __future__ import annotations

from store import codes
from store.errors import MistypedCode
from store.records import FoundClients
from store.repository.store import Store

_YEARS = range(1900, 2100)
"""The years of birth that a card takes."""


def search_clients(store: Store, text: str) -> FoundClients | None:
    """Return whom a year of birth or the beginning of a code finds; None for a whole code.

    That somebody has looked for clients is logged.

    Raises:
        MistypedCode: If there is a mistake in it.
        StoreError: If the store does not tell.
    """
    year = read_year(text)
    if year is None and not is_beginning(text):
        return None
    found = store.clients.search(begins=text, birth_year=year)
    store.log_event("view.search")
    return found


def read_year(text: str) -> int | None:
    """Return a typed year of birth; none is the beginning of a code, which has no 0 and no 1."""
    typed = text.strip()
    year = int(typed) if len(typed) == 4 and typed.isascii() and typed.isdecimal() else None
    return year if year in _YEARS else None


def is_beginning(text: str) -> bool:
    """Return whether a text is shorter than a code.

    Raises:
        MistypedCode: If a character of it is never used in codes.
    """
    try:
        codes.parse(text)
    except MistypedCode as error:
        if error.fault == "check":
            return False
        if error.fault == "character":
            raise
        return int(error.values["found"]) < codes.CLIENT_LENGTH
    return False
