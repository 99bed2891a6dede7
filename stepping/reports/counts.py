"""Sums by breakdown, month, value and ordinal, as SQL gives them: all that a report is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cached_property
from math import isqrt
from typing import NamedTuple, TypeAlias

from stepping.reports.model import Band, Group, Value, in_order
from stepping.reports.periods import Month


class Tally(NamedTuple):
    """How many rows of a series have all of this in common."""

    group: str
    """What the rows are told by; `NOT_TOLD` where that is not known."""
    month: Month
    value: Value | None
    ordinal: int | None
    """Rows with one ordinal are each of another person; `None` where nothing is known of that."""
    number: int
    lines: int
    """How many rows that is: one row may tell of several contacts."""


_Key: TypeAlias = tuple[Value | None, int | None]


class Bag:
    """Some rows of a series: their values and the fewest persons that they can be of."""

    def __init__(self, numbers: Counter[_Key], lines: Counter[_Key]) -> None:
        self._numbers = numbers
        self._lines = lines

    @cached_property
    def number(self) -> int:
        """How many there are."""
        return self._numbers.total()

    @cached_property
    def persons(self) -> int:
        """A lower bound of the persons: the most rows that share an ordinal."""
        shared: Counter[int] = Counter()
        for (_, ordinal), count in self._lines.items():
            if ordinal is not None:
                shared[ordinal] += count
        return max(shared.values(), default=min(1, self.number))

    @cached_property
    def values(self) -> Counter[int]:
        """How often each number was told."""
        found: Counter[int] = Counter()
        for (value, _), count in self._numbers.items():
            if isinstance(value, int):
                found[value] += count
        return found

    def within(self, bands: Iterable[Band]) -> Bag:
        """Return those whose value lies in one of some bands."""
        chosen = tuple(bands)
        return self._of(lambda value: any(band.holds(value) for band in chosen))

    def outside(self, bands: Iterable[Band]) -> Bag:
        """Return those whose value lies in none of some bands."""
        others = tuple(bands)
        return self._of(lambda value: not any(band.holds(value) for band in others))

    def _of(self, wanted: Callable[[Value | None], bool]) -> Bag:
        keys = [key for key in self._numbers if wanted(key[0])]
        return Bag(
            Counter({key: self._numbers[key] for key in keys}),
            Counter({key: self._lines[key] for key in keys}),
        )

    @property
    def told(self) -> int:
        """How many numbers were told."""
        return self.values.total()

    @property
    def total(self) -> int:
        """The sum of the numbers."""
        return sum(value * count for value, count in self.values.items())

    @property
    def mean(self) -> Fraction | None:
        """The mean of the numbers; `None` without any."""
        return Fraction(self.total, self.told) if self.told else None

    @property
    def spread(self) -> Fraction | None:
        """The standard deviation of a sample, to four places; `None` of fewer than two."""
        if self.told < _TWO or self.mean is None:
            return None
        squares = sum(value * value * count for value, count in self.values.items())
        variance = (squares - self.mean * self.total) / (self.told - 1)
        return Fraction(isqrt(int(variance * _PLACES * _PLACES)), _PLACES)

    def quantile(self, part: int, whole: int) -> Fraction | None:
        """Return the number below which `part` of `whole` lie.

        Where it falls between two rows it is the middle of their numbers: quantile 2 of Hyndman and
        Fan, The American Statistician 1996;50:361–365.
        """
        if not self.told:
            return None
        below, rest = divmod(self.told * part, whole)
        if rest:
            return Fraction(self._at(below))
        return Fraction(self._at(below - 1) + self._at(below), 2)

    @property
    def longest(self) -> Fraction | None:
        """The greatest number; `None` without any."""
        return Fraction(max(self.values)) if self.values else None

    def _at(self, rank: int) -> int:
        """Return the number of a rank, from 0; the greatest one beyond the last."""
        seen = 0
        for value in sorted(self.values):
            seen += self.values[value]
            if rank < seen:
                return value
        return max(self.values)


_TWO = 2
_PLACES = 10_000


class Counts:
    """The sums of one series by one breakdown, and of all together."""

    def __init__(
        self, tallies: Iterable[Tally] = (), totals: Iterable[Tally] | None = None
    ) -> None:
        self._rows: dict[tuple[Group, Month], list[Tally]] = {}
        together = [] if totals is None else [*totals]
        for tally in tallies:
            self._rows.setdefault((tally.group, tally.month), []).append(tally)
            if totals is None:
                together.append(tally)
        for tally in together:
            self._rows.setdefault((None, tally.month), []).append(tally)
        self._bags: dict[tuple[Group, range], Bag] = {}

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """What the rows are told by, what is not told last."""
        return in_order({group for group, _ in self._rows if group is not None})

    @cached_property
    def months(self) -> frozenset[Month]:
        """The months in which there is anything."""
        return frozenset(month for _, month in self._rows)

    def bag(self, group: str | None, months: range) -> Bag:
        """Return the rows of a group, or of all, in some months."""
        key = (group, months)
        if key not in self._bags:
            numbers: Counter[_Key] = Counter()
            lines: Counter[_Key] = Counter()
            for month in months:
                for tally in self._rows.get((group, month), ()):
                    numbers[tally.value, tally.ordinal] += tally.number
                    lines[tally.value, tally.ordinal] += tally.lines
            self._bags[key] = Bag(numbers, lines)
        return self._bags[key]
