"""How long the bar of a figure is, beside the same a year before and its target."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from stepping.reports.model import Figure
from stepping.reports.table import Cell, Table


@dataclass(frozen=True)
class Row:
    """A group's figure now and a year before, each as a part of the longest bar, or without one."""

    figure: Figure
    group: str | None
    now: Cell
    before: Cell
    now_part: Fraction | None
    before_part: Fraction | None
    target_part: Fraction | None

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to count, now or a year before."""
        return self.now.is_empty and self.before.is_empty


def rows_of(table: Table, figure: Figure) -> list[Row]:
    """Return the rows of a figure: all together first, then each group.

    A share is a part of all; another figure of its greatest one. The sum of all groups has no bar
    beside theirs, since it would leave them none.
    """
    asked, before = table.periods
    pairs = [
        (group, now, then)
        for group in (None, *table.groups)
        if (now := table.cell(figure, group, asked)) and (then := table.cell(figure, group, before))
    ]
    most = _greatest(table, figure, pairs)
    summed = figure.kind == "count" and bool(table.groups)
    return [
        Row(
            figure,
            group,
            now,
            then,
            None if summed and group is None else _part(now, most),
            None if summed and group is None else _part(then, most),
            _of(now.target, most),
        )
        for group, now, then in pairs
    ]


def _greatest(table: Table, figure: Figure, pairs: list[tuple[str | None, Cell, Cell]]) -> Fraction:
    if figure.kind == "share":
        return Fraction(1)
    summed = figure.kind == "count" and bool(table.groups)
    values = [
        value
        for group, *cells in pairs
        if not (summed and group is None)
        for cell in cells
        for value in (cell.value, cell.target)
        if value is not None
    ]
    return max(values, default=Fraction(0))


def _part(cell: Cell, most: Fraction) -> Fraction | None:
    return None if cell.is_empty else _of(cell.value, most)


def _of(value: Fraction | None, most: Fraction) -> Fraction | None:
    return None if value is None or not most else value / most
