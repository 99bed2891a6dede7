"""What has to be sent so that a line of the terminal becomes another one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui.cell_diff import merge_columns
from tui.terminal.paint.cursor import Cursor
from tui.terminal.paint.grid import CellRow
from tui.terminal.paint.style import NORMAL, shows_alike

_ERASE_COSTS = 3
_SHORT = 3
"""A gap of at most so many unchanged cells of one style is never cheaper to jump over."""


def redraw(cursor: Cursor, y: int, shown: CellRow, wanted: CellRow) -> None:
    """Write what differs in line y; both rows are as wide as the terminal."""
    end = wanted.filled() if cursor.erases else len(wanted.chars)
    different = _different(shown, wanted, end)
    for start, stop in merge_columns(different, wanted.chars, partial(_joins, wanted)):
        cursor.start(start, y, wanted)
        cursor.write(wanted, start, stop)
    stale = _stale(shown, end)
    if stale:
        _blank(cursor, y, wanted, end, stale)


def _different(shown: CellRow, wanted: CellRow, end: int) -> list[int]:
    """Return the columns before `end` in which the rows differ."""
    if shown.styles == wanted.styles:
        cells = zip(shown.chars, wanted.chars[:end], strict=False)
        return [x for x, (old, new) in enumerate(cells) if old != new]
    both = zip(shown.chars, wanted.chars[:end], shown.styles, wanted.styles, strict=False)
    return [
        x
        for x, (old, new, old_style, new_style) in enumerate(both)
        if old != new or old_style != new_style
    ]


def _joins(row: CellRow, start: int, stop: int) -> bool:
    if stop - start > _SHORT:
        return False
    style = row.styles[start - 1]
    return all(
        len(char) < 2 and char.isascii() and shows_alike(other, char, style)
        for char, other in zip(row.chars[start:stop], row.styles[start:stop], strict=True)
    )


def _stale(shown: CellRow, end: int) -> list[int]:
    """Return the columns from `end` on that are not blank yet."""
    return [
        x
        for x in range(end, len(shown.chars))
        if shown.chars[x] != " " or shown.styles[x] != NORMAL
    ]


def _blank(cursor: Cursor, y: int, wanted: CellRow, end: int, stale: Sequence[int]) -> None:
    first, last = stale[0], stale[-1] + 1
    if last - first <= _ERASE_COSTS and last < len(wanted.chars):
        cursor.start(first, y, wanted)
        cursor.write(wanted, first, last)
        return
    if cursor.y != y or cursor.x is None or not end <= cursor.x <= first:
        cursor.go(end, y, wanted)
    cursor.erase()
