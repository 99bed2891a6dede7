"""Where the terminal writes next and in which style, and the cheapest way to somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.terminal.paint.grid import CellRow, Chars
from tui.terminal.paint.style import NORMAL, CellStyle, shows_alike, style_codes


@dataclass(slots=True)
class Cursor:
    """The state of a terminal that has nothing but what a VT100 has.

    A column of None is unknown, as after the last column was written or after characters whose
    width terminals disagree on. Codes collect in `text` until they are taken. Where the `ground`
    has colours of its own, not every terminal erases with them; then blanks are written.
    """

    columns: int
    x: int | None = 0
    y: int = 0
    style: CellStyle | None = None
    text: str = ""
    ground: CellStyle = NORMAL
    erases: bool = True

    def take(self) -> str:
        """Return what has been written since the last time."""
        text, self.text = self.text, ""
        return text

    def write(self, row: CellRow, start: int, end: int) -> None:
        """Write cells of a row; the cursor stands on the first of them."""
        part, styles = row.chars[start:end], row.styles[start:end]
        text = "".join(part)
        if styles.count(styles[0]) == len(styles):
            if not (text.isspace() and shows_alike(styles[0], " ", self.style)):
                self.set_style(styles[0])
            self.text += text
        else:
            self._write_each(part, styles)
        one_each = text.isascii() or all(len(char) == 1 for char in part)
        self.x = end if one_each and end < self.columns else None

    def _write_each(self, part: Chars, styles: tuple[CellStyle, ...]) -> None:
        for char, style in zip(part, styles, strict=True):
            if style != self.style and char and not shows_alike(style, char, self.style):
                self.set_style(style)
            self.text += char

    def go(self, x: int, y: int, row: CellRow) -> None:
        """Move to a column of line y, which is this row; on the way its cells may be rewritten."""
        if (x, y) != (self.x, self.y):
            self.text += min(self._ways(x, y, row), key=_cost)
            self.x, self.y = x, y

    def start(self, x: int, y: int, row: CellRow) -> None:
        """Move to a cell and take the style it needs, in the cheaper order."""
        char, style = row.chars[x], row.styles[x]
        if (x, y) == (self.x, self.y) or shows_alike(style, char, self.style):
            self.go(x, y, row)
            return
        code = style_codes(self.style, style, self.ground)
        styled = Cursor(self.columns, self.x, self.y, style, code)
        styled.go(x, y, row)
        before = self.text
        self.text = ""
        self.go(x, y, row)
        moved = self.text + code
        self.text = before + min(moved, styled.text, key=_cost)
        self.style = style

    def clear(self) -> None:
        """Blank the whole screen, whatever it shows, and go to its first cell."""
        self.style = None
        self.set_style(NORMAL)
        self.text += "\x1b[H\x1b[J"
        self.x = self.y = 0

    def erase(self) -> None:
        """Blank the line from here to its end."""
        self.bare()
        self.text += "\x1b[K"

    def erase_below(self) -> None:
        """Blank everything from here to the end of the screen."""
        self.bare()
        self.text += "\x1b[J"

    def bare(self) -> None:
        """Take a style that leaves plain blanks behind an erase, whatever erases with colour."""
        if not shows_alike(NORMAL, " ", self.style):
            self.set_style(NORMAL)

    def set_style(self, style: CellStyle) -> None:
        """Switch to a style."""
        self.text += style_codes(self.style, style, self.ground)
        self.style = style

    def _ways(self, x: int, y: int, row: CellRow) -> Iterator[str]:
        yield _absolute(x, y)
        down = _vertical(y - self.y)
        yield "\r" + down + self._right(0, x, row)
        if self.x is None:
            return
        if x >= self.x:
            yield down + self._right(self.x, x, row)
        else:
            yield down + min("\b" * (self.x - x), _steps(self.x - x, "D"), key=len)

    def _right(self, start: int, end: int, row: CellRow) -> str:
        """Return the way to the right: steps, or the cells themselves where they come out right."""
        steps = _steps(end - start, "C")
        if end - start > len(steps):
            return steps
        cells = zip(row.chars[start:end], row.styles[start:end], strict=True)
        if all(len(char) == 1 and shows_alike(style, char, self.style) for char, style in cells):
            return min("".join(row.chars[start:end]), steps, key=_cost)
        return steps


def _absolute(x: int, y: int) -> str:
    line = str(y + 1) if y else ""
    return f"\x1b[{line};{x + 1}H" if x else f"\x1b[{line}H"


def _vertical(rows: int) -> str:
    if rows >= 0:
        return min("\n" * rows, _steps(rows, "B"), key=len)
    return _steps(-rows, "A")


def _steps(count: int, letter: str) -> str:
    if not count:
        return ""
    return f"\x1b[{count if count > 1 else ''}{letter}"


def _cost(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
