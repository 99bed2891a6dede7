"""If these fail, a nurse or a client reads a sentence twice before it is understood."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

import pytest

from stepping.pathway.care.sheets import SHEETS
from store.paths import PATHWAYS
from store.pathway_files.care import care_files
from tests.messages import messages
from tests.screens.test_catalogue import catalogue

WORDS = {"en": 18, "fi": 15, "sv": 18}
"""The most words of a sentence; a Finnish word carries what takes two elsewhere."""

COMMAS, PARTS = 3, 2
"""The most commas, and the most semicolons and colons, of a sentence."""

LONGER: Mapping[str, str] = {}
"""Sentences of the source that may be longer, and why."""

ABBREVIATIONS = {
    "en": ("e.g.", "i.e.", "etc.", "incl.", "approx.", "max.", "min.", "cf.", "resp.", "no."),
    "fi": ("esim.", "ks.", "mm.", "ym.", "jne.", "eli.", "enint.", "väh.", "huom.", "tarv.", "ao."),
    "sv": (
        "t.ex.",
        "bl.a.",
        "dvs.",
        "osv.",
        "m.m.",
        "inkl.",
        "max.",
        "ev.",
        "resp.",
        "obs.",
        "kl.",
    ),
}
"""What a screen reader reads out as letters, or stops at."""

MACHINE = (
    *("argument", "buffer", "byte", "cache", "checksum", "commit", "config", "exception", "hash"),
    *("instance", "invalid", "null", "parse", "process", "schema", "SQL", "stdin", "string"),
    *("syntax", "thread", "timeout", "token", "traceback", "transaction", "abort"),
)
"""Words of programmers; whoever meets a client has others."""


def in_care(part: object, language: str) -> Iterator[str]:
    """Give each text of the files of `care/` in a language."""
    if isinstance(part, dict) and "en" in part:
        yield part[language]
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from in_care(inner, language)


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Give each sentence that the program says in a language, with the place where it stands."""
    handed_out = {SHEETS: (PATHWAYS / SHEETS).read_text(encoding="utf-8")}
    for file, written in {**care_files(), **handed_out}.items():
        for text in in_care(tomllib.loads(written), language):
            for sentence in re.split(r"(?<=[.!?])\s+", text):
                yield sentence, file
    words = catalogue(language) if language != "en" else None
    for message, place in messages().items():
        first = message if isinstance(message, str) else message[0]
        if first in LONGER:
            continue
        entry = words.get(first) if words else None
        said = (entry.string if entry else message) or ()
        for text in (said,) if isinstance(said, str) else said:
            for sentence in re.split(r"(?<=[.!?])\s+", text):
                yield sentence, place


def length(sentence: str) -> int:
    """The words of a sentence; a sign alone is none, a value that is filled in is one."""
    return sum(1 for word in sentence.split() if re.search(r"\w", word))


@pytest.mark.parametrize("language", WORDS)
def test_no_sentence_is_long(language: str) -> None:
    long = [
        f"{place}: {length(sentence)} words: {sentence}"
        for sentence, place in sentences(language)
        if length(sentence) > WORDS[language]
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("language", WORDS)
def test_no_sentence_is_nested(language: str) -> None:
    nested = [
        f"{place}: {sentence}"
        for sentence, place in sentences(language)
        if sentence.count(", ") > COMMAS or len(re.findall(r"[;:] ", sentence)) > PARTS
    ]
    assert not nested, "\n".join(nested)


@pytest.mark.parametrize("language", WORDS)
def test_nothing_is_abbreviated(language: str) -> None:
    short = [
        f"{place}: {sentence}"
        for sentence, place in sentences(language)
        if {word.lower().strip("(),;:") for word in sentence.split()} & {*ABBREVIATIONS[language]}
    ]
    assert not short, "\n".join(short)


def test_no_screen_speaks_as_programmers_do() -> None:
    machine = re.compile(rf"\b(?:{'|'.join(MACHINE)})(?:s|es|ed)?\b", re.IGNORECASE)
    spoken = [
        f"{place}: {sentence}"
        for sentence, place in sentences("en")
        if place.startswith("screens/") and machine.search(sentence)
    ]
    assert not spoken, "\n".join(spoken)


def test_a_sentence_that_is_too_long_would_be_found() -> None:
    """The measure itself: signs are no words, a filled-in value is one."""
    assert length("! {count} of 14 – not yet: a.b") == 6
    assert max(length(sentence) for sentence, _ in sentences("en")) > 12


def test_what_may_be_longer_is_still_said() -> None:
    known = {m if isinstance(m, str) else m[0] for m in messages()}
    assert set(LONGER) <= known


OTHERWISE = {
    "fi": r"tietovarasto|henkilökood|tunnuslaus|segmentti|kokonaislu[kv]|kontakti"
    r"|(?<![\w-])(?:arvio|arvion|arviota|arviot|arvioita)(?!\w)",
    "sv": r"\b(?:lager|lagret|datalagret|förrådet|mätare)\b|enkät|blankett"
    r"|(?<!sjuk)sköta(?:re|ren)\b",
}
"""Second words for what has one already: CONTRIBUTING.md lists the one for each thing."""


@pytest.mark.parametrize("language", OTHERWISE)
def test_each_thing_has_one_word(language: str) -> None:
    second = [
        f"{place}: {sentence}"
        for sentence, place in sentences(language)
        if not place.startswith("care/") and re.search(OTHERWISE[language], sentence, re.IGNORECASE)
    ]
    assert not second, "\n".join(second)
