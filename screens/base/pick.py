"""A list under digits to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.page import Page

_ENTRIES = 6
"""As many as fit on the smallest window with three rows each."""


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
        self._first = at - at % _ENTRIES

    def top(self) -> tuple[str, str]:
        """Name the list, and say which part of it is shown."""
        left, right = self._title
        last = min(self._first + _ENTRIES, len(self._entries))
        part = self.t(
            "{first}–{last} of {count}", first=self._first + 1, last=last, count=len(self._entries)
        )
        return left, f"{right} · {part}" if self._many else right

    def body(self, width: int) -> list[Line]:
        """Draw the entries of this part."""
        lines: list[Line] = []
        for number, entry in enumerate(self._shown, start=1):
            rows = wrap(f"{number} {entry.name}", width, 2)
            lines += [*map(bold, rows), *paragraph(entry.about, width, indent=2)]
        if not self._entries:
            lines += paragraph(self.t("none"), width)
        return lines

    @property
    def _shown(self) -> Sequence[ListItem]:
        return self._entries[self._first : self._first + _ENTRIES]

    @property
    def _many(self) -> bool:
        return len(self._entries) > _ENTRIES

    def key_list(self) -> Shown:
        """Return the keys: a digit opens, Tab turns to the next part."""
        places = range(self._first, self._first + len(self._shown))
        turn = [
            KeyBinding("tab", "Tab", self.t("more"), partial(self._turn, 1), moves=True),
            hidden("shift+tab", partial(self._turn, -1), moves=True),
        ]
        return [
            *digit_keys(self.t("choose"), (partial(self.leave, place) for place in places)),
            *(turn if self._many else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _turn(self, parts: int) -> None:
        starts = range(0, len(self._entries), _ENTRIES)
        self._first = starts[(starts.index(self._first) + parts) % len(starts)]
        self.offset_rows = 0
        self.draw()
