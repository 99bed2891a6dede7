"""The frame of a page on the screen: its title above, the keys that work below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, TypeAlias

from rich.cells import cell_len
from textual.geometry import Size

from screens.base.content import PageContent
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, Look, plain, wrap
from screens.base.page import TRAINING, Page

SMALLEST = Size(80, 23)
"""The smallest window that a page fits in: what tmux leaves of 24 rows."""

KEY_ROWS = 2
MARGIN = " "

_Shown: TypeAlias = KeyBinding | Caption
_STAY = ("Enter", "Esc", "F10", "F1", "?")
"""Captions of keys that are shown in every window."""

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
    space = width - 2 - len(left) - len(right)
    bar = _bar(content.progress, space - 2)
    between = f"{bar:>{space - 1}} " if bar else " " * max(1, space)
    return plain(f" {left}{between}{right} "[:width].ljust(width), look)


def _bar(progress: tuple[int, int] | None, room: int) -> str:
    """Return a bar of what is done and what is left, where there is room for one."""
    if progress is None or room < _LEAST_BAR:
        return ""
    done, most = progress
    size = min(room, _BAR)
    filled = size * done // max(1, most)
    return "█" * filled + "░" * (size - filled)


def body_width(page: Page[Any], width: int) -> tuple[int, int]:
    """Return the cells of the body and of what stands beside it, in a window so wide."""
    if width < _WIDE or not page.aside(width - 2 - _BODY - _GUTTER):
        return min(width - 2, _WIDEST), 0
    return _BODY, width - 2 - _BODY - _GUTTER


def beside(lines: Sequence[Line], aside: Sequence[Line], width: int) -> list[Line]:
    """Set a second column beside lines that are `width` cells wide."""
    rows = []
    for left, right in zip_longest(lines, aside, fillvalue=()):
        if not right:
            rows.append(left)
            continue
        used = sum(cell_len(text) for text, _ in left)
        rows.append((*left, (" " * (width + _GUTTER - used), "normal"), *right))
    return rows


def key_lines(shown: Shown, width: int) -> list[Line]:
    """Return the rows of captions: where not all fit, the last ones are left to the help.

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
        for each in row:
            spans += [(each.caption, "key"), (f" {each.label}  ", "normal")]
        lines.append(tuple(spans))
    return lines + [()] * (KEY_ROWS - len(lines))


def _from_last(captions: list[_Shown]) -> list[tuple[int, _Shown]]:
    return list(enumerate(captions))[::-1]


def _rows_of(captions: Sequence[_Shown], width: int) -> list[list[_Shown]]:
    """Set captions in rows, in their order."""
    rows: list[list[_Shown]] = [[]]
    used = len(MARGIN)
    for each in captions:
        size = cell_len(each.caption) + cell_len(each.label) + 3
        if used + size > width and rows[-1]:
            rows.append([])
            used = len(MARGIN)
        rows[-1].append(each)
        used += size
    return rows


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
