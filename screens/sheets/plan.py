"""The safety plan as a sheet: the client's own words, and room for a pen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from casework.language import speech
from screens.documents.document import Block, Heading, Piece, Prose, Ruled, cell
from screens.sheets.parts import number_blocks
from stepping.pathway.care.sheets import PlanForm, PlanPoint
from stepping.pathway.schema import CardNumber

_LINES = 2
"""Lines to write on under a point of which nothing is told."""


def plan_blocks(
    form: PlanForm, words: Mapping[str, str], numbers: Sequence[CardNumber], language: str
) -> Iterator[Block]:
    """Yield the plan: whom to call first, then each point as it was told, or lines for a pen."""
    yield Prose(cell(form.lead[language]))
    yield from number_blocks(numbers, language)
    for number, point in enumerate(form.point, 1):
        yield Heading(2, f"{number} {point.title[language]}")
        yield from _point(point, words.get(point.id, ""), language)


def _point(point: PlanPoint, told: str, language: str) -> Iterator[Block]:
    t = speech(language)
    if told:
        yield Prose(cell(told))
    else:
        yield Prose(cell(Piece(point.ask[language], "quiet")))
        yield Ruled(("",) * _LINES)
    if point.by_hand:
        yield Ruled((t("Name and number, by hand"),))
