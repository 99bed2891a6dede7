"""Totals as columns over the days of an episode, under their numbers, with the line they pass.

A column is as high as its points are of all that there are, to half a step: an eighth of a cell
where there are such blocks, half a cell where not. No points at all stand on the ground as `__`; a
total that lacks answers is `?`. The dashes are the line, and so is a look: what is over it is
`warning`, what is under it `good`. Where measurements stand too close, columns become thin, and
numbers are written where they have room: at the first, the latest and the worst first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from casework.language import Speech
from screens.base.lines import Line, Look
from screens.episode.axis import Axis, spread
from screens.episode.followed import Followed

EIGHTHS, HALVES = "▁▂▃▄▅▆▇█", "▄█"
_ROWS = {EIGHTHS: 4, HALVES: 5}
"""How many rows a column of all points has."""
_LEAST_ROWS = 4
"""How many rows are drawn even where no column reaches the highest."""
_THICK = 2
_FAR = 6
"""How many cells a column may stand beside its day before columns become thin."""
ZERO, LACKING = "_", "?"

Cell = tuple[str, Look]
_BLANK: Cell = (" ", "normal")


@dataclass(frozen=True)
class Column:
    """One measurement as it is drawn."""

    at: int
    """The first cell."""
    wide: int
    steps: int | None
    """Its height in steps; `None` where the total is not known."""
    number: str
    look: Look


@dataclass(frozen=True)
class Raster:
    """How points become steps and rows."""

    high: float
    blocks: str

    @property
    def rows(self) -> int:
        """The rows of a column of all points."""
        return _ROWS[self.blocks]

    @property
    def each(self) -> int:
        """The steps of a row."""
        return len(self.blocks)

    def steps(self, points: float) -> int:
        """Return how high points stand, in whole steps."""
        most = self.rows * self.each
        return min(most, max(0, int(points / self.high * most + 0.5)))

    def row_of(self, points: float) -> int:
        """Return the row that points lie in, the lowest being 0."""
        return min(self.rows - 1, int(points / self.high * self.rows))

    def above(self, steps: int | None) -> int:
        """Return the first row that a column leaves free; its number stands there."""
        return 0 if steps is None else max(1, -(-steps // self.each))


def columns_of(
    followed: Followed, axis: Axis, raster: Raster, t: Speech
) -> tuple[list[Column], bool]:
    """Return the columns from left to right, and whether they are thin."""
    numbers = [number(score, t) for _, score in followed.scores]
    pitch = max([_THICK, *map(len, numbers)]) + 1
    days = [axis.at(day) for day, _ in followed.scores]
    if len(days) * pitch <= axis.width + 1:
        places = spread(days, axis.width + 1, pitch)
        if all(abs(place - day) <= _FAR for place, day in zip(places, days, strict=True)):
            return list(_made(followed, places, _THICK, raster, t)), False
    if len(days) > axis.width:
        followed, days = _of_cells(followed, days)
    return list(_made(followed, spread(days, axis.width, 1), 1, raster, t)), True


def _of_cells(followed: Followed, days: Sequence[int]) -> tuple[Followed, list[int]]:
    """Leave one measurement a cell: the worst, but in the last cell the latest."""
    kept: dict[int, int] = {}
    for place, cell in enumerate(days):
        if cell not in kept or cell == days[-1] or not _is_better(followed, place, kept[cell]):
            kept[cell] = place
    scores = tuple(followed.scores[place] for place in kept.values())
    return replace(followed, scores=scores), list(kept)


def _is_better(followed: Followed, one: int, other: int) -> bool:
    """Return whether a measurement is better than another; what is not known is never better."""
    left, right = followed.scores[one][1], followed.scores[other][1]
    if left is None or right is None:
        return left is None
    return left < right if followed.worse == "up" else left > right


def _made(
    followed: Followed, places: Sequence[int], wide: int, raster: Raster, t: Speech
) -> Iterator[Column]:
    for place, (_, score) in zip(places, followed.scores, strict=True):
        steps = None if score is None else raster.steps(score)
        yield Column(place, wide, steps, number(score, t), _look(followed, score))


def _look(followed: Followed, score: float | None) -> Look:
    if score is None or followed.line is None:
        return "normal"
    return "warning" if followed.is_over(score) else "good"


def number(score: float | None, t: Speech) -> str:
    """Return points as they are written, or the mark of a total that lacks answers."""
    return LACKING if score is None else t.number(score)


def plot(followed: Followed, axis: Axis, labels: int, t: Speech, *, eighths: bool) -> list[Line]:
    """Draw a total: its name and its limit stand left of the columns, `labels` cells wide."""
    raster = Raster(followed.high, EIGHTHS if eighths else HALVES)
    columns, thin = columns_of(followed, axis, raster, t)
    tops = [raster.above(column.steps) for column in columns]
    limit = None if followed.line is None else raster.row_of(followed.line)
    most = max(tops, default=0)
    count = max(_LEAST_ROWS, most + 1, 0 if limit is None else limit + 2)
    grid = [[_BLANK] * axis.width for _ in range(count)]
    if limit is not None:
        grid[limit] = [("-", "dim")] * axis.width
    for column in columns:
        _stand(grid, column, raster)
    if thin and limit is not None:
        _clear_gaps(grid[limit])
    for column in _numbered(columns, axis.width) if thin else columns:
        top = most if thin and column.steps is not None else raster.above(column.steps)
        _write(grid[top], column.at, column.number)
    names = _names(followed, limit, count, t)
    return [_line(name, cells, labels) for name, cells in zip(names, reversed(grid), strict=True)]


def _stand(grid: list[list[Cell]], column: Column, raster: Raster) -> None:
    """Draw a column from the ground up."""
    if column.steps is None:
        return
    full, rest = divmod(column.steps, raster.each)
    blocks = [raster.blocks[-1]] * full + ([raster.blocks[rest - 1]] if rest else [])
    for row, block in enumerate(blocks or [ZERO]):
        for cell in range(column.at, min(column.at + column.wide, len(grid[row]))):
            grid[row][cell] = (block, column.look)


def _clear_gaps(row: list[Cell]) -> None:
    """Leave the line out of gaps of one cell: between thin columns it would only flicker."""
    drawn = [sign not in "- " for sign, _ in row]
    for cell in range(1, len(row) - 1):
        if not drawn[cell] and drawn[cell - 1] and drawn[cell + 1]:
            row[cell] = _BLANK


def _numbered(columns: Sequence[Column], width: int) -> list[Column]:
    """Return the thin columns whose numbers have room: first, latest and worst before others."""
    worst = sorted(columns, key=lambda column: -(column.steps or 0))
    free, kept = [True] * (width + 1), []
    for column in dict.fromkeys([*columns[:1], *columns[-1:], *worst[:1], *reversed(columns)]):
        end = column.at + len(column.number)
        if column.steps is None or (end <= width and all(free[column.at : end])):
            kept.append(column)
            free[max(0, column.at - 1) : end + 1] = [False] * (end + 1 - max(0, column.at - 1))
    return kept


def _write(row: list[Cell], at: int, text: str) -> None:
    for cell, sign in enumerate(text, start=min(at, len(row) - len(text))):
        row[cell] = (sign, "normal")


def _names(followed: Followed, limit: int | None, count: int, t: Speech) -> list[str]:
    """Return what stands left of each row, the highest row first."""
    names = {count - 1: f"{followed.name} /{followed.high:g}"}
    if limit is not None and followed.line is not None:
        names[limit] = " " + t("limit {points}", points=t.number(followed.line)) + followed.mark
    if followed.worse == "down":
        names[0 if limit else 1] = " " + t("more is better")
    return [names.get(row, "") for row in reversed(range(count))]


def _line(name: str, cells: Sequence[Cell], labels: int) -> Line:
    while cells and cells[-1] == _BLANK:
        cells = cells[:-1]
    runs = groupby(cells, key=itemgetter(1))
    return (label(name, labels), *(("".join(sign for sign, _ in run), look) for look, run in runs))


def label(name: str, labels: int) -> tuple[str, Look]:
    """Return what stands left of a row of the picture."""
    shown = name if len(name) < labels else name[: labels - 2] + "…"
    return f"{shown:<{labels}}", "normal"


def label_width(followed: Sequence[Followed], t: Speech) -> int:
    """Return the cells that the names left of the columns of some totals need."""
    names = [name for each in followed for name in _names(each, 1, 3, t)]
    return max(map(len, names), default=0) + 1
