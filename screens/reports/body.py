"""A report on a terminal: a row a figure or a group, with a bar that needs no colour to be read.

The full blocks are the period that was asked for; the mark `│` stands where it was a year before,
and `◆` at the target.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich.cells import cell_len, set_cell_size

from casework.language import Speech
from screens.base.lines import Line, Look, harmless, plain, wrap
from screens.reports import words
from screens.reports.bars import Row, rows_of
from screens.reports.words import Names
from stepping.reports.table import Table

_BAR = "█"
_GROUND = "·"
BEFORE, TARGET = "│", "◆"
_NAME, _NUMBER = 34, 16
"""Most cells of a name, and those of a number."""
_HANGING = 2
"""By how much the second line of a name is set in."""
_WIDE = 74
"""From so many cells on, the number of a year before has a column of its own."""


def pages(table: Table, names: Names, t: Speech, width: int, height: int) -> list[list[Line]]:
    """Return the report as pages of at most so many lines; a figure's heading stays with a row."""
    top = list(_top(table, t, width))
    if table.is_empty:
        return [top]
    found: list[list[Line]] = [list(top)]
    for heading, rows in _blocks(table, names, t, width):
        room = height - len(found[-1])
        if room < 2 + sum(map(len, rows[:1])):
            found.append([])
        found[-1].append(heading)
        for row in rows:
            if len(found[-1]) + len(row) > height:
                found.append([heading])
            found[-1] += row
    return found


def _top(table: Table, t: Speech, width: int) -> Iterator[Line]:
    yield from _wrapped(words.title(table, t), width, "bold")
    yield from _wrapped(words.periods_words(table, t), width)
    if not table.is_empty:
        legend = t("{bar} now   {before} a year before", bar=_BAR, before=BEFORE)
        if any(cell.target is not None for cell in table.cells):
            legend += "   " + t("{mark} target", mark=TARGET)
        yield from _wrapped(legend, width, "dim")
    for sentence in words.standing(table, t):
        yield from _wrapped(sentence, width, "warning" if sentence == t(words.SMALL) else "normal")


def _wrapped(text: str, width: int, look: Look = "normal") -> Iterator[Line]:
    yield from (plain(row, look) for row in wrap(harmless(text), width))


def _blocks(
    table: Table, names: Names, t: Speech, width: int
) -> Iterator[tuple[Line, list[list[Line]]]]:
    """Yield a figure's name and its rows; without a breakdown each figure is a row itself."""
    if not table.groups:
        yield (
            plain(""),
            [
                _row(row, t(words.FIGURES[figure.name]), t, width)
                for figure in table.figures
                for row in rows_of(table, figure)
            ],
        )
        return
    for figure in table.figures:
        heading = plain(harmless(t(words.FIGURES[figure.name])), "bold")
        rows = [
            _row(row, words.group_words(table, row.group, names, t), t, width)
            for row in rows_of(table, figure)
            if not row.is_empty
        ]
        if rows:
            yield heading, rows


def _row(row: Row, name: str, t: Speech, width: int) -> list[Line]:
    """Draw one row: name, bar, number, and the number of a year before where there is room.

    A name that is too long for its column begins on lines of its own.
    """
    wide = width >= _WIDE
    label = min(_NAME, width * 2 // 5)
    bar = width - label - _NUMBER * (1 + wide) - 2
    now = _right(words.value_words(row.figure, row.now, t), _NUMBER)
    then = _right(words.value_words(row.figure, row.before, t), _NUMBER) if wide else ""
    *before, last = wrap(harmless(name), label, _HANGING)
    drawn: Line = (
        (set_cell_size(last, label), "normal"),
        (" " + _bar(row, bar) + " ", "normal"),
        (now, "bold"),
        *(((then, "dim"),) if then else ()),
    )
    return [*map(plain, before), drawn]


def _bar(row: Row, cells: int) -> str:
    if row.now_part is None and row.before_part is None:
        return " " * cells
    filled = _at(row.now_part or Fraction(0), cells)
    drawn = list((_BAR * filled).ljust(cells, _GROUND))
    for part, mark in ((row.before_part, BEFORE), (row.target_part, TARGET)):
        if part is not None:
            drawn[min(max(_at(part, cells) - 1, 0), cells - 1)] = mark
    return "".join(drawn)


def _at(part: Fraction, cells: int) -> int:
    """Return how many cells a part fills: at least one of anything."""
    filled = min(int(part * cells + Fraction(1, 2)), cells)
    return max(filled, 1) if part else 0


def _right(text: str, cells: int) -> str:
    return " " * max(0, cells - cell_len(text)) + text
