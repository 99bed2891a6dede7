"""How a sheet is drawn in each of its formats, and what kind of file it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from screens.documents.as_html import as_html
from screens.documents.as_pdf import as_pdf
from screens.documents.as_text import as_text
from screens.documents.document import Document
from screens.sheets.compose import Sheet
from store.output import Kind

SheetFormat = Literal["text", "html", "pdf"]

FORMATS: Mapping[SheetFormat, Callable[[Document], bytes]] = {
    "text": lambda document: as_text(document).encode(),
    "html": lambda document: as_html(document).encode(),
    "pdf": as_pdf,
}
"""How each format draws a sheet; `pdf` may raise NoPdf."""

ENDINGS: Mapping[SheetFormat, str] = {"text": ".txt", "html": ".html", "pdf": ".pdf"}

_OF_CLIENT, _OF_NOBODY = Kind(lambda _: False), Kind(lambda _: False, private=False)


def kind_of(sheet: Sheet) -> Kind:
    """Return how a sheet's file is written: it replaces nothing; of a client, for its owner alone.

    An earlier sheet may be the client's only one.
    """
    return _OF_CLIENT if sheet.holds_client else _OF_NOBODY
