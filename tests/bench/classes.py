"""A class of fifteen on one computer: how long each waits for a page, beside one who is alone.

Every trainee is a program in a terminal of its own, at a seat of one class, and judges a case: the
same keys at a human pace, each trainee with pauses of its own. A process of its own presses them
and looks at the screen, so that no trainee waits for the looking at another's; what those processes
take of the machine is in the figures.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypedDict

from click.testing import CliRunner

from screens.training.menu import MODES
from store.training.classes import load_class, read_seats
from tests.bench.budget import Budget, Setting, told
from tests.memory import UNGUARDED, share_of
from tests.terminal.main_job import ANSWERS, ROOT
from tests.terminal.session import Session, spread
from tui.cli import porras

SEATS = 15
AN_ANSWER_MS = 50.0
CASE = "sleepless_teacher"
QUESTIONS = 20
"""How many pages each answers."""

_REST_S = 1.0
_PAUSE_S = (0.6, 1.4)
_GO = "go"


class _Trainee(TypedDict):
    """What one trainee has measured."""

    keys: list[float]
    memory: float


@dataclass(frozen=True)
class Figures:
    """What a class has measured: milliseconds of each key, megabytes of each program."""

    keys: tuple[float, ...]
    memory: tuple[float, ...]

    def key(self, what: str) -> float:
        """Return the median, the 95th percentile or the maximum of the keys."""
        found = spread(self.keys)
        assert found is not None
        return found[what]


@cache
def measured(folder: Path, count: int) -> Figures:
    """Let so many trainees of one class work at once."""
    home = folder / f"class{count}"
    database = home / "p.db"
    given = ["--db", str(database), "class", "open", "bench", "--seats", str(SEATS)]
    opened = CliRunner().invoke(porras, [*given, "--cases", CASE, "--folder", str(home)])
    assert opened.exit_code == 0, opened.output
    record = load_class(home / "bench")
    trainees = []
    for seat in record.seats[:count]:
        argv = [sys.executable, "-m", "tests.bench.classes", str(database), str(home), seat]
        trainees.append(
            subprocess.Popen(
                argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        assert trainees[-1].stdout is not None
        assert trainees[-1].stdout.readline().strip() == "ready"
    found = list(_all_at_once(trainees))
    seen = read_seats(home / "bench", record)
    assert len(seen.records) == count, "the trainer does not see every seat"
    keys = tuple(ms for each in found for ms in each["keys"])
    return Figures(keys, tuple(each["memory"] for each in found))


def _all_at_once(trainees: list[subprocess.Popen[str]]) -> Iterator[_Trainee]:
    for each in trainees:
        assert each.stdin is not None
        each.stdin.write(f"{_GO}\n")
        each.stdin.flush()
    for each in trainees:
        out, _ = each.communicate()
        assert each.returncode == 0
        done: _Trainee = json.loads(out)
        yield done


def main(database: str, home: str, seat: str) -> None:
    """Be one trainee: begin a case, say "ready", wait for the word, then answer."""
    argv = [sys.executable, "-c", UNGUARDED, "--db", database, "--lang", "en"]
    argv += ["train", "--class", home, "--seat", seat]
    chance = random.Random(seat)
    judge = 1 + [each.mode for each in MODES].index("judge")
    with Session(argv, cwd=ROOT) as session:
        for shown, key in (
            ("Your seat", "Enter"),
            ("leave the class", str(judge)),
            ("years", "1"),
            ("to the questions", "Enter"),
            ("Safety first", ""),
        ):
            session.wait_for(shown)
            session.settle(3 * _REST_S, _REST_S)
            if key:
                session.press(key)
        print("ready", flush=True)
        assert sys.stdin.readline().strip() == _GO
        times = [_answered(session, each.keys, chance) for each in ANSWERS[:QUESTIONS]]
        memory = share_of(session.pid).pss_kb / 1024
    print(json.dumps({"keys": times, "memory": memory}))


def _answered(session: Session, keys: str, chance: random.Random) -> float:
    """Answer a page after a pause; return the milliseconds until the next one is drawn."""
    session.idle(chance.uniform(*_PAUSE_S))
    (cost,) = session.press(keys)
    assert cost.done_ms is not None, f"{keys} drew nothing:\n{session.text}"
    return cost.done_ms


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield what a key costs in a class and alone, and what a program takes."""
    alone = partial(measured, setting.folder, 1)
    fifteen = partial(measured, setting.folder, SEATS)
    name = f"answer in a class of {SEATS}"
    yield told("answer of one trainee alone, median", "ms", lambda: alone().key("median"))
    yield Budget(f"{name}, median", AN_ANSWER_MS, "ms", lambda: fifteen().key("median"))
    yield told(f"{name}, 95th percentile", "ms", lambda: fifteen().key("p95"))
    yield told(
        f"{name} / alone, median",
        "×",
        lambda: fifteen().key("median") / alone().key("median"),
    )
    yield told(
        f"memory of each of {SEATS} in a class", "MB", lambda: statistics.mean(fifteen().memory)
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
