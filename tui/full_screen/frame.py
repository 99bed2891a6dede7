"""The frame of a page on the screen: its title above, the keys that work below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from math import ceil
from typing import Any, TypeAlias

from rich.cells import cell_len, set_cell_size
from textual.geometry import Size

from screens.base.content import PageContent
from screens.base.keys import Caption, KeyBinding, KeyPress, Shown
from screens.base.lines import Line, Look, bold, cells, fold, plain, wrap
from screens.base.page import TRAINING, Page
from tui.full_screen.smallest import COLUMNS, ROWS

SMALLEST = Size(COLUMNS, ROWS)
"""The smallest window that a page fits in."""

KEY_ROWS = 2
_BELOW_ENTRY = 5
"""Rows below an entry line, so that it stays where it is when something short is said."""
MARGIN = " "
_GAP = "  "
"""What stands between two captions."""

Pointed: TypeAlias = Callable[[Line], Line]
"""Gives the line that the pointer stands on its look, and leaves every other one as it is."""

_Shown: TypeAlias = KeyBinding | Caption
_STAY = ("Enter", "Esc", "F10", "F1", "?")
"""Captions of keys that are shown in every window."""

_PART = " · "
_BAR, _LEAST_BAR = 20, 6
"""Cells of a bar of progress: at most, and the fewest that still tell something."""
_WIDEST = 90
"""Cells of a line that is still read with ease."""
_WIDE, _BODY, _GUTTER = 120, 78, 3
"""From which width on there is a second column, and the cells of the first and between them."""


def top_line(page: Page[Any], content: PageContent, width: int) -> Line:
    """Return the title of a page, with the watermark of training."""
    left, right = content.title
    look: Look = "alarm" if left.startswith("!") else "reverse"
    if page.workspace.training:
        watermark = page.t(TRAINING)
        left = f"{watermark} · {left}" if left else watermark
    left, right = _fitted(left, right, width - 1)
    space = width - 2 - cell_len(left) - cell_len(right)
    bar = _bar(content.progress, space - 2)
    between = f"{bar:>{space - 1}} " if bar else " " * max(1, space)
    return plain(set_cell_size(f" {left}{between}{right} ", width), look)


def _fitted(left: str, right: str, width: int) -> tuple[str, str]:
    """Return what of a title fits: the last parts of the right give way first, then the left."""
    while cell_len(left) + 1 + cell_len(right) > width and _PART in right:
        right = right.rpartition(_PART)[0]
    room = width - (cell_len(right) + 1 if right else 0)
    if cell_len(left) > room:
        left = f"{set_cell_size(left, max(0, room - 1)).rstrip()}…"
    return left, right


def _bar(progress: tuple[int, int] | None, room: int) -> str:
    """Return a bar of what is done and what is left, where there is room for one."""
    if progress is None or room < _LEAST_BAR:
        return ""
    done, most = progress
    size = min(room, _BAR)
    filled = size * done // max(1, most)
    return "█" * filled + "░" * (size - filled)


def columns(page: Page[Any], width: int) -> tuple[int, Sequence[Line]]:
    """Return the cells of the body in a window so wide, and the lines that stand beside it."""
    beside_wide = width - 2 - _BODY - _GUTTER
    aside = page.aside(beside_wide) if width >= _WIDE else ()
    if not aside:
        return min(width - 2, _WIDEST), ()
    rows, _ = folded(aside, None, beside_wide)
    return _BODY, rows


class Picture:
    """A page as it is drawn in a window of a size: the title, the body, the message, the keys.

    `space` is the key that reads on. Making it moves the page to where it has to be in view.
    """

    def __init__(self, page: Page[Any], size: Size, *, typing: bool = False) -> None:
        self.page, self.size = page, size
        self.space = "PgDn" if typing or page.edits(KeyPress("space", " ")) else page.t("Space")
        self._said = wrap(page.message, size.width - 3 - len(self._hint(99, 99, self.space)))
        self.room = max(1, size.height - 1 - KEY_ROWS - len(self._said))
        """How many rows the body has."""
        self.below_entry = max(_BELOW_ENTRY, KEY_ROWS + len(self._said) + 1)
        """How many rows lie below an entry line, where there is one."""
        if typing:
            self.room = max(1, size.height - 2 - self.below_entry)

    def lines(self, everywhere: Callable[[Shown], Shown], pointed: Pointed) -> list[Line]:
        """Return all rows of the window; `everywhere` gives the keys beside those of the page."""
        page, width = self.page, self.size.width
        wide, aside = columns(page, width)
        content = page.content(wide)
        body, in_view = folded(content.lines, content.in_view, wide)
        count = max(len(body), len(aside))
        self._keep_in_view(in_view, count)
        seen = [((MARGIN, "normal"), *pointed(line)) for line in self._seen(body)]
        if aside:
            seen = beside(seen, self._seen(aside), len(MARGIN) + wide)
        blank: list[Line] = [()] * (self.size.height - 1 - KEY_ROWS - len(self._said) - len(seen))
        return [
            top_line(page, content, width),
            *seen,
            *blank,
            *self._message_lines(count),
            *key_lines([*content.keys, *everywhere(content.keys)], width),
        ]

    def _keep_in_view(self, in_view: tuple[int, int] | None, count: int) -> None:
        page = self.page
        if in_view is not None:
            first, last = in_view
            page.offset_rows = min(max(page.offset_rows, last - self.room + 1), first)
        page.offset_rows = max(0, min(page.offset_rows, count - self.room))
        page.seen_rows = max(page.seen_rows, page.offset_rows + self.room)

    def _seen(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Return the rows of a column that are seen; the shorter one stops at its own end."""
        first = max(0, min(self.page.offset_rows, len(lines) - self.room))
        return lines[first : first + self.room]

    def _message_lines(self, count: int) -> list[Line]:
        at, of = place(self.page.offset_rows, count, self.room)
        hint = ""
        if of > 1:
            hint = self._hint(at, of, self.space if at < of else "PgUp")
        *first, last = self._said
        space = self.size.width - 2 - cell_len(hint)
        return [
            *(bold(MARGIN + row) for row in first),
            ((f"{MARGIN}{last}".ljust(space + 1), "bold"), (hint, "normal")),
        ]

    def _hint(self, at: int, of: int, key: str) -> str:
        return self.page.t("page {at} of {of} · {key}", at=at, of=of, key=key)


def place(offset: int, count: int, room: int) -> tuple[int, int]:
    """Return which page of how many is seen where `offset` of `count` rows lie above.

    Pages share a row. The last one is whole; on the way there it tells how many are still to come.
    """
    step, last = max(1, room - 1), max(0, count - room)
    of = 1 + ceil(last / step)
    return of - ceil((last - offset) / step), of


def folded(
    lines: Sequence[Line], in_view: tuple[int, int] | None, width: int
) -> tuple[Sequence[Line], tuple[int, int] | None]:
    """Break lines that are wider than the column, so that none is cut; keep what is in view."""
    if all(cells(line) <= width for line in lines):
        return lines, in_view
    rows: list[Line] = []
    starts = []
    for line in lines:
        starts.append(len(rows))
        rows += fold(line, width)
    starts.append(len(rows))
    if in_view is not None:
        in_view = starts[in_view[0]], starts[in_view[1] + 1] - 1
    return rows, in_view


def beside(lines: Sequence[Line], aside: Sequence[Line], width: int) -> list[Line]:
    """Set a second column beside lines that are `width` cells wide."""
    rows = []
    for left, right in zip_longest(lines, aside, fillvalue=()):
        if not right:
            rows.append(left)
            continue
        gap = " " * (width + _GUTTER - cells(left))
        rows.append((*left, (gap, "normal"), *right))
    return rows


def key_lines(shown: Shown, width: int) -> list[Line]:
    """Return the rows of captions: where not all fit, the last ones are left to the help.

    Where only their order needs more rows, those that still fit into an earlier row are set there.
    A page puts the keys first that it cannot do without; what leads on, back or to help stays.
    """
    captions = [each for each in shown if each.caption and each.medium != "lines"]
    while len(rows := _rows_of(captions, width)) > KEY_ROWS:
        left_out = next((n for n, each in _from_last(captions) if each.caption not in _STAY), None)
        if left_out is None:
            break
        del captions[left_out]
    lines: list[Line] = []
    for row in rows[:KEY_ROWS]:
        spans: list[tuple[str, Look]] = [(MARGIN, "normal")]
        for n, each in enumerate(row):
            gap = _GAP if n < len(row) - 1 else ""
            spans += [(each.caption, "key"), (f" {each.label}{gap}", "normal")]
        lines.append(tuple(spans))
    return lines + [()] * (KEY_ROWS - len(lines))


def _from_last(captions: list[_Shown]) -> list[tuple[int, _Shown]]:
    return list(enumerate(captions))[::-1]


def _rows_of(captions: Sequence[_Shown], width: int) -> list[list[_Shown]]:
    """Set captions in rows, in their order; where that takes too many, fill earlier rows up."""
    rows = _set(captions, width, fill=False)
    return rows if len(rows) <= KEY_ROWS else _set(captions, width, fill=True)


def _set(captions: Sequence[_Shown], width: int, *, fill: bool) -> list[list[_Shown]]:
    """Set captions in rows; `fill` sets one that has room in an earlier row there.

    Those that are shown in every window keep their place, where the eye looks for them.
    """
    rows: list[list[_Shown]] = [[]]
    used = [len(MARGIN)]
    for each in captions:
        size = cell_len(each.caption) + 1 + cell_len(each.label)
        first = 0 if fill and each.caption not in _STAY else len(rows) - 1
        fitting = (n for n in range(first, len(rows)) if used[n] + size <= width or not rows[n])
        at = next(fitting, None)
        if at is None:
            rows.append([])
            used.append(len(MARGIN))
            at = len(rows) - 1
        rows[at].append(each)
        used[at] += size + len(_GAP)
    return rows


def is_readable(size: Size) -> bool:
    """Return whether a page fits in a window."""
    return size.width >= SMALLEST.width and size.height >= SMALLEST.height


def too_small(page: Page[Any], size: Size) -> list[Line]:
    """Return what stands in a window that a page does not fit in."""
    sentence = page.t(
        "The window is {width}×{height}. Porras needs {need_width}×{need_height}. Make it "
        "larger; "
        "nothing is lost. In an emergency call 112.",
        width=size.width,
        height=size.height,
        need_width=SMALLEST.width,
        need_height=SMALLEST.height,
    )
    return [plain(row) for row in wrap(sentence, max(2, size.width))]
