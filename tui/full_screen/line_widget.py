"""Lines of a page drawn cell by cell, so that a slow link carries only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.base.lines import POINTER, Line, Look, harmless
from tui.cell_diff import merge_columns
from tui.full_screen.themes import Dress, dress

Cell: TypeAlias = tuple[str, Look]
"""One character cell; the right half of a wide character holds an empty string."""

_ERASE = "\x1b[K"
_BLANK: Cell = (" ", "normal")
_GAP = 8
"""A gap of fewer unchanged cells is cheaper to send again than to jump over."""


def cells(line: Line, width: int) -> list[Cell]:
    """Lay a line out in exactly `width` cells: cropped, or padded with blanks."""
    laid: list[Cell] = []
    for text, look in line:
        shown = harmless(text)
        if _is_plain(shown):
            laid += [(char, look) for char in shown[: width - len(laid)]]
            continue
        for char in shown:
            size = cell_len(char)
            if size == 0:
                if laid:  # a combining mark belongs to the character before it
                    laid[-1] = (laid[-1][0] + char, laid[-1][1])
            elif len(laid) + size > width:
                return laid + [_BLANK] * (width - len(laid))
            else:
                laid.append((char, look))
                laid.extend([("", look)] * (size - 1))
    return laid + [_BLANK] * (width - len(laid))


def _is_plain(text: str) -> bool:
    """Tell whether each character fills one cell, as in all our own words; a quick way out."""
    return text.isascii() or (max(text, default="") < "\u0300" and "\xad" not in text)


def changes(old: Sequence[Cell], new: Sequence[Cell]) -> list[tuple[int, int]]:
    """Find the spans (start, end) that differ, near ones merged, wide characters kept whole.

    Both rows have the same length. When everything after a span is blank, the span reaches to
    the end of the row, since erasing is cheaper than writing blanks.
    """
    pairs = zip(old, new, strict=True)
    different = (x for x, (before, after) in enumerate(pairs) if before != after)
    chars = [char for char, _ in new]
    spans = merge_columns(different, chars, lambda stop, start: start - stop < _GAP)
    if spans and all(cell == _BLANK for cell in new[spans[-1][1] :]):
        spans[-1] = (spans[-1][0], len(new))
    return spans


class Row(Strip):
    """A strip that ends with an erase instead of blanks when it reaches the terminal's edge."""

    def __init__(self, segments: Iterable[Segment], width: int, to_edge: bool) -> None:
        super().__init__(segments, width)
        self._to_edge = to_edge
        self._sequence: str | None = None

    def render(self, console: Console) -> str:
        """Return the bytes for the terminal, with as few control codes as possible."""
        if self._sequence is None:
            self._sequence = _sequence(self._segments, self._to_edge)
        return self._sequence

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Return the cells from start to end; the right part still ends with an erase."""
        strip = super().crop(start, end)
        reaches = end is None or end >= self.cell_length
        if strip is self or isinstance(strip, Row):
            return strip
        return Row(strip, strip.cell_length, self._to_edge and reaches)


def _sequence(segments: Sequence[Segment], to_edge: bool) -> str:
    parts = list(segments)
    erase = ""
    if to_edge and parts and parts[-1].style is None:
        text = parts[-1].text.rstrip(" ")
        if len(parts[-1].text) - len(text) > len(_ERASE):
            parts[-1] = Segment(text)
            erase = _ERASE
    return (
        "".join(
            text if style is None else f"\x1b[{_code(style)}m{text}\x1b[m"
            for text, style, _ in parts
        )
        + erase
    )


@lru_cache
def _code(style: Style) -> str:
    return Strip.render_ansi(style, ColorSystem.STANDARD)


def _segments(row: Sequence[Cell], looks: Dress) -> Iterator[Segment]:
    start = 0
    for x in range(1, len(row) + 1):
        if x == len(row) or row[x][1] != row[start][1]:
            text = "".join(char for char, _ in row[start:x])
            yield Segment(text, looks[row[start][1]])
            start = x


class Lines(Widget):
    """Draws given lines from its top left corner, and redraws only the cells that change.

    It fills its whole region itself: padding, border and colours of the style sheet have no
    effect. Lines beyond its height are not drawn, longer lines are cropped.
    """

    DEFAULT_CSS = "Lines { width: 1fr; height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(
        self,
        lines: Sequence[Line] = (),
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._lines: tuple[Line, ...] = tuple(lines)
        self._rows: dict[int, Row] = {}
        self._shape = (0, False)  # width, and whether the right side is the terminal's edge

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines shown now."""
        return self._lines

    @property
    def dress(self) -> Dress:
        """How the looks are drawn in the theme of the app; the standard one where it has none."""
        found: Dress = getattr(self.app, "dress", dress("standard"))
        return found

    def pointed(self, line: Line) -> Line:
        """Give a line the look of the chosen one, if the pointer stands there and shows by it."""
        if "chosen" not in self.dress or not (line and line[0][0].startswith(POINTER)):
            return line
        return tuple((text, "chosen") for text, _ in line)

    @property
    def text(self) -> str:
        """The lines shown now as plain text, without looks; for tests and for copying."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self._lines)

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines instead; only the cells that differ are sent to the terminal."""
        old, self._lines = self._lines, tuple(lines)
        width, height = self.outer_size
        regions: list[Region] = []
        for y in range(min(height, max(len(old), len(self._lines)))):
            before, after = _at(old, y), _at(self._lines, y)
            if before != after:
                self._rows.pop(y, None)
                spans = self._spans(before, after, width)
                regions += [Region(start, y, end - start, 1) for start, end in spans]
        for y in [y for y in self._rows if y >= height]:
            del self._rows[y]
        if regions:
            self.refresh(*regions)

    def _spans(self, before: Line, after: Line, width: int) -> list[tuple[int, int]]:
        """Return what to draw again of a changed line; all of it where the app compares cells."""
        if getattr(self.app, "compares_cells", False):
            return [(0, width)]
        return changes(cells(before, width), cells(after, width))

    def render_line(self, y: int) -> Strip:
        """Return row y, laid out once and kept until it changes."""
        row = self._rows.get(y)
        if row is None:
            width, to_edge = self._shape
            laid = cells(_at(self._lines, y), width)
            row = self._rows[y] = Row(_segments(laid, self.dress), width, to_edge)
        return row

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of the region without the style sheet's own passes over them."""
        shape = (self.outer_size.width, self.region.right >= self.app.size.width)
        if shape != self._shape:
            self._shape = shape
            self._rows.clear()
        rows = [self.render_line(y) for y in crop.line_range]
        if crop.column_span != (0, shape[0]):
            rows = [row.crop(*crop.column_span) for row in rows]
        return rows


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()
