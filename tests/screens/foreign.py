"""Knows what is said in which language: by the catalogues, and by the texts of the pathways."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from casework.language import DEFAULT, LANGUAGES
from store.paths import PATHWAYS
from tests.messages import catalogues, messages

_WORD = r"[A-Za-zÅÄÖåäö]{2,}"
_PHRASE = re.compile(rf"{_WORD}[ ,:;]+{_WORD}")
_LEAST = 10
"""Characters of a phrase that no other language says by chance."""
_UNSAID = ("examples.toml",)
"""Files of a pathway of which no page tells."""

ENGLISH_WORDS = re.compile(
    r"\b(?:the|and|of|are|with|from|this|that|please|draft|local|example|guideline|client|"
    r"yes|answer|section|unknown|error|usage|options?)\b",
    re.IGNORECASE,
)
"""English words that are no words of Finnish or Swedish."""
NAMES = re.compile(
    r"NHS Talking Therapies|Cool Kids|(?:Terapiat etulinjaan|THL|Mielenterveystalo|Kela), [^;(.]+"
    r"|--[a-z-]+|porras [a-z -]+|did you mean '[^']*'\?"
    r"|[\w./~-]*[/_=][\w./~-]*|[\w-]+\.(?:toml|db|py|md|txt|json)\b"
    r"|(?:entry|item|contained)\[\d+\][\w.\[\]]*"
)
"""Names of publications, programmes, commands, files and places in them: everywhere the same.

What is wrong in the files of a pathway is told in English to whoever mends them, and what is meant.
"""


def _fragments(text: str) -> Iterator[str]:
    """What of a text stands in every filled-in form of it, where that is a phrase."""
    for part in re.split(r"\{[^}]*\}|\n", text):
        part = " ".join(part.split()).strip(" .,:;()")
        if len(part) >= _LEAST and _PHRASE.search(part):
            yield part


def _of_catalogues() -> Iterator[tuple[str, str]]:
    for message in messages():
        for text in (message,) if isinstance(message, str) else message:
            yield DEFAULT, text
    for path in catalogues():
        language = path.parts[-3]
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
                if entry.id:
                    yield from ((language, str(text)) for text in said)


def _of_table(table: Any) -> Iterator[tuple[str, str]]:
    if isinstance(table, dict):
        if table.keys() <= LANGUAGES.keys():
            yield from ((code, text) for code, text in table.items() if isinstance(text, str))
        for value in table.values():
            yield from _of_table(value)
    elif isinstance(table, list):
        for value in table:
            yield from _of_table(value)


def _of_pathways() -> Iterator[tuple[str, str]]:
    for path in sorted(PATHWAYS.rglob("*.toml")):
        if path.name not in _UNSAID:
            yield from _of_table(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def spoken() -> dict[str, set[str]]:
    """Every phrase of each language."""
    found: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for language, text in (*_of_catalogues(), *_of_pathways()):
        found[language] |= set(_fragments(text))
    return found


@cache
def foreign_to(language: str) -> tuple[str, ...]:
    """The phrases of other languages that this one has not as well, not even within another."""
    own = "\n".join(spoken()[language])
    others = set().union(*(texts for code, texts in spoken().items() if code != language))
    return tuple(text for text in sorted(others) if text not in own)


def strangers(shown: str, language: str) -> set[str]:
    """What a text says in another language than its own."""
    flat = NAMES.sub(" · ", " ".join(shown.split()))
    said = {text for text in foreign_to(language) if text in flat}
    if language != DEFAULT:
        said |= {found[0] for found in ENGLISH_WORDS.finditer(flat)}
    return said
