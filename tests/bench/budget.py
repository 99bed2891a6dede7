"""A row of the table: what is measured, and the most or the least that it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_WIDTH = 58


@dataclass(frozen=True)
class Setting:
    """Where a run may write, and how often programs that are timed take turns."""

    folder: Path
    rounds: int


@dataclass(frozen=True)
class Budget:
    """One row; a limit of None is a figure that is only told."""

    what: str
    limit: float | None
    unit: str
    measure: Callable[[], float]
    at_least: bool = False

    def kept(self, value: float) -> bool:
        """Tell whether a value is within the budget."""
        if self.limit is None:
            return True
        return value >= self.limit if self.at_least else value <= self.limit

    def row(self, value: float) -> str:
        """Return the line of the table for a value."""
        shown, limit, verdict = f"{value:,.2f} {self.unit}", "–", ""
        if self.limit is not None:
            limit = f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"
            verdict = "OK" if self.kept(value) else "! over budget"
        return f"{self.what:<{_WIDTH}}{shown:>14}{limit:>12}  {verdict}".rstrip()


def told(what: str, unit: str, measure: Callable[[], float]) -> Budget:
    """Return a row without a limit."""
    return Budget(what, None, unit, measure)


def report(budgets: Iterable[Budget], tell: Callable[[str], None] = print) -> bool:
    """Tell each row as soon as it is measured; return whether every budget is kept."""
    all_kept = True
    for budget in budgets:
        value = budget.measure()
        tell(budget.row(value))
        all_kept = all_kept and budget.kept(value)
    return all_kept
