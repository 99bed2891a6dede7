"""Lines of a command's output, which fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from screens.base.lines import harmless, wrap

WIDTH = 80


def labelled_lines(label: str, text: str) -> Iterator[str]:
    """Yield a text beside its label, as many lines as it needs; it steers no terminal."""
    yield from _beside(label, wrap(harmless(text), WIDTH - len(label)))


def unbroken_lines(label: str, text: str, width: int) -> Iterator[str]:
    """Yield a text beside its label without cutting a word, which may be there to be copied."""
    yield from _beside(label, wrap(text, width - len(label), whole_words=True))


def _beside(label: str, rows: list[str]) -> Iterator[str]:
    yield f"{label}{rows[0]}".rstrip()
    yield from (" " * len(label) + row for row in rows[1:])
