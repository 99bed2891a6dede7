"""Makes the table of a report from sums: for a screen with every number, for a file without few."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from stepping.reports.catalogue import PARTS
from stepping.reports.counts import Bag, Counts
from stepping.reports.disclosure import Disclosure
from stepping.reports.model import (
    QUANTILES,
    Band,
    Breakdown,
    Figure,
    Group,
    Report,
    Scope,
    Series,
    in_order,
)
from stepping.reports.periods import (
    YEAR,
    Month,
    Period,
    calendar_period,
    month_of,
    newest_whole,
    spanning,
    years_of,
)
from stepping.reports.periods import Kind as PeriodKind
from stepping.reports.series import SERIES
from stepping.reports.table import Cell, Hidden, Table
from stepping.reports.targets import Targets


class NotOver(ValueError):
    """A period that is not over yet, of which there is no file; `newest` is the last that is."""

    def __init__(self, newest: str) -> None:
        super().__init__(newest)
        self.newest = newest


class OnlyOnScreen(ValueError):
    """Sums of a part of the rows of which there is no file, since others would tell few by it.

    `scope` says which part was asked for.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.scope = scope


def has_no_file(scope: Scope, column: Breakdown | None) -> bool:
    """Return whether no file is made of a part of the rows, told by a column or by none.

    Files of several parts, less the file of all, would tell of few.
    """
    return scope == "own" or (scope == "unit" and column is not None)


@dataclass(frozen=True)
class Question:
    """What is asked: which report, by what, for which period, on which day, for a file or not.

    Of one unit's rows a file tells what the file of all tells of that unit, and nothing else.
    """

    report: Report
    by: Breakdown | None
    period: Period
    today: datetime.date
    for_file: bool = False
    scope: Scope = "all"
    unit: str | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of the answer."""
        return self.report.figures_by(self.by.name if self.by else None)

    @property
    def part(self) -> PeriodKind | None:
        """The kind of periods by which it is told, where it is told by time."""
        return PARTS.get(self.by.name) if self.by else None

    @property
    def column(self) -> Breakdown | None:
        """What the rows themselves are told by."""
        return None if self.part else self.by

    @property
    def whole(self) -> Group:
        """The group of the rows that are all together here: a unit where it is a file of one."""
        return self.unit if self.for_file and self.scope == "unit" else None

    @property
    def periods(self) -> tuple[Period, Period]:
        """The period and the same a year before.

        Raises:
            NotOver: If it is for a file, and the period is not over.
            OnlyOnScreen: If it is for a file, and there is none of such a part of the rows.
        """
        if self.for_file and has_no_file(self.scope, self.column):
            raise OnlyOnScreen(self.scope)
        if self.for_file and not self.period.is_over(self.today):
            raise NotOver(newest_whole(self.period.kind, self.today).name)
        return self.period, self.period.year_before()

    @property
    def months(self) -> range:
        """The months of which sums are needed: of a file whole years, as they hide together."""
        asked, before = self.periods
        if not self.for_file:
            return range(before.first, asked.last + 1)
        return range(years_of(before)[0] * YEAR, (years_of(asked)[-1] + 1) * YEAR)

    @property
    def series(self) -> tuple[Series, ...]:
        """The series of which sums are needed: of a file those too of which they are a part."""
        names = list(dict.fromkeys(figure.series for figure in self.figures))
        for name in names if self.for_file else ():
            within = SERIES[name].within
            if within and within.series not in names:
                names.append(within.series)
        return tuple(SERIES[name] for name in names)


@dataclass(frozen=True)
class Facts:
    """What is known beside the sums."""

    targets: Targets = field(default_factory=Targets)
    whole_from: Month | None = None
    head: str = ""


def make_table(question: Question, counts: Mapping[str, Counts], facts: Facts) -> Table:
    """Return the table that answers a question; its groups are those of which it tells."""
    making = _Making(question, counts, facts)
    groups = making.groups()
    return Table(
        report=question.report,
        figures=question.figures,
        by=question.by.name if question.by else None,
        periods=question.periods,
        groups=groups,
        cells=tuple(making.cells(groups)),
        made=question.today,
        for_file=question.for_file,
        whole_from=facts.whole_from,
        head=facts.head,
        unit=question.unit if question.scope == "unit" else None,
        sources=tuple(
            (figure.name, source)
            for figure in question.figures
            if (source := facts.targets.source(question.report, figure))
        ),
    )


class _Making:
    """One table under way."""

    def __init__(self, question: Question, counts: Mapping[str, Counts], facts: Facts) -> None:
        self._question = question
        self._counts = counts
        self._targets = facts.targets
        newest = month_of(question.today) - 1
        self._disclosure = Disclosure(SERIES, counts, newest) if question.for_file else None

    @cached_property
    def _parts(self) -> dict[str, Period]:
        """The parts of the period by their names, where it is told by time."""
        kind, (asked, _) = self._question.part, self._question.periods
        parts = (calendar_period(kind, month) for month in asked.months) if kind else ()
        return {part.name: part for part in parts}

    def groups(self) -> tuple[str, ...]:
        """Return the values, or the parts of the period, by which it is told."""
        asked, before = self._question.periods
        if self._question.part:
            return tuple(self._parts)
        if self._question.by is None:
            return ()
        found = {
            group
            for figure in self._question.figures
            for group in self._counts[figure.series].groups
            for period in (asked, before)
            if self._is_told(figure, group, period)
        }
        return in_order(found)

    def _is_told(self, figure: Figure, group: str, period: Period) -> bool:
        """Return whether a group has rows, and where few are hidden, a number that is shown.

        That it is listed tells nothing then that its numbers do not.
        """
        if not self._counts[figure.series].bag(group, period.months).number:
            return False
        return self._disclosure is None or self._disclosure.shows(
            figure.series, figure.kind, group, period
        )

    def cells(self, groups: tuple[str, ...]) -> Iterator[Cell]:
        """Yield every cell: by figure, then all together and each group, then by period."""
        for figure in self._question.figures:
            target = self._targets.of(self._question.report, figure)
            for group in (None, *groups) if figure.only_by is None else groups:
                for period in self._question.periods:
                    where, months = self._looked_up(group, period)
                    cell = self._cell(figure, where, months)
                    yield replace(cell, group=group, period=period, target=target)

    def _looked_up(self, group: Group, period: Period) -> tuple[Group, Period]:
        """Return whose rows and of which months stand under a group: a part of time has all."""
        kind = self._question.part
        if group is None:
            return self._question.whole, period
        if kind is None:
            return group, period
        asked, _ = self._question.periods
        part = self._parts[group]
        shift = asked.first - period.first
        inside = range(max(part.first, asked.first) - shift, min(part.last, asked.last) + 1 - shift)
        return self._question.whole, spanning(inside[0], inside[-1])

    def _cell(self, figure: Figure, group: Group, period: Period) -> Cell:
        bag = self._counts[figure.series].bag(group, period.months)
        number, denominator, value = _value(figure, bag)
        if self._disclosure is None:
            behind = _behind(figure, bag)
            return Cell(figure.name, group, period, number, denominator, value, behind)
        if self._disclosure.shows(figure.series, figure.kind, group, period):
            return Cell(figure.name, group, period, number, denominator, value)
        why: Hidden = "one_person" if figure.kind == "longest" else "few"
        return Cell(figure.name, group, period, None, None, None, hidden=why)


def _behind(figure: Figure, bag: Bag) -> int:
    """Return how many rows stand behind a figure: of a share those of its smaller side.

    There are no more persons than rows; fewer there may be.
    """
    if figure.kind != "share":
        return bag.number
    chosen = _chosen(figure)
    sides = (bag.within(chosen).number, bag.outside(chosen).number)
    return min((side for side in sides if side), default=0)


def _chosen(figure: Figure) -> list[Band]:
    return [band for band in SERIES[figure.series].bands if band.name in figure.bands]


def _value(figure: Figure, bag: Bag) -> tuple[int | None, int | None, Fraction | None]:
    """Return the number, the denominator and the value of a figure."""
    scale = SERIES[figure.series].scale
    match figure.kind:
        case "count":
            return bag.number, None, Fraction(bag.number)
        case "share":
            number = bag.within(_chosen(figure)).number
            return number, bag.number, Fraction(number, bag.number) if bag.number else None
        case "mean":
            found: Fraction | None = bag.mean
        case "spread":
            found = bag.spread
        case "longest":
            found = bag.longest
        case _:
            found = bag.quantile(*QUANTILES[figure.kind])
    return None, bag.told, None if found is None else found / scale
