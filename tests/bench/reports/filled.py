"""An encrypted store with the rows of a million assessments, and the same rows as Parquet.

The rows are those that the program itself has made of its invented caseload, each course of care
copied to other months: some thousands in Python, and all of these many times over in SQL. Nothing
but invented rows is ever written outside of a store.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from casework.training.caseload import caseload
from stepping.reports.periods import month_name, read_month
from store.database.tables.v9_facts import LINES, LINES_OF, NAMES
from store.database.tables.v9_sums import MONTHS as MONTHS_OF
from store.opening.store_file import create_store, open_store
from store.repository.store import Store
from store.training.opening import open_training
from store.training.reset import reset_training
from store.training.shapes import read_shapes

KEY = bytes(range(32))
WORKER = "nurse-1"
MONTHS = 102
"""How many months back a course may lie beside when the caseload has it: ten years in all."""
OPEN = 0.03
"""Which part of the courses still goes on."""
MINE = 4
"""So many courses that go on are the worker's own, in each copy."""
_TYPES = {"INTEGER": "BIGINT", "TEXT": "VARCHAR", "REAL": "DOUBLE"}
_PLACES = 41
"""Bits of a place that are drawn; the number of the copy stands before them."""
_COPIED = {
    ("place", "INTEGER"): f"(CAST(c.n AS BIGINT) << {_PLACES}) | b.place",
    ("episode", "INTEGER"): f"(CAST(c.n AS BIGINT) << {_PLACES}) | b.episode",
    ("id", "INTEGER"): f"(CAST(c.n AS BIGINT) << {_PLACES + LINES}) | b.id",
    ("episode_id", "TEXT"): "CAST(c.n AS TEXT) || b.episode_id",
    ("assessment_id", "TEXT"): "CAST(c.n AS TEXT) || b.assessment_id",
}
_MONTHS = {"met", "last_month", *(name for names in MONTHS_OF.values() for name in names)}
Row = dict[str, Any]
Ask: TypeAlias = Callable[[str, dict[str, Any]], object]


class _Head(NamedTuple):
    """A row to be, and the lines that go with it: a template, moved by months."""

    place: int
    template: _Template
    months: int
    episode: int | None
    mine: bool


@dataclass(frozen=True)
class _Template:
    """A row of the caseload and its lines, by table."""

    row: Row
    lines: dict[str, list[Row]]


@dataclass(frozen=True)
class _Course:
    """An episode and its assessments, or one assessment that belongs to none."""

    episode: _Template | None
    assessments: list[_Template]

    @property
    def goes_on(self) -> bool:
        return self.episode is not None and self.episode.row["closed"] is None


@dataclass(frozen=True)
class Rows:
    """Some rows of a table, which are to stand in it so many times, each time at other places."""

    table: str
    columns: dict[str, str]
    """The names of the columns and their types."""
    rows: list[tuple[Any, ...]]

    def copied(self, source: str, copies: int) -> str:
        """Return a SELECT of all the copies of a source that has the rows, in their order."""
        names = ", ".join(
            f"{_COPIED.get((name, kind), f'b.{name}')} AS {name}"
            for name, kind in self.columns.items()
        )
        numbers = ", ".join(f"({number})" for number in range(copies))
        return f"SELECT {names} FROM (VALUES {numbers}) AS c (n) CROSS JOIN {source} AS b"


def invent(folder: Path, assessments: int, clients: int) -> list[Rows]:
    """Return the rows of so many invented assessments, and of the episodes that they are in."""
    courses = _courses(folder / "training.db", clients)
    chance = random.Random(19)
    episodes, others = _drawn(courses, assessments, chance)
    found: dict[str, list[Row]] = {table: [] for table in NAMES}
    for table, heads in (("summary_episodes", episodes), ("summary_assessments", others)):
        for head in sorted(heads, key=lambda each: each.place):
            found[table].append(_head_row(table, head))
            for name, lines in head.template.lines.items():
                found[name] += (
                    _moved(line, head.months) | {"id": (head.place << LINES) + number}
                    for number, line in enumerate(lines)
                )
    with create_store(folder / "columns.db", KEY, WORKER) as store:
        return [
            Rows(table, columns, [tuple(row[name] for name in columns) for row in rows])
            for table, rows in found.items()
            for columns in [{each.name: each.type for each in store.db.table(table).columns}]
        ]


def _head_row(table: str, head: _Head) -> Row:
    """Return the row itself; only a worker's own have records, so that they may be written."""
    row = _moved(head.template.row, head.months) | {"place": head.place}
    key = f"r{head.place}" if head.mine else None
    if table == "summary_episodes":
        return row | {"episode_id": key, "worker": WORKER if head.mine else None}
    return row | {"assessment_id": key, "episode": head.episode}


def fill(path: Path, invented: list[Rows], copies: int) -> None:
    """Make an encrypted store at `path` with copies of the rows; no sum stands in it."""
    create_store(path, KEY, WORKER).close()
    with open_store(path, KEY, WORKER) as store, _unguarded(store):
        execute = store.db.conn.execute
        for each in invented:
            base, marks = f"temp.base_{each.table}", ", ".join("?" * len(each.columns))
            execute("BEGIN")
            execute(f"CREATE TABLE {base} AS SELECT * FROM {each.table} WHERE FALSE")
            store.db.conn.executemany(f"INSERT INTO {base} VALUES ({marks})", each.rows)
            execute(f"INSERT INTO {each.table} {_in_sqlite(each.copied(base, copies))}")
            execute("COMMIT")


def _in_sqlite(sql: str) -> str:
    """Return it with the numbers as SQLite names them; the outer loop stays the outer one."""
    return sql.replace("AS c (n)", "AS c").replace("c.n", "c.column1")


class _unguarded:  # noqa: N801
    """Takes triggers and indexes away while rows are filled in, and puts the same back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        sql = """
            SELECT type, name, sql FROM sqlite_schema
            WHERE type IN ('trigger', 'index') AND tbl_name GLOB 'summary_*' AND sql NOTNULL"""
        self._found = store.db.execute(sql).fetchall()

    def __enter__(self) -> None:
        for setting in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -262144"):
            self._store.db.execute(f"PRAGMA {setting}")
        for kind, name, _ in self._found:
            self._store.db.execute(f"DROP {kind} {name}")

    def __exit__(self, *_: object) -> None:
        for _, _, sql in self._found:
            self._store.db.execute(sql)
        self._store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def write_tables(invented: list[Rows], copies: int, folder: Path, ask: Ask) -> None:
    """Let DuckDB write the same copies as a Parquet file each, and see them as tables."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in invented:
        source, target = (folder / f"{each.table}.{kind}" for kind in ("csv", "parquet"))
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(each.rows)
        types = {name: _TYPES[kind] for name, kind in each.columns.items()}
        read = f"read_csv('{source}', header = false, columns = {types})"
        ask(f"COPY ({each.copied(read, copies)}) TO '{target}' (FORMAT parquet)", {})
        ask(f"CREATE VIEW {each.table} AS SELECT * FROM '{target}'", {})


def _moved(row: Row, months: int) -> Row:
    """Return a row some months earlier."""
    told = {name: row[name] for name in _MONTHS if row.get(name)} if months else {}
    return row | {name: _earlier(month, months) for name, month in told.items()}


@cache
def _earlier(month: str, months: int) -> str:
    return month_name(read_month(month) - months)


def _drawn(
    courses: list[_Course], assessments: int, chance: random.Random
) -> tuple[list[_Head], list[_Head]]:
    """Return the rows of episodes and of assessments to be."""
    ended = [course for course in courses if not course.goes_on]
    going_on = [course for course in courses if course.goes_on]
    episodes: list[_Head] = []
    others: list[_Head] = []
    mine = sorted(going_on, key=_newest_contact)[-MINE:]
    new = partial(chance.getrandbits, _PLACES)
    while len(others) < assessments:
        is_mine = bool(mine)
        any_other = going_on if chance.random() < OPEN else ended
        course = mine.pop() if is_mine else chance.choice(any_other)
        months = 0 if course.goes_on else chance.randrange(MONTHS)
        place = None
        if course.episode is not None:
            place = new()
            episodes.append(_Head(place, course.episode, months, None, is_mine))
        others += [_Head(new(), each, months, place, is_mine) for each in course.assessments]
    return episodes, others


def _newest_contact(course: _Course) -> str:
    lines = course.episode.lines["summary_contacts"] if course.episode else []
    return max((line["month"] for line in lines), default="")


def _courses(path: Path, clients: int) -> list[_Course]:
    """Return what the program makes of its caseload."""
    shapes = read_shapes().model_copy(update={"clients": clients})
    if not path.exists():
        reset_training(path, lambda: datetime.now(UTC), caseload(None, shapes))
    with open_training(path) as store:
        heads = {
            head: {row["place"]: _Template(row, lines) for row, lines in _with_lines(store, head)}
            for head in LINES_OF
        }
    by_episode: dict[int | None, list[_Template]] = {}
    for template in heads["summary_assessments"].values():
        by_episode.setdefault(template.row["episode"], []).append(template)
    loose = [_Course(None, [template]) for template in by_episode.pop(None, [])]
    episodes = heads["summary_episodes"]
    return loose + [_Course(episodes[place], mine) for place, mine in by_episode.items() if place]


def _with_lines(store: Store, head: str) -> Iterator[tuple[Row, dict[str, list[Row]]]]:
    lines: dict[str, dict[int, list[Row]]] = {}
    for table in LINES_OF[head]:
        of_table = lines.setdefault(table, {})
        for line in _rows(store, f"SELECT * FROM {table} ORDER BY id"):
            of_table.setdefault(line["id"] >> LINES, []).append(line)
    for row in _rows(store, f"SELECT * FROM {head}"):
        yield row, {table: of.get(row["place"], []) for table, of in lines.items()}


def _rows(store: Store, sql: str) -> Iterable[Row]:
    return map(dict, store.db.query(sql))
