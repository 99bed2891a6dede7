"""An emergency drill: a story in short parts that turns at some point, and the card that is right.

Seconds are counted from the turn to the card. They are for the trainee, and count for nothing.
"""

from __future__ import annotations

import hashlib
import re

from stepping.training.vignette import Turn, Vignette

LEFT_ALONE_S = 600.0
"""Seconds after which nobody was at it any more: no such time is kept."""
_WORDS = 40
"""Words of a part, about: it ends with the sentence."""
_SENTENCE = re.compile(r"(?<=[.!?…”\"]) +")


def story_parts(story: str) -> tuple[str, ...]:
    """Return a story in parts of a few sentences, none of which goes over a paragraph's end."""
    parts: list[str] = []
    for paragraph in story.strip().split("\n\n"):
        part = ""
        for sentence in _SENTENCE.split(" ".join(paragraph.split())):
            if part and len(f"{part} {sentence}".split()) > _WORDS:
                parts.append(part)
                part = ""
            part = f"{part} {sentence}".strip()
        parts.append(part)
    return tuple(part for part in parts if part)


def turns_after(vignette: Vignette, tries: int, parts: int) -> int:
    """Return after how many parts of a story it turns, from 1 to all of them.

    It is the same for the same case and the same number of tries before.
    """
    chance = hashlib.sha256(f"{vignette.id} {tries}".encode()).digest()[0]
    return 1 + chance % max(1, parts)


def is_right(turn: Turn, card: str) -> bool:
    """Say whether a card is one of those that a turn asks for."""
    return card == turn.card or card in turn.also
