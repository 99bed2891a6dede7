"""The words of the screens in the nurse's language; what clinicians write is not kept here."""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from stepping.characters import escape_line_ends
from store.windows.words import INSTEAD

LANGUAGES = {"fi": "suomi", "sv": "svenska", "en": "English"}
"""The languages of the program, each by its own name."""

DEFAULT = "en"
"""The language of the source texts."""

LANGUAGE = "language"
"""The setting of a store that holds the language of its screens."""

_NO_LANGUAGE = ("c", "posix")
"""Locales that speak the language of the source texts."""

LOCALE = Path(__file__).parent / "locale"
"""Where the catalogues lie."""


_STORED = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d))?|(\d\d:\d\d)")
"""A day, a minute of it, or a time of day, as Finnish clocks told it when it was written down."""


class Speech:
    """Says the program's sentences in one language, and days, times and numbers as it has them."""

    def __init__(self, language: str, system: str = os.name) -> None:
        self.language = language
        self._instead = INSTEAD if system == "nt" else {}
        self._catalogue = gettext.translation(
            "porras", LOCALE, languages=[language], fallback=language == DEFAULT
        )

    def __call__(self, message: str, **values: object) -> str:
        """Return a sentence with its values filled in, each as `told` says it.

        On Windows it is the one that is said there, where there is such a one.
        """
        said = self._instead.get(message, message)
        return self._filled(self._catalogue.gettext(said), values) if message else ""

    def day(self, day: date) -> str:
        """Return a day as the language writes it: 2026-12-06, or 6.12.2026."""
        sentence = N_("{year}-{month:02}-{day:02}")
        return self(sentence, year=day.year, month=day.month, day=day.day)

    def clock(self, at: time) -> str:
        """Return a time of day as the language writes it: 09:05, or 9.05."""
        return self(N_("{hour:02}:{minute:02}"), hour=at.hour, minute=at.minute)

    def moment(self, at: datetime) -> str:
        """Return a moment as Finnish clocks show it, whatever the zone of this machine."""
        from stepping.finland import finnish_time

        return self._at(finnish_time(at))

    def number(self, number: float) -> str:
        """Return a number with the decimal sign of the language: 2.5, or 2,5."""
        return f"{number:g}".replace(".", self(N_("0.5"))[1])

    def told(self, value: object) -> object:
        """Return a value as the language writes it, where it is a day, a time or a decimal number.

        That holds for texts that are nothing but a day or a time as the store writes it.
        """
        match value:
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case time():
                return self.clock(value)
            case float():
                return self.number(value)
            case str() if found := _STORED.fullmatch(value):
                return self._stored(value, found[2] or "", bool(found[3]))
        return value

    def _stored(self, text: str, minute: str, clock: bool) -> str:
        try:
            if clock:
                return self.clock(time.fromisoformat(text))
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        return self._at(at) if minute else self.day(at)

    def _at(self, here: datetime) -> str:
        day, clock = self.day(here.date()), self.clock(here.time())
        return self(N_("{day} {clock}"), day=day, clock=clock)

    def _filled(self, sentence: str, values: Mapping[str, object]) -> str:
        return sentence.format(
            **{name: _inside(self.told(value)) for name, value in values.items()}
        )

    def letter(self, letter: str, label: str) -> str:
        """Return the key of a label in this language; the catalogue names it as "[n] label"."""
        found = self._catalogue.gettext(f"[{letter}] {label}")
        return found if len(found) == 1 else letter

    def many(self, one: str, more: str, count: int, **values: object) -> str:
        """Return a sentence about `count` things; `{count}` is filled in."""
        sentence = self._catalogue.ngettext(one, more, count)
        return self._filled(sentence, {**values, "count": count})


def _inside(value: object) -> object:
    """Return a value that begins no line of its own in a sentence, as if Porras said what it says.

    What else steers a terminal is written out where it is printed.
    """
    return escape_line_ends(value) if isinstance(value, str) else value


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


def language_after(language: str, languages: Iterable[str] = LANGUAGES) -> str:
    """Return the next of some languages in a circle; the first one after any other language."""
    circle = list(languages)
    at = circle.index(language) if language in circle else -1
    return circle[(at + 1) % len(circle)]


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
