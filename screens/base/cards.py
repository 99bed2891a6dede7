"""An action card as lines: how urgent it is, its title, its lead and its steps."""

from __future__ import annotations

from screens.base.lines import Line, bold, paragraph
from stepping.pathway.schema import Card

LEVEL_MARKS = {"E": "!!!", "D": "!!", "W": "!", "R": "·"}
"""How urgent a card is, for a terminal without colour."""


def card_title(card: Card, language: str) -> str:
    """Return the title of a card behind the mark of its urgency."""
    return f"{LEVEL_MARKS[card.level]:<3} {card.title[language]}"


def card_lines(card: Card, language: str, width: int) -> list[Line]:
    """Return a card as lines of at most `width` cells, without its numbers."""
    lines: list[Line] = [bold(card_title(card, language))]
    lines += paragraph(card.lead[language], width, indent=4)
    for step in card.steps:
        lines += paragraph(f"- {step.text[language]}", width, indent=4, hanging=2)
    return lines
