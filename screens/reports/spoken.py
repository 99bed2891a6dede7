"""A report as it is read out: a line a figure or a group, in place of bars and columns."""

from __future__ import annotations

from collections.abc import Iterator

from casework.language import Speech
from screens.base.lines import Line, bold, capital, harmless, paragraph
from screens.reports import words
from screens.reports.bars import Row, rows_of
from screens.reports.words import Names
from stepping.reports.table import Table


def spoken_lines(table: Table, names: Names, t: Speech, width: int) -> list[Line]:
    """Return the report in words."""
    lines = [
        bold(words.title(table, t)),
        *paragraph(words.periods_words(table, t), width),
    ]
    for sentence in words.standing(table, t):
        lines += paragraph(sentence, width)
    if not table.is_empty:
        for row in _rows(table, names, t):
            lines += paragraph(harmless(row), width)
    return lines


def _rows(table: Table, names: Names, t: Speech) -> Iterator[str]:
    for figure in table.figures:
        rows = [row for row in rows_of(table, figure) if not row.is_empty]
        name = capital(t(words.FIGURES[figure.name]))
        if not table.groups:
            yield from (f"{name}: {_told(row, t)}" for row in rows)
        elif rows:
            yield f"{name}:"
            for row in rows:
                yield f"{words.group_words(table, row.group, names, t)}: {_told(row, t)}"


def _told(row: Row, t: Speech) -> str:
    """Return the number, that of a year before, and the target where there is one."""
    told = t(
        "{number}; a year before {before}",
        number=words.value_words(row.figure, row.now, t),
        before=words.value_words(row.figure, row.before, t),
    )
    if row.now.target is None:
        return told
    target = words.target_words(row.figure, row.now.target, t)
    return t("{told}; target {target}", told=told, target=target)
