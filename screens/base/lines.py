"""Lines of text: spans with looks, wrapped to a width, and nothing that steers a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, repeat
from typing import Literal, TypeAlias

from rich.cells import cell_len

from stepping.characters import UNFIT

Look: TypeAlias = Literal[
    "normal",
    "bold",
    "dim",
    "key",
    "underline",
    "danger",
    "warning",
    "good",
    "accent",
    "reverse",
    "alarm",
    "chosen",
    "paper",
]
"""What a span is: `dim` a source or an aside, `key` the name of a key, `danger` a risk or what is
late, `warning` what is over a limit, `good` what is under it or better, `accent` a step or a
number to choose; `reverse` the top line, `alarm` that of a danger, `chosen` the line that the
pointer stands on. A sign or a word beside it says the same. `paper` is what a scanner reads: dark
on a light ground."""

Line: TypeAlias = tuple[tuple[str, Look], ...]
"""One line of the screen: spans of text and their look, from left to right."""

# Variation selectors are left out: terminals disagree on the width of what they follow.
_SELECTORS = dict.fromkeys(range(0xFE00, 0xFE10))


_NO_BREAK = "\N{NO-BREAK SPACE}"
_TOGETHER = re.compile(
    r"(?<=\d) (?=\d{2}|%|€|(?:l|cl|dl|mg|g|vk|pv|h)\b)"  # 09 123 4567, 8 %, 12 cl, 2 vk
    r"|(?<=\+\d{3}) (?=\d)|(?<=\bklo) (?=\d)|(?<=\bkl) (?=\d)"
    r"|(?<=\b[a-zåäö]{2}) (?=\d\d?\.\d\d?\.)|(?<=\b[A-Z][a-z]{2}) (?=\d{4}-\d\d-)"  # ma 6.12.
)
"""Spaces at which no line is broken: within telephone numbers, amounts, times and days."""


POINTER = "> "
"""How the line begins that the pointer stands on."""


def plain(text: str, look: Look = "normal") -> Line:
    """Make a line of one look."""
    return ((text, look),)


def harmless(text: str) -> str:
    """Return text that cannot steer the terminal: what could is a question mark of one cell."""
    return text if text.isascii() and text.isprintable() else _without_unfit(text)


def _without_unfit(text: str) -> str:
    return UNFIT.sub("?", text).translate(_SELECTORS)


def capital(text: str) -> str:
    """Return a text with its first letter large, as a title has it."""
    return text[:1].upper() + text[1:]


def wrap(text: str, width: int, hanging: int = 0, *, whole_words: bool = False) -> list[str]:
    """Break text into lines of at most `width` cells, at spaces where it can.

    Line breaks in the text are kept. Lines that continue another are indented by `hanging`
    spaces. A word wider than the line is cut, unless `whole_words`. At least one line comes back.
    """
    width = max(width, 2)
    hanging = hanging if hanging <= width - 2 else 0
    lines: list[str] = []
    for part in _TOGETHER.sub(_NO_BREAK, text).split("\n"):
        line = ""
        empty = True
        for word in part.split(" "):
            if not word:
                continue
            joined = f"{line}{word}" if empty else f"{line} {word}"
            if cell_len(joined) > width and not empty:
                lines.append(line)
                joined = " " * hanging + word
            while cell_len(joined) > width and not whole_words:
                head = _fitting(joined, width)
                lines.append(head)
                joined = " " * hanging + joined[len(head) :]
            line, empty = joined, False
        lines.append(line)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _fitting(text: str, width: int) -> str:
    """Return the longest start of the text that fits, but at least one character past an indent."""
    least = len(text) - len(text.lstrip()) + 1
    count = least
    while count < len(text) and cell_len(text[: count + 1]) <= width:
        count += 1
    return text[:count]


def bold(text: str) -> Line:
    """Return a line in bold."""
    return plain(text, "bold")


def paragraph(
    text: str, width: int, *, indent: int = 0, hanging: int = 0, look: Look = "normal"
) -> list[Line]:
    """Return a text as lines, indented, the second and later ones further by `hanging`."""
    return [plain(" " * indent + row, look) for row in wrap(text, width - indent, hanging)]


def flow(spans: Line, width: int, hanging: int = 0) -> list[Line]:
    """Break spans into lines as `wrap` breaks text; every word keeps its look."""
    words = [(word, look) for text, look in spans for word in text.split()]
    looks = iter([look for word, look in words for _ in word])
    return [_with_looks(row, looks) for row in wrap(" ".join(w for w, _ in words), width, hanging)]


def _with_looks(row: str, looks: Iterator[Look]) -> Line:
    """Give a row its looks back, one for each character that is no space."""
    spans: list[tuple[str, Look]] = []
    for sign in row:
        look = next(looks) if sign != " " else spans[-1][1] if spans else "normal"
        before = spans.pop()[0] if spans and spans[-1][1] == look else ""
        spans.append((before + sign, look))
    return tuple(spans)


def cells(line: Line) -> int:
    """Return how many cells wide a line is."""
    return sum(cell_len(text) for text, _ in line)


def paragraphs(texts: Iterable[str], width: int, look: Look = "normal") -> list[Line]:
    """Return texts as lines, each from a line of its own, the second and later ones set in."""
    return [row for text in texts for row in paragraph(text, width, hanging=2, look=look)]


def beside(title: str, rows: Sequence[Line], column: int) -> list[Line]:
    """Set rows beside a title in bold that is at most `column` cells wide."""
    first = title + " " * (column - cell_len(title))
    heads = chain([first], repeat(" " * column))
    return [((head, "bold"), *row) for head, row in zip(heads, rows, strict=False)]


def labelled(label: str, text: str, width: int, look: Look = "bold") -> list[Line]:
    """Return a short label with its text beside it."""
    indent = len(label) + 1
    rows = wrap(text, width - indent)
    first: Line = ((label + " ", look), (rows[0], "normal"))
    return [first, *(plain(" " * indent + row) for row in rows[1:])]


def fold(line: Line, width: int) -> list[Line]:
    """Break one line at spaces into rows of at most `width` cells, each span with its look.

    Rows that continue it are set in by two cells more than it is.
    """
    text = "".join(part for part, _ in line)
    if cell_len(text) <= width:
        return [line]
    looks = [look for part, look in line for _ in part]
    indent = min(len(text) - len(text.lstrip(" ")) + 2, width // 3)
    rows: list[Line] = []
    start, room, hanging = 0, width, ""
    while cell_len(text[start:]) > room:
        end = start + _break(text[start:], room)
        rows.append(_spans(hanging, text, looks, start, end))
        start = end + len(text[end:]) - len(text[end:].lstrip(" "))
        hanging, room = " " * indent, width - indent
    return [*rows, _spans(hanging, text, looks, start, len(text))]


def _break(text: str, room: int) -> int:
    """Return how many characters stand in a row: up to the last space, or as many as fit."""
    most = len(_fitting(text, room))
    space = text.rfind(" ", 0, most + 1)
    return space if space > 0 and text[:space].strip() else most


def _spans(hanging: str, text: str, looks: Sequence[Look], start: int, end: int) -> Line:
    spans: list[tuple[str, Look]] = [(hanging, "normal")] if hanging else []
    for look, group in groupby(range(start, end), key=looks.__getitem__):
        spans.append(("".join(text[at] for at in group), look))
    return tuple(spans)


Part: TypeAlias = tuple[str, Look]
"""A part of a sentence, and its look."""


def labelled_parts(label: str, parts: Iterable[Part], width: int) -> list[Line]:
    """Return a short label with parts of a sentence beside it, each in its look."""
    indent = len(label) + 1
    first, *rest = flow(tuple(parts), width - indent)
    return [((label + " ", "bold"), *first), *(((" " * indent, "normal"), *row) for row in rest)]


def separated(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts with a semicolon after each but the last; nothing of none."""
    *before, last = [*parts] or [("", "normal")]
    yield from ((f"{text};", look) for text, look in before)
    yield last
