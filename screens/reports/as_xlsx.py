"""Writes a report as a workbook: words are always written as words, never as a formula."""

from __future__ import annotations

import io
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from casework.language import Speech
from screens.reports import words
from screens.reports.long_rows import COLUMNS, NUMBERS, long_rows
from screens.reports.words import Names
from stepping.characters import UNFIT
from stepping.reports.table import Table

_WIDTHS = {"figure_name": 44, "group_name": 28}
_WIDTH = 13


def as_xlsx(table: Table, names: Names, t: Speech) -> bytes:
    """Return a workbook with one sheet of rows and one of what has to be known beside them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    made = datetime.combine(table.made, time())
    book.set_properties({"title": UNFIT.sub("?", words.title(table, t)), "created": made})
    bold = book.add_format({"bold": True})
    _rows(book.add_worksheet(t("Figures")), table, names, t, bold)
    _notes(book.add_worksheet(t("About the report")), table, t, bold)
    book.close()
    return out.getvalue()


def _rows(sheet: Worksheet, table: Table, names: Names, t: Speech, bold: Format) -> None:
    for at, column in enumerate(COLUMNS):
        sheet.write_string(0, at, column, bold)
        sheet.set_column(at, at, _WIDTHS.get(column, _WIDTH))
    last = 0
    for last, row in enumerate(long_rows(table, names, t), start=1):
        for at, column in enumerate(COLUMNS):
            text = vars(row)[column]
            if column in NUMBERS and text:
                sheet.write_number(last, at, float(text))
            elif text:
                sheet.write_string(last, at, UNFIT.sub("?", text))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)


def _notes(sheet: Worksheet, table: Table, t: Speech, bold: Format) -> None:
    told = [
        words.title(table, t),
        words.periods_words(table, t),
        *words.standing(table, t),
        words.made_words(table, t),
    ]
    sheet.set_column(0, 0, 100)
    for at, text in enumerate(told):
        sheet.write_string(at, 0, UNFIT.sub("?", text), bold if at == 0 else None)
