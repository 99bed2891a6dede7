"""Solves systems of equations in exact rationals: what can a reader of printed tables work out?

The simplex method over fractions, with Bland's rule against circles. All unknowns are 0 or more.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

Row = dict[int, Fraction]
"""Coefficients by column; the constant is kept under `CONSTANT`."""
CONSTANT = -1
ZERO = Fraction(0)


class System:
    """Equations over unknowns that are not negative."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._width = 0
        self._basis: list[int] = []

    def unknown(self) -> int:
        """Return a new unknown."""
        self._width += 1
        return self._width - 1

    def equal(self, terms: Mapping[int, int], constant: int) -> None:
        """Say that a sum of unknowns is a number."""
        row = {column: Fraction(factor) for column, factor in terms.items() if factor}
        if constant < 0:
            row = {column: -factor for column, factor in row.items()}
        self._rows.append({**row, CONSTANT: Fraction(abs(constant))})

    def at_most(self, terms: Mapping[int, int], constant: int) -> None:
        """Say that a sum of unknowns is no greater than a number."""
        self.equal({**terms, self.unknown(): 1}, constant)

    def at_least(self, terms: Mapping[int, int], constant: int) -> None:
        """Say that a sum of unknowns is no less than a number."""
        self.equal({**terms, self.unknown(): -1}, constant)

    def solve(self) -> None:
        """Find one solution; there must be one."""
        real = self._width
        cost: Row = {}
        for row in self._rows:
            column = self.unknown()
            _add(cost, row, Fraction(-1))
            row[column] = Fraction(1)
            self._basis.append(column)
        self._descend(cost, self._width)
        assert cost.get(CONSTANT, ZERO) == 0, "no solution"
        self._width = real
        for at in reversed(range(len(self._rows))):
            if self._basis[at] >= real:
                self._leave(at)

    def _leave(self, at: int) -> None:
        """Take a helping unknown out of the basis; without another one the row says nothing."""
        row = self._rows[at]
        column = next(
            (one for one, factor in row.items() if 0 <= one < self._width and factor), None
        )
        if column is None:
            del self._rows[at], self._basis[at]
        else:
            self._pivot(at, column, {})

    def span(self, terms: Mapping[int, int]) -> tuple[int, int]:
        """Return the least and the greatest whole number that a sum of unknowns can be.

        The greatest is cut off above the least plus one: more than two answers are enough.
        """
        least = ceil(self._least(terms))
        return least, floor(-self._least({column: -factor for column, factor in terms.items()}))

    def _least(self, terms: Mapping[int, int]) -> Fraction:
        cost: Row = {column: Fraction(factor) for column, factor in terms.items()}
        for row, column in zip(self._rows, self._basis, strict=True):
            if factor := cost.get(column, ZERO):
                _add(cost, row, -factor)
        self._descend(cost, self._width)
        return -cost.get(CONSTANT, ZERO)

    def _descend(self, cost: Row, width: int) -> None:
        for row in self._rows:
            for column in [one for one in row if one >= width]:
                del row[column]
        while True:
            entering = min(
                (one for one, c in cost.items() if 0 <= one < width and c < 0), default=None
            )
            if entering is None:
                return
            ratios = [
                (row.get(CONSTANT, ZERO) / row[entering], self._basis[at], at)
                for at, row in enumerate(self._rows)
                if row.get(entering, ZERO) > 0
            ]
            if not ratios:
                raise AssertionError("without a limit")
            self._pivot(min(ratios)[2], entering, cost)

    def _pivot(self, at: int, entering: int, cost: Row) -> None:
        row = self._rows[at]
        factor = row[entering]
        for column in row:
            row[column] /= factor
        for other in (*self._rows, cost):
            if other is not row and (times := other.get(entering, ZERO)):
                _add(other, row, -times)
        self._basis[at] = entering


def _add(target: Row, row: Row, times: Fraction) -> None:
    for column, factor in row.items():
        total = target.get(column, ZERO) + factor * times
        if total:
            target[column] = total
        else:
            target.pop(column, None)
