"""What the journey sends and how soon, beside others that draw the same pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.bench.budget import Budget, Setting, told
from tests.bench.driving import curses_program, program, record, replay, unmodified, write_pages
from tests.bench.journey import Journey
from tests.bench.programs import FLOOR
from tests.terminal.tty import median_of

A_CELL = 1.6
"""Bytes for each cell that an answer changes."""

OF_CURSES = 1.2
OF_FLOOR = 2.2

Figure: TypeAlias = Callable[[Journey], float]

_BYTES: tuple[tuple[str, float | None, Figure], ...] = (
    ("bytes until the start screen stands", None, lambda made: made.start_bytes),
    ("bytes for each answered question", None, lambda made: made.bytes_a_question),
    ("bytes for each cell that an answer changes", A_CELL, lambda made: made.bytes_a_cell),
    ("bytes of the whole journey after the start", None, lambda made: made.bytes_in_all),
)


class Subjects(NamedTuple):
    """The same journey as four programs draw it."""

    porras: Journey
    curses: Journey
    painter: Journey
    """With Textual's painter on the program's own driver."""
    textual: Journey
    """With Textual's painter on Textual's driver."""
    floor: Mapping[str, float]
    """Milliseconds from a key to its page on the bare line widget."""


_OTHERS = {"curses": "curses", "painter": "Textual's painter", "textual": "Textual's own driver"}


@cache
def subjects(folder: Path) -> Subjects:
    """Record the journey in the program, and have it drawn by the others.

    The bare line widget runs before and after, so that it meets the same busy machine.
    """
    pages = folder / "pages.json"
    floor = [FLOOR.measure()]
    porras = record(folder / "recorded" / "p.db")
    floor.append(FLOOR.measure())
    write_pages(porras, pages)
    others = {
        "curses": curses_program(pages),
        "painter": program(folder / "painter" / "p.db", "--painter", "textual"),
        "textual": unmodified(folder / "textual" / "p.db"),
    }
    return Subjects(
        porras,
        **{name: replay(name, argv, porras) for name, argv in others.items()},
        floor=median_of(floor)["latency_per_key_ms"],
    )


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield the rows of bytes, and those of the time between an answer and the next page."""
    for what, limit, figure in _BYTES:
        yield from _rows(what, "B", limit, figure, setting.folder)
        yield Budget(
            "  porras / curses", OF_CURSES, "×", partial(_of_curses, figure, setting.folder)
        )
    for part, limit in (("median", OF_FLOOR), ("p95", None)):
        figure = partial(_latency, part)
        yield from _rows(f"answer to drawn page, {part}", "ms", None, figure, setting.folder)
        yield Budget(
            "  porras / bare line widget", limit, "×", partial(_of_floor, part, setting.folder)
        )


def _rows(
    what: str, unit: str, limit: float | None, figure: Figure, folder: Path
) -> Iterator[Budget]:
    yield Budget(what, limit, unit, partial(_of, "porras", figure, folder))
    for name, words in _OTHERS.items():
        yield told(f"  by {words}", unit, partial(_of, name, figure, folder))


def _of(name: str, figure: Figure, folder: Path) -> float:
    return figure(getattr(subjects(folder), name))


def _of_curses(figure: Figure, folder: Path) -> float:
    return _of("porras", figure, folder) / _of("curses", figure, folder)


def _latency(part: str, journey: Journey) -> float:
    return journey.latency[part]


def _of_floor(part: str, folder: Path) -> float:
    both = subjects(folder)
    return both.porras.latency[part] / both.floor[part]
