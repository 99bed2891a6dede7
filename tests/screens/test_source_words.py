"""If these fail, a Finnish or Swedish page tells a source in English, or hides which one it is."""

from __future__ import annotations

import re

import pytest

from casework.language import speech
from screens.wording.source_words import pathway_name, source_words
from store.paths import PATHWAYS
from store.pathway_files.files import built_in, ids

SOURCES = sorted({ready.rule.source for name in ids(PATHWAYS) for ready in built_in(name).rules})
ENGLISH = re.compile(
    r"\b(and|the|of|for|not|as|in|is|are|local|proposal|limits?|steps?|section|table|guideline)\b"
)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_source_of_every_rule_is_told_without_english(language: str) -> None:
    assert len(SOURCES) > 100
    told = [source_words(source, speech(language)) for source in SOURCES]
    assert [text for text in told if ENGLISH.search(text)] == []
    named = [source for source in SOURCES if not source.startswith(("Local", "The emergency"))]
    assert all(source_words(source, speech(language)) for source in named)


def test_the_publications_of_a_source_stay() -> None:
    source = (
        "NHS Talking Therapies, as in NCT05134103 (caseness PHQ-9 10); NICE NG222 (review). "
        "The limits are a local proposal"
    )
    fi = speech("fi")
    assert source_words(source, fi) == "NHS Talking Therapies NCT05134103; NICE NG222"
    assert source_words(source, speech("en")) == source
    assert source_words("Local proposal", fi) == ""


def test_a_pathway_of_ours_has_a_name_in_each_language_and_another_its_own() -> None:
    assert pathway_name("adult", speech("fi")) == "aikuiset"
    assert pathway_name("adult", speech("en")) == "adult"
    assert pathway_name("oma_polku", speech("sv")) == "oma_polku"
