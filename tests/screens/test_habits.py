"""If these fail, a day, a time or a telephone number is not written as people here write it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from casework.language import speech
from screens.base.lines import wrap
from screens.forms.fields import Day, Misread
from screens.wording.day_words import NOT_WEEKS, closed_warning, day_words, moment_text

TODAY = date(2026, 11, 30)
MOMENT = datetime(2026, 12, 6, 22, 30, tzinfo=UTC)


@pytest.fixture(params=["America/Los_Angeles", "Asia/Tokyo"])
def abroad(request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine that is set to another zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", "ma 7.12.2026 klo 0.30"),
        ("sv", "må 7.12.2026 kl 0.30"),
        ("en", "Mon 2026-12-07 00:30"),
    ],
)
@pytest.mark.usefixtures("abroad")
def test_a_moment_is_told_by_finnish_clocks_wherever_the_machine_stands(
    language: str, told: str
) -> None:
    assert moment_text(MOMENT, speech(language)) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", "6.12.2026; 6.12.2026 klo 9.05; 9.05; 2,5; 7"),
        ("sv", "6.12.2026; 6.12.2026 kl 9.05; 9.05; 2,5; 7"),
        ("en", "2026-12-06; 2026-12-06 09:05; 09:05; 2.5; 7"),
    ],
)
def test_what_is_filled_into_a_sentence_is_written_as_the_language_writes_it(
    language: str, told: str
) -> None:
    t = speech(language)
    values = (date(2026, 12, 6), "2026-12-06 09:05", "09:05", 2.5, 7)
    assert "; ".join(str(t.told(value)) for value in values) == told
    assert t("{day}", day="2026-12-06") == t.day(date(2026, 12, 6))
    assert t.told("2026-13-45") == "2026-13-45"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fi", "su 6.12.2026, itsenäisyyspäivä, 6 päivän päästä"),
        ("sv", "sö 6.12.2026, självständighetsdagen, om 6 dagar"),
        ("en", "Sun 2026-12-06, Independence Day, in 6 days"),
    ],
)
def test_a_holiday_is_named_and_a_day_off_is_told(language: str, told: str) -> None:
    t = speech(language)
    assert day_words(date(2026, 12, 6), TODAY, t) == told
    assert closed_warning(date(2026, 12, 6), t) and closed_warning(date(2026, 12, 5), t)
    assert not closed_warning(date(2026, 12, 7), t)


@pytest.mark.parametrize("typed", ["6.12.", "6.12.26", "6.12.2026", "2026-12-06"])
def test_a_day_is_typed_as_it_is_written(typed: str) -> None:
    assert Day("due", "When", ahead=True).read(typed, TODAY, speech("fi")) == date(2026, 12, 6)


@pytest.mark.parametrize(
    ("language", "typed"),
    [("fi", "2vk"), ("fi", "2 VK"), ("sv", "2v"), ("sv", "2 V"), ("en", "2w")],
)
def test_weeks_are_typed_as_the_language_has_them(language: str, typed: str) -> None:
    day = Day("due", "When", ahead=True).read(typed, TODAY, speech(language))
    assert day == date(2026, 12, 14)


@pytest.mark.parametrize("language", ["fi", "en"])
def test_weeks_that_may_be_years_are_asked_for_anew(language: str) -> None:
    with pytest.raises(Misread) as told:
        Day("due", "When", ahead=True).read("2v", TODAY, speech(language))
    assert told.value.sentence == NOT_WEEKS


@pytest.mark.parametrize(
    "whole",
    [
        "09 123 4567",
        "+358 9 123 4567",
        "050 123 4567",
        "8 %",
        "12 cl",
        "klo 9.30",
        "ma 6.12.2026",
        "Mon 2026-12-07",
        "2 vk",
    ],
)
def test_what_belongs_together_is_never_broken_across_lines(whole: str) -> None:
    for width in range(len(whole), 40):
        rows = wrap(f"Kriisipuhelin vastaa: {whole} joka päivä", width)
        assert any(whole in row for row in rows), rows
