"""Each report over the same rows by the program and by DuckDB, which take turns."""

from __future__ import annotations

import datetime
import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from stepping.finland import finnish_day
from stepping.reports.catalogue import REPORTS, find_breakdown
from stepping.reports.counts import Tally
from stepping.reports.evaluate import Question
from stepping.reports.model import Report
from stepping.reports.periods import calendar_period, month_name, month_of
from store.database.tables.v9_facts import LINES, OF_EPISODES
from store.opening.store_file import open_store
from store.report_records import Counting
from store.repository.internal.report_sums import query
from store.repository.store import Store
from tests.bench.budget import Budget, Setting, told
from tests.bench.reports import filled
from tests.bench.reports.dialect import in_duckdb
from tests.terminal.main_job import ROOT

OF_DUCKDB = 2.0
PYTHON = ROOT / ".venv-reference" / "bin" / "python"
"""What `make reference` sets up."""

Form: TypeAlias = Literal["screen", "file"]
FORMS: tuple[Form, ...] = ("screen", "file")
OWN = {"caseload"}
"""The reports of a worker's own clients, of which there is no file."""


@dataclass(frozen=True)
class Size:
    """How many assessments are made in Python, how often they stand, of how many clients."""

    assessments: int
    copies: int
    clients: int


MILLION = Size(10_000, 100, 40)


@dataclass(frozen=True)
class Costs:
    """Medians of one report in one form, in milliseconds."""

    duckdb: float
    standing: float
    changed: float
    """Right after an episode has changed that had a contact this month."""


class DifferentSumsError(Exception):
    """The comparison is void."""


class DuckDB:
    """The yardstick: a program of its own, which is asked line by line."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        assert program.stdin is not None
        assert program.stdout is not None
        self._asked, self._told = program.stdin, program.stdout
        self.version: str = json.loads(self._told.readline())

    def ask(self, sql: str, values: dict[str, Any]) -> tuple[float, list[list[Any]]]:
        """Return how many seconds an answer took, and its rows."""
        self._asked.write(json.dumps([sql, values]) + "\n")
        self._asked.flush()
        line = self._told.readline()
        if not line:
            raise SystemExit("DuckDB has ended; what it said stands above")
        seconds, rows = json.loads(line)
        return seconds, rows


@contextmanager
def duckdb() -> Iterator[DuckDB]:
    """Start it, and end it after."""
    command = [str(PYTHON), "-m", "tests.bench.reports.yardstick"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as program:
        yield DuckDB(program)  # the end of what it is asked ends it


def is_there() -> bool:
    """Tell whether the yardstick can be asked."""
    command = [str(PYTHON), "-c", "import duckdb"]
    return PYTHON.exists() and not subprocess.run(command, check=False).returncode


def questions(today: datetime.date) -> Iterator[tuple[Report, Form, list[Counting]]]:
    """Yield what each report counts by its first breakdown: of this year, or of the last."""
    for report in REPORTS.values():
        by = find_breakdown(report, report.breakdowns[0]) if report.breakdowns else None
        for form in FORMS:
            if form == "file" and report.name in OWN:
                continue
            month = month_of(today) - 12 * (form == "file")
            period = calendar_period("year", month)
            asked = Question(report, by, period, today, for_file=form == "file")
            columns: list[str | None] = [asked.column.column] if asked.column else []
            if asked.for_file or not columns:
                columns.append(None)
            yield (
                report,
                form,
                [
                    Counting(series, column, asked.months, today, persons=asked.for_file)
                    for series in asked.series
                    for column in columns
                ],
            )


def measure(folder: Path, size: Size, rounds: int) -> dict[tuple[str, Form], Costs]:
    """Fill a store and files of Parquet with the same rows, and ask both for each report.

    Raises:
        DifferentSumsError: If they do not tell the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    invented = filled.invent(folder, size.assessments, size.clients)
    filled.fill(folder / "p.db", invented, size.copies)
    with duckdb() as other, open_store(folder / "p.db", filled.KEY, filled.WORKER) as store:
        filled.write_tables(invented, size.copies, folder / "tables", other.ask)
        store.staff.set_roles(filled.WORKER, ["admin", "nurse", "report"])
        return {
            (report.name, form): _costs(store, other, report, asked, rounds)
            for report, form, asked in questions(finnish_day(store.clock()))
        }


def _costs(
    store: Store, other: DuckDB, report: Report, asked: list[Counting], rounds: int
) -> Costs:
    own = report.name in OWN
    count = store.reports.count_own if own else store.reports.count
    (place,) = store.db.execute(_NEWEST).fetchone()
    _count(store, count, asked)
    theirs: list[float] = []
    standing: list[float] = []
    changed: list[float] = []
    for _ in range(rounds):
        seconds, rows = _in_duckdb(other, asked, own=own)
        theirs.append(seconds)
        for spent in (standing, changed):
            if spent is changed:
                change(store, place)
            began = time.perf_counter()
            found = _count(store, count, asked)
            spent.append(time.perf_counter() - began)
            for here, there in zip(map(_plain, found), rows, strict=True):
                if here != there:
                    differ = sorted({*here} ^ {*there})[:4]
                    raise DifferentSumsError(f"{report.name}: {', '.join(differ)}")
    return Costs(*(statistics.median(each) * 1000 for each in (theirs, standing, changed)))


def _count(
    store: Store, count: Callable[[Counting], list[Tally]], asked: list[Counting]
) -> list[list[Tally]]:
    """Count as the program does, which keeps what it has counted afterwards."""
    with store.reading():
        found = [count(each) for each in asked]
    store.reports.keep_counted()
    return found


def _in_duckdb(other: DuckDB, asked: list[Counting], *, own: bool) -> tuple[float, list[list[str]]]:
    """Return the seconds of all the questions of a report, and the sums of each."""
    seconds, found = 0.0, []
    for each in asked:
        sql = query(each, ["worker"] if own else [])
        values = {
            "today": each.today.isoformat(),
            "first": month_name(each.months[0]),
            "last": month_name(each.months[-1]),
            "worker": filled.WORKER,
        }
        spent, rows = other.ask(
            in_duckdb(sql), {name: value for name, value in values.items() if f":{name}" in sql}
        )
        seconds += spent
        found.append(sorted(str(["" if told is None else str(told), *row]) for told, *row in rows))
    return seconds, found


def _plain(tallies: list[Tally]) -> list[str]:
    """Return sums as DuckDB tells them, in an order of their own."""
    return sorted(str([each.group, month_name(each.month), *each[2:]]) for each in tallies)


_NEWEST = f"""
    SELECT l.id >> {LINES} FROM summary_contacts l
    WHERE l.id >> {LINES} IN (SELECT place FROM summary_episodes WHERE worker NOTNULL)
    ORDER BY l.month DESC, l.id LIMIT 1"""


def change(store: Store, place: int) -> None:
    """Write an episode with its lines and assessments, as if all of it had changed.

    What is written is what stood, so that DuckDB need not be told; the file knows no difference.
    """
    with store.writing():
        store.db.execute("UPDATE summary_episodes SET how = how WHERE place = ?", (place,))
        for table in OF_EPISODES:
            first = place << LINES
            sql = f"UPDATE {table} SET id = id WHERE id BETWEEN ? AND ?"
            store.db.execute(sql, (first, first + (1 << LINES) - 1))
        sql = "UPDATE summary_assessments SET age = age WHERE episode = ?"
        store.db.execute(sql, (place,))


@cache
def _measured(setting: Setting) -> dict[tuple[str, Form], Costs]:
    return measure(setting.folder / "reports", MILLION, setting.rounds)


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield the rows; the first fills the store. Say where there is no yardstick."""
    if not is_there():
        print("reports: not measured, there is no DuckDB (make reference)")
        return
    for name in REPORTS:
        for form in FORMS:
            if form == "file" and name in OWN:
                continue
            of = partial(_of, setting, name, form)
            yield told(f"report {name}, {form}: DuckDB", "ms", partial(of, "duckdb"))
            yield Budget("  sums that stand / DuckDB", OF_DUCKDB, "×", partial(of, "standing"))
            yield Budget("  after a change / DuckDB", OF_DUCKDB, "×", partial(of, "changed"))


def _of(setting: Setting, name: str, form: Form, which: str) -> float:
    """Return what DuckDB takes, or how many times as long the program does."""
    costs = _measured(setting)[name, form]
    if which == "duckdb":
        return costs.duckdb
    return (costs.standing if which == "standing" else costs.changed) / costs.duckdb
