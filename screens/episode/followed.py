"""The totals that an episode follows: assessed or typed in, each as one series of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from casework.episode_names import EpisodeNames
from stepping.episode.episode import Episode
from stepping.episode.measures import find_series


@dataclass(frozen=True)
class Followed:
    """One total over the days on which it was measured."""

    name: str
    high: float
    """The highest points that there are; the lowest are 0."""
    line: float | None
    """The points from which it is over its line; `None` where it has none."""
    mark: str
    """A star where no source was read for the line."""
    worse: Literal["up", "down"]
    scores: tuple[tuple[date, float | None], ...]
    """In the order of days; `None` where answers are missing."""

    def is_over(self, points: float) -> bool:
        """Return whether points are on the worse side of the line, or on it."""
        if self.line is None:
            return False
        return points >= self.line if self.worse == "up" else points <= self.line


def list_followed(episode: Episode, told: EpisodeNames) -> list[Followed]:
    """Return the totals of the assessments, then those typed in more than once."""
    assessed = [
        Followed(
            name=measure.short,
            high=measure.high,
            line=measure.rule.caseness,
            mark="",
            worse="up",
            scores=tuple((e.day, e.scores.get(measure.fact)) for e in episode.measured),
        )
        for measure in told.measures
    ]
    return [*assessed, *_typed(episode, told)]


def _typed(episode: Episode, told: EpisodeNames) -> list[Followed]:
    found = []
    for series in find_series(episode, told.care.rules.measures):
        if len(series.points) < 2:  # a single one is told in words
            continue
        measure = series.definition
        line = told.find_line(measure, series.points[-1].day)
        scores = tuple((point.day, point.points) for point in series.points)
        found.append(
            Followed(
                name=told.care.measure(measure.id),
                high=measure.high,
                line=line.at if line else None,
                mark="*" if line and line.basis == "local" else "",
                worse=measure.worse,
                scores=scores,
            )
        )
    return found
