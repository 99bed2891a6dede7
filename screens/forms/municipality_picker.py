"""A choice of municipality: digits pick, letters narrow it, Enter takes the one that is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from casework.workspace import MUNICIPALITY, Workspace
from screens.base.keys import Caption, KeyBinding, KeyPress, digit_keys, hidden
from screens.base.lines import Line, paragraph, plain
from screens.forms.entry import Entry
from stepping.pathway.schema import Municipality

_ROWS = 8
"""Shown at a time; the ninth digit is another municipality."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖÕÜÉ- "


@dataclass
class PlacePicker:
    """The municipalities that services are known for, those of the workplace's county first."""

    workspace: Workspace
    here: str | None = None
    """The municipality of the workplace, which comes before all others."""
    _entry: Entry = field(default_factory=lambda: Entry(_LETTERS, 16))
    _first: int = 0

    def take(self, press: KeyPress) -> bool:
        """Take a key as a letter of a name; say whether the list may have changed."""
        if not self.fits(press):
            return False
        self._first = 0
        return self._entry.take(press)

    def fits(self, press: KeyPress) -> bool:
        """Whether a key would change the name as far as it is typed."""
        return press.key != "space" and self._entry.fits(press)

    def lines(self, width: int) -> list[Line]:
        """Draw the part of the list that is shown, indented, and how to reach the others."""
        lines = [plain(f"    {n}  {name}") for n, (_, name) in enumerate(self._choices(), start=1)]
        if len(self._all()) <= _ROWS:
            return lines
        t, found = self.workspace.t, self._matching()
        last = min(self._first + _ROWS, len(found))
        if not found:
            part = t("no such name")
        else:
            part = t(
                "{first}–{last} of {count}", first=self._first + 1, last=last, count=len(found)
            )
        told = t("Type the beginning of a name")
        return [*lines, *paragraph(f"{told}: {self._entry.drawn()}  {part}", width, indent=4)]

    def key_list(
        self, choose: Callable[[str], object], draw: Callable[[], object]
    ) -> list[KeyBinding | Caption]:
        """Return the keys: a digit chooses; `choose` is given the id, empty for another place."""
        t = self.workspace.t
        turn = [
            KeyBinding("tab", "Tab", t("more"), partial(self._turn, 1, draw), moves=True),
            hidden("shift+tab", partial(self._turn, -1, draw), moves=True),
        ]
        return [
            *digit_keys(t("choose"), (partial(choose, id_) for id_, _ in self._choices())),
            *(
                # A line of letters shows what it leaves first; a digit of the next line takes it.
                KeyBinding("enter", "Enter", name, partial(choose, id_), medium="screen")
                for id_, name in self._only
            ),
            *(turn if len(self._matching()) > _ROWS else []),
        ]

    def _choices(self) -> list[tuple[str, str]]:
        shown = self._matching()[self._first : self._first + _ROWS]
        named = [(home.id, home.name[self.workspace.language]) for home in shown]
        return [*named, ("", self.workspace.t("another municipality"))]

    @property
    def _only(self) -> list[tuple[str, str]]:
        """The one municipality that what is typed leaves, if it leaves one."""
        left = self._matching() if self._entry.text else []
        return self._choices()[:1] if len(left) == 1 else []

    def _matching(self) -> list[Municipality]:
        """Return the municipalities of which some name, in any language, begins as typed."""
        typed = self._entry.text.casefold()
        return [
            home
            for home in self._all()
            if any(name.casefold().startswith(typed) for name in home.name.values())
        ]

    def _all(self) -> list[Municipality]:
        """Each municipality once: the workplace's own, the rest of its county, the others."""
        return list({home.id: home for home in _in_order(self.workspace, self.here)}.values())

    def _turn(self, parts: int, draw: Callable[[], object]) -> None:
        starts = range(0, len(self._matching()), _ROWS)
        self._first = starts[(starts.index(self._first) + parts) % len(starts)]
        draw()


def municipalities(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the id and the name of each municipality, the workplace's own first."""
    homes = _in_order(workspace, workspace.store.settings.get(MUNICIPALITY))
    return list({home.id: home.name[workspace.language] for home in homes}.items())


def _in_order(workspace: Workspace, here: str | None) -> Iterator[Municipality]:
    areas: Sequence[Sequence[Municipality]] = [area.municipalities for area in workspace.areas]
    own = [homes for homes in areas if any(home.id == here for home in homes)]
    for homes in own:
        yield from (home for home in homes if home.id == here)
    for homes in (*own, *areas):
        yield from homes
