"""If these fail, a nurse in a hurry calls a line that is closed, or one that nobody has checked."""

from __future__ import annotations

import tomllib

import pytest

from casework.language import Speech
from screens.wording.number_words import number_words
from stepping.pathway.schema import Card, CardNumber, first_day_of
from store.paths import PATHWAYS

CARDS = [
    Card.model_validate(tomllib.loads(path.read_text("utf-8")))
    for path in sorted((PATHWAYS / "cards").glob("*.toml"))
]
CLOSED = "09 2525 0116"
"""MIELI's English line, reported closed since 2026-03-23."""


@pytest.mark.parametrize("card", CARDS, ids=lambda card: str(card.id))
def test_each_card_begins_with_112_says_no_number_twice_and_tells_the_hours_of_each(
    card: Card,
) -> None:
    numbers = [number.number for number in card.numbers]
    assert numbers[0] == "112"
    assert len(numbers) == len(set(numbers))
    for number in card.numbers:
        assert set(number.hours) == {"en", "fi", "sv"}
        for language in number.hours:
            words = number_words(number, language, Speech(language))
            assert len(f"  {number.number} {words}") <= 78, "one line of the stop"


def test_a_number_is_told_alike_on_all_cards() -> None:
    told: dict[str, set[tuple[str, str | None]]] = {}
    for number in (number for card in CARDS for number in card.numbers):
        told.setdefault(number.number, set()).add((str(number.hours), number.verified))
    assert {number: ways for number, ways in told.items() if len(ways) > 1} == {}


def test_the_closed_line_is_on_no_page() -> None:
    texts = {path: path.read_text("utf-8") for path in PATHWAYS.rglob("*.toml")}
    said = ("2525 0116", "25250116", "…0116")
    assert [path.name for path, text in texts.items() if any(s in text for s in said)] == []


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_what_was_not_verified_is_marked(language: str) -> None:
    t = Speech(language)
    for number in (number for card in CARDS for number in card.numbers):
        marked = number_words(number, language, t).endswith(t("not verified"))
        assert marked is (number.number in ("116 117", "080 005 005", "0800 147 111"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"hours": {"en": "24 h"}, "verified": "2025/2026"}, "Line · 24 h · verified 2025–26"),
        ({"hours": {"en": "24 h"}, "verified": "2026-03-23"}, "Line · 24 h · verified 2026-03-23"),
        (
            {"hours": {"en": "24 h"}, "verified": "2025-11/2026-02"},
            "Line · 24 h · verified 2025-11–2026-02",
        ),
        ({"hours": {"en": "24 h"}}, "Line · 24 h · not verified"),
        ({"verified": "2026"}, "Line · not verified"),
        ({}, "Line · not verified"),
    ],
)
def test_hours_and_day_stand_beside_a_number(more: dict[str, object], said: str) -> None:
    number = CardNumber.model_validate({"number": "1", "label": {"en": "Line"}, **more})
    assert number_words(number, "en", Speech("en")) == said


def test_the_age_of_a_time_counts_from_its_first_day() -> None:
    days = {
        text: str(first_day_of(text)) for text in ("2026-03-23", "2026-03", "2026", "2025/2026")
    }
    assert list(days.values()) == ["2026-03-23", "2026-03-01", "2026-01-01", "2025-01-01"]
