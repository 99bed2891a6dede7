"""The list of cases to choose from; it tells neither the step nor the danger of any."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from rich.cells import cell_len

from casework.language import N_
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, paragraph, plain, wrap
from screens.base.page import Page
from screens.base.pick import Parts
from stepping.training.reading import Case

_ROWS = 9
"""As many as there are digits; they fit on the smallest window with two rows each at worst."""
DIFFICULTY = {1: N_("easy"), 2: N_("middling"), 3: N_("hard")}


class CaseListScreen(Page[Case]):
    """Lists cases under digits, nine at a time, of one pathway or of all."""

    def __init__(
        self,
        workspace: Workspace,
        title: str,
        cases: Sequence[Case],
        tried: Collection[str] = (),
    ) -> None:
        super().__init__(workspace)
        self._title = title
        self._cases = cases
        self._tried = tried
        self._pathways = tuple(dict.fromkeys(case.pathway.id for case in cases))
        self._only: str | None = None
        self._parts = Parts(_ROWS)

    @property
    def _wanted(self) -> list[Case]:
        return [case for case in self._cases if self._only in (None, case.pathway.id)]

    @property
    def _shown(self) -> Sequence[Case]:
        return self._parts.of(self._wanted)

    def top(self) -> tuple[str, str]:
        """Name the mode, and say which part of the list is shown."""
        count = len(self._wanted)
        return self._title, self._parts.told(count, self.t) if count > _ROWS else ""

    def body(self, width: int) -> list[Line]:
        """List the cases of this part, each with age and difficulty."""
        lines: list[Line] = []
        for number, case in enumerate(self._shown, start=1):
            lines += self._row(number, case, width)
        return lines or paragraph(self.t("none"), width)

    def _row(self, number: int, case: Case, width: int) -> list[Line]:
        vignette = case.vignette
        told = self.t(
            "{age} years · {difficulty}",
            age=vignette.person.age,
            difficulty=self.t(DIFFICULTY[vignette.difficulty]),
        )
        if vignette.id in self._tried:
            told = f"{told} · {self.t('tried')}"
        name = f"{number} {vignette.title[self.workspace.language]}"
        gap = width - cell_len(name) - cell_len(told)
        if gap >= 2:
            return [((name, "bold"), (" " * gap, "normal"), (told, "normal"))]
        return [*(((row, "bold"),) for row in wrap(name, width, 2)), plain(f"  {told}")]

    def key_list(self) -> Shown:
        """Return the keys: a digit chooses, Tab turns, a letter keeps to one pathway."""
        return [
            *digit_keys(self.t("choose"), (partial(self.leave, case) for case in self._shown)),
            *self._parts.key_list(len(self._wanted), self.t, self._draw_anew),
            *([self._of_pathways()] if len(self._pathways) > 1 else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _of_pathways(self) -> KeyBinding:
        names = {case.pathway.id: case.pathway.header.title for case in self._cases}
        name = names[self._only][self.workspace.language] if self._only else self.t("all")
        return self.bind("p", "pathway: {name}", self._next_pathway, name=name)

    def _next_pathway(self) -> None:
        choices = (None, *self._pathways)
        self._only = choices[(choices.index(self._only) + 1) % len(choices)]
        self._parts.first = 0
        self._draw_anew()

    def _draw_anew(self) -> None:
        self.offset_rows = 0
        self.draw()
