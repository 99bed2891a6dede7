"""Lays the sections of a note out in lines that every record system takes; nothing is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from screens.base.lines import capital, wrap

WIDTH = 78
"""Cells of a line: what every record system takes without breaking it anew."""


PAGE = 60
"""Lines of a page, of A4 and of a long entry: a note that needs more goes on to the next page."""


@dataclass(frozen=True)
class NoteSection:
    """Things to tell under a short heading; without one they stand alone.

    Lines in a text begin rows of their own.
    """

    heading: str
    texts: tuple[str, ...]
    part: str = ""
    """The heading as a message id."""


def lay_out(sections: Sequence[NoteSection]) -> list[str]:
    """Return the rows of a note: as many as it takes."""
    return [row for _, rows in _blocks(sections) for row in rows]


def lay_out_pages(
    sections: Sequence[NoteSection], name: Callable[[int, int], str], goes_on: str
) -> list[list[str]]:
    """Return the rows of a note page by page; where there are several, each begins with its name.

    `name` makes it of the page's number and how many there are. A text stands on one page where
    that can be; a part that is broken is named again, with `goes_on` behind its heading.
    """
    pages: list[list[str]] = []
    if len(whole := lay_out(sections)) <= PAGE:
        return [whole]
    room, before = PAGE - 1, ""
    for heading, rows in _blocks(sections):
        if not pages or len(pages[-1]) + len(rows) > room:
            broken = bool(heading) and heading == before
            pages.append([f"{heading} ({goes_on}):"] if broken else [])
        pages[-1] += rows
        before = heading
    return [
        [*wrap(name(number, len(pages)), WIDTH, 2), *rows] for number, rows in enumerate(pages, 1)
    ]


def _blocks(sections: Sequence[NoteSection]) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of each line of a note that stay together, with the heading over them."""
    for section in sections:
        first, *others = "\n".join(section.texts).split("\n")
        heading = section.heading
        if not heading:
            yield from (("", wrap(line, WIDTH, 2)) for line in (first, *others))
            continue
        yield heading, wrap(f"{heading}: {first}", WIDTH, 4)
        for line in others:
            yield heading, [f"  {row}" for row in wrap(capital(line), WIDTH - 2, 2)]


def join_items(items: Sequence[str], label: str = "") -> Iterator[str]:
    """Yield things one after another behind their label; nothing where there are none."""
    if items:
        yield label_text(label, "; ".join(items))


def label_text(label: str, text: str) -> str:
    """Return a text on one line behind its label, if it has one."""
    return f"{label}: {' '.join(text.split())}" if label else " ".join(text.split())
