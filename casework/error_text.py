"""Puts an error of the store into the words of whoever reads it, on a screen or from a command."""

from __future__ import annotations

from typing import NamedTuple

from casework.language import Speech
from store.errors import StoreError


class ErrorText(NamedTuple):
    """What happened, what is safe, and what to do, in one language."""

    what: str
    safe: str
    next: str

    def __str__(self) -> str:
        return " ".join(self)


def translate_error(error: StoreError, t: Speech) -> ErrorText:
    """Return the sentences of an error; what stands behind it is told with what happened."""
    what, safe, following = (
        t(part, **error.values) for part in (error.what, error.safe, error.next)
    )
    if cause := error.cause:
        what += " " + t(cause.what, **cause.values)
    return ErrorText(what, safe, following)
