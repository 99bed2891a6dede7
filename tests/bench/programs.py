"""Programs that are started, driven and quit, and what they cost in turns with each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import tty
from tests.terminal.main_job import ROOT
from tests.terminal.session import Session

START = r"n new assessment"
"""What stands on the start screen, when the store is open and the lists are drawn."""


@dataclass(frozen=True)
class Program:
    """How to start a program, see that it is ready, press keys and quit it."""

    argv: tuple[str, ...]
    ready: str
    before: str = ""
    keys: str = ""
    quit: str = "C-q"

    def measure(self) -> tty.Result:
        """Run it once; return what `tests.terminal.tty` measures."""
        options = ["--cmd", "-", "--ready", self.ready, "--before", self.before]
        options += ["--keys", self.keys, "--quit", self.quit]
        with Session(self.argv, cwd=ROOT) as session:
            result = tty.measure(session, tty.parser().parse_args(options))
        if "error" in result:
            raise SystemExit(f"{self.argv}: {result['error']}\n{result['screen']}")
        return result


def _sample(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"tests.terminal.samples.{name}")


HELLO = Program(_sample("hello"), ready="hello")
"""The smallest Textual program."""

FLOOR = Program(_sample("questions"), ready="Question 1", keys="(0 1 2 3)*10", quit="x")
"""A question on a bare line widget and the program's own driver."""


def porras(database: Path, ready: str = "Porras") -> Program:
    """Return the program on the training store beside a database.

    Training opens without a passphrase, so that what is measured is the program and not the
    deliberate slowness of a key.
    """
    argv = (sys.executable, "-m", "tui", "--demo", "--db", str(database), "--lang", "en")
    return Program(argv, ready, before=f"'wait:{START}' sleep:100", quit="q")


def in_turns(programs: Sequence[Program], rounds: int) -> list[tty.Result]:
    """Measure each program once a round; return the medians of each.

    Programs that take turns are slowed alike by a busy machine.
    """
    runs: list[list[tty.Result]] = [[] for _ in programs]
    for _ in range(rounds):
        for program, results in zip(programs, runs, strict=True):
            results.append(program.measure())
    return [tty.median_of(results) for results in runs]
