"""Figures in large digits, five rows high, for the back of a room.

Full blocks alone: a terminal without them shows `#` in their place, as high and as wide. Where
there is little room and the terminal has half blocks, three rows hold the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from screens.base.lines import Line, Look, cells, plain

ROWS = 5
_SHAPES = {
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# ### ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# ..# ..#",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    "%": "#...# ...#. ..#.. .#... #...#",
    "/": "..# ..# .#. #.. #..",
    ".": ". . . . #",
    ",": ". . . # #",
    "-": "... ... ### ... ...",
    "–": "... ... ### ... ...",
}


def large(text: str, scale: int = 1) -> list[str]:
    """Return digits and their signs as five rows of blocks, each dot `scale` cells wide."""
    shapes = [_SHAPES[sign].split() for sign in text if sign in _SHAPES]
    rows = (" ".join(shape[at] for shape in shapes) for at in range(ROWS))
    drawn = str.maketrans({"#": "█" * scale, ".": " " * scale, " ": " " * scale})
    return [row.translate(drawn) for row in rows]


_HALVES = {"  ": " ", "█ ": "▀", " █": "▄", "██": "█"}


def low(text: str, scale: int = 2) -> list[str]:
    """Return the same in three rows of half blocks."""
    rows = [*large(text, scale), " " * len(large(text, scale)[0])]
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(_HALVES[a + b] for a, b in zip(*pair, strict=True)) for pair in pairs]


@dataclass(frozen=True)
class LargeFigure:
    """A figure with what stands below it, a row each."""

    figure: str
    look: Look
    words: tuple[str, ...] = ()


def large_beside(figures: Sequence[LargeFigure], width: int) -> list[Line]:
    """Draw figures beside each other, as wide as there is room for; else below each other."""
    column = width // max(1, len(figures))
    for scale in (2, 1):
        blocks = [_block(each, scale) for each in figures]
        if all(cells(row) < column for block in blocks for row in block):
            return [_padded(rows, column) for rows in zip(*blocks, strict=True)]
    return [row for each in figures for row in _block(each, 1)]


def _block(each: LargeFigure, scale: int) -> list[Line]:
    drawn = [plain(row, each.look) for row in large(each.figure, scale)]
    return [*drawn, *(plain(words, "bold") for words in each.words)]


def _padded(rows: Sequence[Line], column: int) -> Line:
    return tuple(span for row in rows for span in (*row, (" " * (column - cells(row)), "normal")))
