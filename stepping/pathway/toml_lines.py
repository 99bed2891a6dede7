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
_TOKEN = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"|'[^']*'|\#.*|[\[\]{}]""")
_QUOTES = ('"""', "'''")


class TomlLines:
    """The places of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {(): 1}
        counts: dict[Place, int] = {}
        table: Place = ()
        value = _Value(())
        for number, line in enumerate(text.split("\n"), start=1):
            if value.goes_on:
                self._note_elements(value, line, number)
            elif header := _HEADER.match(line):
                table = self._resolve(_parts(header[2]), counts, new=header[1] == "[[")
                self._note(table, number)
            elif key := _KEY.match(line):
                value = _Value((*table, *_parts(key[1])))
                self._note(value.place, number)
                self._note_elements(value, line[key.end() :], number)

    def _note_elements(self, value: _Value, line: str, number: int) -> None:
        """Keep the line of each element of a list that begins on it."""
        before = value.elements
        value.read(line)
        for index in range(before, value.elements):
            self._note((*value.place, index), number)

    def _note(self, place: Place, number: int) -> None:
        """Keep the first line of a place and of everything around it."""
        for length in range(1, len(place) + 1):
            self._lines.setdefault(place[:length], number)

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

    def find_line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest table around it (from 1)."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]


class _Value:
    """Follows a value over its lines, so that nothing inside it is taken for a key."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.elements = 0
        """How many elements of the list have begun, where it is a list of texts or tables."""
        self._quote = ""
        self._depth = 0
        self._list = False

    @property
    def goes_on(self) -> bool:
        return bool(self._quote) or self._depth > 0

    def read(self, line: str) -> None:
        if self._quote:
            _, closed, line = line.partition(self._quote)
            if not closed:
                return
            self._quote = ""
        at = 0
        while token := _TOKEN.search(line, at):
            at = token.end()
            if self._depth == 0:
                self._list = token[0] == "["
            elif self._depth == 1 and self._list and token[0][0] in "[{\"'":
                self.elements += 1
            if token[0] in _QUOTES:
                self._quote = token[0]
                self.read(line[at:])
                return
            self._depth += (token[0] in "[{") - (token[0] in "]}")


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]
