"""Pictures of a terminal, one after the other, as one SVG that moves by its style sheet alone.

It holds no script and asks for nothing from outside, so that any page may show it. All frames
stand below each other and the view steps down along them; a row that comes again is kept once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from tests.terminal.drawing import (
    BOXES,
    DARK,
    HEIGHT,
    POINTS,
    SHADES,
    WIDTH,
    Palette,
    mixed,
)
from tests.terminal.emulator import Cell, Terminal

_FOOT = 30
"""Pixels below the screen, where the key is shown that was pressed last."""
_BASELINE = 13.5
_FONTS = "DejaVu Sans Mono,Menlo,Consolas,monospace"
_WORDS = re.compile(r"\S+(?: \S+)*")
"""What stands together: across a wide gap another font would stretch."""
_NOTHING = "\0"
"""The right half of a wide character."""


class Film:
    """Collects pictures of one terminal, and writes them as an SVG."""

    def __init__(self, title: str, palette: Palette = DARK) -> None:
        self._title = title
        self._palette = palette
        self._rows: dict[str, str] = {}
        """The name of each row by what it draws."""
        self._frames: list[tuple[list[str], str]] = []
        self._seconds: list[float] = []
        self._size = (0, 0)

    @property
    def seconds(self) -> float:
        """How long it runs before it begins again."""
        return sum(self._seconds)

    def add(self, terminal: Terminal, seconds: float, key: str = "") -> None:
        """Show what stands on the terminal for so long, and the key that led there."""
        screen = terminal.screen
        self._size = (screen.columns, screen.lines)
        rows = [self._row(screen.buffer[y], screen.columns) for y in range(screen.lines)]
        self._frames.append((rows, key))
        self._seconds.append(seconds)

    def _row(self, line: Any, columns: int) -> str:
        drawn = "".join(_pieces([line[x] for x in range(columns)], self._palette))
        return self._rows.setdefault(drawn, f"r{len(self._rows)}")

    def svg(self) -> str:
        """Return the whole as text."""
        width, height = self._size[0] * WIDTH, self._size[1] * HEIGHT + _FOOT
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
                f' width="{width}" height="{height}" font-family="{_FONTS}"',
                f' font-size="{POINTS}" fill="{self._palette.ink}" xml:space="preserve">',
                f"<title>{escape(self._title)}</title>",
                f"<style>{self._style(height)}</style>",
                f'<rect width="{width}" height="{height}" fill="{self._palette.paper}"/>',
                "<defs>",
                *(f'<g id="{name}">{drawn}</g>' for drawn, name in self._rows.items()),
                "</defs>",
                '<g id="film">',
                *self._drawn_frames(width, height),
                "</g>",
                "</svg>",
                "",
            ]
        )

    def _style(self, height: int) -> str:
        at, steps = 0.0, []
        for number, seconds in enumerate(self._seconds):
            steps.append(
                f"{100 * at / self.seconds:.3f}%{{transform:translateY({-number * height}px)}}"
            )
            at += seconds
        return (
            f"@keyframes film{{{''.join(steps)}}}"
            f"#film{{animation:film {self.seconds:.1f}s step-end infinite}}"
            "@media(prefers-reduced-motion:reduce){#film{animation:none}}"
        )

    def _drawn_frames(self, width: int, height: int) -> Iterator[str]:
        for number, (rows, key) in enumerate(self._frames):
            top = number * height
            used = (
                f'<use href="#{name}" y="{top + y * HEIGHT}"/>'
                for y, name in enumerate(rows)
                if name != self._rows.get("")
            )
            yield "".join([*used, _cap(key, width, top + height - _FOOT) if key else ""])


def _cap(key: str, width: int, top: int) -> str:
    """The key as a cap in the middle below the screen."""
    size = WIDTH * len(key) + 16
    left = (width - size) / 2
    return (
        f'<rect x="{left}" y="{top + 4}" width="{size}" height="22" rx="4" fill="#444444"/>'
        f'<text x="{left + 8}" y="{top + 4 + 16}" font-weight="bold">{escape(key)}</text>'
    )


def _pieces(cells: Iterable[Cell], palette: Palette) -> Iterator[str]:
    """Yield what draws a row: grounds, blocks, and words of one look."""
    placed = [(x, cell, palette.of(cell)) for x, cell in enumerate(cells)]
    for paper, group in groupby(placed, lambda each: each[2][1]):
        if paper != palette.paper:
            columns = [x for x, _, _ in group]
            yield _box(columns[0] * WIDTH, 0, len(columns) * WIDTH, HEIGHT, paper)
    for x, cell, (ink, paper) in placed:
        if cell.data in BOXES:
            left, top, right, bottom = BOXES[cell.data]
            area = (right - left) * WIDTH / 8, (bottom - top) * HEIGHT / 8
            yield _box(x * WIDTH + left * WIDTH / 8, top * HEIGHT / 8, *area, ink)
        elif cell.data in SHADES:
            shade = mixed(ink, paper, SHADES[cell.data])
            yield _box(x * WIDTH, 0, WIDTH, HEIGHT, shade)
    for (ink, bold, underlined), group in groupby(placed, _look):
        written = list(group)
        text = "".join(" " if _is_block(cell) else cell.data or _NOTHING for _, cell, _ in written)
        looks = ' font-weight="bold"' * bold + ' text-decoration="underline"' * underlined
        looks += f' fill="{ink}"' if ink != palette.ink else ""
        for words in _WORDS.finditer(text):
            x, size = written[words.start()][0] * WIDTH, len(words[0]) * WIDTH
            fit = f'x="{x}" y="{_BASELINE}" textLength="{size}" lengthAdjust="spacingAndGlyphs"'
            yield f"<text {fit}{looks}>{escape(words[0].replace(_NOTHING, ''))}</text>"


def _look(placed: tuple[int, Cell, tuple[str, str]]) -> tuple[str, bool, bool]:
    _, cell, (ink, _) = placed
    return ink, cell.bold, cell.underscore


def _is_block(cell: Cell) -> bool:
    return cell.data in BOXES or cell.data in SHADES


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'
