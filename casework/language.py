"""The words of the screens in the nurse's language; what clinicians write is not kept here."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = {"fi": "suomi", "sv": "svenska", "en": "English"}
"""The languages of the program, each by its own name."""

DEFAULT = "en"
"""The language of the source texts."""

_NO_LANGUAGE = ("c", "posix")
"""Locales that speak the language of the source texts."""

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

    def letter(self, letter: str, label: str) -> str:
        """Return the key of a label in this language; the catalogue names it as "[n] label"."""
        found = self._catalogue.gettext(f"[{letter}] {label}")
        return found if len(found) == 1 else letter

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


def language_named(name: str) -> str:
    """Return the code of a language, which may be written as a locale: `fi_FI.UTF-8`, `sv-FI`."""
    code = name.strip().lower().replace("-", "_").partition(".")[0].partition("@")[0]
    code = code.partition("_")[0]
    return DEFAULT if code in _NO_LANGUAGE else code


def language_of_computer(environment: Mapping[str, str]) -> str | None:
    """Return the language that a computer is set to, None where it names none that is spoken.

    As gettext reads it: the list of LANGUAGE before the locale, but not in the locale C.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    if locale.lower() in _NO_LANGUAGE:
        return DEFAULT
    wanted = [*filter(None, environment.get("LANGUAGE", "").split(":")), *filter(None, [locale])]
    return next((code for name in wanted if (code := language_named(name)) in LANGUAGES), None)


def N_(message: str) -> str:
    """Mark a text for translation where it is named, not where it is said."""
    return message


NOT_MARKED = N_("Porras is not a CE-marked medical device.")
"""Stands on every page that shows what Porras suggests, and at the start."""


def born(year: int | None, t: Speech) -> str:
    """Say when a client was born, or that the year is still to be asked."""
    return t("year of birth not known") if year is None else t("born {year}", year=year)
