"""The menu of practice: one mode under each digit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from rich.cells import cell_len

from casework.language import N_
from casework.training.practice import Practice
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, beside, paragraph, plain, wrap
from screens.base.page import Page

Exercise = Literal["judge", "interview", "replay", "flip", "drill", "read"]
Mode = Exercise | Literal["tour", "join", "leave", "results", "reset", "class"]
"""What may be practised; a class joined, left, and seen by its trainer; own results; beginning
anew."""


@dataclass(frozen=True)
class ModeWords:
    """How a mode is called, and what it is."""

    mode: Mode
    name: str
    about: str


MODES = (
    ModeWords("judge", N_("Judge a case"), N_("answer, say your own step, then compare")),
    ModeWords("interview", N_("Interview"), N_("two people: one plays the client")),
    ModeWords("replay", N_("Replay"), N_("a case, answer by answer")),
    ModeWords("flip", N_("Find the flip"), N_("which one answer moves the step?")),
    ModeWords("drill", N_("Emergency drill"), N_("a case that turns: find the card")),
    ModeWords("read", N_("Play the client"), N_("what the client tells, and says if asked")),
    ModeWords("tour", N_("Tour"), N_("eight pages on which to try the keys")),
)
"""The modes in the order of the menu."""


class TrainingMenu(Page[Mode]):
    """Offers the modes of practice; returns the one that was chosen."""

    def __init__(self, practice: Practice, message: str = "") -> None:
        super().__init__(practice.workspace)
        self._practice = practice
        self.message = message

    def top(self) -> tuple[str, str]:
        """Name the page, and the seat where there is one."""
        seat, membership = self._practice.seat, self._practice.membership
        where = [self.t("seat {seat}", seat=seat)] if self.workspace.seat or membership else []
        if membership:
            where.insert(0, self.t("class {name}", name=membership.room.record.name))
        return self.t("Training"), " · ".join(where)

    def body(self, width: int) -> list[Line]:
        """List the modes under their digits."""
        names = [f"{number} {self.t(each.name)}  " for number, each in enumerate(MODES, start=1)]
        column = max(map(cell_len, names))
        waiting = self._of_waiting()
        lines = paragraph(f"! {waiting}", width, look="warning") if waiting else []
        for name, each in zip(names, MODES, strict=True):
            about = paragraph(self.t(each.about), width - column, look="dim")
            lines += beside(name, about, column)
        shelf = self._practice.shelf
        count = len(shelf.faults)
        if count:
            lines += [(), *map(plain, wrap(self._of_faults(count), width))]
        if not shelf.cases:
            told = self.t(
                "No case fits the pathways in use. A trainer adds own ones: porras vignette new."
            )
            lines += [(), *map(plain, wrap(told, width))]
        return lines

    def _of_waiting(self) -> str:
        """Say how many tries the trainer has not got, and what becomes of them."""
        membership, count = self._practice.membership, self._practice.waiting
        if membership is None or not count:
            return ""
        if membership.carried:
            return self.t.many(
                "{count} try to hand in: porras class hand-in {seat} --out FILE",
                "{count} tries to hand in: porras class hand-in {seat} --out FILE",
                count,
                seat=membership.seat,
            )
        return self.t.many(
            "Not yet at the trainer's: {count} try. It is kept here and sent again.",
            "Not yet at the trainer's: {count} tries. They are kept here and sent again.",
            count,
        )

    def _of_faults(self, count: int) -> str:
        return self.t.many(
            "{count} fault in the cases; porras vignette check tells it.",
            "{count} faults in the cases; porras vignette check tells them.",
            count,
        )

    def key_list(self) -> Shown:
        """Return a digit for each mode, and the way back."""
        runs = (partial(self.leave, each.mode) for each in MODES)
        return [
            *digit_keys(self.t("choose"), runs),
            *self._class_keys(),
            self.bind("o", "own results", partial(self.leave, "results")),
            self.bind("b", "begin anew", partial(self.leave, "reset")),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _class_keys(self) -> list[KeyBinding]:
        """Join a class or leave it; see one as its trainer, for whoever sits at no seat."""
        if self._practice.membership is not None:
            return [self.bind("l", "leave the class", partial(self.leave, "leave"))]
        join = self.bind("j", "join a class", partial(self.leave, "join"))
        if self.workspace.seat:
            return [join]
        return [join, self.bind("c", "the trainer's page", partial(self.leave, "class"))]
