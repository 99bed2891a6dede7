"""Forty nurses at one file: how long a durable answer takes, beside the least that it could take.

Run as a program: crowd.py FOLDER NURSES ANSWERS. Each nurse thinks for a second on average, then
writes the same thing three times in turn: through the store, with Python's own SQLite under the
same settings, and as a line at the end of a file that is synced. Prints all times as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from store.opening.store_file import open_store
from tests.faults.stores import KEY, answered, began, opened

NURSES, ANSWERS = 40, 20
ROOT = Path(__file__).parents[2]


class Slowest(NamedTuple):
    """The 99th percentile of the time of one durable answer, in milliseconds."""

    store: float
    plain: float
    append: float


@cache
def crowd() -> Slowest:
    """Measure a crowd once in a run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.faults.crowd", folder, str(NURSES), str(ANSWERS)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    times: dict[str, list[float]] = json.loads(done.stdout)
    return Slowest(*(_percentile(times[name]) for name in Slowest._fields))


def _percentile(values: list[float]) -> float:
    return sorted(values)[-1 - len(values) // 100]


def _plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _nurse(folder: Path, number: int, assessment: str, answers: int) -> dict[str, list[float]]:
    """Answer at a human pace; return the milliseconds of each write."""
    chance = random.Random(number)
    plain = _plain(folder / "plain.db")
    line = os.open(folder / "lines", os.O_WRONLY | os.O_APPEND)
    with open_store(folder / "p.db", KEY, f"nurse-{number}") as store:

        def through_store(answer: int) -> None:
            store.answers.record(assessment, {f"q{answer}": answer})

        def through_plain(answer: int) -> None:
            plain.execute("BEGIN IMMEDIATE")
            for table in ("answers", "audit"):
                row = (f"{number}.{answer}", str(answer), "x" * 200)
                plain.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", row)
            plain.execute("COMMIT")

        def through_append(answer: int) -> None:
            os.write(line, f"{number}.{answer} {'x' * 200}\n".encode())
            os.fsync(line)

        ways: dict[str, Callable[[int], None]] = {
            "store": through_store,
            "plain": through_plain,
            "append": through_append,
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        for answer in range(answers):
            for name in chance.sample(list(ways), len(ways)):
                time.sleep(chance.uniform(0.5, 1.5) / len(ways))
                before = time.perf_counter()
                ways[name](answer)
                times[name].append((time.perf_counter() - before) * 1000)
    return times


def _prepare(folder: Path, nurses: int) -> list[str]:
    answered(folder / "p.db", 0)
    plain = _plain(folder / "plain.db")
    for table in ("answers", "audit"):
        plain.execute(f"CREATE TABLE {table} (id TEXT PRIMARY KEY, value TEXT, more TEXT) STRICT")
    plain.close()
    (folder / "lines").touch()
    with opened(folder / "p.db") as store:
        return [began(store) for _ in range(nurses)]


def main() -> None:
    folder, nurses, answers = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    assessments = _prepare(folder, nurses)
    for number, assessment in enumerate(assessments):
        if os.fork() == 0:
            times = _nurse(folder, number, assessment, answers)
            (folder / f"{number}.json").write_text(json.dumps(times))
            os._exit(0)
    for _ in assessments:
        assert os.wait()[1] == 0
    told = [json.loads((folder / f"{number}.json").read_text()) for number in range(nurses)]
    print(json.dumps({name: [t for each in told for t in each[name]] for name in Slowest._fields}))


if __name__ == "__main__":
    main()
