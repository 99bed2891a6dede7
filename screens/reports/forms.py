"""The files that a report is written as: how each is called, and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from casework.language import N_, Speech
from screens.reports.as_csv import as_csv
from screens.reports.as_html import as_html
from screens.reports.as_json import as_json
from screens.reports.as_package import as_package
from screens.reports.words import Names
from stepping.reports.table import Table
from store.output import Kind

ANY = Kind(lambda _: False)
"""Nothing that stands is replaced, not even an earlier report."""


@dataclass(frozen=True)
class Form:
    """One form of a file: its ending, what it is called, what it is good for, and what makes it."""

    ending: str
    name: str
    about: str
    write: Callable[[Table, Names, Speech], bytes]


def _as_xlsx(table: Table, names: Names, t: Speech) -> bytes:
    from screens.reports.as_xlsx import as_xlsx

    return as_xlsx(table, names, t)


FORMS: Mapping[str, Form] = {
    "html": Form(
        "html", N_("Page to print (HTML)"), N_("With bars, on A4, in any browser."), as_html
    ),
    "xlsx": Form("xlsx", N_("Spreadsheet (xlsx)"), N_("For Excel and LibreOffice."), _as_xlsx),
    "excel": Form(
        "csv",
        N_("CSV for a Finnish Excel"),
        N_("One figure a row, with ; and a decimal comma."),
        partial(as_csv, excel=True),
    ),
    "csv": Form("csv", N_("CSV"), N_("One figure a row, with , and a decimal point."), as_csv),
    "json": Form("json", "JSON", N_("For other programs."), as_json),
    "table": Form(
        "zip", N_("Open table (zip)"), N_("Rows, and what each of their columns is."), as_package
    ),
}
"""Every form, by the name that the command takes."""
