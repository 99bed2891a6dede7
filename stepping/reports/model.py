"""What a report is, as data: rows that are counted, figures of them, and what they are told by.

A *series* is what several figures count alike: which rows, under which month, with which value. Its
bands cut the values into parts that leave nothing out, and each row is in one of them. A series may
be what lies within some bands of another one. What may leave the house is decided for each series,
so that two reports that count the same cannot betray together what neither tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Rows = Literal[
    "episodes",
    "at_risk",
    "times",
    "treatments",
    "contacts",
    "changes",
    "course_changes",
    "support_rounds",
    "work_rounds",
    "alcohol_rounds",
    "assessments",
    "deciding",
    "rule_uses",
    "skips",
    "stops",
    "not_done",
]
"""The kinds of rows that outlive a purge, and views of them: what an assessment lists is a row for
each of the list, and a track's rounds are each one row."""
Value = int | str
"""What a row has in a column: a number, or a word of a short list."""

Group = str | None
"""One of the values that a report is told by; `None` is all together."""
NOT_TOLD = ""
"""How rows are told apart by something that was never asked of them, or long ago."""

Kind = Literal[
    "count",
    "share",
    "mean",
    "spread",
    "median",
    "quartile_1",
    "quartile_3",
    "percentile_90",
    "longest",
]
Unit = Literal["", "days", "weeks", "contacts", "points", "minutes", "rating"]

QUANTILES: dict[Kind, tuple[int, int]] = {
    "quartile_1": (1, 4),
    "median": (1, 2),
    "quartile_3": (3, 4),
    "percentile_90": (9, 10),
}
"""Each as a fraction of the rows."""


def in_order(groups: Iterable[str]) -> tuple[str, ...]:
    """Return values of a breakdown as they are listed: what is not told last."""
    return tuple(sorted(groups, key=lambda name: (name == NOT_TOLD, name)))


@dataclass(frozen=True)
class Band:
    """One part of the values of a series: some words, or the numbers from `low` to `high`.

    Without either it holds what was not told, and with `told` whatever was.
    """

    name: str
    words: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    told: bool = False

    def holds(self, value: Value | None) -> bool:
        """Return whether a value lies in it."""
        if value is None or self.told:
            return self.told if value is not None else self._is_rest
        if isinstance(value, str):
            return value in self.words
        return (self.low is not None or self.high is not None) and (
            (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        )

    @property
    def _is_rest(self) -> bool:
        return not (self.told or self.words) and self.low is None and self.high is None


@dataclass(frozen=True)
class Within:
    """The rows of a series are those of another one that lie in some of its bands; or all."""

    series: str
    bands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Series:
    """Rows that are counted alike.

    `month` is the column of the month under which a row counts: without one it does not. `value`
    is the column of what is measured.
    """

    name: str
    rows: Rows
    month: str
    value: str | None = None
    bands: tuple[Band, ...] = ()
    within: Within | None = None
    lowest: int = 0
    highest: int | None = None
    """The least and the greatest value that there can be; `None` without a limit."""
    scale: int = 1
    """How many of what is counted are one of what is told: 10 of a value in tenths."""


@dataclass(frozen=True)
class Figure:
    """One figure: of which series, and of a share, or a count of a part, of which of its bands."""

    name: str
    kind: Kind
    series: str
    bands: tuple[str, ...] = ()
    unit: Unit = ""
    only_by: str | None = None
    """What it must be told by to mean anything: no mean of the totals of two questionnaires."""


@dataclass(frozen=True)
class Breakdown:
    """What a report can be told by: the column that each kind of its rows has for it."""

    name: str
    column: str


Audience = Literal["own", "unit", "sums", "log"]
"""A nurse sees her own clients' sums, a lead the unit's, the role `report` those of all, and the
auditor what was asked."""


Scope = Literal["own", "unit", "all"]
"""Whose rows are counted: those of a worker's own clients, of one unit, or all of them."""


@dataclass(frozen=True)
class Report:
    """One report of the county."""

    name: str
    figures: tuple[Figure, ...]
    breakdowns: tuple[str, ...] = ()
    audience: tuple[Audience, ...] = ("unit", "sums", "log")
    instead: tuple[tuple[str, tuple[Figure, ...]], ...] = ()
    """Other figures where it is told by something that the first ones do not have."""
    of_units: tuple[str, ...] = ()
    """What it is told by of one unit alone: of all it would follow from another breakdown."""

    def figures_by(self, by: str | None) -> tuple[Figure, ...]:
        """Return its figures where it is told by something, or by nothing."""
        figures = dict(self.instead).get(by or "", self.figures)
        return tuple(figure for figure in figures if figure.only_by in {None, by})
