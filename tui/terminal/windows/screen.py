"""Draws what the painter sends on a console: its codes become cells, one call for each line.

The cells are set directly, so nothing can wrap or scroll, not even in the last cell; it works the
same in Windows Terminal, in today's console and in consoles that know no codes at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

from rich.cells import get_character_cell_size

from tui.terminal.windows.attributes import Looks, halves

Cell: TypeAlias = tuple[str, int]
"""A unit of UTF-16, and the attribute of the cell."""

_PART = re.compile(
    r"\x1b\[(?P<numbers>[\d;]*)(?P<code>[A-Za-z])"
    r"|\x1b(?:\[[<-?][^A-Za-z]*[A-Za-z]|[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|[^\[\]P])"
    r"|(?P<control>[\x00-\x1f\x7f])"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
)
_STEPS = {"A": (0, -1), "B": (0, 1), "C": (1, 0), "D": (-1, 0)}
"""How far right and down the cursor steps."""

_LACKING = "?"
"""Stands for a character that no cell of a console can hold."""


class Cells(Protocol):
    """The cells of a console."""

    def draw(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        """Set cells of a line."""

    def point(self, x: int, y: int) -> None:
        """Put the cursor on a cell."""

    def ring(self) -> None:
        """Ring the bell."""


class ConsoleScreen:
    """Knows what the codes of `paint.cursor` mean, and no others; those are passed over.

    What is erased takes the looks that are switched on.
    """

    def __init__(self, cells: Cells, columns: int, rows: int, usual: int = 0x07) -> None:
        self._cells = cells
        self._looks = Looks(usual)
        self.fit(columns, rows)

    def fit(self, columns: int, rows: int) -> None:
        """Take another size; what is shown has to be sent again."""
        self._columns, self._rows = columns, rows
        self._column = self._row = 0
        blank = (" ", self._looks.attribute)
        self._lines = [[blank] * columns for _ in range(rows)]
        self._changed: dict[int, tuple[int, int]] = {}

    def feed(self, text: str) -> None:
        """Draw what a text says."""
        for part in _PART.finditer(text):
            if part["text"]:
                self._write(part["text"])
            elif part["code"]:
                self._steer(part["code"], part["numbers"])
            elif part["control"]:
                self._control(part["control"])
        for y, (start, stop) in sorted(self._changed.items()):
            self._cells.draw(start, y, self._lines[y][start:stop])
        self._changed.clear()
        self._cells.point(min(self._column, self._columns - 1), self._row)

    def _write(self, text: str) -> None:
        for cells in _cells(text, self._looks.attribute):
            if self._column + len(cells) <= self._columns:
                self._lines[self._row][self._column : self._column + len(cells)] = cells
                self._change(self._row, self._column, self._column + len(cells))
                self._column += len(cells)

    def _change(self, y: int, start: int, stop: int) -> None:
        first, last = self._changed.get(y, (start, stop))
        self._changed[y] = min(first, start), max(last, stop)

    def _control(self, char: str) -> None:
        if char == "\r":
            self._column = 0
        elif char == "\n":
            self._move(self._column, self._row + 1)
        elif char == "\b":
            self._move(self._column - 1, self._row)
        elif char == "\a":
            self._cells.ring()

    def _move(self, x: int, y: int) -> None:
        self._column, self._row = max(0, min(x, self._columns - 1)), max(0, min(y, self._rows - 1))

    def _steer(self, code: str, text: str) -> None:
        numbers = [int(number or 0) for number in text.split(";")]
        if code in _STEPS:
            right, down = _STEPS[code]
            count = max(1, numbers[0])
            self._move(self._column + right * count, self._row + down * count)
        elif code == "H":
            y, x = (*numbers, 0)[:2]
            self._move(max(1, x) - 1, max(1, y) - 1)
        elif code == "m":
            for number in numbers:
                self._looks.switch(number)
        elif code == "K":
            self._blank(self._row, self._column)
        elif code == "J":
            self._blank_below(whole=numbers[0] == 2)

    def _blank_below(self, *, whole: bool) -> None:
        for y in range(0 if whole else self._row, self._rows):
            self._blank(y, self._column if y == self._row and not whole else 0)

    def _blank(self, y: int, start: int) -> None:
        blank = (" ", self._looks.attribute)
        self._lines[y][start:] = [blank] * (self._columns - start)
        self._change(y, start, self._columns)


def _cells(text: str, attribute: int) -> Iterator[Sequence[Cell]]:
    """Yield the one or two cells of each character; marks that cannot be joined are left out."""
    for char in unicodedata.normalize("NFC", text):
        width = get_character_cell_size(char)
        if width < 1:
            continue
        if ord(char) > 0xFFFF:
            yield [(_LACKING, attribute)] * width
        elif width == 1:
            yield [(char, attribute)]
        else:
            left, right = halves(attribute)
            yield [(char, left), (char, right)]
