"""Draws a document as typst code, in which every text is a string and never markup."""

from __future__ import annotations

from collections.abc import Iterable

from screens.base.lines import harmless
from screens.documents import document as doc

_SETTINGS = """
#set text(font: "Libertinus Serif", size: 11pt, hyphenate: false)
#set par(leading: 0.6em, spacing: 0.8em)
#set table(stroke: 0.5pt + rgb("#555"), inset: 5pt)
#set heading(numbering: none)
#show heading.where(level: 1): set text(size: 1.2em)
#show heading: set block(above: 1.3em, below: 0.7em, sticky: true)
"""

_BOX = "box(width: 0.75em, height: 0.75em, stroke: 0.8pt, baseline: 0.05em)"
_LINE = "box(width: 1fr, height: 1.1em, stroke: (bottom: 0.6pt))"
_EMPHASES = {"strong": "strong({})", "code": "raw({})", "quiet": "text(size: 0.9em, {})"}


def as_typst(document: doc.Document) -> str:
    """Return code that typst makes a page of A4 of, or several, without any file beside it."""
    head = (
        f"#set document(title: {_safe(document.title)})\n"
        f'#set page(paper: "a4", flipped: {_truth(not document.upright)}, margin: 18mm, '
        'numbering: "1 / 1", number-align: center)\n'
        f"#set text(lang: {_safe(document.language)})"
    )
    blocks = "\n".join(f"#{_block(block)}" for block in document.blocks)
    return f"{head}{_SETTINGS}{blocks}\n"


def _block(block: doc.Block) -> str:
    match block:
        case doc.NewSheet():
            return "pagebreak(weak: true)"
        case doc.Heading(level, text):
            return f"heading(level: {level}, {_safe(text)})"
        case doc.Prose(pieces):
            return f"block(breakable: false, {_pieces(pieces)})"
        case doc.Bullets(items):
            return f"list({_arguments(map(_safe, items))})"
        case doc.Boxes(labels):
            return f"par({_boxes(labels)})"
        case doc.Ruled(labels):
            return "{" + "; ".join(map(_ruled, labels)) + "}"
        case doc.Table(headings, rows):
            return _table(headings, rows)
        case doc.DotPlot(dots):
            return f"list({_arguments(_safe(row.told) for row in dots)})"


def _table(headings: tuple[str, ...], rows: tuple[tuple[doc.Pieces, ...], ...]) -> str:
    top = f"table.header({_arguments(f'strong({_safe(each)})' for each in headings)})"
    cells = (_pieces(found) for row in rows for found in row)
    return f"table({_arguments([f'columns: {len(headings)}', top, *cells])})"


def _pieces(pieces: doc.Pieces) -> str:
    """Join pieces, each on a line of its own; code of no piece is empty content."""
    return "{" + "; linebreak(); ".join(map(_piece, pieces)) + "}" if pieces else "[]"


def _piece(piece: doc.Piece) -> str:
    text = _EMPHASES.get(piece.emphasis, "{}").format(_safe(piece.text))
    return f"h({1.2 * piece.depth:.1f}em); {_safe('• ')}; {text}" if piece.depth else text


def _boxes(labels: tuple[str, ...]) -> str:
    """Put boxes side by side; none stands on another line than its label."""
    each = (f"box({{{_BOX}; h(0.4em); {_safe(label)}}})" for label in labels)
    return "{" + "; h(1.6em); ".join(each) + "}"


def _ruled(label: str) -> str:
    words = f"{_safe(label)}; h(0.6em); " if label else ""
    return f"block(above: 1em, width: 100%, {{{words}{_LINE}}})"


def _arguments(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _truth(value: object) -> str:
    return "true" if value else "false"


def _safe(text: str) -> str:
    r"""Return a text as a string of typst, in which only `\` and `"` mean anything."""
    plain = harmless(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
