"""The frame of a page on the screen: its title above, the keys that work below."""

from __future__ import annotations

from typing import Any

from textual.geometry import Size

from screens.base.content import PageContent
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, Look, plain, wrap
from screens.base.page import TRAINING, Page

SMALLEST = Size(80, 23)
"""The smallest window that a page fits in: what tmux leaves of 24 rows."""

KEY_ROWS = 2
MARGIN = " "


def top_line(page: Page[Any], content: PageContent, width: int) -> Line:
    """Return the title of a page, with the watermark of training."""
    left, right = content.title
    look: Look = "alarm" if left.startswith("!") else "reverse"
    if page.workspace.training:
        watermark = page.t(TRAINING)
        left = f"{watermark} · {left}" if left else watermark
    space = width - 2 - len(left) - len(right)
    return plain(f" {left}{' ' * max(1, space)}{right} "[:width].ljust(width), look)


def key_lines(shown: Shown, width: int) -> list[Line]:
    """Return the rows of captions; what does not fit on the last one is left out."""
    rows: list[list[KeyBinding | Caption]] = [[]]
    used = 1
    for each in shown:
        if not each.caption or each.medium == "lines":
            continue
        size = len(each.caption) + len(each.label) + 3
        if used + size > width and rows[-1]:
            rows.append([])
            used = 1
        rows[-1].append(each)
        used += size
    lines: list[Line] = []
    for row in rows[:KEY_ROWS]:
        spans: list[tuple[str, Look]] = [(MARGIN, "normal")]
        for each in row:
            spans += [(each.caption, "key"), (f" {each.label}  ", "normal")]
        lines.append(tuple(spans))
    return lines + [()] * (KEY_ROWS - len(lines))


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
