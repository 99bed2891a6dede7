"""If these fail, too much drinking is told as little, or a total is put into another band."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.episode.alcohol import (
    ALARM,
    DRINKS,
    WHO_ZONES,
    alarm_limits,
    compare_with_limits,
    portions,
    weekly_portions,
    zone_of,
)


@pytest.mark.parametrize(
    ("audit", "name"),
    [
        (0, "low"),
        (7, "low"),
        (8, "slight"),
        (10, "slight"),
        (11, "clear"),
        (14, "clear"),
        (15, "high"),
        (19, "high"),
        (20, "very_high"),
        (40, "very_high"),
    ],
)
def test_a_total_is_in_its_finnish_band(audit: int, name: str) -> None:
    assert zone_of(audit).name == name


def test_a_total_is_in_its_band_of_the_manual() -> None:
    found = [zone_of(audit, WHO_ZONES).name for audit in (7, 8, 15, 16, 19, 20)]
    assert found == ["education", "advice", "advice", "counselling", "counselling", "service"]


def test_a_bottle_of_wine_is_six_portions_and_a_small_beer_one() -> None:
    assert portions(75, 12.5) == pytest.approx(75 * 10 * 0.125 * 0.789 / 12)
    assert round(portions(75, 12.5), 1) == 6.2
    assert round(portions(33, 4.7), 1) == round(portions(12, 12.5), 1) == 1.0
    for cl, percent in ((-1, 5), (33, -1), (33, 101)):
        with pytest.raises(ValueError, match="cl of"):
            portions(cl, percent)


def test_a_week_is_the_sum_of_its_drinks() -> None:
    assert weekly_portions({}) == 0
    assert weekly_portions({"beer_small": 7, "wine_bottle": 1}) == round(7 * 1.0198 + 6.164)
    assert weekly_portions({"unknown": 9}) == 0


@given(st.dictionaries(st.sampled_from([drink.id for drink in DRINKS]), st.integers(0, 99)))
def test_another_drink_is_never_less(counts: dict[str, int]) -> None:
    more = {**counts, "beer_large": counts.get("beer_large", 0) + 1}
    assert weekly_portions(more) > weekly_portions(counts)


@pytest.mark.parametrize("sex", ["f", "m"])
def test_the_alarm_limit_is_met_from_its_first_portion_on(sex: str) -> None:
    low, high = ALARM[sex]
    assert alarm_limits(sex) == (low, high)
    found = [compare_with_limits(count, sex) for count in (low - 1, low, high, high + 1)]
    assert found == ["below", "at", "at", "over"]


def test_who_is_neither_gets_the_stricter_limit() -> None:
    assert alarm_limits("x") == alarm_limits(None) == ALARM["f"]
