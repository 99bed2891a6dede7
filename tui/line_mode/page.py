"""How a page is read out: its title, its body, its message, and the keys that work."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from casework.language import NOT_MARKED
from screens.base.lines import Line
from screens.base.page import TRAINING, Page
from screens.wording.decision_words import SUPPORTS
from tui.line_mode.keys import caps, lock_word
from tui.line_mode.line_io import folded, text_of


class PageText:
    """The content of a page as rows that can be read out one after another."""

    def __init__(self, page: Page[Any], width: int) -> None:
        self.t = page.t
        self.content = page.content(max(width, page.traits.least_width), aloud=True)
        self.traits = self.content.traits
        self.may_lock, self.lock_word = page.may_lock, lock_word(page)
        watermark = page.t(TRAINING) if page.workspace.training else ""
        self.title = "-- " + " · ".join(part for part in (watermark, *self.content.title) if part)
        self.rows = _rows(self.content.lines, width)


def _rows(lines: Sequence[Line], width: int) -> list[str]:
    """Return lines as rows; blank rows only between others, and never two."""
    rows: list[str] = []
    for line in lines:
        for row in folded(text_of(line), width, hanging=2):
            if row or (rows and rows[-1]):
                rows.append(row)
    return rows if not rows or rows[-1] else rows[:-1]


def changed(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return the rows that are new, each with the rows that continue it.

    A pointer that only left a row is no change of it.
    """
    old, new = [_unpointed(row) for row in before], [_unpointed(row) for row in now]
    same: set[int] = set()
    for at_old, at_new, size in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_matching_blocks():
        pairs = zip(range(at_old, at_old + size), range(at_new, at_new + size), strict=True)
        same |= {n for o, n in pairs if before[o] == now[n] or not now[n].startswith(">")}
    rows: list[str] = []
    within: int | None = None
    for n, row in enumerate(now):
        if n not in same:
            within = _indent(row)
        elif within is None or _indent(row) <= within:
            within = None
            continue
        rows.append(row)
    return rows


def without_heading(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Return the rows without those down to the first blank one, if `before` began with the same.

    So a questionnaire's own words stand once above its items, as on a printed form.
    """
    heading = list(takewhile(bool, now))
    repeated = len(heading) < len(now) and list(before[: len(heading) + 1]) == [*heading, ""]
    return list(now[len(heading) + 1 :]) if repeated else list(now)


def _unpointed(row: str) -> str:
    return f" {row[1:]}" if row.startswith(">") else row


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip("> "))


def keys_row(text: PageText, *, brief: bool = False) -> str:
    """Return the keys of a page in one row; a brief one names the first and where to ask."""
    first, *rest = [f"{cap} {label}" for cap, label in all_keys(text)]
    return "[" + "; ".join([first, "!", "?"] if brief else [first, *rest]) + "]"


def all_keys(text: PageText) -> list[tuple[str, str]]:
    """Return the keys that work on a page, with those that work everywhere."""
    t, traits, content = text.t, text.traits, text.content
    everywhere = (
        ("!", t("emergency card"), traits.offers_emergency),
        ("?", t("help"), traits.offers_help),
    )
    shown = [*caps(content), *((cap, label) for cap, label, offered in everywhere if offered)]
    # A page of text has nothing to go back to but by the sign for it.
    return [("<" if cap == "q" and content.entry else cap, label) for cap, label in shown]


def help_rows(text: PageText) -> list[str]:
    """Return what can be typed at a page, key by key, and what Porras is and is not."""
    t = text.t
    return [
        t("Possible here:"),
        *(f"  {cap:>8}  {label}" for cap, label in all_keys(text)),
        t("An empty line is the Enter key. = reads this page again."),
        t("! or 112 opens the emergency card anywhere."),
        *([t("{word} locks the keyboard.", word=text.lock_word)] if text.may_lock else []),
        t(SUPPORTS),
        t(NOT_MARKED),
    ]


def blocks(rows: Sequence[str]) -> list[list[str]]:
    """Split rows at the blank ones."""
    found: list[list[str]] = [[]]
    for row in rows:
        if row:
            found[-1].append(row)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]
