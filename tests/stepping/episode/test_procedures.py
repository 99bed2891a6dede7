"""What is coded as a procedure: nothing without a code is passed over in silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stepping.episode.episode import Episode, replay
from stepping.episode.events import AlcoholUse, Event, EventEntry, Measured, Opened, PeriodStarted
from stepping.episode.procedures import find_points, list_procedures

FIRST = date(2026, 3, 2)
CODES = {"guided": "IHZ19", "brief": None}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def lived(*events: Event) -> Episode:
    told = (Opened(day=FIRST), *events)
    return replay(EventEntry(id=f"e{n}", seq=n, event=event) for n, event in enumerate(told, 1))


def began(at: int, intervention: str) -> PeriodStarted:
    return PeriodStarted(day=day(at), period=f"p{at}", intervention=intervention)


def test_treatments_and_mini_interventions_are_listed_by_day() -> None:
    episode = lived(
        began(9, "guided"),
        AlcoholUse(day=day(3), audit=17, mini_intervention=True),
        AlcoholUse(day=day(4), audit=17),
        began(20, "brief"),
        began(30, "gone"),
    )
    told = [
        (p.what, p.code, dict(p.points)) for p in list_procedures(episode, CODES, alcohol="IHA21")
    ]
    assert told == [
        ("mini_intervention", "IHA21", {"audit.total": 17}),
        ("guided", "IHZ19", {}),
        ("brief", None, {}),
        ("gone", None, {}),
    ]


GIVEN = AlcoholUse(day=day(10), mini_intervention=True)


@pytest.mark.parametrize(
    ("before", "points"),
    [
        ([AlcoholUse(day=day(2), audit=12)], ("audit.total", 12)),
        ([Measured(day=day(1), assessment="a", scores={"auditc.total": 7})], ("auditc.total", 7)),
        (
            [Measured(day=day(1), assessment="a", scores={"auditc.total": 7, "audit.total": 9})],
            ("audit.total", 9),
        ),
        ([Measured(day=day(11), assessment="a", scores={"auditc.total": 7})], None),  # later
        ([], None),
    ],
)
def test_a_mini_intervention_goes_with_the_points_that_were_known(
    before: list[Event], points: tuple[str, int] | None
) -> None:
    assert find_points(lived(*before, GIVEN), GIVEN) == points
