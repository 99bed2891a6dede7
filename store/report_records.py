"""What reports ask of the store."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepping.reports.model import Series


@dataclass(frozen=True)
class Counting:
    """What is counted: a series by a column, in some months, as things stand on a day."""

    series: Series
    column: str | None
    months: range
    today: datetime.date
    persons: bool = False
    """Whether it is to be told of how many persons the rows are; it takes longer."""
