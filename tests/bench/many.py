"""Many nurses at one file, and what a store of 100,000 assessments adds to an empty one."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from tests.bench.budget import Budget, Setting, told
from tests.bench.programs import START, in_turns, porras
from tests.faults.crowd import crowd
from tests.filled_store import fill
from tests.terminal import keyscript
from tests.terminal.main_job import ROOT
from tests.terminal.session import PATIENCE_S, Session

ASSESSMENTS = 100_000
AN_ANSWER_MS = 50.0
WHEN_FULL = 1.1
"""How many times as long something may take in the full store as in the empty one."""

WORKLIST_TURNS = 12


def worklist_costs(databases: Sequence[Path], rounds: int) -> list[dict[str, float]]:
    """The median milliseconds until each worklist is open, and until its next page is drawn.

    The programs run side by side and take turns with each key; Esc only leads back to the start.
    """
    spent: list[dict[str, list[float]]] = [{"w": [], "Tab": [], "Esc": []} for _ in databases]
    programs = [porras(database, START) for database in databases]
    for _ in range(rounds):
        with ExitStack() as stack:
            sessions = [stack.enter_context(Session(each.argv, cwd=ROOT)) for each in programs]
            for session in sessions:
                session.wait_for(START)
                session.idle(0.3)
                # The first opening lists anew what follows the site's tracks and deadlines.
                session.press("w", PATIENCE_S)
                session.press("Esc", PATIENCE_S)
            for step in keyscript.parse(f"(w Tab Esc)*{WORKLIST_TURNS}"):
                for session, costs in zip(sessions, spent, strict=True):
                    cost = session.do(step)
                    assert cost is not None
                    assert cost.done_ms is not None, f"{cost.key} drew nothing"
                    costs[cost.key].append(cost.done_ms)
    return [{key: statistics.median(times) for key, times in costs.items()} for costs in spent]


@cache
def _full(folder: Path) -> Path:
    """A database beside which 100,000 invented assessments are in training."""
    database = folder / "full" / "p.db"
    fill(database.with_name("training.db"), ASSESSMENTS)
    return database


def _start_when_full(setting: Setting) -> float:
    databases = setting.folder / "empty" / "p.db", _full(setting.folder)
    programs = [porras(database, START) for database in databases]
    empty, full = in_turns(programs, setting.rounds)
    return float(full["time_to_first_paint_s"] / empty["time_to_first_paint_s"])


@cache
def _worklists(setting: Setting) -> list[dict[str, float]]:
    untouched, two_pages = (setting.folder / name / "p.db" for name in ("untouched", "two"))
    fill(two_pages.with_name("training.db"), 100, 100)
    return worklist_costs((untouched, two_pages, _full(setting.folder)), setting.rounds)


def _opens_when_full(setting: Setting) -> float:
    untouched, _, full = _worklists(setting)
    return full["w"] / untouched["w"]


def _turns_when_full(setting: Setting) -> float:
    """Beside a store that has little more than a second page, so that as much is drawn."""
    _, two_pages, full = _worklists(setting)
    return full["Tab"] / two_pages["Tab"]


def budgets(setting: Setting) -> list[Budget]:
    """Return the rows; the first of the full store fills it."""
    return [
        Budget(
            "slowest 1% of answers of 40 nurses at once", AN_ANSWER_MS, "ms", lambda: crowd().store
        ),
        told("the same / plain SQLite", "×", lambda: crowd().store / crowd().plain),
        told("the same / line and fsync", "×", lambda: crowd().store / crowd().append),
        Budget(
            "start with 100,000 assessments / empty",
            WHEN_FULL,
            "×",
            lambda: _start_when_full(setting),
        ),
        Budget(
            "worklist opens with 100,000 assessments / empty",
            WHEN_FULL,
            "×",
            lambda: _opens_when_full(setting),
        ),
        Budget(
            "worklist turns with 100,000 assessments / empty",
            WHEN_FULL,
            "×",
            lambda: _turns_when_full(setting),
        ),
    ]
