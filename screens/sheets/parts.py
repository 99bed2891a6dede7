"""What sheets have in common: the top, the crisis numbers, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from casework.language import N_, Speech, speech
from screens.base.lines import capital
from screens.documents.document import Block, Bullets, Document, Heading, Piece, Prose, cell
from screens.wording.decision_words import LOCAL
from screens.wording.number_words import number_words
from stepping.pathway.schema import Basis, CardNumber

TRAINING = N_("TRAINING: invented clients only")


class NoSheet(Exception):
    """There is no such sheet here; why is told by a message and its values."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def told(self, t: Speech) -> str:
        """Say why, in the language of whoever asked."""
        return t(self.sentence, **self.values)


def make_sheet(
    title: str,
    language: str,
    body: Iterable[Block],
    *,
    day: date,
    training: bool,
    rests_on: Sequence[tuple[str, Basis]],
) -> Document:
    """Put a sheet together: its title, its blocks, and last the day and what it rests on.

    No code of a client and of no worker stands on it: paper lies about.
    """
    t = speech(language)
    watermark = [Prose(cell(Piece(t(TRAINING), "strong")))] if training else []
    blocks = (*watermark, Heading(1, title), *body, Prose(cell(*_foot(t, day, rests_on))))
    return Document(title, language, tuple(blocks), upright=True)


def _foot(t: Speech, day: date, rests_on: Sequence[tuple[str, Basis]]) -> Iterator[Piece]:
    if any(basis == "local" for _, basis in rests_on):
        yield Piece(f"{capital(t(LOCAL))}.", "strong")
    for source in filter(None, (source for source, _ in rests_on)):
        yield Piece(t("Source: {source}", source=source), "quiet")
    yield Piece(t("Printed by Porras on {day}.", day=day), "quiet")


def number_blocks(numbers: Sequence[CardNumber], language: str) -> Iterator[Block]:
    """Yield whom to call in distress: the emergency number first."""
    t = speech(language)
    yield Heading(2, t("In distress, call"))
    yield Bullets(tuple(f"{each.number}: {number_words(each, language, t)}" for each in numbers))
