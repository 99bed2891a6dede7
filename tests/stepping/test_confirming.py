"""If these fail, the page that confirms a step gives another bound than the decision has."""

from __future__ import annotations

import datetime

import pytest

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision, OpenElsewhere, StepLimit
from stepping.pathway.client_facts import birth_years, highest_age
from tests.stepping.cases import small

DAY = datetime.date(2026, 1, 1)


def decided(**changed: object) -> Decision:
    return decide(small(), {"danger": "no", "mood.1": 0, "mood.2": 0}).model_copy(update=changed)


def elsewhere(floor: int | None) -> tuple[OpenElsewhere, ...]:
    stop = OpenElsewhere(draft="d", pathway="p", id="S1", urgency="week", floor=floor, day=DAY)
    return (stop,)


@pytest.mark.parametrize(
    ("changed", "limit"),
    [
        ({}, "one_step_down"),
        ({"or_above": True}, "or_above"),
        ({"at_least": True, "or_above": True}, "declined"),
        ({"urgency": "week", "at_least": True}, "stop"),
        ({"urgency": "week", "elsewhere": elsewhere(2), "lowest_override": 2}, "stop_elsewhere"),
        ({"urgency": "week", "elsewhere": elsewhere(1), "lowest_override": 2}, "stop"),
        ({"elsewhere": elsewhere(None), "lowest_override": 0}, "one_step_down"),
        ({"elsewhere": elsewhere(0), "lowest_override": 0}, "stop_elsewhere"),
    ],
)
def test_the_strongest_reason_says_which_steps_may_be_confirmed(
    changed: dict[str, object], limit: StepLimit
) -> None:
    assert decided(**changed).step_limit == limit


def test_a_reason_goes_with_the_direction_of_the_change() -> None:
    header = small().header
    up = {each.code for each in header.list_override_reasons(1, 2)}
    down = {each.code for each in header.list_override_reasons(2, 1)}
    every = {each.code: each.direction for each in header.override_reason}
    assert up == {code for code, way in every.items() if way != "down"}
    assert down == {code for code, way in every.items() if way != "up"}


def test_a_client_is_at_most_120_years_old() -> None:
    years = birth_years(DAY)
    assert (years[0], years[-1]) == (1906, 2026)
    assert [highest_age(year, DAY) for year in (None, 2026, 1906)] == [None, 0, 120]
