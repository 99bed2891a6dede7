"""Draws a document as plain text for a terminal, a printer or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rich.cells import cell_len

from screens.base.lines import harmless, wrap
from screens.documents import document as doc

WIDTH = 78
_IN = 4
_UNDER = {1: "=", 2: "-"}


def as_text(document: doc.Document) -> str:
    """Return lines of at most 78 characters, blocks apart by an empty line."""
    blocks = (
        ["-" * WIDTH] if isinstance(block, doc.NewSheet) else list(_block(block))
        for block in document.blocks
    )
    return "\n\n".join("\n".join(rows) for rows in blocks if rows) + "\n"


def _block(block: doc.Block) -> Iterator[str]:
    match block:
        case doc.Heading(level, text):
            rows = _wrapped(text)
            yield from rows
            if level in _UNDER:
                yield _UNDER[level] * max(map(cell_len, rows))
        case doc.Prose(pieces):
            yield from _pieces(pieces)
        case doc.Bullets(items):
            for item in items:
                yield from _wrapped(f"- {item}", hanging=2)
        case doc.Boxes(labels):
            yield from _boxes(labels)
        case doc.Ruled(labels):
            yield from map(_ruled, labels)
        case doc.Table(headings, rows):
            yield from _table(headings, rows)
        case doc.DotPlot(dots):
            yield from chain.from_iterable(map(_dots, dots))


def _table(headings: tuple[str, ...], rows: tuple[tuple[doc.Pieces, ...], ...]) -> Iterator[str]:
    """Draw each row as a record: its first cell on top, the others below with their headings."""
    for number, (first, *others) in enumerate(rows):
        if number:
            yield ""
        yield from _pieces(first[:1])
        yield from _pieces(first[1:], _IN)
        for heading, found in zip(headings[1:], others, strict=True):
            yield from _field(heading, found)


def _field(heading: str, found: doc.Pieces) -> Iterator[str]:
    if not found:
        return
    first, *others = found
    label = f"{heading}: " if heading else ""
    yield from _wrapped(f"{label}{_marked(first)}", _IN, _IN)
    yield from _pieces(tuple(others), _IN * 2)


def _pieces(pieces: doc.Pieces, indent: int = 0) -> Iterator[str]:
    for piece in pieces:
        yield from _wrapped(_marked(piece), indent + 2 * piece.depth, 2)


def _marked(piece: doc.Piece) -> str:
    return f"- {piece.text}" if piece.depth else piece.text


def _dots(row: doc.DotRow) -> Iterator[str]:
    """Draw a dot for each, as far as they fit, under the row's name."""
    mark = f" ({row.mark})" if row.mark else ""
    yield from _wrapped(f"{row.label}{mark}")
    drawn = ", ".join(row.names) or "●" * min(row.count, WIDTH - 2 * _IN)
    if row.count:
        yield from _wrapped(f"{row.count:>3} {drawn}", _IN, _IN)


def _boxes(labels: tuple[str, ...]) -> Iterator[str]:
    """Put as many boxes on a line as fit; break one that does not fit alone."""
    line = ""
    for label in labels:
        *lines, box = _wrapped(f"[ ] {label}", _IN, _IN)
        longer = f"{line}   {box.strip()}"
        if line and not lines and cell_len(longer) <= WIDTH:
            line = longer
            continue
        yield from [line] * bool(line) + lines
        line = box
    yield line


def _ruled(label: str) -> str:
    *above, last = _wrapped(f"{label}: " if label else "", _IN)
    line = f"{last} " if label else last
    return "\n".join([*above, line.ljust(_IN) + "_" * max(8, WIDTH - max(_IN, cell_len(line)))])


def _wrapped(text: str, indent: int = 0, hanging: int = 0) -> list[str]:
    return [" " * indent + row for row in wrap(harmless(text), WIDTH - indent, hanging)]
