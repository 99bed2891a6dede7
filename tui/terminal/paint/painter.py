"""Knows what the terminal shows and what it should show, and says what to send next."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate

from tui.terminal.paint.cursor import Cursor
from tui.terminal.paint.diff import redraw
from tui.terminal.paint.glyphs import TABLES
from tui.terminal.paint.grid import CellRow, blank_row, lay_out_row
from tui.terminal.paint.style import NORMAL, UNKNOWN, StyleReader

_ENTRY = re.compile(r"\[ [^\]]*?(_) *\]")
"""An entry that is being typed, as it is drawn on a page: `[ 12_  ]`."""

_ASKED_ABOVE = 8
"""A question begins above this line, even under a questionnaire's name and its opening words."""


class Painter:
    """Takes Textual's updates in the event loop and is asked for codes by the writing thread.

    Only the newest picture counts: what was never sent is forgotten as soon as it is outdated.
    `changed` is called, outside the lock, whenever there may be something to send; `erases` tells
    whether the terminal fills what it erases with the present ground.
    """

    def __init__(
        self,
        styles: StyleReader,
        glyphs: str = "unicode",
        changed: Callable[[], None] = lambda: None,
        size: tuple[int, int] = (80, 24),
        *,
        erases: bool = True,
    ) -> None:
        self.changed = changed
        self.once_shown: Callable[[Callable[[], None]], None] = lambda call: call()
        """Calls something when the picture that is wanted now stands on the terminal."""
        self.press: Callable[[], None] = lambda: None
        """Sends the picture that is wanted now without waiting for answers of the terminal."""
        self._styles = styles
        self._erases = erases or styles.ground == NORMAL
        self._glyphs = TABLES[glyphs]
        self._lock = threading.Lock()
        self._wanted: list[CellRow] = []
        self._typed_at: tuple[int, int] | None = None
        self.open(*size)

    # -- what should be shown ----------------------------------------------

    def update(self, update: RenderableType, cursor: tuple[int, int] | None = None) -> bool:
        """Take an update of Textual's compositor; tell whether it is one.

        `cursor` is where the nurse types (column, line); without it a rule finds the place.
        """
        with self._lock:
            if isinstance(update, LayoutUpdate):
                self._take_layout(update)
            elif isinstance(update, ChopsUpdate):
                self._take_chops(update)
            else:
                return False
            self._typed_at = cursor
        self.changed()
        return True

    def _take_layout(self, update: LayoutUpdate) -> None:
        for y, strips in enumerate(update.strips, update.region.y):
            segments = (segment for strip in strips for segment in strip)
            self._lay(update.region.x, y, lay_out_row(segments, self._styles, self._glyphs))

    def _take_chops(self, update: ChopsUpdate) -> None:
        rows: dict[int, CellRow] = {}  # each strip is read once, however many of its spans changed
        for y, start, stop in update.spans:
            pieces = zip(update.chop_ends[y], update.chops[y].items(), strict=True)
            for end, (x, strip) in pieces:
                left, right = max(x, start), min(end, stop)
                if strip is not None and left < right:
                    row = rows.get(id(strip))
                    if row is None:
                        row = rows[id(strip)] = lay_out_row(strip, self._styles, self._glyphs)
                    self._lay(left, y, row.part(left - x, right - x))

    def _lay(self, x: int, y: int, row: CellRow) -> None:
        while len(self._wanted) <= y:
            self._wanted.append(blank_row(0))
        self._wanted[y] = self._wanted[y].lay_over(x, row)

    def close(self) -> None:
        """Send nothing more: the terminal belongs to somebody else."""
        with self._lock:
            self._open = False

    def open(self, columns: int, rows: int) -> None:
        """Begin on a terminal of this size with an empty picture.

        What was drawn before does not come back by itself: it may have to stay hidden.
        """
        with self._lock:
            self._open = True
            self._wanted = []
            self._typed_at = None
        self.fit(columns, rows)

    # -- what is shown -----------------------------------------------------

    def fit(self, columns: int, rows: int) -> None:
        """Take the size of the terminal, of which nothing else is known from here on."""
        with self._lock:
            self.size = (columns, rows)
            self._forget()

    def forget(self) -> None:
        """Send everything again next time: the terminal may show anything."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        columns, rows = self.size
        self._shown = [blank_row(columns, NORMAL if self._erases else UNKNOWN)] * rows
        self._cursor = Cursor(columns, ground=self._styles.ground, erases=self._erases)
        self._cursor.clear()
        self._known = False

    def take(self, limit: int = 1 << 20) -> str:
        """Return the codes for the next part of the picture, empty when it is shown in full.

        A part ends with the line that reaches `limit` characters. What is returned counts as
        shown, so it has to be sent.
        """
        with self._lock:
            wanted = self._picture()
            shown = self._known and wanted == self._shown and self._at_rest(wanted)
            if shown or not self._open:
                return ""
            self._known = True
            self._erase_below(wanted)
            for y, row in enumerate(wanted):
                if row != self._shown[y]:
                    redraw(self._cursor, y, self._shown[y], row)
                    self._shown[y] = row
                    if len(self._cursor.text) >= limit:
                        return self._cursor.take()
            x, y = self._rest(wanted)
            self._cursor.go(x, y, wanted[y])
            return self._cursor.take()

    def _picture(self) -> list[CellRow]:
        columns, rows = self.size
        missing = [blank_row(columns)] * (rows - len(self._wanted))
        return [row.fit_width(columns) for row in self._wanted[:rows]] + missing

    def _erase_below(self, wanted: Sequence[CellRow]) -> None:
        """Blank the end of the screen by one code where that clears more than one line."""
        if not self._cursor.erases:
            return
        first = len(wanted)
        empty = blank_row(self.size[0])
        while first and wanted[first - 1] == empty:
            first -= 1
        stale = [y for y in range(first, len(wanted)) if self._shown[y] != empty]
        if len(stale) > 1:
            self._cursor.go(0, first, empty)
            self._cursor.erase_below()
            self._shown[first:] = [empty] * (len(wanted) - first)

    # -- where the cursor stands -------------------------------------------

    def _at_rest(self, wanted: Sequence[CellRow]) -> bool:
        return (self._cursor.x, self._cursor.y) == self._rest(wanted)

    def _rest(self, wanted: Sequence[CellRow]) -> tuple[int, int]:
        columns, rows = self.size
        x, y = self._typed_at or resting_place(wanted)
        return min(x, columns - 1), min(y, rows - 1)


def resting_place(rows: Sequence[CellRow]) -> tuple[int, int]:
    """Return (column, line) of what is read or typed now, for screen readers and braille lines.

    That is the entry, else the line with the pointer, else the question, which is bold, else the
    first line below the top line.
    """
    texts = [row.text for row in rows]
    pointed = [y for y, text in enumerate(texts) if text.lstrip().startswith("> ")]
    for y in (*pointed[:1], *range(len(texts))):
        if match := _ENTRY.search(texts[y]):
            return _column(rows[y], match.start(1)), y
    written = [y for y, text in enumerate(texts) if y and text.strip()]
    asked = [y for y in written if y < _ASKED_ABOVE and _bold(rows[y])]
    for y in (*pointed, *asked, *written):
        return len(texts[y]) - len(texts[y].lstrip()), y
    return 0, 0


def _bold(row: CellRow) -> bool:
    """Return whether all that is written in a line is bold."""
    cells = zip(row.chars, row.styles, strict=True)
    return all("1" in style.split(";") for char, style in cells if char != " ")


def _column(row: CellRow, index: int) -> int:
    """Return the cell in which a character of the row's text stands."""
    length = 0
    for x, char in enumerate(row.chars):
        if length >= index and char:
            return x
        length += len(char)
    return 0
