"""How long one waits for pages in the whole journey where the line is slow."""

from __future__ import annotations

import sys
import termios
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from tests.bench.budget import Budget, Setting, told
from tests.bench.driving import curses_program, program, replay
from tests.bench.thin import OF_CURSES, subjects
from tests.terminal.main_job import ROOT
from tests.terminal.session import Session

OF_LINE = 1.1
SPEEDS = (9600, 115200)
NAMES = ("porras", "curses", "painter")


@cache
def _seconds(folder: Path, name: str, speed: int) -> float:
    """Seconds between keys and complete pages; each page is left once it is complete."""
    recorded = subjects(folder).porras
    database = folder / f"{name}{speed}" / "p.db"
    argv = {
        "porras": program(database),
        "curses": curses_program(folder / "pages.json"),
        "painter": program(database, "--painter", "textual"),
    }[name]
    return replay(f"{name} at {speed} bit/s", argv, recorded, speed).waited_s


def _of_line() -> float:
    """Answer a hundred questions faster than the line can show them."""
    argv = [sys.executable, "-m", "tests.terminal.samples.questions"]
    with Session(argv, cwd=ROOT) as session:
        session.set_speed(termios.B9600)
        session.wait_for("0-3 answer")
        session.settle(5, 0.5)
        before, start = session.total_bytes, session.last_output
        for _ in range(100):
            session.send(b"1")
            session.idle(0.02)
        session.wait_for("Question 101 of")
        session.settle(5, 0.4)
        carried = 960 * (session.last_output - start)
        return (session.total_bytes - before) / carried


def _of_curses(folder: Path, speed: int) -> float:
    return _seconds(folder, "porras", speed) / _seconds(folder, "curses", speed)


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield the seconds of each subject at each speed, and the ratios to curses and to the line."""
    for speed in SPEEDS:
        ours, curses, painter = (partial(_seconds, setting.folder, name, speed) for name in NAMES)
        yield told(f"waiting in the whole journey at {speed} bit/s", "s", ours)
        yield told("  by curses", "s", curses)
        yield told("  by Textual's painter", "s", painter)
        ratio = partial(_of_curses, setting.folder, speed)
        yield Budget("  porras / curses", OF_CURSES, "×", ratio)
    yield Budget("bytes handed to a line of 9600 bit/s / what it carries", OF_LINE, "×", _of_line)
