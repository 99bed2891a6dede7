"""Lines of a command's output, which fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 80


def labelled_lines(label: str, text: str) -> Iterator[str]:
    """Yield a text beside its label, as many lines as it needs; it steers no terminal."""
    from screens.base.lines import harmless, wrap

    first, *more = wrap(harmless(text), WIDTH - len(label))
    yield f"{label}{first}".rstrip()
    yield from (" " * len(label) + row for row in more)
