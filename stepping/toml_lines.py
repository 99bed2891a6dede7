"""Finds the line of a key in a TOML text, so that an error can point at it.

The standard reader gives values without places. This one gives places without values: it looks
only at table headers and keys, and answers with the nearest line that it knows.
"""

from __future__ import annotations

import re

Place = tuple[str | int, ...]
"""Keys and list positions from the top of the file, as in `("rule", 3, "when")`."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


class Lines:
    """The places of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {(): 1}
        counts: dict[Place, int] = {}
        table: Place = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.match(line):
                table = self._resolve(_parts(header[2]), counts, new=header[1] == "[[")
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_parts(key[1])), number)

    @staticmethod
    def _resolve(parts: list[str], counts: dict[Place, int], *, new: bool) -> Place:
        place: Place = ()
        for index, part in enumerate(parts):
            place = (*place, part)
            if new and index == len(parts) - 1:
                counts[place] = counts.get(place, -1) + 1
            if place in counts:
                place = (*place, counts[place])
        return place

    def of(self, place: Place) -> int:
        """Return the line of a place, or of the nearest table around it (from 1)."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]
