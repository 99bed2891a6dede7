"""Finds which cells of a line have to be drawn again, for our painter and for Textual's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence


def merge_columns(
    columns: Iterable[int], chars: Sequence[str], joins: Callable[[int, int], bool]
) -> list[tuple[int, int]]:
    """Return the spans (start, stop) of rising columns of a line, wide characters kept whole.

    Two spans become one where `joins(stop, start)` tells that the gap between them is cheaper
    written than jumped over. Of `chars`, the right half of a wide character is an empty string.
    """
    spans: list[tuple[int, int]] = []
    start = stop = -1
    for x in columns:
        if x != stop and (stop < 0 or not joins(stop, x)):
            if stop >= 0:
                spans.append(_widen(start, stop, chars))
            start = x
        stop = x + 1
    if stop >= 0:
        spans.append(_widen(start, stop, chars))
    return spans


def _widen(start: int, stop: int, chars: Sequence[str]) -> tuple[int, int]:
    while start > 0 and chars[start] == "":
        start -= 1
    while stop < len(chars) and chars[stop] == "":
        stop += 1
    return start, stop
