"""Draws a document as Markdown; no text of a pathway can become markup in it."""

from __future__ import annotations

import re

from screens.base.lines import harmless
from screens.documents import document as doc

_MARKUP = re.compile(r"([\\`*_{}\[\]#|~!<>&])")
_STARTS = re.compile(r"^(\s*)([-+=]|\d+(?=[.)](?:\s|$)))")
_BLANK = "\\_" * 30


def as_markdown(document: doc.Document) -> str:
    """Return the document with tables as GitHub and pandoc read them."""
    return "\n\n".join(map(_block, document.blocks)) + "\n"


def _block(block: doc.Block) -> str:
    match block:
        case doc.NewSheet():
            return "---"
        case doc.Heading(level, text):
            return f"{'#' * level} {_safe(text)}"
        case doc.Prose(pieces):
            return "  \n".join(_piece(piece) for piece in pieces)
        case doc.Bullets(items):
            return "\n".join(f"- {_safe(item)}" for item in items)
        case doc.Boxes(labels):
            return " &emsp; ".join(f"☐ {_safe(label)}" for label in labels)
        case doc.Ruled(labels):
            return "  \n".join(f"{_safe(label)} {_BLANK}".strip() for label in labels)
        case doc.Table(headings, rows):
            return _table(headings, rows)
        case doc.DotPlot(dots):
            return "\n".join(f"- {_safe(row.told)}" for row in dots)


def _table(headings: tuple[str, ...], rows: tuple[tuple[doc.Pieces, ...], ...]) -> str:
    lines = [
        [_safe(heading) for heading in headings],
        ["---"] * len(headings),
        *([_cell(found) for found in row] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(pieces: doc.Pieces) -> str:
    return "<br>".join(_piece(piece) for piece in pieces)


def _piece(piece: doc.Piece) -> str:
    lead = "&emsp;" * (piece.depth - 1) + "• " if piece.depth else ""
    match piece.emphasis:
        case "code":
            return lead + _code(piece.text)
        case "strong":
            return f"{lead}**{_safe(piece.text)}**"
        case "quiet":
            return f"{lead}*{_safe(piece.text)}*"
        case _:
            return lead + _safe(piece.text)


def _code(text: str) -> str:
    """Code in a table: what Markdown would still read there is spelled so that it cannot."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{_one_line(text)}{fence}".replace("|", "\\|")


def _safe(text: str) -> str:
    return _STARTS.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", _one_line(text)))


def _one_line(text: str) -> str:
    return harmless(" ".join(text.split()))
