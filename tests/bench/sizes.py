"""How much memory a running program takes, alone and among its like."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import cache, partial
from typing import Literal

from tests.bench.budget import Budget, Setting, told
from tests.memory import running

CROWDS = (1, 10, 40)
ALONE = 1.5
"""How many times the memory of a hello world one program may take."""


@cache
def _megabytes(count: int, program: Literal["porras", "hello"]) -> float:
    """The mean proportional set size: what is shared counts in parts."""
    return statistics.mean(each.pss_kb for each in running(count, program)) / 1024


def _ratio(count: int) -> float:
    return _megabytes(count, "porras") / _megabytes(count, "hello")


def budgets(_: Setting) -> Iterator[Budget]:
    """Yield two rows for each number of programs that run at once."""
    for count in CROWDS:
        yield told(f"memory of each of {count}", "MB", partial(_megabytes, count, "porras"))
        limit = ALONE if count == 1 else None
        yield Budget(f"memory of each of {count} / hello", limit, "×", partial(_ratio, count))
