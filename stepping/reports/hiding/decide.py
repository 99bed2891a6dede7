"""Which cells of a series may be shown in a file: the same for the same data, whoever asks.

Months are decided first, each by itself; then longer periods by their end, so that nothing that was
given out once can be undone by what comes later: where both cannot stand, the longer one is hidden.
All together is decided before any breakdown, and so is the same beside each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from stepping.reports.counts import Counts
from stepping.reports.hiding.board import Board, Item
from stepping.reports.hiding.layers import Layer
from stepping.reports.model import Group
from stepping.reports.periods import YEAR, Month, Period, calendar_period, calendar_periods

OTHERS = "\0others"
"""Stands for values that nobody has: whoever sees a hidden place cannot know that it is none."""

Known = Callable[[Group, Period], bool]


@dataclass(frozen=True)
class Shown:
    """What is shown of one layer in one year, and the boards by which that was decided."""

    cells: set[tuple[Group, Period]] = field(default_factory=set)
    boards: list[Board] = field(default_factory=list)

    def knows(self, group: Group, period: Period) -> bool:
        """Return whether a cell is shown."""
        return (group, period) in self.cells


class Decision:
    """Decides one layer in one year, up to the last month that is over."""

    def __init__(
        self, layer: Layer, counts: Counts, year: int, last: Month, allowed: Known
    ) -> None:
        self._layer = layer
        self._counts = counts
        self._months = range(year * YEAR, min((year + 1) * YEAR - 1, last) + 1)
        self._periods = [one for one in calendar_periods(year) if one.last <= last]
        self._allowed = allowed
        self._shown = Shown()

    def decide(self) -> Shown:
        """Decide month after month: all together, then by the breakdown, then what ends there."""
        totals = Board(self._layer, self._months, (None,))
        groups = Board(self._layer, self._months, (*self._counts.groups, OTHERS))
        self._shown.boards.extend((totals, groups))
        for month in self._months:
            self._total_month(totals, month)
            self._longer(totals, (None,), month)
            self._group_month(groups, month)
            self._anchor(groups, totals, month)
            self._longer(groups, self._counts.groups, month)
        return self._shown

    def _anchor(self, groups: Board, totals: Board, last: Month) -> None:
        """Let each hidden total be able to move beside the breakdown as it can by itself."""
        for month in range(self._months.start, last + 1):
            for part in self._layer.exposed(None, range(month, month + 1)):
                item = self._item(None, month, part)
                found = totals.witness(item)
                if found is not None and groups.anchors.get(item) != found:
                    groups.anchors[item] = found
                    groups.guard(item)
                    self._guard_month(groups, self._counts.groups, month)

    @staticmethod
    def _item(group: Group, month: Month, part: str) -> Item:
        return Item(group, calendar_period("month", month), part)

    def _is_open(self, group: Group, period: Period) -> bool:
        """Return whether few persons or what was decided before do not bar it."""
        return not self._layer.exposed(group, period.months) and self._allowed(group, period)

    def _total_month(self, board: Board, month: Month) -> None:
        period = calendar_period("month", month)
        if self._is_open(None, period):
            self._shown.cells.add((None, period))
        else:
            board.hide(None, month)
        self._guard_month(board, (None,), month)

    def _guard_month(self, board: Board, groups: tuple[Group, ...], month: Month) -> None:
        for group in groups:
            for part in self._layer.exposed(group, range(month, month + 1)):
                board.guard(self._item(group, month, part))

    def _group_month(self, board: Board, month: Month) -> None:
        if self._shown.knows(None, calendar_period("month", month)):
            self._one_month(board, month)
        else:
            self._hide_all(board, month)
        self._guard_month(board, self._counts.groups, month)

    def _one_month(self, board: Board, month: Month) -> None:
        """Hide who is few, then as many others, the smallest first, as it takes to keep it so."""
        period = calendar_period("month", month)
        some = [
            group
            for group in self._counts.groups
            if not self._layer.is_nothing(group, period.months)
        ]
        hidden = [group for group in self._counts.groups if not self._is_open(group, period)]
        for group in hidden:
            board.hide(group, month)
        items = [
            self._item(group, month, part)
            for group in hidden
            for part in self._layer.exposed(group, period.months)
        ]
        others = sorted(
            (group for group in some if group not in hidden),
            key=lambda group: (self._number(group, period.months), group),
        )
        while not all(board.guard(item) for item in items):
            if others:
                board.hide(others.pop(0), month)
            elif month not in board.zeros:
                self._hide_all(board, month)
            else:
                break
        self._shown.cells.update(
            (group, period) for group in self._counts.groups if (group, month) not in board.hidden
        )

    @staticmethod
    def _hide_all(board: Board, month: Month) -> None:
        board.zeros.add(month)
        for group in board.groups:
            board.hide(group, month)

    def _longer(self, board: Board, groups: tuple[Group, ...], last: Month) -> None:
        """Decide the longer periods that end with a month; who has most is shown first."""
        for period in self._periods:
            if period.kind == "month" or period.last != last:
                continue
            for group in groups:
                for part in self._layer.exposed(group, period.months):
                    board.guard(Item(group, period, part))
            for group in self._by_size(groups, period):
                if self._may_show(board, group, period):
                    self._shown.cells.add((group, period))

    def _by_size(self, groups: tuple[Group, ...], period: Period) -> list[Group]:
        return sorted(groups, key=lambda one: (-self._number(one, period.months), one or ""))

    def _number(self, group: Group, months: range) -> int:
        return self._counts.bag(group, months).number

    def _may_show(self, board: Board, group: Group, period: Period) -> bool:
        if not any((group, month) in board.hidden for month in period.months):
            return True
        whole = group is None or self._shown.knows(None, period)
        return whole and self._is_open(group, period) and board.allow(group, period)
