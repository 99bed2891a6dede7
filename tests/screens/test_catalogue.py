"""If these fail, a Finnish or Swedish nurse reads English, or a sentence with a hole in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.catalogues import Message
from tests.messages import (
    UnreadableError,
    catalogues,
    in_source,
    messages,
    renewed,
)

ROOT = Path(__file__).resolve().parents[2]


def catalogue(language: str) -> Catalog:
    """The translations of a language."""
    path = ROOT / "casework" / "locale" / language / "LC_MESSAGES" / "porras.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


LETTER = re.compile(r"\[(\S)\] (.+)")
"""The letter of a key, with the label that it stands beside."""


def holes(text: str) -> set[str]:
    """The values that a sentence is filled in with."""
    return set(re.findall(r"\{(\w*)(?::[\w.]*)?\}", text))


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
    if letter := LETTER.fullmatch(singular):
        label = str(words[letter[2]].string)
        if len(said[0]) != 1 or said[0] not in re.sub(r"\{.*?\}", "", label).lower():
            yield f"is no letter of {label!r}: {said[0]!r}"
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


def read(source: str) -> list[Message]:
    return [message for _, message in in_source(source)]


def test_a_sentence_is_read_wherever_it_is_said() -> None:
    """The rules are ours: a library's next version must not read other sentences than today's."""
    assert read('t("one"); self.t("two", day="x"); self.workspace.t("three"); N_("four")') == [
        "one",
        "two",
        "three",
        "four",
    ]
    assert read('t.many("{count} day", "{count} days", n)') == [("{count} day", "{count} days")]
    assert read('t("a long "\n  "sentence")') == ["a long sentence"]
    assert read('t("a long " + "sentence")') == ["a long sentence"]
    assert read('t(N_("inside"))') == ["inside"]
    assert read("f\"{t('in a text')}\"") == ["in a text"]


@pytest.mark.parametrize(
    "source",
    [
        't(URGENCY[stop or "week"])',
        't(WORDS.get(word, ""))',
        't(sentence, day="2026-11-29")',
        't("")',
        "t()",
        'many("one")',
        'text("no sentence")',
        'd["t"]("neither")',
        "t(5)",
    ],
)
def test_what_is_no_sentence_of_its_own_is_left_to_whoever_names_it(source: str) -> None:
    assert read(source) == []


def test_a_sentence_put_together_before_its_translation_is_a_fault() -> None:
    with pytest.raises(UnreadableError, match="line 2"):
        read('x = 1\nt(f"on {day}")')


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


@pytest.mark.parametrize(
    ("language", "english", "word"),
    [
        ("fi", "staff code", "työntekijätunnu"),
        ("fi", "passphrase", "salalaus"),
        ("sv", "staff code", "personalkod"),
        ("sv", "passphrase", "lösenfras"),
    ],
)
def test_one_thing_has_one_word(language: str, english: str, word: str) -> None:
    found = {
        each.id if isinstance(each.id, str) else each.id[0]: str(each.string)
        for each in catalogue(language)
        if each.id
    }
    other = {text: said for text, said in found.items() if english in text.lower()}
    assert len(other) > 5
    assert {text: said for text, said in other.items() if word not in said.lower()} == {}


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_making_the_catalogues_anew_changes_nothing(path: Path) -> None:
    """Else whoever adds a sentence drowns it in lines that have only moved."""
    assert renewed(path) == path.read_bytes()


def test_a_step_is_a_step_in_swedish_wherever_it_is_told() -> None:
    """CONTRIBUTING.md has the word: the pathways and the cases say steg too."""
    for entry in catalogue("sv"):
        said = entry.string if isinstance(entry.string, str) else " ".join(entry.string or ())
        if re.search(r"\bsteps?\b", str(entry.id)):
            assert not re.search(r"\b\w*nivå", said), entry.id
