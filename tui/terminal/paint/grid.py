"""Rows of cells: what stands in each column of a line of the terminal, and how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import get_character_cell_size
from rich.segment import Segment

from screens.base.lines import harmless
from tui.terminal.paint.style import NORMAL, CellStyle, StyleReader, style_on_blank

Chars: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellRow:
    """One line; the right half of a wide character holds an empty string.

    A blank has only what is seen of its style. A character with its combining marks is one cell.
    """

    chars: Chars
    styles: tuple[CellStyle, ...]

    def fit_width(self, columns: int) -> CellRow:
        """Return the row in exactly this many cells."""
        missing = columns - len(self.chars)
        if missing == 0:
            return self
        if missing > 0:
            return CellRow(self.chars + (" ",) * missing, self.styles + (NORMAL,) * missing)
        return self.part(0, columns)

    def part(self, start: int, stop: int) -> CellRow:
        """Return the cells from start to stop; half a wide character becomes a blank."""
        chars, styles = list(self.chars[start:stop]), list(self.styles[start:stop])
        return _mend(chars, styles, 0, len(chars))

    def lay_over(self, x: int, other: CellRow) -> CellRow:
        """Return the row with another one laid over it, beginning at column x."""
        if x == 0 and len(other.chars) >= len(self.chars):
            return other
        under = self.fit_width(max(len(self.chars), x + len(other.chars)))
        end = x + len(other.chars)
        chars = [*under.chars[:x], *other.chars, *under.chars[end:]]
        styles = [*under.styles[:x], *other.styles, *under.styles[end:]]
        return _mend(chars, styles, x, end)

    @property
    def text(self) -> str:
        """The characters of the row."""
        return "".join(self.chars)

    def filled(self) -> int:
        """Return the column after the last cell that is not a plain blank."""
        end = len(self.chars)
        while end and self.chars[end - 1] == " " and self.styles[end - 1] == NORMAL:
            end -= 1
        return end


def blank_row(columns: int, style: CellStyle = NORMAL) -> CellRow:
    """Return an empty row."""
    return CellRow((" ",) * columns, (style,) * columns)


def lay_out_row(
    segments: Iterable[Segment], styles: StyleReader, glyphs: Mapping[int, str]
) -> CellRow:
    """Lay styled text out in cells."""
    chars: list[str] = []
    styled: list[CellStyle] = []
    for text, rich_style, control in segments:
        if control or not text:
            continue
        style = styles.of(rich_style)
        before = len(chars)
        _lay(text if text.isascii() else text.translate(glyphs), chars)
        added = chars[before:]
        bare = style_on_blank(style)
        if bare != style and " " in added:
            styled += [bare if char == " " else style for char in added]
        else:
            styled += [style] * len(added)
    return CellRow(tuple(chars), tuple(styled))


def _lay(text: str, chars: list[str]) -> None:
    if not text.isprintable():
        text = harmless(text)
    if text.isascii():
        chars.extend(text)
        return
    for char in text:
        width = get_character_cell_size(char)
        if width:
            chars.append(char)
            chars.extend([""] * (width - 1))
        elif chars:  # a mark belongs to the character before it
            at = -2 if chars[-1] == "" and len(chars) > 1 else -1
            chars[at] += char


def _mend(chars: list[str], styles: list[CellStyle], *cuts: int) -> CellRow:
    """Blank out what is left of wide characters that were cut in two at these columns."""
    for cut in cuts:
        if 0 < cut <= len(chars) and _wide(chars[cut - 1]) and "" not in chars[cut : cut + 1]:
            chars[cut - 1], styles[cut - 1] = " ", style_on_blank(styles[cut - 1])
        if 0 <= cut < len(chars) and chars[cut] == "" and not (cut and _wide(chars[cut - 1])):
            chars[cut], styles[cut] = " ", style_on_blank(styles[cut])
    return CellRow(tuple(chars), tuple(styles))


def _wide(char: str) -> bool:
    return bool(char) and not char.isascii() and get_character_cell_size(char[0]) == 2
