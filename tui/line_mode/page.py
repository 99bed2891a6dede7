"""How a sheet is read out: its title, its body, its message, and the keys that work."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

from casework.language import NOT_MARKED
from casework.workspace import Workspace
from screens.base.form import FormScreen
from screens.base.page import TRAINING, Sheet
from screens.base.prompt import PromptScreen
from screens.wording.decision_words import SUPPORTS
from tui.line_mode.keys import caps
from tui.line_mode.line_io import folded, text_of

_FORM = 60
"""Cells that a form needs for what stands beside its labels; on narrow paper it is broken later."""


def body_rows(sheet: Sheet[Any], width: int) -> list[str]:
    """Return what stands on a sheet; blank rows only between others, and never two."""
    rows: list[str] = []
    for line in sheet.body(max(width, _FORM) if isinstance(sheet, FormScreen) else width):
        for row in folded(text_of(line), width, hanging=2):
            if row or (rows and rows[-1]):
                rows.append(row)
    return rows if not rows or rows[-1] else rows[:-1]


def title_row(sheet: Sheet[Any]) -> str:
    """Return a sheet's name, with the watermark of training."""
    watermark = sheet.t(TRAINING) if sheet.workspace.training else ""
    return "-- " + " · ".join(part for part in (watermark, *sheet.top()) if part)


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


def keys_row(sheet: Sheet[Any], *, brief: bool = False) -> str:
    """Return the keys of a sheet in one row; a brief one names the first and where to ask."""
    first, *rest = [f"{cap} {label}" for cap, label in all_keys(sheet)]
    return "[" + "; ".join([first, "!", "?"] if brief else [first, *rest]) + "]"


def all_keys(sheet: Sheet[Any]) -> list[tuple[str, str]]:
    """Return the keys that work on a sheet, with those that work everywhere."""
    t = sheet.workspace.t
    everywhere = (
        ("!", t("emergency card"), sheet.offers_emergency),
        ("?", t("help"), sheet.offers_help),
    )
    shown = [*caps(sheet), *((cap, label) for cap, label, offered in everywhere if offered)]
    # A page of text has nothing to go back to but by the sign for it.
    return [("<" if cap == "q" and isinstance(sheet, PromptScreen) else cap, s) for cap, s in shown]


def help_rows(workspace: Workspace, sheet: Sheet[Any]) -> list[str]:
    """Return what can be typed at a sheet, key by key, and what Porras is and is not."""
    t = workspace.t
    return [
        t("Possible here:"),
        *(f"  {cap:>8}  {label}" for cap, label in all_keys(sheet)),
        t("An empty line is the Enter key. = reads this page again."),
        t("! or 112 opens the emergency card anywhere."),
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
