"""A report that was counted: frozen cells that say what they are of, or why they are hidden."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from stepping.reports.model import Figure, Report
from stepping.reports.periods import Month, Period

Hidden = Literal["few", "one_person"]
"""Why a figure does not leave the house: few persons stand behind it, or it would follow from
others who do; or it is one person's own. Which of the first two it is would tell more than it."""


@dataclass(frozen=True)
class Cell:
    """One figure of one group, or of all, in one period.

    `number` of a share are those who have it, `denominator` all of whom it was asked. What is
    hidden has neither, and no value. Without rows `number` is 0, which is told as nothing.
    """

    figure: str
    group: str | None
    """A value of the breakdown; `None` of all together."""
    period: Period
    number: int | None
    denominator: int | None
    value: Fraction | None
    persons: int | None = None
    """No more persons than this stand behind it; told on a screen only."""
    target: Fraction | None = None
    hidden: Hidden | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to count."""
        return self.hidden is None and not (
            self.number if self.denominator is None else self.denominator
        )

    @property
    def is_small(self) -> bool:
        """Whether so few persons stand behind it that it must not be handed on."""
        return self.persons is not None and 0 < self.persons < FEWEST


FEWEST = 5
"""No cell of fewer persons, and no share of fewer, leaves the house."""
FEWEST_OF_A_MEAN = 10


@dataclass(frozen=True)
class Table:
    """A report as it was asked for on a day, its cells by figure, group and period."""

    report: Report
    figures: tuple[Figure, ...]
    by: str | None
    periods: tuple[Period, ...]
    """The one that was asked for, then the same a year before."""
    groups: tuple[str, ...]
    cells: tuple[Cell, ...]
    made: datetime.date
    for_file: bool
    whole_from: Month | None = None
    """The first month of which every row is whole; `None` where all are."""
    head: str = ""
    """The head of the log when it was made."""
    unit: str | None = None
    """The unit whose rows alone are counted; `None` where it is not one unit's."""
    sources: tuple[tuple[str, str], ...] = ()
    """Who set the target of a figure, by the figure's name."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted in the period that was asked for."""
        asked = self.periods[0]
        return all(cell.is_empty for cell in self.cells if cell.period == asked)

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        return any(cell.hidden for cell in self.cells)

    @property
    def has_small(self) -> bool:
        """Whether a number of few persons stands in it."""
        return any(cell.is_small for cell in self.cells)

    @cached_property
    def _placed(self) -> dict[tuple[str, str | None, Period], Cell]:
        return {(cell.figure, cell.group, cell.period): cell for cell in self.cells}

    def cell(self, figure: Figure, group: str | None, period: Period) -> Cell | None:
        """Return a cell; nothing where a figure has none of all together."""
        return self._placed.get((figure.name, group, period))
