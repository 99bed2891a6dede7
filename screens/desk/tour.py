"""The tour for whoever opens the program for the first time: eight pages on which to try the keys.

Nothing here is stored, and no client is shown: what is answered on the tour is gone with the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from casework.language import N_
from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown, hidden, span
from screens.base.lines import Line, bold, labelled, paragraph
from screens.base.page import Page

Way = Literal["read", "choose", "mark", "press", "over"]
"""How a lesson is tried: not at all, one row by its digit, several rows, a key, or a page above."""


@dataclass(frozen=True)
class Lesson:
    """One page of the tour: what is told, what may be tried, and what is said once it was."""

    title: str
    told: tuple[str, ...]
    way: Way = "read"
    rows: tuple[str, ...] = ()
    first: int = 1
    """The digit of the first row."""
    key: tuple[str, str, str] = ("", "", "")
    """Of a key to press: its names, its caption, and its label, or a letter of the language."""
    tried: str = ""


LESSONS = (
    Lesson(
        N_("Keys, and no mouse"),
        (
            N_("Porras is used with the keyboard alone."),
            N_("What each key does now stands in the last rows of every page."),
            N_("Enter leads on here, and Esc ends the tour at any time."),
        ),
    ),
    Lesson(
        N_("An answer is a digit"),
        (
            N_("Most questions are answered with one digit, and the next one comes at once."),
            N_("Try it: how did you sleep last night?"),
        ),
        way="choose",
        rows=(N_("well"), N_("not so well"), N_("badly"), N_("not at all")),
        first=0,
        tried=N_("So an answer is given. In care it is on the disk before the next question."),
    ),
    Lesson(
        N_("Back, and nothing is lost"),
        (
            N_("The arrow to the left leads back, as often as you like."),
            N_("An answer may be changed; both stay in the log."),
            N_("Try the arrow to the left."),
        ),
        way="press",
        key=("left,backspace", "←", N_("back")),
        tried=N_("In an assessment you would see the question before this one, with its answer."),
    ),
    Lesson(
        N_("A question may stay open"),
        (
            N_("What nobody can answer now is skipped. The result says what is missing."),
            N_("A missing answer never lowers the step of care."),
            N_("Try the letter beside “skip” in the last rows."),
        ),
        way="press",
        key=("s", "", N_("skip")),
        tried=N_("Skipped. The result says what is missing, and leads back to it."),
    ),
    Lesson(
        N_("Danger stops everything"),
        (
            N_("An answer that tells of danger opens a stop at once, with whom to call."),
            N_("Each safety step is recorded as done or not done; a digit alone records nothing."),
            N_("Try it: record both steps as done, with the keys in the last rows."),
        ),
        way="mark",
        rows=(N_("The client is not left alone."), N_("The doctor on call knows.")),
        tried=N_("Only when each step is recorded does the assessment go on."),
    ),
    Lesson(
        N_("The emergency card"),
        (
            N_("It has the numbers and the first steps for each danger."),
            N_("Press F10 now, or the exclamation mark. Esc brings you back."),
        ),
        way="over",
        tried=N_("That is the way to it, whatever is on the screen."),
    ),
    Lesson(
        N_("The result, and who decides"),
        (
            N_("Porras suggests the lowest safe step, with each rule that decided."),
            N_("You decide: the step is chosen by its digit and confirmed with Enter."),
            N_("Another step than the suggested one needs a reason. Try to choose one."),
        ),
        way="choose",
        rows=(
            N_("self-care"),
            N_("guided self-help"),
            N_("brief therapy"),
            N_("brief psychotherapy"),
            N_("specialised care"),
        ),
        first=0,
        tried=N_("A digit alone confirms nothing: Enter does, on a page of its own."),
    ),
    Lesson(
        N_("Leaving, help and practice"),
        (
            N_("Esc pauses an assessment; what was answered is stored, and waits at the start."),
            N_("F9 locks the screen. The question mark opens the help of any page."),
            N_("To practise with invented clients, open training: porras train."),
        ),
        way="over",
        tried=N_("The help of each page tells its keys and signs."),
    ),
)
"""The pages of the tour in their order."""

TYPED = {
    "Enter leads on here, and Esc ends the tour at any time.": N_(
        "Enter leads on here, and q ends the tour at any time."
    ),
    "The arrow to the left leads back, as often as you like.": N_(
        "The sign < leads back, as often as you like."
    ),
    "Try the arrow to the left.": N_("Try it: type < and press Enter."),
    "Press F10 now, or the exclamation mark. Esc brings you back.": N_(
        "Type the exclamation mark now. q brings you back."
    ),
    "Esc pauses an assessment; what was answered is stored, and waits at the start.": N_(
        "q pauses an assessment; what was answered is stored, and waits at the start."
    ),
    "F9 locks the screen. The question mark opens the help of any page.": N_(
        "The word “lock” locks the screen. The question mark opens the help of any page."
    ),
}
"""What is told where lines are typed, in place of sentences with keys that no line can hold."""


class TourScreen(Page[None]):
    """Shows one lesson after the other; a lesson may be passed without trying anything."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._at = 0
        self._pointer = 0
        """The safety step that a key records."""
        self._marked: set[int] = set()
        self._been_covered = False
        """Whether another page has lain on top, as the help or the emergency card does."""

    @property
    def lesson(self) -> Lesson:
        """What is shown now."""
        return LESSONS[self._at]

    @property
    def progress(self) -> tuple[int, int]:
        """How many pages of how many are done."""
        return self._at, len(LESSONS)

    async def resume(self) -> None:
        """Notice that a page lay on top: on some lessons that is what was to be tried."""
        if self._been_covered and self.lesson.way == "over":
            self.say(self.t(self.lesson.tried))
        self._been_covered = True

    def top(self) -> tuple[str, str]:
        """Name the tour, and say which page of how many it is."""
        place = self.t("{at} of {count}", at=self._at + 1, count=len(LESSONS))
        return self.t("Tour"), place

    def body(self, width: int) -> list[Line]:
        """Tell the lesson; under it stands what may be tried."""
        return self._lines(self.lesson.told, width)

    def spoken(self, width: int) -> list[Line]:
        """Tell the same with what can be typed on a line."""
        return self._lines(tuple(TYPED.get(text, text) for text in self.lesson.told), width)

    def _lines(self, told: tuple[str, ...], width: int) -> list[Line]:
        lesson = self.lesson
        lines: list[Line] = [bold(self.t(lesson.title)), ()]
        for text in told:
            lines += paragraph(self.t(text), width)
        if lesson.rows:
            lines.append(())
        for row, text in enumerate(lesson.rows):
            lines += labelled(self._head(row), self.t(text), width)
        return lines

    def _head(self, row: int) -> str:
        marked, digit = row in self._marked, self.lesson.first + row
        if self.lesson.way == "mark":
            pointer = ">" if row == self._pointer else " "
            return f"{pointer} {digit} {'[x]' if marked else '[ ]'}"
        return f"{digit} {'(x)' if marked else '( )'}"

    def key_list(self) -> Shown:
        """Return what may be tried, the way on and back, and the end."""
        last = self._at == len(LESSONS) - 1
        back = [] if self._at == 0 or self.lesson.way == "press" else [self._back()]
        return [
            *self._to_try(),
            KeyBinding("enter,right", "Enter", self.t("begin") if last else self.t("on"), self._on),
            *back,
            KeyBinding("escape", "Esc", self.t("end the tour"), self.leave),
        ]

    def _back(self) -> KeyBinding:
        return KeyBinding("left,backspace", "←", self.t("back"), partial(self._turn, -1))

    def _to_try(self) -> list[KeyBinding | Caption]:
        lesson = self.lesson
        names, caption, label = lesson.key
        if lesson.way == "press" and not caption:
            return [self.bind(names, label, self._tried)]
        if lesson.way == "press":
            return [KeyBinding(names, caption, self.t(label), self._tried)]
        if not lesson.rows:
            return []
        if lesson.way == "mark":
            return self._to_record()
        digits = [str(lesson.first + row) for row in range(len(lesson.rows))]
        picks = [hidden(digit, partial(self._pick, row)) for row, digit in enumerate(digits)]
        return [Caption(f"{digits[0]}–{digits[-1]}", self.t("choose")), *picks]

    def _to_record(self) -> list[KeyBinding | Caption]:
        """Return the keys with which a stop is recorded: they are those of its own page."""
        rows, t = range(len(self.lesson.rows)), self.t
        d, label = t.letter("d", "done"), "undo" if self._pointer in self._marked else "done"
        at = partial(hidden, moves=True, medium="screen")
        return [
            Caption(span(len(rows)), t("move"), medium="screen"),
            *(at(str(row + 1), partial(self._point, row)) for row in rows),
            at("down", partial(self._move, 1)),
            at("up", partial(self._move, -1)),
            self.bind("d", label, self._record_here, medium="screen"),
            *(hidden(f"{d}{row + 1}", partial(self._record, row), medium="lines") for row in rows),
            Caption(f"{d}1–{d}{len(rows)}", t("step done, or undo that"), medium="lines"),
        ]

    def _point(self, row: int) -> None:
        self._pointer = row
        self.draw()

    def _move(self, rows: int) -> None:
        self._point((self._pointer + rows) % len(self.lesson.rows))

    def _record_here(self) -> None:
        self._record(self._pointer)

    def _record(self, row: int) -> None:
        self._pointer = row
        self._marked ^= {row}
        done = len(self._marked) == len(self.lesson.rows)
        self.say(self.t(self.lesson.tried) if done else "")

    def _pick(self, row: int) -> None:
        self._marked = {row}
        self.say(self.t(self.lesson.tried))

    def _tried(self) -> None:
        self.say(self.t(self.lesson.tried))

    def _on(self) -> None:
        if self._at == len(LESSONS) - 1:
            self.leave()
        else:
            self._turn(1)

    def _turn(self, pages: int) -> None:
        self._at += pages
        self._marked, self._pointer = set(), 0
        self.message = ""
        self.offset_rows = 0
        self.draw()
