"""If these fail, a typed day or number becomes another one, or is taken for nothing."""

from __future__ import annotations

from datetime import date

import pytest

from casework.language import speech
from screens.forms.fields import Day, Misread, Number, Pick, Values
from screens.forms.form import FormScreen
from tests.screens.running import Stage

TODAY = date(2026, 11, 22)
ENGLISH = speech("en")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("1.11.2025", date(2025, 11, 1)),
        ("22.11.", TODAY),
        ("22.11", TODAY),
        ("23.11.", date(2025, 11, 23)),
        ("29.2.", date(2024, 2, 29)),
    ],
)
def test_a_day_behind_us_is_read_as_finns_write_it(typed: str, expected: date) -> None:
    assert Day("day", "Day").read(typed, TODAY, ENGLISH) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("22.11.", TODAY),
        ("21.11.", date(2027, 11, 21)),
        ("29.2.", date(2028, 2, 29)),
        ("10", date(2026, 12, 2)),
        ("2VK", date(2026, 12, 6)),
        ("2 VK", date(2026, 12, 6)),
        ("2W", date(2026, 12, 6)),
        ("2027-01-31", date(2027, 1, 31)),
    ],
)
def test_a_day_ahead_is_a_day_or_a_distance(typed: str, expected: date) -> None:
    assert Day("due", "When", ahead=True).read(typed, TODAY, ENGLISH) == expected


@pytest.mark.parametrize(
    "typed", ["31.2.", "2026-13-01", "1.1.1", "2026", "-", "0.0.", "10V.", "30.2."]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Misread):
        Day("day", "Day").read(typed, TODAY, ENGLISH)


def test_a_number_keeps_its_bounds_and_its_tenths() -> None:
    ors = Number("ors", "ORS", False, "", 0, 40, tenths=True)
    assert ors.read("21,5", TODAY, ENGLISH) == ors.read("21.5", TODAY, ENGLISH) == 21.5
    assert ors.read("", TODAY, ENGLISH) is None
    assert Number("rating", "Rating").read("10", TODAY, ENGLISH) == 10
    for field, typed in ((ors, "40.1"), (ors, "4,"), (Number("rating", "Rating"), "11")):
        with pytest.raises(Misread):
            field.read(typed, TODAY, ENGLISH)


def test_a_number_of_three_digits_is_read_where_the_bounds_allow_it() -> None:
    week = Number("portions", "Portions", False, "", 0, 200)
    assert week.read("120", TODAY, ENGLISH) == 120
    with pytest.raises(Misread):
        week.read("201", TODAY, ENGLISH)


async def test_a_fault_names_its_field_and_what_was_typed_stays(stage: Stage) -> None:
    fields = (
        Day("seen", "Seen on", False),
        Number("rating", "Rating", False),
        Number("other", "Other", True),
    )
    kept: list[Values] = []

    def keep(values: Values) -> str | None:
        kept.append(values)
        return None

    async with stage.program(demo=True) as session:
        form = FormScreen(session.app.workspace, ("A form", ""), lambda _: fields, keep)
        await session.put(form)
        await session.settle()
        session.says("> Other")
        await session.press("7", "up", "9", "9", "up", *"31.2.", "up", "enter")
        session.says("Seen on: The calendar has no such day.", "[ 31.2._", "99", "7")
        await session.press(*["backspace"] * 5, *"30.1.", "enter", "enter")
        session.says("Rating: A number from 0 to 10, please.", "Fri 2026-01-30")
        await session.press("backspace", "enter", "enter", "enter")
        assert kept == [{"seen": date(2026, 1, 30), "rating": 9, "other": 7}]


async def test_a_day_is_told_in_words_before_it_is_stored(stage: Stage) -> None:
    kept: list[Values] = []

    def keep(values: Values) -> str | None:
        kept.append(values)
        return None

    async with stage.program(demo=True) as session:
        fields = (Day("due", "Next contact", ahead=True),)
        form = FormScreen(session.app.workspace, ("A form", ""), lambda _: fields, keep)
        await session.put(form)
        await session.settle()
        await session.press(*"10.12.")
        session.says("[ 10.12._", "= Thu 2026-12-10, in 18 days")
        await session.press("enter")
        session.says("Next contact Thu 2026-12-10, in 18 days", "Enter stores this.")
        assert not kept
        await session.press("enter")
        assert kept == [{"due": date(2026, 12, 10)}]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("10.12.2206", "Wed 2206-12-10, in 65761 days. That is more than 180 years ahead."),
        ("1.2.2024", "Thu 2024-02-01, 1025 days ago. That is more than 2 years ago."),
    ],
)
async def test_a_day_more_than_a_year_away_is_asked_about_again(
    stage: Stage, typed: str, told: str
) -> None:
    kept: list[Values] = []

    def keep(values: Values) -> str | None:
        kept.append(values)
        return None

    async with stage.program(demo=True) as session:
        fields = (Day("due", "Next contact", ahead=True),)
        form = FormScreen(session.app.workspace, ("A form", ""), lambda _: fields, keep)
        await session.put(form)
        await session.settle()
        await session.press(*typed, "enter")
        session.says(told, "Enter again keeps it.", "[ 1")
        await session.press("enter", "enter")
        assert len(kept) == 1


def test_a_choice_that_is_gone_is_no_choice() -> None:
    service = Pick("service", "Service", False, "", [("b", "Brook")])
    assert service.read("a", TODAY, ENGLISH) is None
    assert service.read("b", TODAY, ENGLISH) == "b"
