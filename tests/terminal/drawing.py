"""What a terminal shows as a PNG, on a dark or on a light ground."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rich.cells import cell_len

from tests.terminal.emulator import Cell, Terminal

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT, POINTS = 9, 18, 14
"""Of a cell in pixels, and of its letters."""

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right and bottom in eighths of a cell."""

BOXES: Mapping[str, Box] = {
    **{char: (0, 8 - at, 8, 8) for at, char in enumerate("▁▂▃▄▅▆▇█", start=1)},
    **{char: (0, 0, 8 - at, 8) for at, char in enumerate("▉▊▋▌▍▎▏", start=1)},
    "▀": (0, 0, 8, 4),
    "▐": (4, 0, 8, 8),
}
"""Blocks, which terminals draw to the edges of the cell whatever the font has."""

SHADES: Mapping[str, float] = {"░": 0.25, "▒": 0.5, "▓": 0.75}

_FAINT = 0.55
"""How much of a faint letter's colour is left on its ground."""


@dataclass(frozen=True)
class Palette:
    """The colours of a terminal as #rrggbb: its own two, and its 16 by pyte's names."""

    ink: str
    paper: str
    shades: Mapping[str, str]

    def of(self, cell: Cell) -> tuple[str, str]:
        """Return the colours of a cell's letter and of its ground."""
        ink, paper = self._shade(cell.fg, self.ink), self._shade(cell.bg, self.paper)
        if cell.reverse:
            ink, paper = paper, ink
        return (mixed(ink, paper, _FAINT) if cell.faint else ink), paper

    def _shade(self, name: str, default: str) -> str:
        if re.fullmatch(r"[0-9a-fA-F]{6}", name):
            return f"#{name}"
        return self.shades.get(name, default)


_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_NAMES_OF_ALL = (*_NAMES, *(f"bright{name}" for name in _NAMES))


def _palette(ink: str, paper: str, shades: str) -> Palette:
    colours = (f"#{shade}" for shade in shades.split())
    return Palette(ink, paper, dict(zip(_NAMES_OF_ALL, colours, strict=True)))


DARK = _palette(
    "#cccccc",
    "#000000",
    "000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5 "
    "666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db ffffff",
)
LIGHT = _palette(
    "#1e1e1e",
    "#ffffff",
    "000000 cd3131 107c10 949800 0451a5 bc05bc 0598bc 555555 "
    "666666 cd3131 14ce14 b5ba00 0451a5 bc05bc 0598bc a5a5a5",
)
"""What a widespread editor's terminal means by the colours, in its dark and its light dress."""


def mixed(ink: str, paper: str, share: float) -> str:
    """Return the colour between two, with so much of the first."""
    pairs = ((int(each[at : at + 2], 16) for each in (ink, paper)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * share + two * (1 - share)):02x}" for one, two in pairs)


def draw_png(terminal: Terminal, path: Path, palette: Palette = DARK) -> None:
    """Draw the screen of a terminal; needs pillow and the DejaVu Sans Mono font."""
    from PIL import Image

    screen = terminal.screen
    whole = Image.new("RGB", (screen.columns * WIDTH, screen.lines * HEIGHT), palette.paper)
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            ink, paper = palette.of(cell)
            if cell.data.strip() or cell.underscore or paper != palette.paper:
                drawn = _drawn(cell.data, ink, paper, cell.bold, cell.underscore)
                whole.paste(drawn, (x * WIDTH, y * HEIGHT))
    whole.save(path)


@lru_cache(maxsize=8192)
def _drawn(char: str, ink: str, paper: str, bold: bool, underlined: bool) -> Image:
    """One cell, or two where the character is wide."""
    from PIL import Image, ImageDraw

    if char in SHADES:
        paper = mixed(ink, paper, SHADES[char])
    width = WIDTH * max(1, cell_len(char))
    image = Image.new("RGB", (width, HEIGHT), paper)
    draw = ImageDraw.Draw(image)
    if char in BOXES:
        left, top, right, bottom = BOXES[char]
        edges = (left * WIDTH / 8, top * HEIGHT / 8, right * WIDTH / 8 - 1, bottom * HEIGHT / 8 - 1)
        draw.rectangle(tuple(map(round, edges)), ink)
    elif char not in SHADES:
        draw.text((0, 0), char, ink, _font(bold))
    if underlined:
        draw.line((0, HEIGHT - 2, width - 1, HEIGHT - 2), ink)
    return image


@lru_cache
def _font(bold: bool) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(f"DejaVuSansMono{'-Bold' if bold else ''}.ttf", POINTS)
