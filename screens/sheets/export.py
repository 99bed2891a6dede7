"""Draws a sheet in one of its formats and writes it to a new file, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from casework.language import N_
from screens.documents.as_html import as_html
from screens.documents.as_pdf import as_pdf
from screens.documents.as_text import as_text
from screens.documents.document import Document
from stepping.privacy import find_identity
from store import output
from store.output import Guarded, Kind, Taken, Unwritten

SheetFormat = Literal["text", "html", "pdf"]

FORMATS: Mapping[SheetFormat, Callable[[Document], bytes]] = {
    "text": lambda document: as_text(document).encode(),
    "html": lambda document: as_html(document).encode(),
    "pdf": as_pdf,
}
"""How each format draws a sheet; `pdf` may raise NoPdf."""

ENDINGS: Mapping[SheetFormat, str] = {"text": ".txt", "html": ".html", "pdf": ".pdf"}

_NAMED = N_("The name of the file tells who the client is. Choose another, such as the code.")
STANDS = N_("There is a file of this name already. It is as it was. Choose another name.")

_OF_CLIENT, _OF_NOBODY = Kind(lambda _: True), Kind(lambda _: True, private=False)


def check_place(text: str, guarded: Guarded, *, of_client: bool) -> Path:
    """Return the place of a new file that a text names; nothing that stands is replaced.

    Raises:
        Unwritten: If no file can be there.
        Taken: If a file stands there.
    """
    named = Path(text.strip())
    if find_identity(named.name):
        raise Unwritten(_NAMED)
    spot = output.find_target(named, _kind(of_client), guarded)
    if spot.taken:
        raise Taken
    return spot.path


def write_sheet(path: Path, content: bytes, guarded: Guarded, *, of_client: bool) -> None:
    """Write a sheet as a whole; what holds a client's data is its owner's alone.

    Raises:
        Unwritten: If it is refused or the disk fails; a file that stands there is as it was.
    """
    output.write_file(path, content, _kind(of_client), guarded, replace=False)


def _kind(of_client: bool) -> Kind:
    return _OF_CLIENT if of_client else _OF_NOBODY
