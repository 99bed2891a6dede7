"""Writes a report as CSV, plain or as a Finnish Excel opens it; no text in it is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator

from casework.language import Speech
from screens.reports.long_rows import COLUMNS, NUMBERS, long_rows
from screens.reports.words import Names
from stepping.reports.table import Table
from stepping.spreadsheet import Digits, write_rows

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def as_csv(table: Table, names: Names, t: Speech, *, excel: bool = False) -> bytes:
    """Return a table in long form: UTF-8 with `,` and a decimal point.

    For Excel in Finnish it has a byte order mark, `;` and a decimal comma.
    """
    out = io.StringIO(newline="")
    rows = (_written(vars(row), excel=excel) for row in long_rows(table, names, t))
    write_rows(out, [COLUMNS, *rows], ";" if excel else ",")
    text = out.getvalue().replace("\n", "\r\n")
    return ((_BYTE_ORDER_MARK if excel else "") + text).encode()


def _written(row: dict[str, str], *, excel: bool) -> Iterator[str]:
    for column in COLUMNS:
        text = row[column]
        if column in NUMBERS:
            yield Digits(text.replace(".", ",") if excel else text)
        else:
            yield text
