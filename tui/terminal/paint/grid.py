"""Rows of cells: what stands in each column of a line of the terminal, and how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import get_character_cell_size
from rich.segment import Segment

from screens.base.lines import harmless
from tui.terminal.paint.style import NORMAL, Look, Looks, on_blank

Chars: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line; the right half of a wide character holds an empty string.

    A blank has only what is seen of its look. A character with its combining marks is one cell.
    """

    chars: Chars
    looks: tuple[Look, ...]

    def cut(self, columns: int) -> Row:
        """Return the row in exactly this many cells."""
        missing = columns - len(self.chars)
        if missing == 0:
            return self
        if missing > 0:
            return Row(self.chars + (" ",) * missing, self.looks + (NORMAL,) * missing)
        return self.part(0, columns)

    def part(self, start: int, stop: int) -> Row:
        """Return the cells from start to stop; half a wide character becomes a blank."""
        chars, looks = list(self.chars[start:stop]), list(self.looks[start:stop])
        return _mended(chars, looks, 0, len(chars))

    def over(self, x: int, other: Row) -> Row:
        """Return the row with another one laid over it, beginning at column x."""
        if x == 0 and len(other.chars) >= len(self.chars):
            return other
        under = self.cut(max(len(self.chars), x + len(other.chars)))
        end = x + len(other.chars)
        chars = [*under.chars[:x], *other.chars, *under.chars[end:]]
        looks = [*under.looks[:x], *other.looks, *under.looks[end:]]
        return _mended(chars, looks, x, end)

    @property
    def text(self) -> str:
        """The characters of the row."""
        return "".join(self.chars)

    def filled(self) -> int:
        """Return the column after the last cell that is not a plain blank."""
        end = len(self.chars)
        while end and self.chars[end - 1] == " " and self.looks[end - 1] == NORMAL:
            end -= 1
        return end


def blank(columns: int, look: Look = NORMAL) -> Row:
    """Return an empty row."""
    return Row((" ",) * columns, (look,) * columns)


def read(segments: Iterable[Segment], looks: Looks, glyphs: Mapping[int, str]) -> Row:
    """Lay styled text out in cells."""
    chars: list[str] = []
    dressed: list[Look] = []
    for text, style, control in segments:
        if control or not text:
            continue
        look = looks.of(style)
        before = len(chars)
        _lay(text if text.isascii() else text.translate(glyphs), chars)
        added = chars[before:]
        bare = on_blank(look)
        if bare != look and " " in added:
            dressed += [bare if char == " " else look for char in added]
        else:
            dressed += [look] * len(added)
    return Row(tuple(chars), tuple(dressed))


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


def _mended(chars: list[str], looks: list[Look], *cuts: int) -> Row:
    """Blank out what is left of wide characters that were cut in two at these columns."""
    for cut in cuts:
        if 0 < cut <= len(chars) and _wide(chars[cut - 1]) and "" not in chars[cut : cut + 1]:
            chars[cut - 1], looks[cut - 1] = " ", on_blank(looks[cut - 1])
        if 0 <= cut < len(chars) and chars[cut] == "" and not (cut and _wide(chars[cut - 1])):
            chars[cut], looks[cut] = " ", on_blank(looks[cut])
    return Row(tuple(chars), tuple(looks))


def _wide(char: str) -> bool:
    return bool(char) and not char.isascii() and get_character_cell_size(char[0]) == 2
