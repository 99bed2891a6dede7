"""What is told of a series, layer by layer: its numbers, its bands, the sums behind its means.

Each layer says of a place (a group and a month, or a period) whether so few stand behind it that it
must be hidden, and what of it nobody may be able to work out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from stepping.reports.counts import Bag, Counts
from stepping.reports.model import Group, Series
from stepping.reports.periods import Month
from stepping.reports.table import FEWEST, FEWEST_OF_A_MEAN

Place: TypeAlias = tuple[Group, Month]
Move: TypeAlias = Mapping[Place, int]
"""One more or one less at some places: how another table would differ from this one."""

REST = "\0rest"
"""The band of what lies in no other one: older rows may hold words that no longer stand."""


@dataclass(frozen=True)
class Way:
    """How a move is meant: a row more of one band, and one less of another one, or of none."""

    more: str = ""
    less: str | None = None


class Layer(Protocol):
    """What boards ask of a layer."""

    def is_nothing(self, group: Group, months: range) -> bool:
        """Return whether there is nothing to tell, which may be said."""

    def exposed(self, group: Group, months: range) -> tuple[str, ...]:
        """Return what there would tell of few; empty where it may be shown."""

    def ways(self, part: str) -> Iterator[Way]:
        """Yield how what is exposed could be another number."""

    def bears(self, move: Move, way: Way, *, zeros: Callable[[Month], bool]) -> bool:
        """Return whether the numbers are still such as there can be after a move.

        `zeros` says in which months it is hidden as well where nothing was counted.
        """


class Numbers:
    """How many rows there are."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def is_nothing(self, group: Group, months: range) -> bool:
        """Return whether there is no row."""
        return not self._bag(group, months).number

    def exposed(self, group: Group, months: range) -> tuple[str, ...]:
        """Return one part, without a name, where too few persons stand behind the rows."""
        return ("",) if 0 < self._bag(group, months).persons < FEWEST else ()

    def ways(self, part: str) -> Iterator[Way]:
        """Yield the one way: a row more."""
        yield Way()

    def bears(self, move: Move, way: Way, *, zeros: Callable[[Month], bool]) -> bool:
        """Return whether what is few stays so, and what is many as well."""
        return all(
            self._bears(self._bag(group, range(month, month + 1)), step, zeros=zeros(month))
            for (group, month), step in move.items()
        )

    def _bears(self, bag: Bag, step: int, *, zeros: bool) -> bool:
        after = bag.number + step
        if bag.persons >= FEWEST:
            return after >= FEWEST
        most = FEWEST - 1 if bag.number < FEWEST else after
        return (0 if zeros else 1) <= after <= most

    def _bag(self, group: Group, months: range) -> Bag:
        return self._counts.bag(group, months)


class Shares:
    """How many rows lie in each band: all bands of a place are shown, or none."""

    def __init__(self, series: Series, counts: Counts, base: Callable[[Move], bool]) -> None:
        self._bands = series.bands
        self._counts = counts
        self._base = base
        self._names = (*(band.name for band in series.bands), REST)
        self._known: dict[tuple[Group, range], dict[str, Bag]] = {}

    def _parts(self, group: Group, months: range) -> dict[str, Bag]:
        key = (group, months)
        if key not in self._known:
            bag = self._counts.bag(group, months)
            parts = {band.name: bag.within((band,)) for band in self._bands}
            parts[REST] = bag.outside(self._bands)
            self._known[key] = parts
        return self._known[key]

    def is_nothing(self, group: Group, months: range) -> bool:
        """Return whether there is no row of which to tell."""
        return not self._counts.bag(group, months).number

    def exposed(self, group: Group, months: range) -> tuple[str, ...]:
        """Return the bands in which few persons are."""
        parts = self._parts(group, months)
        return tuple(name for name, bag in parts.items() if 0 < bag.persons < FEWEST)

    def ways(self, part: str) -> Iterator[Way]:
        """Yield each other band from which a row could be, then the number of rows itself."""
        yield from (Way(part, other) for other in self._names if other != part)
        yield Way(part)

    def bears(self, move: Move, way: Way, *, zeros: Callable[[Month], bool]) -> bool:
        """Return whether each band that loses a row has one, and the number may change with it."""
        for (group, month), step in move.items():
            parts = self._parts(group, range(month, month + 1))
            loses = way.less if step > 0 else way.more
            if loses is not None and not parts[loses].number:
                return False
        return way.less is not None or self._base(move)


class Sums:
    """The sum of the numbers behind a mean: with the number of rows it is as good as the mean."""

    def __init__(self, series: Series, counts: Counts) -> None:
        self._series = series
        self._counts = counts

    def is_nothing(self, group: Group, months: range) -> bool:
        """Return whether no number was told."""
        return not self._counts.bag(group, months).told

    def exposed(self, group: Group, months: range) -> tuple[str, ...]:
        """Return one part, without a name, where a mean would be one of too few."""
        return ("",) if 0 < self._counts.bag(group, months).persons < FEWEST_OF_A_MEAN else ()

    def ways(self, part: str) -> Iterator[Way]:
        """Yield the one way: a point more."""
        yield Way()

    def bears(self, move: Move, way: Way, *, zeros: Callable[[Month], bool]) -> bool:
        """Return whether the sum is still one that so many rows can have."""
        return all(
            self._bears(self._counts.bag(group, range(month, month + 1)), step)
            for (group, month), step in move.items()
        )

    def _bears(self, bag: Bag, step: int) -> bool:
        after, highest = bag.total + step, self._series.highest
        most = after if highest is None else highest * bag.told
        return self._series.lowest * bag.told <= after <= most
