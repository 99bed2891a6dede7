"""If these fail, a worse score looks like a better one, or what is late looks like what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len

from casework.desk.glance import EpisodeGlance, ScoreGlance
from casework.desk.waiting import Waiting
from casework.language import LANGUAGES, speech
from screens.base.lines import Line
from screens.desk.start_lists import StartLists
from store.records import Client, Matter, RiskGlance, SeenClient, WorkItem

TODAY = date(2026, 12, 21)
NOW = datetime(2026, 12, 21, 8, tzinfo=UTC)
CLIENT = Client(
    id="c",
    code="SL2QAT44",
    birth_year=1984,
    language="fi",
    created_at=NOW,
    created_by="nurse1",
)


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


def seen(due: int | None, **more: object) -> SeenClient:
    """A client in care whose next contact is so many days away."""
    day = None if due is None else TODAY + timedelta(days=due)
    given: dict[str, object] = {"client": CLIENT, "seen": NOW, "episode_id": "e", "due": day}
    return SeenClient.model_validate({**given, **more})


def row(score: ScoreGlance | None, due: int | None = 3, **more: object) -> Line:
    glances = {"e": EpisodeGlance(3, score)}
    lists = StartLists(TODAY, speech("en"), 78, 9, glances)
    return lists.seen([seen(due, **more)], 0)[0]


@pytest.mark.parametrize(
    ("points", "worse", "told", "look"),
    [
        ((14, 7), "up", "14→7 ↓", "good"),
        ((7, 14), "up", "7→14 ↑", "warning"),
        ((9, 9), "up", "9→9 =", "normal"),
        ((20, 30), "down", "20→30 ↑", "good"),
        ((30, 20.5), "down", "30→20.5 ↓", "warning"),
    ],
)
def test_the_score_tells_from_where_to_where(
    points: tuple[float, ...], worse: str, told: str, look: str
) -> None:
    score = ScoreGlance("PHQ-9", points, "up" if worse == "up" else "down")
    line = row(score)
    assert f"PHQ-9 {told}" in text(line)
    assert (told[-1], look) in line


@pytest.mark.parametrize(
    ("points", "told"), [((14,), "PHQ-9 14 "), ((14, None), "14→? "), ((None, 7), "?→7 ")]
)
def test_a_score_that_is_not_known_points_nowhere(
    points: tuple[float | None, ...], told: str
) -> None:
    line = row(ScoreGlance("PHQ-9", points))
    assert told in text(line)
    assert not set("↑↓=") & set(text(line))


def test_the_next_contact_is_a_day_or_late() -> None:
    assert text(row(None, 0)).endswith("today")
    assert text(row(None, 1)).endswith("tomorrow")
    assert text(row(None, 7)).endswith("Mon 12-28")
    assert row(None, -1)[-1] == ("late", "danger")


def test_risk_is_marked_by_a_sign_and_said_in_words_aloud() -> None:
    risk = (RiskGlance(kind="attempt", day=TODAY),)
    assert ("! ", "danger") in row(None, risk=risk)
    assert "!" not in text(row(None))
    score = ScoreGlance("PHQ-9", (14, 7))
    glances = {"e": EpisodeGlance(3, score)}
    lists = StartLists(TODAY, speech("en"), 78, 9, glances, aloud=True)
    told = " ".join(" ".join(map(text, lists.seen([seen(-2, risk=risk)], 0))).split())
    assert told == (
        "! SL2Q-AT44 born 1984, step 3, PHQ-9 14, now 7, next contact late, suicide attempt"
    )


def item(kind: Matter, **more: object) -> WorkItem:
    given: dict[str, object] = {
        "kind": kind,
        "client_id": "c",
        "client": "SL2QAT44",
        "episode_id": "e",
        "assessment_id": None,
        "due": TODAY - timedelta(days=15),
        "since": TODAY,
        "municipality": None,
        "unit": None,
        "worker": "nurse1",
    }
    return WorkItem.model_validate({**given, **more})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [62, 78, 90])
def test_nothing_that_waits_is_wider_than_the_page(language: str, width: int) -> None:
    risk = (RiskGlance(kind="suicide", day=TODAY),)
    kinds: tuple[Matter, ...] = ("next_contact", "measurement", "review", "guarantee")
    items = [item(kind, risk=risk, time="13:30", who="NURSE-WITH-A-LONG") for kind in kinds]
    items += [
        item("guarantee", paused=True),
        item("no_next_contact", due=None),
        item("measurement", occasion="danger"),
        item("draft", due=None, assessment_id="a", wrong_client=True),
    ]
    lists = StartLists(TODAY, speech(language), width, 0)
    lines = lists.waiting([Waiting(each) for each in items])
    assert max(cell_len(text(line)) for line in lines) <= width
    assert sum(" SL2Q-AT44  " in text(line) for line in lines) == len(items)
    contacts = lists.coming([item("next_contact", time="13:30", due=TODAY)] * 6, 12)
    assert len(contacts) == 2
    assert max(cell_len(text(line)) for line in contacts) <= width
    said = " ".join(map(text, contacts))
    assert str(12 - said.count("SL2Q-AT44")) in said.split("SL2Q-AT44")[-1]
