"""Pages that are handed out as they are: self-care, and instructions for clients and managers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.language import speech
from screens.documents.document import Block, Bullets, Heading, Piece, Prose, cell
from stepping.pathway.care.sheets import SheetPage
from stepping.pathway.model import Pathway

SELF_CARE = "self_care"
"""The page that the step of care goes on."""


def page_blocks(page: SheetPage, language: str) -> Iterator[Block]:
    """Yield a page: what it is for, then each part."""
    yield Prose(cell(page.lead[language]))
    for part in page.part:
        yield Heading(2, part.title[language])
        yield Bullets(tuple(line[language] for line in part.line))


def step_blocks(
    pathway: Pathway, number: int, language: str, begun: Sequence[str] | None
) -> Iterator[Block]:
    """Yield a step of care, and its forms of care: those that have begun for a client, else all.

    What a client has not begun may be just what does not fit that client.
    """
    t = speech(language)
    step = next(each for each in pathway.header.step if each.number == number)
    yield Heading(2, t("Your step of care: {step}", step=step.name[language]))
    yield Prose(cell(step.summary[language]))
    for ready in pathway.interventions:
        care = ready.content
        if care.id in begun if begun is not None else number in care.steps:
            told = (care.summary[language], care.dose.get(language, ""))
            yield Prose(cell(Piece(care.title[language], "strong"), *told))
