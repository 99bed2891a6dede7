"""What has to be sent so that a line of the terminal becomes another one."""

from __future__ import annotations

from collections.abc import Sequence

from tui.terminal.paint.cursor import Pen
from tui.terminal.paint.grid import Row
from tui.terminal.paint.style import NORMAL, fits

_ERASE_COSTS = 3
_SHORT = 3
"""A gap of at most so many unchanged cells of one look is never cheaper to jump over."""


def redraw(pen: Pen, y: int, shown: Row, wanted: Row) -> None:
    """Write what differs in line y; both rows are as wide as the terminal."""
    end = wanted.filled() if pen.erases else len(wanted.chars)
    for start, stop in _runs(shown, wanted, end):
        pen.start(start, y, wanted)
        pen.write(wanted, start, stop)
    stale = _stale(shown, end)
    if stale:
        _blank(pen, y, wanted, end, stale)


def _runs(shown: Row, wanted: Row, end: int) -> list[tuple[int, int]]:
    """The spans of cells before `end` that differ, joined over gaps too short to jump over."""
    runs: list[tuple[int, int]] = []
    start = stop = -1
    for x in _different(shown, wanted, end):
        if x != stop and (stop < 0 or not _joins(wanted, stop, x)):
            if stop >= 0:
                runs.append((start, _whole(wanted, stop)))
            start = x
        stop = x + 1
    if stop >= 0:
        runs.append((start, _whole(wanted, stop)))
    return runs


def _different(shown: Row, wanted: Row, end: int) -> list[int]:
    """The columns before `end` in which the rows differ."""
    if shown.looks == wanted.looks:
        cells = zip(shown.chars, wanted.chars[:end], strict=False)
        return [x for x, (old, new) in enumerate(cells) if old != new]
    both = zip(shown.chars, wanted.chars[:end], shown.looks, wanted.looks, strict=False)
    return [
        x
        for x, (old, new, old_look, new_look) in enumerate(both)
        if old != new or old_look != new_look
    ]


def _joins(row: Row, start: int, stop: int) -> bool:
    if stop - start > _SHORT:
        return False
    look = row.looks[start - 1]
    return all(
        len(char) < 2 and char.isascii() and fits(other, char, look)
        for char, other in zip(row.chars[start:stop], row.looks[start:stop], strict=True)
    )


def _whole(row: Row, stop: int) -> int:
    """Keep the right half with its wide character."""
    while stop < len(row.chars) and row.chars[stop] == "":
        stop += 1
    return stop


def _stale(shown: Row, end: int) -> list[int]:
    """The columns from `end` on that are not blank yet."""
    return [
        x for x in range(end, len(shown.chars)) if shown.chars[x] != " " or shown.looks[x] != NORMAL
    ]


def _blank(pen: Pen, y: int, wanted: Row, end: int, stale: Sequence[int]) -> None:
    first, last = stale[0], stale[-1] + 1
    if last - first <= _ERASE_COSTS and last < len(wanted.chars):
        pen.start(first, y, wanted)
        pen.write(wanted, first, last)
        return
    if pen.y != y or pen.x is None or not end <= pen.x <= first:
        pen.go(end, y, wanted)
    pen.erase()
