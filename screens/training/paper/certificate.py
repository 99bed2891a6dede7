"""A certificate of attendance: that somebody took part, and nothing of how they did."""

from __future__ import annotations

from collections.abc import Iterator

from casework.language import speech
from screens.documents.document import Block, Bullets, Heading, Piece, Prose, Ruled, cell


def certificate(language: str) -> Iterator[Block]:
    """Yield the certificate; names are written by hand, so that the program never has them."""
    t = speech(language)
    yield Heading(1, t("Certificate of attendance"))
    yield Ruled((t("Name"),))
    yield Prose(cell(t("has taken part in a training on stepped-care assessment.")))
    yield Ruled((t("Date"), t("Place"), t("Length, hours")))
    yield Heading(2, t("What was practised"))
    yield Bullets(
        (
            t("assessing invented cases with questionnaires and safety stops"),
            t("choosing the lowest safe step of care, and giving reasons"),
            t("comparing judgements with others and with the expected steps"),
        )
    )
    yield Ruled((t("Trainer"), t("Signature")))
    told = t("This certificate says that the person was there. It judges nobody.")
    yield Prose(cell(Piece(told, "quiet")))
