"""A list under digits to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from casework.language import Speech
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.page import Page

_ENTRIES = 6
"""As many as fit on the smallest window with three rows each."""


Entry = TypeVar("Entry")


@dataclass
class Parts:
    """Which part of a long list is shown, `rows` of it at a time, each under its digit."""

    rows: int
    first: int = 0
    """The place of the first that is shown."""

    def of(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Return those of a list that are shown."""
        return entries[self.first : self.first + self.rows]

    def told(self, count: int, t: Speech) -> str:
        """Say which part of `count` entries is shown."""
        last = min(self.first + self.rows, count)
        return t("{first}–{last} of {count}", first=self.first + 1, last=last, count=count)

    def key_list(self, count: int, t: Speech, draw: Callable[[], object]) -> list[KeyBinding]:
        """Return the keys that turn to the next part and back, where there are several."""
        if count <= self.rows:
            return []
        on, back = (partial(self._turn, parts, count, draw) for parts in (1, -1))
        return [
            KeyBinding("tab", "Tab", t("more"), on, moves=True),
            hidden("shift+tab", back, moves=True),
        ]

    def _turn(self, parts: int, count: int, draw: Callable[[], object]) -> None:
        starts = range(0, count, self.rows)
        self.first = starts[(starts.index(self.first) + parts) % len(starts)]
        draw()


@dataclass(frozen=True)
class ListItem:
    """Something to open, with a sentence about it."""

    name: str
    about: str


class PickScreen(Page[int | None]):
    """Lists entries under digits, six at a time; returns the place of the one to open."""

    def __init__(
        self, workspace: Workspace, title: tuple[str, str], entries: Sequence[ListItem], at: int = 0
    ) -> None:
        super().__init__(workspace)
        self._title = title
        self._entries = entries
        self._parts = Parts(_ENTRIES, at - at % _ENTRIES)

    def top(self) -> tuple[str, str]:
        """Name the list, and say which part of it is shown."""
        left, right = self._title
        count = len(self._entries)
        part = self._parts.told(count, self.t) if count > _ENTRIES else ""
        return left, " · ".join(filter(None, (right, part)))

    def body(self, width: int) -> list[Line]:
        """Draw the entries of this part."""
        lines: list[Line] = []
        for number, entry in enumerate(self._parts.of(self._entries), start=1):
            rows = wrap(f"{number} {entry.name}", width, 2)
            lines += [*map(bold, rows), *paragraph(entry.about, width, indent=2)]
        if not self._entries:
            lines += paragraph(self.t("none"), width)
        return lines

    def key_list(self) -> Shown:
        """Return the keys: a digit opens, Tab turns to the next part."""
        places = self._parts.of(range(len(self._entries)))
        return [
            *digit_keys(self.t("choose"), (partial(self.leave, place) for place in places)),
            *self._parts.key_list(len(self._entries), self.t, self._draw_anew),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _draw_anew(self) -> None:
        self.offset_rows = 0
        self.draw()
