"""Totals drawn over the days of an episode: columns, their numbers, and the line they pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.episode_names import EpisodeNames, Measure
from casework.language import Speech
from screens.base.lines import Line, plain
from screens.wording.measure_words import limit_words
from stepping.episode.episode import Episode
from stepping.episode.measures import MeasureSeries

LABELS = 24
"""Cells of the names left of the picture."""
_LEAST_DAYS = 28
_WIDE = 3
"""Cells from one measurement to the next, so that their numbers stand apart."""
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
        ahead = [episode.next_contact.due] if episode.next_contact and not episode.closed else []
        end = max(days, default=today) if episode.closed else today
        last = max([end, first + timedelta(days=_LEAST_DAYS), *days, *ahead])
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


def plot(episode: Episode, measure: Measure, axis: Axis, t: Speech) -> list[Line]:
    """Draw a total of the assessments; the upper row is reached by a case only."""
    scores = [(axis.at(e.day), e.scores.get(measure.fact)) for e in episode.measured]
    case = t("a case from {points}", points=measure.rule.caseness)
    reach = t("range {low}–{high}", low=0, high=measure.high)
    names = (measure.label, f"  {case}", f"  {reach}")
    return _columns(scores, names, measure.rule.caseness, measure.high, axis)


def plot_series(series: MeasureSeries, told: EpisodeNames, axis: Axis, t: Speech) -> list[Line]:
    """Draw the totals of a questionnaire that were typed in, wherever they were.

    The dots are its line, where it has one; a limit that no source was read for is marked.
    """
    measure = series.definition
    line = told.find_line(measure, series.points[-1].day)
    scores = [(axis.at(point.day), point.points) for point in series.points]
    limit = limit_words(line, measure.worse == "up", t) if line else ""
    reach = (
        t("range {low}–{high}", low=0, high=measure.high)
        if measure.worse == "up"
        else t("0–{high}, more is better", high=measure.high)
    )
    names = (told.care.measure(measure.id), f"  {limit}", f"  {reach}")
    return _columns(scores, names, line.at if line else None, measure.high, axis)


def _columns(
    scores: Sequence[tuple[int, float | None]],
    names: Sequence[str],
    line: float | None,
    high: float,
    axis: Axis,
) -> list[Line]:
    """Draw columns of two rows under their numbers; the dots are the line that the upper row is."""
    dots = list(" ·" * axis.width)[: axis.width] if line is not None else [" "] * axis.width
    rows = [[" "] * axis.width, dots, [" "] * axis.width]
    wide = max((len(_number(score)) for _, score in scores), default=0) + 1
    for column, score in _apart(scores, axis.width, max(wide, _WIDE)):
        halves = 0 if score is None else _halves(score, high / 2 if line is None else line, high)
        number = _number(score)
        above = 1 if halves <= 2 else 0
        rows[above][column : column + max(2, len(number))] = f"{number:<2}"
        for row_, level in ((2, halves), (1, halves - 2)):
            if level > 0:
                rows[row_][column : column + 2] = "██" if level > 1 else "▄▄"
    return [row(name, "".join(cells)) for name, cells in zip(names, rows, strict=True)]


def _number(score: float | None) -> str:
    return "?" if score is None else f"{score:g}"


def _halves(score: float, line: float, high: float) -> int:
    """Return the height of a column in half rows: two below the line, two more from it on."""
    if score == 0:
        return 0
    if score < line:
        return 1 if 2 * score < line else 2
    return 3 if 2 * score < line + high else 4


def _apart(
    scores: Sequence[tuple[int, float | None]], width: int, wide: int
) -> Iterator[tuple[int, float | None]]:
    """Keep columns apart; where there are too many, the first and the last ones stay."""
    room = width // wide
    kept = list(scores) if len(scores) <= room else [scores[0], *scores[1 - room :]]
    start = 0
    for place, (column, score) in enumerate(kept):
        latest = width - wide * (len(kept) - place) + 1
        start = min(max(column, start), latest)
        yield start, score
        start += wide


def row(name: str, cells: str) -> Line:
    """Return a row of the picture with its name on the left."""
    shown = name if len(name) < LABELS else name[: LABELS - 2] + "…"
    return plain(f"{shown:<{LABELS}}{cells}".rstrip())
