"""An episode of care at a glance: the step, and how its first measure went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from casework.workspace import Workspace
from stepping.episode.episode import Episode
from stepping.episode.measures import find_series

Direction = Literal["down", "up", "same"]


@dataclass(frozen=True)
class ScoreGlance:
    """The first and the last total of a measure; None of one that lacks answers."""

    name: str
    points: tuple[float | None, ...]
    """One total, or the first and the last."""
    worse: Literal["up", "down"] = "up"

    @property
    def direction(self) -> Direction | None:
        """Where the totals have gone; None where that is not known."""
        first, last = self.points[0], self.points[-1]
        if len(self.points) == 1 or first is None or last is None:
            return None
        return "same" if first == last else "down" if last < first else "up"

    @property
    def better(self) -> bool | None:
        """Whether the last total is better than the first, by however little."""
        direction = self.direction
        return None if direction in (None, "same") else direction != self.worse


@dataclass(frozen=True)
class EpisodeGlance:
    """What one line tells of an episode."""

    step: int | None
    """The step that was confirmed last."""
    score: ScoreGlance | None


def glance_at(workspace: Workspace, episode_id: str) -> EpisodeGlance:
    """Return an episode at a glance; the questionnaires of the pathways come before typed ones.

    Raises:
        StoreError: If the store does not tell.
    """
    episode = workspace.store.episodes.get(episode_id)[1]
    told = chain(_followed(workspace, episode), _typed(workspace, episode))
    found = next(told, None)
    return EpisodeGlance(episode.step, found)


def _followed(workspace: Workspace, episode: Episode) -> Iterator[ScoreGlance]:
    """Yield the totals that the pathways follow, in the order of an episode's page."""
    names = {
        f"{instrument.id}.{instrument.change.total}": instrument.name
        for pathway in workspace.readable_pathways
        for instrument in pathway.instruments.values()
        if instrument.change is not None
    }
    for fact in sorted(names, reverse=True):
        points = [event.scores[fact] for event in episode.measured if fact in event.scores]
        if points:
            yield ScoreGlance(names[fact], _ends(points))


def _typed(workspace: Workspace, episode: Episode) -> Iterator[ScoreGlance]:
    """Yield the questionnaires of which totals were typed in."""
    names = workspace.care_names
    for series in find_series(episode, workspace.care.measures):
        measure, points = series.definition, [point.points for point in series.points]
        yield ScoreGlance(names.measure(measure.id), _ends(points), measure.worse)


def _ends(points: Sequence[float | None]) -> tuple[float | None, ...]:
    return (points[0],) if len(points) == 1 else (points[0], points[-1])
