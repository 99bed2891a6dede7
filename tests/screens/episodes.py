"""Episodes of invented clients for the tests of the screens of care."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames, Measure
from screens.base.lines import Part
from stepping.decision.verdicts import Verdicts
from stepping.episode.episode import Episode, replay
from stepping.episode.events import (
    Agreement,
    Contact,
    Event,
    EventEntry,
    Measured,
    NeedEstablished,
    NextContact,
    Opened,
    PeriodEnded,
    PeriodStarted,
    Segment,
    TrackEvent,
    Voice,
)
from stepping.pathway.schema import Change
from store.pathway_files.care import shipped_care

FIRST = date(2026, 3, 2)


def day(number: int) -> date:
    """A day of the episode, counted from its first."""
    return FIRST + timedelta(days=number)


def lived(*events: Event) -> Episode:
    """An episode after some events."""
    return replay(EventEntry(id=f"e{n}", seq=n, event=event) for n, event in enumerate(events, 1))


def in_words(parts: Iterable[Part]) -> str:
    """What parts of a sentence say."""
    return "; ".join(text for text, _ in parts)


def measured(
    at: int,
    step: int | None,
    phq9: int | None,
    gad7: int | None = None,
    verdicts: Verdicts | None = None,
) -> Measured:
    """An assessment on a day, with what is known of its totals."""
    scores = {"phq9.total": phq9, "gad7.total": gad7}
    known = {fact: score for fact, score in scores.items() if score is not None}
    return Measured(day=day(at), assessment=f"a{at}", step=step, scores=known, verdicts=verdicts)


PHQ9 = Measure(
    "phq9.total",
    "PHQ-9 total",
    27,
    Change(total="total", caseness=10, reliable=6, source="test"),
    "PHQ-9",
)
GAD7 = Measure(
    "gad7.total",
    "GAD-7 total",
    21,
    Change(total="total", caseness=8, reliable=4, source="test"),
    "GAD-7",
)
KNOWN = EpisodeNames(
    birth_year=2003,
    care=CareNames(shipped_care(), "en"),
    measures=(PHQ9, GAD7),
    interventions={"help": "Guided self-help", "brief": "Brief cognitive therapy"},
    steps={0: "Self-care", 1: "Guided self-help and net therapy", 2: "Brief therapy"},
)

HALF_A_YEAR = lived(
    Opened(day=day(0)),
    measured(0, 1, 17, 11),
    NeedEstablished(day=day(0)),
    Segment(day=day(1), group=2),
    Agreement(day=day(1), rating=8),
    Voice(day=day(1), about="goal", words="to sleep through the night"),
    PeriodStarted(day=day(10), period="p1", intervention="help", step=1, counted="treatment"),
    Contact(day=day(17), period="p1"),
    Contact(day=day(31), period="p1"),
    TrackEvent(day=day(20), track="alcohol", what="referred"),
    measured(40, 2, 14, 10),
    PeriodEnded(day=day(41), period="p1", why="stepped_up"),
    PeriodStarted(day=day(50), period="p2", intervention="brief", step=2, counted="guarantee"),
    Contact(day=day(55), period="p2", ors=20),
    measured(90, 1, 8, 7),
    NextContact(day=day(90), due=day(110)),
)
"""A client who may still be 22: worse at first, then a reliable recovery."""
