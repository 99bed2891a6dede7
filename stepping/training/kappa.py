"""How well raters agree on steps of care: weighted κ, Krippendorff's α, and their bootstrap bands.

Both are weighted linearly where they are shown: two steps off weigh twice as much as one. Squares,
which the literature on triage quotes as often, all but forgive one step, and their κ rises with the
number of steps alone (Brenner and Kliebsch, Epidemiology 1996;7:199–202).

Sources: Cohen, Psychological Bulletin 1968;70:213–220; Krippendorff, Computing Krippendorff's
alpha-reliability, 2011; Efron and Tibshirani, An introduction to the bootstrap, 1993 (percentiles).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Literal

DRAWS = 1000
FEWEST_CASES = 3
"""With fewer cases a band says nothing: most draws are one case over and over."""

Cost = Callable[[int, int], int]
"""How much it weighs that one rater chose the first step and another one the second."""
Undefined = Literal["nobody", "one_trainee", "one_case", "one_expected", "one_step"]
"""Why there is no figure: nobody judged; one trainee alone; one case; the same step expected of
each case; the same step chosen by everybody throughout."""


def linear(one: int, other: int) -> int:
    """Return the distance of two steps."""
    return abs(one - other)


def quadratic(one: int, other: int) -> int:
    """Return the square of the distance of two steps."""
    return (one - other) ** 2


@dataclass(frozen=True, order=True)
class Rated:
    """A case as it was judged: the expert's step, and how many trainees chose each, from 0 on.

    Pathways have steps of their own: of two cases one may count up to a higher step.
    """

    expert: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """A coefficient, at most 1, with its band of 95 %; or why there is none."""

    value: float | None
    band: tuple[float, float] | None = None
    why_not: Undefined | None = None


Statistic = Callable[[Sequence[Rated], Cost], float | None]


def weighted_kappa(table: Sequence[Sequence[int]], cost: Cost) -> float | None:
    """Return Cohen's weighted κ of a square table of counts, the first rater's steps downwards.

    None where chance alone leaves no disagreement: both raters chose one step throughout.
    """
    places = range(len(table))
    rows = [sum(row) for row in table]
    columns = [sum(row[column] for row in table) for column in places]
    seen = sum(cost(i, j) * table[i][j] for i in places for j in places)
    by_chance = sum(cost(i, j) * rows[i] * columns[j] for i in places for j in places)
    return 1 - seen * sum(rows) / by_chance if by_chance else None


def kappa_with_expert(cases: Sequence[Rated], cost: Cost = linear) -> float | None:
    """Return weighted κ of all judgements in one table against the expert's steps.

    None where the expert's step is always the same: κ is 0 then, whatever was chosen.
    """
    if len({case.expert for case in cases}) <= 1:
        return None
    size = max(max(case.expert + 1, len(case.counts)) for case in cases)
    table = [[0] * size for _ in range(size)]
    for case in cases:
        row = table[case.expert]
        for step, count in enumerate(case.counts):
            row[step] += count
    return weighted_kappa(table, cost)


def alpha_among(cases: Sequence[Rated], cost: Cost = linear) -> float | None:
    """Return Krippendorff's α of the trainees' steps; cases that one alone judged do not count.

    None where everybody chose one and the same step throughout, or no case was judged by two.
    """
    totals = [0] * max((len(case.counts) for case in cases), default=0)
    seen = 0.0
    for case in cases:
        judged = sum(case.counts)
        if judged > 1:
            seen += _unlike(case.counts, cost) / (judged - 1)
            for step, count in enumerate(case.counts):
                totals[step] += count
    by_chance = _unlike(totals, cost)
    return 1 - (sum(totals) - 1) * seen / by_chance if by_chance else None


def _unlike(counts: Sequence[int], cost: Cost) -> int:
    """Return the cost over all pairs of raters, each pair once."""
    places = [(step, count) for step, count in enumerate(counts) if count]
    return sum(
        cost(one, other) * few * many
        for at, (one, few) in enumerate(places)
        for other, many in places[at + 1 :]
    )


def bootstrap_band(
    cases: Sequence[Rated], statistic: Statistic, cost: Cost = linear
) -> tuple[float, float] | None:
    """Return the band of 95 % by percentiles of draws of cases; None where there are too few.

    Cases are the unit: the class is who it is, and the band tells how far other cases of this kind
    could have moved its figure. Trainees are not drawn; one drawn twice would agree with themself.
    Draws for which the figure does not exist are left out; where those are half, there is no band.
    """
    if len(cases) < FEWEST_CASES:
        return None
    ordered = sorted(cases)
    drawn = _seeded(ordered)
    found: list[float] = []
    for _ in range(DRAWS):
        # `random` alone is promised to give the same numbers in every version of Python.
        draw = [ordered[int(drawn.random() * len(ordered))] for _ in ordered]
        value = statistic(draw, cost)
        if value is not None:
            found.append(value)
    if 2 * len(found) <= DRAWS:
        return None
    found.sort()
    return found[int(0.025 * len(found))], found[ceil(0.975 * len(found)) - 1]


def _seeded(cases: Sequence[Rated]) -> random.Random:
    """Return a source of numbers that the judgements alone determine."""
    told = repr([(case.expert, case.counts) for case in cases])
    return random.Random(int.from_bytes(hashlib.sha256(told.encode()).digest()))  # noqa: S311


def figure_with_expert(cases: Sequence[Rated], cost: Cost = linear) -> Figure:
    """Return how well a class, or one trainee, agrees with the expert."""
    judged = tuple(sorted(case for case in cases if any(case.counts)))
    why: Undefined | None = None
    if len(judged) < 2:
        why = "one_case" if judged else "nobody"
    elif len({case.expert for case in judged}) == 1:
        why = "one_expected"
    return _figure(judged, kappa_with_expert, cost, why)


def figure_among(cases: Sequence[Rated], cost: Cost = linear) -> Figure:
    """Return how well the trainees agree among each other."""
    judged = tuple(sorted(case for case in cases if sum(case.counts) > 1))
    why: Undefined | None = None
    if not judged:
        why = "one_trainee" if any(any(case.counts) for case in cases) else "nobody"
    elif len(judged) == 1:
        why = "one_case"
    return _figure(judged, alpha_among, cost, why)


@lru_cache(maxsize=128)
def _figure(
    cases: tuple[Rated, ...], statistic: Statistic, cost: Cost, why: Undefined | None
) -> Figure:
    if why is not None:
        return Figure(None, why_not=why)
    value = statistic(cases, cost)
    if value is None:
        return Figure(None, why_not="one_step")
    return Figure(value, bootstrap_band(cases, statistic, cost))
