"""Draws a document as a tagged PDF, where the extra for it is installed."""

from __future__ import annotations

from typing import Final

from casework.language import N_
from screens.documents.as_typst import as_typst
from screens.documents.document import Document

NO_PDF = N_(
    "PDF needs a part that is not installed here. Nothing was written. Install porras[pdf], "
    "or take HTML or text."
)
NOT_DRAWN = N_(
    "The PDF could not be made: a sign in the text cannot be drawn. Nothing was written. "
    "Take HTML or text."
)
BEGINNING = b"%PDF-"
"""How a file of this kind begins."""

_STANDARD: Final = "ua-1"


class NoPdf(Exception):
    """No PDF could be made; `sentence` says why, to be translated where it is shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def as_pdf(document: Document) -> bytes:
    """Return PDF/UA-1 by typst's own check, with its own fonts; no file is read or written.

    Raises:
        NoPdf: If the extra is not installed, or a sign cannot be drawn.
    """
    try:
        import typst
    except ImportError:
        raise NoPdf(NO_PDF) from None
    try:
        made = typst.compile(
            as_typst(document).encode(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARD,
        )
    except typst.TypstError:
        raise NoPdf(NOT_DRAWN) from None
    return bytes(made)
