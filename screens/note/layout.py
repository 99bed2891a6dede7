"""Lays the sections of a note out in lines that every record system takes; nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screens.base.lines import capital, wrap

WIDTH = 78
"""Cells of a line: what every record system takes without breaking it anew."""


@dataclass(frozen=True)
class NoteSection:
    """Things to tell under a short heading; without one they stand alone.

    Lines in a text begin rows of their own.
    """

    heading: str
    texts: tuple[str, ...]


def lay_out(sections: Sequence[NoteSection]) -> list[str]:
    """Return the rows of a note: as many as it takes."""
    return [row for section in sections for row in _rows(section)]


def _rows(section: NoteSection) -> Iterator[str]:
    """Yield the rows of a section: the first line beside its heading, the others below it."""
    first, *others = "\n".join(section.texts).split("\n")
    if not section.heading:
        yield from (row for line in (first, *others) for row in wrap(line, WIDTH, 2))
        return
    yield from wrap(f"{section.heading}: {first}", WIDTH, 4)
    for line in others:
        yield from (f"  {row}" for row in wrap(capital(line), WIDTH - 2, 2))


def join_items(items: Sequence[str], label: str = "") -> Iterator[str]:
    """Yield things one after another behind their label; nothing where there are none."""
    if items:
        yield label_text(label, "; ".join(items))


def label_text(label: str, text: str) -> str:
    """Return a text on one line behind its label, if it has one."""
    return f"{label}: {' '.join(text.split())}" if label else " ".join(text.split())
