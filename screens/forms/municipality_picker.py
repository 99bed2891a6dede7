"""A choice of municipality: digits pick, letters narrow it, Enter takes the one that is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from casework.workspace import MUNICIPALITY, Workspace
from screens.base.keys import Caption, KeyBinding, KeyPress, digit_keys
from screens.base.lines import Line, paragraph, plain
from screens.base.pick import Parts
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
    _parts: Parts = field(default_factory=lambda: Parts(_ROWS))

    def take(self, press: KeyPress) -> bool:
        """Take a key as a letter of a name; say whether the list may have changed."""
        if not self.fits(press):
            return False
        self._parts.first = 0
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
        part = self._parts.told(len(found), t) if found else t("no such name")
        told = t("Type the beginning of a name")
        return [*lines, *paragraph(f"{told}: {self._entry.drawn()}  {part}", width, indent=4)]

    def key_list(
        self, choose: Callable[[str], object], draw: Callable[[], object]
    ) -> list[KeyBinding | Caption]:
        """Return the keys: a digit chooses; `choose` is given the id, empty for another place."""
        t = self.workspace.t
        return [
            *digit_keys(t("choose"), (partial(choose, id_) for id_, _ in self._choices())),
            *(
                # A line of letters shows what it leaves first; a digit of the next line takes it.
                KeyBinding("enter", "Enter", name, partial(choose, id_), medium="screen")
                for id_, name in self._only
            ),
            *self._parts.key_list(len(self._matching()), t, draw),
        ]

    def _choices(self) -> list[tuple[str, str]]:
        shown = self._parts.of(self._matching())
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
