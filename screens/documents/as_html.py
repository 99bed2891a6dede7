"""Draws a document as one HTML file: no scripts, nothing from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import accumulate

from screens.base.lines import harmless
from screens.documents import document as doc

_STYLE = """
body { font: 11pt/1.4 "Liberation Sans", Arial, sans-serif; max-width: 72em; margin: 2em auto;
  padding: 0 1em; color: #000; background: #fff; }
h1 { font-size: 1.6em; } h2 { font-size: 1.3em; border-bottom: 2px solid #000; margin-top: 2em; }
h3 { font-size: 1.1em; margin-bottom: .3em; }
table { border-collapse: collapse; width: 100%; margin: .5em 0 1.5em; }
th, td { border: 1px solid #555; padding: .3em .5em; text-align: left; vertical-align: top; }
th { background: #eee; }
p { margin: .4em 0; } td div + div, p span + span { margin-top: .25em; }
p span { display: block; }
code { font: .9em "Liberation Mono", monospace; overflow-wrap: anywhere; }
.quiet { color: #333; font-size: .9em; }
.boxes { list-style: none; padding: 0; margin: .3em 0 1em 1.5em; display: flex; flex-wrap: wrap;
  gap: .3em 1.6em; }
.boxes li::before { content: ""; display: inline-block; width: .8em; height: .8em;
  border: 1.5px solid #000; margin-right: .45em; vertical-align: -.05em; }
.ruled { display: flex; align-items: flex-end; gap: .6em; margin: 1.1em 0 .6em 1.5em; }
.sheet { break-before: page; border: 0; border-top: 1px dashed #555; margin: 2em 0; }
.ruled i { flex: 1; border-bottom: 1px solid #000; min-width: 8em; }
svg { width: 100%; max-width: 60em; height: auto; margin: .5em 0; font-size: 12px; }
@media print {
  .sheet { border: 0; margin: 0; }
  body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt; }
  h1, h2, h3 { break-after: avoid; }
  tr, p, svg, .boxes, .ruled { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""


def as_html(document: doc.Document) -> str:
    """Return a whole page that a browser shows and prints without a network."""
    blocks = "\n".join(map(_block, document.blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="{_safe(document.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(document.title)}</title>\n<style>{_STYLE}{_paper(document)}</style>\n</head>\n"
        f"<body>\n<main>\n{blocks}\n</main>\n</body>\n</html>\n"
    )


def _paper(document: doc.Document) -> str:
    return f"@page {{ size: A4{'' if document.upright else ' landscape'}; margin: 14mm; }}\n"


def _block(block: doc.Block) -> str:
    match block:
        case doc.NewSheet():
            return '<hr class="sheet">'
        case doc.Heading(level, text):
            return f"<h{level}>{_safe(text)}</h{level}>"
        case doc.Prose(pieces):
            return f"<p>{_pieces(pieces, 'span')}</p>"
        case doc.Bullets(items):
            return f"<ul>{_items(items)}</ul>"
        case doc.Boxes(labels):
            return f'<ul class="boxes">{_items(labels)}</ul>'
        case doc.Ruled(labels):
            return "\n".join(f'<p class="ruled">{_safe(label)}<i></i></p>' for label in labels)
        case doc.Table(headings, rows):
            return _table(headings, rows)
        case doc.DotPlot(dots):
            return _dot_plot(dots)


def _table(headings: tuple[str, ...], rows: tuple[tuple[doc.Pieces, ...], ...]) -> str:
    top = "".join(f'<th scope="col">{_safe(heading)}</th>' for heading in headings)
    body = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _cell(pieces: doc.Pieces) -> str:
    return f"<td>{_pieces(pieces, 'div')}</td>"


_ROW, _LEFT, _WIDE = 26, 360, 760
"""The height of a row of dots, where they begin, and how wide the picture is."""
_NAMES = 6
"""Names in a row."""


def _dot_plot(rows: tuple[doc.DotRow, ...]) -> str:
    """Draw dots as SVG; whoever cannot see them hears the same."""
    told = _safe("; ".join(row.told for row in rows))
    tops = [0, *accumulate(map(_height, rows))]
    drawn = "\n".join(_dots(row, top) for row, top in zip(rows, tops, strict=False))
    box = f"0 0 {_WIDE} {tops[-1]}"
    return f'<svg viewBox="{box}" role="img" aria-label="{told}">\n{drawn}\n</svg>'


def _height(row: doc.DotRow) -> int:
    return _ROW * max(1, -(-len(row.names) // _NAMES))


def _dots(row: doc.DotRow, top: int) -> str:
    ground = f'<rect y="{top}" width="{_WIDE}" height="{_height(row)}" fill="#e4efe4"/>'
    label = f"► {row.label}" if row.mark else row.label
    parts = [ground if row.mark else "", _text(6, top, label), _text(_LEFT, top, row.count or "")]
    for at in range(0, len(row.names), _NAMES):
        names = ", ".join(row.names[at : at + _NAMES])
        parts.append(_text(_LEFT + 24, top + _ROW * (at // _NAMES), names))
    if not row.names:
        apart = min(16.0, (_WIDE - _LEFT - 40) / max(1, row.count))
        places = (_LEFT + 32 + apart * at for at in range(row.count))
        middle, size = top + _ROW // 2, f"{apart * 0.4:.1f}"
        parts += (f'<circle cx="{x:.1f}" cy="{middle}" r="{size}"/>' for x in places)
    return "".join(parts)


def _text(left: int, top: int, text: object) -> str:
    return f'<text x="{left}" y="{top + 17}">{_safe(str(text))}</text>'


def _pieces(pieces: doc.Pieces, tag: str) -> str:
    return "".join(_piece(piece, tag) for piece in pieces)


def _piece(piece: doc.Piece, tag: str) -> str:
    text = _safe(piece.text)
    shown = {"strong": f"<strong>{text}</strong>", "code": f"<code>{text}</code>"}
    quiet = ' class="quiet"' if piece.emphasis == "quiet" else ""
    inset = f' style="margin-left: {1.2 * piece.depth:.1f}em"' if piece.depth else ""
    bullet = "• " if piece.depth else ""
    return f"<{tag}{quiet}{inset}>{bullet}{shown.get(piece.emphasis, text)}</{tag}>"


def _items(items: Iterable[str]) -> str:
    return "".join(f"<li>{_safe(item)}</li>" for item in items)


def _safe(text: str) -> str:
    return escape(harmless(text))
