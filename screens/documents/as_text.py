"""Draws a document as plain text for a terminal, a printer or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from rich.cells import cell_len

from screens.base.lines import harmless, wrap
from screens.documents import document as doc

WIDTH = 78
_IN = 4
_UNDER = {1: "=", 2: "-"}


def as_text(document: doc.Document, width: int = WIDTH) -> str:
    """Return lines of at most `width` cells, blocks apart by an empty line."""
    drawing = _Drawing(width)
    blocks = (
        ["-" * width] if isinstance(block, doc.NewSheet) else list(drawing.block(block))
        for block in document.blocks
    )
    return "\n\n".join("\n".join(rows) for rows in blocks if rows) + "\n"


@dataclass(frozen=True)
class _Drawing:
    """Draws blocks for a width in cells."""

    width: int

    def block(self, block: doc.Block) -> Iterator[str]:
        match block:
            case doc.Heading(level, text):
                rows = self._wrapped(text)
                yield from rows
                if level in _UNDER:
                    yield _UNDER[level] * max(map(cell_len, rows))
            case doc.Prose(pieces):
                yield from self._pieces(pieces)
            case doc.Bullets(items):
                for item in items:
                    yield from self._wrapped(f"- {item}", hanging=2)
            case doc.Boxes(labels):
                yield from self._boxes(labels)
            case doc.Ruled(labels):
                yield from map(self._ruled, labels)
            case doc.Table(headings, rows):
                yield from self._table(headings, rows)
            case doc.DotPlot(dots):
                yield from chain.from_iterable(map(self._dots, dots))

    def _table(
        self, headings: tuple[str, ...], rows: tuple[tuple[doc.Pieces, ...], ...]
    ) -> Iterator[str]:
        """Draw each row as a record: its first cell on top, the others below, with headings."""
        for number, (first, *others) in enumerate(rows):
            if number:
                yield ""
            yield from self._pieces(first[:1])
            yield from self._pieces(first[1:], _IN)
            for heading, found in zip(headings[1:], others, strict=True):
                yield from self._field(heading, found)

    def _field(self, heading: str, found: doc.Pieces) -> Iterator[str]:
        if not found:
            return
        first, *others = found
        label = f"{heading}: " if heading else ""
        yield from self._wrapped(f"{label}{_marked(first)}", _IN, _IN)
        yield from self._pieces(tuple(others), _IN * 2)

    def _pieces(self, pieces: doc.Pieces, indent: int = 0) -> Iterator[str]:
        for piece in pieces:
            yield from self._wrapped(_marked(piece), indent + 2 * piece.depth, 2)

    def _dots(self, row: doc.DotRow) -> Iterator[str]:
        """Draw a dot for each, as far as they fit, under the row's name."""
        mark = f" ({row.mark})" if row.mark else ""
        yield from self._wrapped(f"{row.label}{mark}")
        drawn = ", ".join(row.names) or "●" * min(row.count, self.width - 2 * _IN)
        if row.count:
            yield from self._wrapped(f"{row.count:>3} {drawn}", _IN, _IN)

    def _boxes(self, labels: tuple[str, ...]) -> Iterator[str]:
        """Put as many boxes on a line as fit; break one that does not fit alone."""
        line = ""
        for label in labels:
            *lines, box = self._wrapped(f"[ ] {label}", _IN, _IN)
            longer = f"{line}   {box.strip()}"
            if line and not lines and cell_len(longer) <= self.width:
                line = longer
                continue
            yield from [line] * bool(line) + lines
            line = box
        yield line

    def _ruled(self, label: str) -> str:
        *above, last = self._wrapped(f"{label}: " if label else "", _IN)
        line = f"{last} " if label else last
        return "\n".join(
            [*above, line.ljust(_IN) + "_" * max(8, self.width - max(_IN, cell_len(line)))]
        )

    def _wrapped(self, text: str, indent: int = 0, hanging: int = 0) -> list[str]:
        return [" " * indent + row for row in wrap(harmless(text), self.width - indent, hanging)]


def _marked(piece: doc.Piece) -> str:
    return f"- {piece.text}" if piece.depth else piece.text
