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
}


def show(window: curses.window, page: dict[str, Any]) -> None:
    """Draw a page; a look that curses cannot draw is a KeyError."""
    window.erase()
    for y, pieces in enumerate(page["rows"]):
        x = 0
        for text, look in pieces:
            attributes = 0
            for word in look.split():
                attributes |= _ATTRIBUTES[word]
            with contextlib.suppress(curses.error):  # the cursor cannot go on from the last cell
                window.addstr(y, x, text, attributes)
            x += len(text)
    column, line = page["cursor"]
    window.move(line, min(column, curses.COLS - 1))
    window.refresh()


def main(pages: list[dict[str, Any]]) -> None:
    """Show page after page; colours are not started, since curses then sets them all the time."""
    window = curses.initscr()
    try:
        curses.noecho()
        curses.cbreak()
        for page in pages:
            show(window, page)
            window.getch()
    finally:
        curses.endwin()


if __name__ == "__main__":
    locale.setlocale(locale.LC_ALL, "")
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
