"""What stands on a terminal, to compare it with another one and to have it drawn again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from tests.terminal.emulator import Terminal

_CHANGING = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}|\b\d{1,2}[.:]\d\d\b")
"""Codes of clients and times of day, which no two runs share."""

_LOOKS = ("bold", "faint", "italics", "underscore", "strikethrough", "reverse", "blink")
_ON_BLANKS = ("underscore", "strikethrough", "reverse")
"""What is seen of a look where there is no letter."""

_ON_LETTERS = ("bold", "italics", "bold italics")
"""Looks of which nothing is seen between the words."""

_LONG_GAP = 16
"""So many blanks cost curses more than to switch a look off and on again."""


class Run(NamedTuple):
    """Neighbouring cells of one look, as in `Cell`."""

    text: str
    look: str


class Cell(NamedTuple):
    """A character and its look, as words apart by blanks: attributes, `ink:` and `paper:`."""

    char: str
    look: str


class Picture(NamedTuple):
    """Every cell of a screen, row by row, and where the cursor stands (column, line)."""

    rows: tuple[tuple[Cell, ...], ...]
    cursor: tuple[int, int] = (0, 0)

    @property
    def text(self) -> str:
        """The characters as lines."""
        return "\n".join("".join(cell.char for cell in row) for row in self.rows)

    def runs(self) -> list[list[Run]]:
        """The rows in pieces of one look, as a person would write them.

        The blanks between the words of a bold sentence are bold too, though nobody can see it.
        """
        return [_runs(row) for row in self.rows]

    def masked(self) -> Picture:
        """Return the picture without what differs from run to run, and without the cursor."""
        return Picture(tuple(_masked(row) for row in self.rows))

    def changed(self, before: Picture) -> int:
        """Count the cells that look different from an earlier picture."""
        rows = zip(before.rows, self.rows, strict=True)
        return sum(old != new for pair in rows for old, new in zip(*pair, strict=True))


def shown(terminal: Terminal) -> Picture:
    """Return what a terminal shows, without what nobody can see on a blank."""
    screen = terminal.screen
    rows = tuple(tuple(_cells(screen.buffer[y], screen.columns)) for y in range(screen.lines))
    return Picture(rows, (screen.cursor.x, screen.cursor.y))


def _runs(row: Sequence[Cell]) -> list[Run]:
    runs: list[Run] = []
    for look, cells in groupby(row, lambda cell: cell.look):
        text = "".join(cell.char for cell in cells)
        if len(runs) > 1 and runs[-2].look == look and _is_gap(runs[-1]) and look in _ON_LETTERS:
            gap, before = runs.pop(), runs.pop()
            text = before.text + gap.text + text
        runs.append(Run(text, look))
    return runs


def _is_gap(run: Run) -> bool:
    return not run.look and not run.text.strip() and len(run.text) < _LONG_GAP


def _cells(line: Any, columns: int) -> Iterator[Cell]:
    return (_cell(line[x]) for x in range(columns))


@lru_cache(maxsize=4096)
def _cell(cell: Any) -> Cell:
    blank = cell.data == " "
    words = [name for name in (_ON_BLANKS if blank else _LOOKS) if getattr(cell, name)]
    if cell.fg != "default" and (not blank or words):
        words.append(f"ink:{cell.fg}")
    if cell.bg != "default":
        words.append(f"paper:{cell.bg}")
    return Cell(cell.data, " ".join(words))


def _masked(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    text = "".join(cell.char or " " for cell in row)
    cells = list(row)
    for found in _CHANGING.finditer(text):
        for x in range(*found.span()):
            cells[x] = Cell("?", cells[x].look)
    return tuple(cells)
