"""The words of the screens in the nurse's language; what clinicians write is not kept here."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = {"fi": "suomi", "sv": "svenska", "en": "English"}
"""The languages of the program, each by its own name."""

DEFAULT = "en"
"""The language of the source texts."""

_LOCALE = Path(__file__).parent / "locale"


class Speech:
    """Says the program's sentences in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = gettext.translation(
            "porras", _LOCALE, languages=[language], fallback=language == DEFAULT
        )

    def __call__(self, message: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        return self._catalogue.gettext(message).format(**values) if message else ""

    def many(self, one: str, more: str, count: int, **values: object) -> str:
        """Return a sentence about `count` things; `{count}` is filled in."""
        return self._catalogue.ngettext(one, more, count).format(count=count, **values)


@cache
def speech(language: str) -> Speech:
    """Return the speech of a language.

    Raises:
        FileNotFoundError: If the translation is not installed; an untranslated screen is a fault.
    """
    return Speech(language)


def speech_for(language: str, otherwise: str) -> Speech:
    """Return the speech of a language, or of another where the program does not speak it."""
    return speech(language if language in LANGUAGES else otherwise)


def N_(message: str) -> str:
    """Mark a text for translation where it is named, not where it is said."""
    return message


NOT_MARKED = N_("Porras is not a CE-marked medical device.")
"""Stands on every page that shows what Porras suggests, and at the start."""
