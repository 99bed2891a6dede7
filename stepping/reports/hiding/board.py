"""One layer in one calendar year: what is hidden in it, and for each of that another number.

What is printed is a set of sums. A hidden number is safe if there is another table of whole numbers
which prints the same and has another number in its place; such a table is kept for each as a *move*
away from the true one. To show one sum more is allowed only if a move is found again for every
number whose move the sum forbids. So nothing here is hidden by hope: whoever adds, subtracts and
knows that few are one to four is left with at least two answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from stepping.reports.hiding.layers import Layer, Move, Way
from stepping.reports.model import Group
from stepping.reports.periods import Month, Period

Times: TypeAlias = tuple[tuple[Month, int], ...]
"""By how much each of some months would differ."""


class Item(NamedTuple):
    """A hidden number: of a group, in a period, and which of its parts."""

    group: Group
    period: Period
    part: str


class Witness(NamedTuple):
    """By what another table differs, and what of it."""

    times: Times
    way: Way
    move: Move


class Board:
    """What of one layer is hidden in one year, and the sums that are shown of it."""

    def __init__(self, layer: Layer, months: range, groups: tuple[Group, ...]) -> None:
        self.layer = layer
        self.months = months
        self.groups = groups
        self.hidden: set[tuple[Group, Month]] = set()
        self.zeros: set[Month] = set()
        """Months of which it is hidden as well who had nothing."""
        self.anchors: dict[Item, Witness] = {}
        """How the total of a month may move that is hidden itself."""
        self._sums: dict[Group, list[range]] = {}
        self._found: dict[Item, Witness] = {}

    def hide(self, group: Group, month: Month) -> None:
        """Hide the number of a group in a month."""
        self.hidden.add((group, month))

    def guard(self, item: Item) -> bool:
        """Keep another table for a hidden number; return whether there is one."""
        found = next(self._witnesses(item), None)
        if found is not None:
            self._found[item] = found
        return found is not None

    def witness(self, item: Item) -> Witness | None:
        """Return the table that is kept for a hidden number."""
        return self._found.get(item)

    def allow(self, group: Group, period: Period) -> bool:
        """Show a sum if every hidden number stays safe; return whether it is shown."""
        sums = self._sums.setdefault(group, [])
        sums.append(period.months)
        before = dict(self._found)
        if all(self.guard(item) for item, found in before.items() if not self.holds(found.move)):
            return True
        sums.pop()
        self._found = before
        return False

    def holds(self, move: Move) -> bool:
        """Return whether every place of a move is hidden and every sum that is shown stays."""
        return self.hidden.issuperset(move) and not any(
            sum(step for (group, month), step in move.items() if group == one and month in months)
            for one in {group for group, _ in move}
            for months in self._sums.get(one, ())
        )

    def bears(self, move: Move) -> bool:
        """Return whether another table by this move would print the same."""
        return self.holds(move) and self.layer.bears(move, Way(), zeros=self.zeros.__contains__)

    def _witnesses(self, item: Item) -> Iterator[Witness]:
        if item in self.anchors:
            yield from self._followed(self.anchors[item])
            return
        for times, move in self._moves(item):
            if self.holds(move):
                for way in self.layer.ways(item.part):
                    if self.layer.bears(move, way, zeros=self.zeros.__contains__):
                        yield Witness(times, way, move)
        for anchor in self.anchors.values():
            if anchor.way.more == item.part and self._changes(anchor.times, item.period):
                move = {(item.group, month): step for month, step in anchor.times}
                if self._fits(move, anchor.way):
                    yield Witness(anchor.times, anchor.way, move)

    def _followed(self, anchor: Witness) -> Iterator[Witness]:
        """Yield in which group a total could have moved."""
        for group in self.groups:
            move = {(group, month): step for month, step in anchor.times}
            if self._fits(move, anchor.way):
                yield Witness(anchor.times, anchor.way, move)

    def _fits(self, move: Move, way: Way) -> bool:
        return self.holds(move) and self.layer.bears(move, way, zeros=self.zeros.__contains__)

    @staticmethod
    def _changes(times: Times, period: Period) -> bool:
        return bool(sum(step for month, step in times if month in period.months))

    def _moves(self, item: Item) -> Iterator[tuple[Times, Move]]:
        """Yield every move of one group against another one that would change a number."""
        for times in self._times(item):
            own = {(item.group, month): step for month, step in times}
            if item.group is None:
                yield times, own
                continue
            for other in self.groups:
                if other != item.group and all((other, month) in self.hidden for month, _ in times):
                    yield times, own | {(other, month): -step for month, step in times}

    def _times(self, item: Item) -> Iterator[Times]:
        """Yield one month alone, then with another one outside, where the group is hidden."""
        for month in item.period.months:
            if (item.group, month) in self.hidden:
                yield from (((month, step),) for step in (1, -1))
        for month in item.period.months:
            if (item.group, month) not in self.hidden:
                continue
            for other in self.months:
                if other not in item.period.months and (item.group, other) in self.hidden:
                    yield from (((month, step), (other, -step)) for step in (1, -1))
