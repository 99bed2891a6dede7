"""What a program sent and drew on the way through the whole adult journey, key by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.bench.picture import Picture
from tests.terminal.main_job import ANSWERS
from tests.terminal.session import spread


class Turn(NamedTuple):
    """A key, the page that it is pressed on, and whether it answers a question."""

    page: str
    key: str
    answers: bool


class Drawn(NamedTuple):
    """What came of a turn: bytes, cells that look different, milliseconds to the last byte."""

    turn: Turn
    bytes: int
    cells: int
    ms: float
    picture: Picture


@dataclass(frozen=True)
class Journey:
    """The start screen, and then what came of every key."""

    start_bytes: int
    start: Picture
    drawn: Sequence[Drawn]

    @property
    def answered(self) -> list[Drawn]:
        """What came of the keys that answer questions."""
        return [each for each in self.drawn if each.turn.answers]

    @property
    def bytes_a_question(self) -> float:
        """Bytes for each answered question."""
        return sum(each.bytes for each in self.answered) / len(ANSWERS)

    @property
    def bytes_a_cell(self) -> float:
        """Bytes for each cell that an answer has changed."""
        cells = sum(each.cells for each in self.answered)
        return sum(each.bytes for each in self.answered) / cells

    @property
    def bytes_in_all(self) -> int:
        """Bytes from the start screen to the confirmed step, the start left out."""
        return sum(each.bytes for each in self.drawn)

    @property
    def latency(self) -> dict[str, float]:
        """Milliseconds from an answering key to its last byte: `median`, `p95` and `max`."""
        found = spread([each.ms for each in self.answered])
        assert found is not None
        return found

    @property
    def waited_s(self) -> float:
        """How many seconds pass in all between a key and the page that it leads to."""
        return sum(each.ms for each in self.drawn) / 1000

    def pages(self) -> list[Picture]:
        """Return every picture, the start screen first."""
        return [self.start, *(each.picture for each in self.drawn)]
