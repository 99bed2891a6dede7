"""The trainer's page of a class: for the projector, and kept up to date by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from casework.language import N_
from casework.training.class_results import ClassResults, read_results
from casework.training.classroom import Classroom
from casework.workspace import Workspace
from screens.base.host import Beside, Procedure, Wait
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.keys import hidden as unseen
from screens.base.lines import Line, paragraph
from screens.base.page import Page
from screens.training.trainer import views
from screens.training.trainer.views import Seen
from screens.training.trainer.words import ClassWords
from stepping.training.agreement import JudgedCase
from store.errors import StoreError

EVERY_S = 3.0
"""Seconds between two looks at the files of the seats."""


@dataclass(frozen=True)
class View:
    """One of the trainer's pages: its name, and what stands on it."""

    name: str
    draw: Callable[[Seen, int], list[Line]]
    tells: bool = True
    """Whether it tells what was chosen in a case, and so waits until the trainer shows that."""
    of_case: bool = True
    """Whether it is about one case."""


VIEWS = (
    View(N_("who is where"), views.who_is_where, tells=False),
    View(N_("steps"), views.dot_plot),
    View(N_("shares"), views.shares),
    View(N_("agreement"), views.agreement, tells=False, of_case=False),
    View(N_("disputed questions"), views.disputed),
    View(N_("missed stops"), views.missed_stops),
    View(N_("to talk about"), views.talk),
)
"""The pages in the order of their digits."""


class ClassScreen(Page[None]):
    """Shows a class: who is where, then, once the trainer says so, what was chosen."""

    def __init__(self, workspace: Workspace, room: Classroom) -> None:
        super().__init__(workspace)
        self._room = room
        self._words = ClassWords(workspace.language)
        self._results: ClassResults | None = None
        self._trouble = ""
        """Why the newest look failed; what is shown is that of the last one that did not."""
        self._view = 0
        self._case = 0
        self._revealed: frozenset[str] = frozenset()
        self._by_seat = False
        self._asked = False
        """Whether the trainer is asked once more before steps are shown."""

    def open(self) -> None:
        """Read the class for the first time."""
        self._results = self.attempt(partial(read_results, self._room))

    def resume(self) -> Procedure | None:
        """Keep what is shown up to date, where a page can change while it is looked at."""
        return self._refresh() if self.host.redraws else None

    async def _refresh(self) -> None:
        while True:
            await Wait(EVERY_S)
            before = (self._results, self._trouble)
            await Beside(self._look)
            if before != (self._results, self._trouble):
                self.draw(awake=True)

    def _look(self) -> None:
        """Read the class anew; where that fails, what was read before stays."""
        try:
            self._results, self._trouble = read_results(self._room), ""
        except StoreError as error:
            self._trouble = self.workspace.explain_error(error)[0]

    # -- what stands on it ---------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the class and the page."""
        place = f"{self._view + 1}/{len(VIEWS)} {self.t(VIEWS[self._view].name)}"
        return self.t("Class {name}", name=self._room.record.name), place

    def body(self, width: int) -> list[Line]:
        """Draw the page that is turned to."""
        return self._lines(width, aloud=False)

    def spoken(self, width: int) -> list[Line]:
        """Say in words what the page draws."""
        return self._lines(width, aloud=True)

    def _lines(self, width: int, *, aloud: bool) -> list[Line]:
        lines = self._warning(width)
        judged = self._judged
        if self._results is None or judged is None:
            return [*lines, *paragraph(self.t("No case of this class can be read here."), width)]
        view = VIEWS[self._view]
        lines += self._heading(judged, width) if view.of_case else []
        shown = not view.tells or judged.id in self._revealed
        seen = Seen(
            self._words,
            self._results,
            judged,
            self._revealed,
            by_seat=self._by_seat,
            aloud=aloud,
            halves=self.host.eighths,
        )
        return [*lines, *(view.draw if shown else views.hidden)(seen, width)]

    def _warning(self, width: int) -> list[Line]:
        if not self._trouble:
            return []
        told = self.t("! What you see may be old: the class could not be read.")
        return paragraph(f"{told} {self._trouble}", width, hanging=2, look="danger")

    def _heading(self, judged: JudgedCase, width: int) -> list[Line]:
        ids = [each.id for each in self._room.record.cases]
        title = f"{ids.index(judged.id) + 1}. {self._words.heading(judged)}"
        return paragraph(title, width, hanging=3, look="bold")

    @property
    def _cases(self) -> tuple[JudgedCase, ...]:
        return () if self._results is None else self._results.figures.cases

    @property
    def _judged(self) -> JudgedCase | None:
        return self._cases[self._case] if self._cases else None

    # -- keys ----------------------------------------------------------------

    def key_list(self) -> Shown:
        """Return the digits of the pages, the next case, and how steps are shown or hidden."""
        turns = (partial(self._turn_to, at) for at in range(len(VIEWS)))
        many = len(self._cases) > 1 and VIEWS[self._view].of_case
        case = KeyBinding("tab", "Tab", self.t("next case"), partial(self._next, 1), moves=True)
        again = self.bind("l", "look again", self._again, medium="lines")
        return [
            *digit_keys(self.t("turn to a page"), turns),
            unseen("right", partial(self._turn, 1), moves=True),
            unseen("left", partial(self._turn, -1), moves=True),
            *([case, unseen("shift+tab", partial(self._next, -1), moves=True)] if many else []),
            *self._of_case(),
            *([] if self.host.redraws else [again]),
            KeyBinding("escape,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _of_case(self) -> list[KeyBinding]:
        """Return the keys that show what was chosen; the words of the seats only with it."""
        judged = self._judged
        if judged is None or not VIEWS[self._view].tells:
            return []
        if judged.id not in self._revealed:
            return [self.bind("r", "reveal the steps", self._reveal)]
        keys = [self.bind("h", "hide the steps", self._hide)]
        if VIEWS[self._view].draw is views.dot_plot:
            dots = self.bind("s", "seats as dots", self._switch)
            words = self.bind("s", "seats by word", self._switch)
            keys.append(dots if self._by_seat else words)
        return keys

    def _turn(self, by: int) -> None:
        self._turn_to((self._view + by) % len(VIEWS))

    def _turn_to(self, at: int) -> None:
        self._view = at
        self._start_anew()

    def _next(self, by: int) -> None:
        self._case = (self._case + by) % len(self._cases)
        self._start_anew()

    def _start_anew(self) -> None:
        """Draw another page from its first row on; the words of seats are asked for each time."""
        self._by_seat = self._asked = False
        self.offset_rows, self.message = 0, ""
        self.draw()

    def _reveal(self) -> None:
        """Show the steps of this case, once the key has been pressed twice."""
        judged = self._judged
        if judged is None:
            return
        if not self._asked:
            self._asked = True
            self.say(
                self.t(
                    "{count} of {of} have judged. Press the key once more to show their steps.",
                    count=len(judged.first),
                    of=len(self._room.record.seats),
                )
            )
            return
        self._revealed |= {judged.id}
        self._start_anew()

    def _hide(self) -> None:
        judged = self._judged
        if judged is not None:
            self._revealed -= {judged.id}
        self._start_anew()

    def _switch(self) -> None:
        self._by_seat = not self._by_seat
        self.draw()

    def _again(self) -> None:
        self._look()
        self.draw()
