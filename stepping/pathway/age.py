"""How old an answer is, and where it was given; nothing here reads a clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

Source = Literal["form", "navigator"]
"""Where answers are given elsewhere: on a form of another program, or in the national navigator."""

_SLACK = timedelta(minutes=10)
"""How far two clocks may stand apart, or one be put right, before an answer counts as unknown."""


@dataclass(frozen=True)
class AnswerTime:
    """When an answer was given, and the latest instant that is known to lie behind it."""

    at: datetime
    seen: datetime

    def with_entry_at(self, instant: datetime) -> AnswerTime:
        """Return the same after one more entry at an instant."""
        return replace(self, seen=max(self.seen, instant))

    def get_age(self, now: datetime) -> timedelta:
        """Return how old the answer is at least; below zero if it lies ahead of the clock.

        A clock that was set back makes nothing younger: what was entered after the answer tells.
        """
        return max(now, self.seen) - self.at

    def is_valid(self, time: timedelta, now: datetime) -> bool:
        """Say whether the answer still counts.

        One from ahead of the clock has no age that anybody knows, and an unknown age counts as too
        old: what is not known never lowers a step.
        """
        return now - self.at >= -_SLACK and self.get_age(now) <= time


@dataclass(frozen=True)
class Elsewhere:
    """That an answer was given elsewhere, and nobody was asked for it here."""

    source: Source
    day: date
    """The day in Finland on which it was given."""
