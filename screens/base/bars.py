"""Bars of scores with their cut-off, and the stair of steps, as lines of blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from screens.base.lines import Line, Look

MARK = "│"
"""Stands between what is under a cut-off and what is over it, also inside a filled bar."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_MAYBE, _EMPTY = "░", "·"


@dataclass(frozen=True)
class Measured:
    """A score, or the range in which it lies, on its scale."""

    low: int
    high: int
    least: int
    most: int
    cut_off: int | None = None
    """The first value that is a case, on the way to what is worse; None where none is told."""
    worse: Literal["up", "down"] = "up"

    @property
    def over(self) -> bool | None:
        """Whether it is at its cut-off or worse; None where that is open, or none is told."""
        if self.cut_off is None:
            return None
        ends = {self._is_over(self.low), self._is_over(self.high)}
        return ends.pop() if len(ends) == 1 else None

    def _is_over(self, value: int) -> bool:
        cut = self.cut_off or 0
        return value >= cut if self.worse == "up" else value <= cut

    @property
    def split(self) -> int | None:
        """The value up to which the first part of a bar goes; the mark stands behind it."""
        if self.cut_off is None:
            return None
        return self.cut_off - 1 if self.worse == "up" else self.cut_off


def score_bar(score: Measured, cells: int, *, eighths: bool) -> Line:
    """Draw a score as a bar of so many cells, and one more for the mark of its cut-off.

    What is at a cut-off or over it always has a block behind the mark, and nothing else has. Where
    more is better it is the other way round: what is over the limit is good.
    """
    cut = score.split
    if cut is None:
        return tuple(_part(score, score.least, score.most, cells, "normal", eighths))
    cut = min(max(cut, score.least), score.most)
    span = max(1, score.most - score.least)
    first = round(cells * (cut - score.least) / span)
    first = min(max(first, cut > score.least), cells - (cut < score.most))
    before, behind = _looks(score)
    return (
        *_part(score, score.least, cut, first, before, eighths),
        (MARK, "normal"),
        *_part(score, cut, score.most, cells - first, behind, eighths),
    )


def _looks(score: Measured) -> tuple[Look, Look]:
    """Return the looks of a bar before its mark and behind it."""
    if score.worse == "down":
        return ("warning", "good") if score.over is not False else ("good", "good")
    return ("good", "warning") if score.over is False else ("normal", "warning")


def _part(
    score: Measured, least: int, most: int, cells: int, look: Look, eighths: bool
) -> Iterable[tuple[str, Look]]:
    """Yield one side of a bar: what is filled, what may be, and the ground."""
    unit = len(_EIGHTHS) if eighths else 1
    sure = _filled(score.low, least, most, cells * unit)
    whole, rest = divmod(sure, unit)
    filled = "█" * whole + (_EIGHTHS[rest] if rest else "")
    maybe = -(-_filled(score.high, least, most, cells * unit) // unit)
    open_ = max(0, maybe - len(filled))
    parts: tuple[tuple[str, Look], ...] = (
        (filled, look),
        (_MAYBE * open_, look),
        (_EMPTY * (cells - len(filled) - open_), "normal"),
    )
    return (part for part in parts if part[0])


def _filled(value: int, least: int, most: int, room: int) -> int:
    """Return how much of a room a value fills: all and nothing only where it is at an end."""
    done, span = min(max(value, least), most) - least, most - least
    if done in (0, span):
        return room if done else 0
    return min(max(round(room * done / span), 1), max(1, room - 1))


def stair(numbers: Iterable[int], marked: int | None, *, eighths: bool) -> Line:
    """Draw the steps of care as a stair that rises; the marked one stands in brackets."""
    steps = list(numbers)
    spans: list[tuple[str, Look]] = []
    for place, number in enumerate(steps):
        top = len(_HEIGHTS) - 1
        block = _HEIGHTS[place * top // max(1, len(steps) - 1)] if eighths else ""
        here = number == marked
        text = f"[{number}{block}]" if here else f" {number}{block} "
        spans.append((text, "accent" if here else "dim"))
    return tuple(spans)
