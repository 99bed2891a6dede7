"""What a line-by-line program needs of the world: to say a line, to ask for one, and how wide."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from screens.base.lines import Line, harmless, wrap

WriteLine = Callable[[str], None]
"""Puts one line out; it has no line break and nothing that steers a terminal."""

ReadLine = Callable[[bool], str]
"""Returns the next line without its end; true asks for it without echo. EOFError at the end."""

_NARROWEST = 20


class Ended(Exception):
    """The program ends at a question; `status` is its exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class LineTerminal:
    """A line-by-line terminal, or whatever stands in for one."""

    write_line: WriteLine
    read_line: ReadLine
    columns: Callable[[], int]
    attended: bool
    """Whether somebody types; a pipe neither waits too long nor answers too soon."""
    flush: Callable[[], None] = lambda: None
    """Returns once everything is out; what was typed before that is forgotten."""
    sleep: Callable[[float], None] = time.sleep
    """Lets some seconds pass."""
    hold_keys: Callable[[bool], bool] = lambda _: True
    """Takes the keys away that end the program, or gives them back; false where they stay."""
    can_clear: Callable[[], bool] = lambda: False
    """Whether what was said before can be taken off the terminal."""
    clear: Callable[[], None] = lambda: None
    """Takes it off, or leaves it behind blank lines."""
    ring: Callable[[], None] = lambda: None
    """Calls somebody who does not look."""

    @property
    def width(self) -> int:
        """The cells of a line; never fewer than a long word needs."""
        return max(_NARROWEST, self.columns())

    def write(self, text: str) -> None:
        """Say a text in as many lines as it takes; its indent is kept."""
        for row in folded(text, self.width):
            self.write_line(row)

    def write_rows(self, rows: Sequence[str]) -> None:
        """Say rows one after another."""
        for row in rows:
            self.write(row)


def folded(text: str, width: int, hanging: int = 0) -> list[str]:
    """Return a row as harmless lines of at most `width` cells, all with the indent of the first.

    The second and later ones are indented further by `hanging`.
    """
    row = harmless(text.rstrip())
    if cell_len(row) <= width:
        return [row]
    indent = min(len(row) - len(row.lstrip()), width // 4)
    return [" " * indent + part for part in wrap(row, width - indent, hanging)]


def text_of(line: Line) -> str:
    """Return a line of a page without its looks."""
    return "".join(text for text, _ in line).rstrip()
