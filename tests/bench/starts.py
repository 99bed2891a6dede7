"""How soon something is to be seen, and how soon the start screen takes keys."""

from __future__ import annotations

from functools import cache

from tests.bench.budget import Budget, Setting, told
from tests.bench.programs import HELLO, START, in_turns, porras

TURNS_A_ROUND = 3
"""A start is short, and swings more than anything else here."""


def budgets(setting: Setting) -> list[Budget]:
    """Return the rows, which need three programs that take turns."""

    @cache
    def seconds() -> tuple[float, float, float]:
        database = setting.folder / "starts" / "p.db"
        programs = (HELLO, porras(database), porras(database, START))
        hello, first, stands = in_turns(programs, TURNS_A_ROUND * setting.rounds)
        found = (each["time_to_first_paint_s"] for each in (hello, first, stands))
        return next(found), next(found), next(found)

    return [
        told("first paint of hello world", "s", lambda: seconds()[0]),
        Budget("first paint / hello world", 1.2, "×", lambda: seconds()[1] / seconds()[0]),
        told("start screen stands / hello world", "×", lambda: seconds()[2] / seconds()[0]),
    ]
