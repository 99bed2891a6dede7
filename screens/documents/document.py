"""The parts of a document, told once and drawn as plain text, Markdown or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Emphasis = Literal["plain", "strong", "code", "quiet"]
"""Ordinary words, what catches the eye, what is meant letter by letter, and what may be small."""


@dataclass(frozen=True)
class Piece:
    """Words that stand on a line of their own, `depth` levels in."""

    text: str
    emphasis: Emphasis = "plain"
    depth: int = 0


Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is the document's own."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True)
class Prose:
    """Lines that belong together."""

    pieces: Pieces


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Boxes:
    """Boxes to tick with a pen, side by side."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Ruled:
    """Lines to write on with a pen, each after its label."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first cell of a row says what the row is about."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Pieces, ...], ...]


@dataclass(frozen=True)
class DotRow:
    """One row of a dot plot: how many, or who, and whether it is one of those that are marked."""

    label: str
    count: int
    mark: str = ""
    """A word for why it is marked; empty where it is not."""
    names: tuple[str, ...] = ()
    """What stands in place of the dots; as many as they would be, or none."""

    @property
    def told(self) -> str:
        """The row in words."""
        names = f" ({', '.join(self.names)})" if self.names else ""
        mark = f" [{self.mark}]" if self.mark else ""
        return f"{self.label}{mark}: {self.count}{names}"


@dataclass(frozen=True)
class DotPlot:
    """A dot for each of those who chose something; its rows from top to bottom."""

    rows: tuple[DotRow, ...]


@dataclass(frozen=True)
class NewSheet:
    """Where paper begins a new page."""


Block = Heading | Prose | Bullets | Boxes | Ruled | Table | DotPlot | NewSheet


@dataclass(frozen=True)
class Document:
    """A whole document; its blocks from first to last."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    upright: bool = False
    """Whether the paper stands upright; wide tables want it lying."""


def cell(*parts: str | Piece | Pieces) -> Pieces:
    """Make a cell of words, pieces and cells; empty words are left out."""
    made: list[Piece] = []
    for part in parts:
        if isinstance(part, tuple):
            made += part
        else:
            made.append(Piece(part) if isinstance(part, str) else part)
    return tuple(piece for piece in made if piece.text)
