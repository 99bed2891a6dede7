"""What of a report may leave the house as a file: whole months, no few persons, nothing derived.

The decision is about a series and a breakdown, never about a question: two files that were asked
for in different ways hide the same, and so tell together no more than each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

from stepping.reports.counts import Counts
from stepping.reports.hiding.board import Board
from stepping.reports.hiding.decide import Decision, Shown
from stepping.reports.hiding.layers import Layer, Move, Numbers, Shares, Sums
from stepping.reports.model import QUANTILES, Group, Kind, Series
from stepping.reports.periods import YEAR, Month, Period, calendar_periods, years_of
from stepping.reports.table import FEWEST_OF_A_MEAN

Told = Literal["number", "bands", "sum"]
"""The layers of a series."""
_TELLS: dict[Kind, Told] = {"count": "number", "share": "bands", "mean": "sum", "spread": "sum"}

FEWEST_BEYOND = 5
"""So many rows must lie beyond a quantile, on either side."""


def _never(_: Month) -> bool:
    return False


class Disclosure:
    """What may be shown of some series by one breakdown, up to the last month that is over."""

    def __init__(
        self, series: Mapping[str, Series], counts: Mapping[str, Counts], last: Month
    ) -> None:
        self._series = series
        self._counts = counts
        self._last = last
        self._layers: dict[tuple[str, Told], Layer] = {}
        self._decided: dict[tuple[str, Told, int], Shown] = {}

    def shows(self, series: str, kind: Kind, group: Group, period: Period) -> bool:
        """Return whether a figure of a series may be shown."""
        if period.last > self._last:
            return False
        if kind in _TELLS:
            return self._covers(series, _TELLS[kind], group, period)
        return self._covers(series, "number", group, period) and (
            not self._counts[series].bag(group, period.months).told
            or self._is_wide(series, kind, group, period)
        )

    def _is_wide(self, series: str, kind: Kind, group: Group, period: Period) -> bool:
        """Return whether enough persons stand behind a quantile, and enough rows beyond it.

        The greatest value of all is one person's own, however many there are.
        """
        if kind == "longest":
            return False
        bag = self._counts[series].bag(group, period.months)
        part, whole = QUANTILES[kind]
        least = min(part, whole - part) * bag.told
        return bag.persons >= FEWEST_OF_A_MEAN and least >= FEWEST_BEYOND * whole

    def _covers(self, series: str, told: Told, group: Group, period: Period) -> bool:
        """Return whether a period is one that is shown, or made of such as are.

        A free period tells nothing that they do not.
        """
        known = [
            one
            for year in years_of(period)
            for one in calendar_periods(year)
            if one.last <= period.last and self._shown(series, told, year).knows(group, one)
        ]
        reached = {period.first}
        for month in period.months:
            if month in reached:
                reached |= {one.last + 1 for one in known if one.first == month}
        return period.last + 1 in reached

    def _shown(self, series: str, told: Told, year: int) -> Shown:
        if told == "number" and self._series[series].within:
            return self._base(series, year)
        key = (series, told, year)
        if key not in self._decided:
            allowed = partial(self._is_allowed, series, told)
            decision = Decision(
                self._layer(series, told, year), self._counts[series], year, self._last, allowed
            )
            self._decided[key] = decision.decide()
        return self._decided[key]

    def _base(self, series: str, year: int) -> Shown:
        """Return what is shown of how many rows a series has: what its parent's bands tell."""
        within = self._series[series].within
        if within is None:
            return self._shown(series, "number", year)
        if not within.bands:
            return self._base(within.series, year)
        return self._shown(within.series, "bands", year)

    def _is_allowed(self, series: str, told: Told, group: Group, period: Period) -> bool:
        if told == "number":
            return True
        return self._base(series, period.first // YEAR).knows(group, period)

    def _layer(self, series: str, told: Told, year: int) -> Layer:
        counts = self._counts[series]
        if told == "number":
            return Numbers(counts)
        if told == "sum":
            return Sums(self._series[series], counts)
        return Shares(self._series[series], counts, self._base_bears(series, year))

    def _base_bears(self, series: str, year: int) -> Callable[[Move], bool]:
        """Return what says whether the number of rows of a series may differ by a move."""
        within = self._series[series].within
        if within is None:
            return partial(self._numbers_bear, series, year)
        if not within.bands:
            return self._base_bears(within.series, year)
        return partial(self._bands_bear, within.series, within.bands, year)

    def _numbers_bear(self, series: str, year: int, move: Move) -> bool:
        return self._board(series, "number", year, move).bears(move)

    def _bands_bear(self, series: str, bands: tuple[str, ...], year: int, move: Move) -> bool:
        board = self._board(series, "bands", year, move)
        ways = (way for band in bands for way in board.layer.ways(band) if way.less not in bands)
        return board.holds(move) and any(board.layer.bears(move, way, zeros=_never) for way in ways)

    def _board(self, series: str, told: Told, year: int, move: Move) -> Board:
        totals, groups = self._shown(series, told, year).boards
        return totals if any(group is None for group, _ in move) else groups
