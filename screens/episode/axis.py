"""The days of an episode as the columns of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stepping.episode.episode import Episode

_LEAST_DAYS = 28
_WEEKS = (1, 2, 4, 8, 13, 26, 52, 104)
_TICK = 4
"""The fewest cells between two numbers of the axis."""


@dataclass(frozen=True)
class Axis:
    """Days as columns; the first and the last day are both on it."""

    first: date
    last: date
    until: date
    """The day up to which something is known: today, or the last day of an ended episode."""
    width: int

    @classmethod
    def of(cls, episode: Episode, today: date, width: int) -> Axis:
        """Return the axis from an episode's beginning to today, or to its last day if later."""
        days = [entry.event.day for entry in episode.entries]
        first = min(days, default=today)
        end = max(days, default=today) if episode.closed else today
        last = max([end, first + timedelta(days=_LEAST_DAYS), *days])
        return cls(first, last, max(end, first), width)

    def at(self, day: date) -> int:
        """Return the column of a day."""
        share = (day - self.first).days / (self.last - self.first).days
        return min(self.width - 1, max(0, round(share * (self.width - 1))))

    def ticks(self) -> str:
        """Return the numbers of the weeks where they begin, as many as have room."""
        weeks = (self.last - self.first).days // 7
        every = next((n for n in _WEEKS if weeks / n * _TICK <= self.width), _WEEKS[-1])
        row = [" "] * self.width
        for week in range(0, weeks + 1, every):
            start = self.at(self.first + timedelta(weeks=week))
            if start + len(str(week)) <= self.width:
                row[start : start + len(str(week))] = str(week)
        return "".join(row)


def spread(columns: Sequence[int], width: int, pitch: int) -> list[int]:
    """Return ordered columns moved apart to at least `pitch`; all must fit into the width."""
    placed, start = [], 0
    for number, column in enumerate(columns):
        latest = width - pitch * (len(columns) - number)
        start = min(max(column, start), max(latest, start))
        placed.append(start)
        start += pitch
    return placed
