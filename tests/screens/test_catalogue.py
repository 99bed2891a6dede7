"""If these fail, a Finnish or Swedish nurse reads English, or a sentence with a hole in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"t": None, "N_": None, "many": (1, 2)}
Message = str | tuple[str, ...]


def messages() -> dict[Message, str]:
    """Every text that the program says, with the place where it stands."""
    found: dict[Message, str] = {}
    for room in ("screens", "store", "tui"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for line, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
                found.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return {message: place for message, place in found.items() if any(message)}


def catalogue(language: str) -> Catalog:
    """The translations of a language."""
    path = ROOT / "screens" / "locale" / language / "LC_MESSAGES" / "porras.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def holes(text: str) -> set[str]:
    """The values that a sentence is filled in with."""
    return set(re.findall(r"\{(\w*)\}", text))


def faults(words: Catalog, message: Message) -> Iterator[str]:
    """What is wrong with the translation of one message."""
    singular = message if isinstance(message, str) else message[0]
    entry = words.get(singular)
    if entry is None:
        yield "is missing"
        return
    if entry.fuzzy:
        yield "is marked fuzzy"
    said = [entry.string] if isinstance(entry.string, str) else list(entry.string or ("",))
    if isinstance(message, tuple) and len(said) != words.num_plurals:
        yield "lacks a plural"
    if not all(said):
        yield "is empty"
        return
    for text in said:
        if holes(text) - {"count"} != holes(singular) - {"count"}:
            yield f"has other values: {text!r}"
        if text.startswith(" ") != singular.startswith(" "):
            yield "begins with another indent"


def test_the_texts_are_found() -> None:
    found = messages()
    assert len(found) > 200
    assert "Suggested step {step}: {name}" in found


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_text_is_translated_with_the_same_values(language: str) -> None:
    words = catalogue(language)
    wrong = [
        f"{place}: {message!r} {fault}"
        for message, place in messages().items()
        for fault in faults(words, message)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_translation_is_left_over(language: str) -> None:
    known = {m if isinstance(m, str) else m[0] for m in messages()}
    ids = [entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue(language)]
    assert [id_ for id_ in ids if id_ and id_ not in known] == []
