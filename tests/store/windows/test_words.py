"""What is advised on Windows names nothing that only other systems have."""

from __future__ import annotations

import re
import string

import pytest

from casework.language import LANGUAGES, Speech
from store import errors
from store.errors import StoreError
from store.maintenance.advice import ADVICE
from store.windows.words import INSTEAD

_OF_OTHERS = re.compile(r"\b(chmod|chown|sudo|find /|stty|umask)\b|/(dev|media|mnt|etc)/")


def _sentences() -> set[str]:
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    told = {
        text
        for kind in kinds
        if issubclass(kind, StoreError)
        for text in (kind.what, kind.safe, kind.next)
    }
    return told | {text for pair in ADVICE.values() for text in pair}


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_advice_on_windows_is_one_for_other_systems(language: str) -> None:
    elsewhere, here = Speech(language, "posix"), Speech(language, "nt")
    for text in _sentences():
        values = dict.fromkeys(_values(text), "x")
        told = here(text, **values)
        assert not _OF_OTHERS.search(told)
        assert (told != elsewhere(text, **values)) == (text in INSTEAD)


def test_each_takes_the_place_of_a_sentence_that_is_said_and_knows_its_values() -> None:
    assert INSTEAD.keys() <= _sentences()
    for elsewhere, here in INSTEAD.items():
        assert _values(here) <= _values(elsewhere)
