"""How long one waits for pages in the whole journey where the line is slow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from tests.bench.budget import Budget, Setting, told
from tests.bench.driving import curses_program, program, replay
from tests.bench.thin import OF_CURSES, subjects

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


def _of_curses(folder: Path, speed: int) -> float:
    return _seconds(folder, "porras", speed) / _seconds(folder, "curses", speed)


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield the seconds of each subject at each speed, and the ratio to curses."""
    for speed in SPEEDS:
        ours, curses, painter = (partial(_seconds, setting.folder, name, speed) for name in NAMES)
        yield told(f"waiting in the whole journey at {speed} bit/s", "s", ours)
        yield told("  by curses", "s", curses)
        yield told("  by Textual's painter", "s", painter)
        ratio = partial(_of_curses, setting.folder, speed)
        yield Budget("  porras / curses", OF_CURSES, "×", ratio)
