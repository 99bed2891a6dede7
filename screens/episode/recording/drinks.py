"""Adds up a week's drinks to Finnish portions of 12 g."""

from __future__ import annotations

from functools import partial

from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, paragraph, plain
from screens.base.page import Page
from screens.forms.entry import Entry
from screens.wording.track_words import DRINKS as NAMES
from screens.wording.track_words import LIMITS
from stepping.episode.alcohol import (
    DRINKS,
    Drink,
    alarm_limits,
    compare_with_limits,
    weekly_portions,
)

_NAME = 40
"""Cells of the name of a drink."""


class DrinksScreen(Page[str | None]):
    """A digit chooses a drink, then its number a week is typed; returns the portions in all."""

    def __init__(self, workspace: Workspace, sex: str | None) -> None:
        super().__init__(workspace)
        self._sex = sex
        self._counts: dict[str, int] = {}
        self._chosen: Drink | None = None
        self._entry = Entry(longest=3)

    @property
    def total(self) -> int:
        """Whole portions a week."""
        return weekly_portions(self._counts)

    def top(self) -> tuple[str, str]:
        """Name the page."""
        return self.t("Drinks in a usual week"), self.t("one portion is 12 g of alcohol")

    def body(self, width: int) -> list[Line]:
        """List the drinks with their portions and numbers, and the sum against the limit."""
        low, high = alarm_limits(self._sex)
        limit = self.t(LIMITS[compare_with_limits(self.total, self._sex)], low=low, high=high)
        count = self.t.many("{count} portion a week", "{count} portions a week", self.total)
        unknown = self._sex not in ("f", "m")
        why = self.t("The lower limit counts, as the client's sex is not known.") if unknown else ""
        return [
            (),
            *(self._row(number, drink) for number, drink in enumerate(DRINKS, start=1)),
            (),
            *map(bold, [f"{count}: {limit}"]),
            *paragraph(why, width),
        ]

    def _row(self, number: int, drink: Drink) -> Line:
        here = drink is self._chosen
        name = f"{self.t(NAMES[drink.id]):<{_NAME}}"
        whole, tenth = divmod(round(drink.portions * 10), 10)
        each = self.t("{whole}.{tenth} each", whole=whole, tenth=tenth)
        count = self._entry.drawn() if here else str(self._counts.get(drink.id, "–"))
        row = f"{'>' if here else ' '} {number}  {name}{each:>14}   × {count}"
        return bold(row) if here else plain(row)

    def key_list(self) -> Shown:
        """Digits choose while no number is typed; Enter takes a number, or the sum."""
        if self._chosen is not None:
            return [
                Caption("0–9", self.t("how many a week")),
                KeyBinding("enter", "Enter", self.t("take the number"), self._take),
                KeyBinding("escape", "Esc", self.t("leave the drink"), partial(self._choose, None)),
            ]
        picks = (partial(self._choose, drink) for drink in DRINKS)
        return [
            *digit_keys(self.t("choose a drink"), picks),
            KeyBinding("enter", "Enter", self.t("take the sum"), self._finish),
            KeyBinding("escape", "Esc", self.t("back"), self.leave),
        ]

    @property
    def field(self) -> Entry | None:
        """The entry of a number for the chosen drink."""
        return self._entry if self._chosen is not None else None

    def _choose(self, drink: Drink | None) -> None:
        self._chosen = drink
        self._entry.text = ""
        self.draw()

    def _take(self) -> None:
        if self._chosen is not None:
            self._counts[self._chosen.id] = int(self._entry.text or 0)
        self._choose(None)

    def _finish(self) -> None:
        self.leave(str(self.total))
