"""Writes CSV that no spreadsheet runs: what it would take for a formula gets a mark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO

from stepping.characters import escape_unfit

# What a spreadsheet takes for a formula (OWASP, CSV injection): these signs and their wide forms,
# first in the cell or after quotes and blanks, which some programs take away.
_FORMULA = re.compile(r"""['"\s]*[=+\-@\t\r＝＋－＠]""")
_SPLITS = re.compile(r'[",;\t\r\n]')
_MARK = "'"


def defused(cell: str) -> str:
    """Return a cell as text for a spreadsheet: what it would take for a formula gets a mark."""
    return _MARK + cell if _FORMULA.match(cell) else cell


def as_meant(cell: str) -> str:
    """Return a cell as it was before it was defused."""
    return cell[1:] if cell.startswith(_MARK) and _FORMULA.match(cell[1:]) else cell


class Digits(str):
    """A number that is written already, as in `-3,5`; it stands for no text of anybody."""

    __slots__ = ()


def write_rows(target: TextIO, rows: Iterable[Iterable[str | float]], separator: str = ",") -> None:
    """Write rows as CSV; every text is defused, and quoted where any program would split it.

    A number is none that a spreadsheet runs: it is written as it is, or to four decimals.
    """
    target.writelines(f"{separator.join(map(_written, row))}\n" for row in rows)


def _written(cell: str | float) -> str:
    if not isinstance(cell, str):
        return f"{cell:.4f}" if isinstance(cell, float) else str(cell)
    if not isinstance(cell, Digits):
        cell = defused(cell if cell.isprintable() else escape_unfit(cell, lines=True))
    return '"' + cell.replace('"', '""') + '"' if _SPLITS.search(cell) else cell
