"""Recorded pages on the standard library's curses, one a key: what ncurses sends for them.

The argument is a JSON file, a list of pages: `rows` of [text, look] pieces, and the `cursor` as
[column, line]. Each page is only written with addstr and refreshed, so that ncurses alone decides
what to send. The program ends after a key on the last page.
"""

from __future__ import annotations

import contextlib
import curses
import json
import locale
import sys
from pathlib import Path
from typing import Any

_ATTRIBUTES = {
    "bold": curses.A_BOLD,
    "italics": curses.A_ITALIC,
    "underscore": curses.A_UNDERLINE,
    "reverse": curses.A_REVERSE,
    "blink": curses.A_BLINK,
    "faint": curses.A_DIM,
}
_COLOURS = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_BRIGHT = "bright"
_OWN = -1
"""The terminal's own colour."""


class Inks:
    """The pairs of colours, made as they are met; colours are started by the first of them."""

    def __init__(self) -> None:
        self._pairs: dict[tuple[int, int], int] = {}

    def of(self, words: list[str]) -> int:
        """Return the attribute for `ink:` and `paper:` words, 0 where there are none."""
        named = dict(word.split(":") for word in words)
        if not named:
            return 0
        if not self._pairs:
            curses.start_color()
            curses.use_default_colors()
        pair = _number(named.get("ink")), _number(named.get("paper"))
        if pair not in self._pairs:
            self._pairs[pair] = len(self._pairs) + 1
            curses.init_pair(self._pairs[pair], *pair)
        return curses.color_pair(self._pairs[pair])


def _number(name: str | None) -> int:
    if name is None:
        return _OWN
    brighter = 8 if name.startswith(_BRIGHT) else 0
    return _COLOURS.index(name.removeprefix(_BRIGHT)) + brighter


def show(window: curses.window, page: dict[str, Any], inks: Inks) -> None:
    """Draw a page; a look that curses cannot draw is a KeyError."""
    window.erase()
    for y, pieces in enumerate(page["rows"]):
        x = 0
        for text, look in pieces:
            words = look.split()
            attributes = inks.of([word for word in words if ":" in word])
            for word in words:
                attributes |= 0 if ":" in word else _ATTRIBUTES[word]
            with contextlib.suppress(curses.error):  # the cursor cannot go on from the last cell
                window.addstr(y, x, text, attributes)
            x += len(text)
    column, line = page["cursor"]
    window.move(line, min(column, curses.COLS - 1))
    window.refresh()


def main(pages: list[dict[str, Any]]) -> None:
    """Show page after page; without colours none are started, since curses then sets them all."""
    window, inks = curses.initscr(), Inks()
    try:
        curses.noecho()
        curses.cbreak()
        for page in pages:
            show(window, page, inks)
            window.getch()
    finally:
        curses.endwin()


if __name__ == "__main__":
    locale.setlocale(locale.LC_ALL, "")
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
