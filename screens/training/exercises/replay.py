"""The replay: a case answer by answer, and how the range of possible steps narrows."""

from __future__ import annotations

from functools import partial

from casework.language import N_
from casework.workspace import Workspace
from screens.base.host import Wait
from screens.base.keys import Caption, KeyBinding, KeyPress, Shown, hidden
from screens.base.lines import Line, Look, bold, paragraph, paragraphs, plain
from screens.base.page import Page
from screens.training.exercises.what_if import WhatIfScreen
from screens.training.exercises.words import CaseWords
from stepping.training.exercises.replay import Frame, next_change, replay
from stepping.training.reading import Case

FRAME_S = 2.0
"""How long a frame stands while the replay plays by itself."""
_LABEL = 4
"""Cells before the columns of the picture."""


class ReplayScreen(Page[None]):
    """Steps through a case; never changes it."""

    def __init__(self, workspace: Workspace, case: Case) -> None:
        super().__init__(workspace)
        self._case = case
        self._words = CaseWords(case, workspace.language)
        self._frames: tuple[Frame, ...] = replay(case.pathway, case.answers)
        self._at = 0
        self._play = 0
        """The number of the play that goes on; 0 while it is paused."""
        self._plays = 0

    # -- drawing -----------------------------------------------------------

    @property
    def _frame(self) -> Frame:
        return self._frames[self._at]

    @property
    def _is_last(self) -> bool:
        return self._at + 1 == len(self._frames)

    @property
    def progress(self) -> tuple[int, int]:
        """How much of the case has been seen."""
        return self._at + 1, len(self._frames)

    def top(self) -> tuple[str, str]:
        """Name the case, and the frame."""
        where = self.t("{at} of {count}", at=self._at + 1, count=len(self._frames))
        return self._case.vignette.title[self.workspace.language], where

    def body(self, width: int) -> list[Line]:
        """Draw the answer, the range so far as a picture and in words, and what came."""
        return [
            *self._given(width),
            *self._picture(width - _LABEL),
            (),
            *self._range(width),
            *self._came(width),
            *self._end(width),
        ]

    def spoken(self, width: int) -> list[Line]:
        """Tell the same without the picture, and how far it has come."""
        where = plain(self.top()[1])
        return [
            where,
            *self._given(width),
            *self._range(width),
            *self._came(width),
            *self._end(width),
        ]

    def aside(self, width: int) -> list[Line]:
        """List the rules that hold, for the second column of a wide terminal."""
        rules = paragraphs(map(self._words.rule, self._frame.holding), width)
        return [bold(self.t("Rules that hold")), *(rules or [plain(self.t("none"), "dim")])]

    def _given(self, width: int) -> list[Line]:
        frame, words = self._frame, self._words
        match frame.kind:
            case "card":
                facts = self._case.pathway.facts
                given = [f for f in self._case.answers if facts[f].origin == "given"]
                told = ", ".join(words.with_value(f, self._case.answers[f]) for f in given)
                text = self.t("Client card: {facts}", facts=told)
            case "answer":
                text = words.with_value(frame.about, self._case.answers[frame.about])
            case "recorded":
                told = self.t("The safety steps of stop {stop} are recorded", stop=frame.about)
                text = f"[x] {told}"
        return paragraph(text, width, look="bold")

    def _picture(self, columns: int) -> list[Line]:
        """Draw a row for each step, the highest first, and a column for each answer so far."""
        per = -(-len(self._frames) // max(columns, 1))
        ends = range(per - 1, len(self._frames) + per - 1, per)
        seen = [self._frames[min(end, self._at)] for end in ends if end - per < self._at]
        steps = sorted(step.number for step in self._case.pathway.header.step)
        return [self._row(step, seen) for step in reversed(steps)]

    def _row(self, step: int, seen: list[Frame]) -> Line:
        here = self._frame.lowest <= step <= self._frame.highest
        head: tuple[str, Look] = (f"[{step}] ", "accent") if here else (f" {step}  ", "dim")
        return (head, *(_cell(step, frame) for frame in seen))

    def _range(self, width: int) -> list[Line]:
        frame = self._frame
        if self._is_last and not frame.stops:
            return []
        if frame.stops:
            names = ", ".join(frame.stops)
            text = self.t("! Stop {names} is open: no step before its safety steps.", names=names)
            return paragraph(text, width, look="danger")
        if frame.settled:
            name = self._words.say.step(frame.lowest)
            sentence = N_("Settled: step {step}, {name}")
            if self._case.decision.or_above:  # whether it is so is settled as well
                sentence = N_("Settled: step {step} or above, {name}")
            text = self.t(sentence, step=frame.lowest, name=name)
            return paragraph(text, width, look="good")
        if frame.lowest == frame.highest:
            text = self.t("Step {step}; a stop may still open.", step=frame.lowest)
        else:
            low, high = frame.lowest, frame.highest
            text = self.t("Possible steps: {low}–{high}", low=low, high=high)
        return paragraph(text, width, look="bold")

    def _came(self, width: int) -> list[Line]:
        frame, words = self._frame, self._words
        if not frame.changes:
            return [plain(self.t("Nothing changes by this answer."), "dim")]
        return [
            *words.opened(frame.opened, width),
            *words.came(frame.came, width),
            *words.went(frame.went, width),
        ]

    def _end(self, width: int) -> list[Line]:
        """Tell at the last frame what the case gives, and what was expected."""
        if not self._is_last:
            return []
        expected = self._case.vignette.expect.steps
        return [
            *paragraph(self._words.say.headline(), width, look="bold"),
            *paragraph(self.t("Expected of this case: step {steps}", steps=expected), width),
        ]

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Return the keys: on, back, to the next change, play, what if."""
        last = len(self._frames) - 1
        play = self.t("pause") if self._play else self.t("play")
        return [
            KeyBinding("right,enter", "→", self.t("forward"), partial(self._go, 1)),
            KeyBinding("left,backspace", "←", self.t("back"), partial(self._go, -1)),
            self.bind("n", "next change", self._next),
            KeyBinding("space", self.t("Space"), play, self._toggle, medium="screen"),
            *([self.bind("w", "what if", self._what_if)] if self._frame.kind == "answer" else []),
            hidden("home", partial(self._show, 0), medium="screen"),
            hidden("end", partial(self._show, last), medium="screen"),
            Caption("Home End", self.t("first, last"), medium="screen"),
            KeyBinding("escape", "Esc", self.t("leave"), self.leave),
        ]

    def type_key(self, press: KeyPress) -> bool:
        """Pause at any key; the one that plays does no more than that."""
        if not self._play:
            return False
        self._pause()
        return press.key == "space"

    def scroll(self, rows: int) -> None:
        """Pause, and move the body."""
        self._pause()
        super().scroll(rows)

    def _go(self, frames: int) -> None:
        self._show(self._at + frames)

    def _next(self) -> None:
        self._show(next_change(self._frames, self._at))

    def _show(self, at: int) -> None:
        wanted = min(max(at, 0), len(self._frames) - 1)
        if wanted == self._at:
            self.say(self.t("The case ends here.") if at > 0 else self.t("The case begins here."))
            return
        self._at = wanted
        self.message = ""
        self.offset_rows = 0
        self.draw(awake=True)

    # -- playing by itself -------------------------------------------------

    def _pause(self) -> None:
        if self._play:
            self._play = 0
            self.draw(awake=True)

    async def _toggle(self) -> None:
        """Play from here on, from the beginning where this is the end, until a key comes."""
        self._plays += 1
        play = self._play = self._plays
        if self._is_last:
            self._at = 0
        self.message = ""
        self.draw(awake=True)
        while not self._is_last:
            await Wait(FRAME_S)
            if self._play != play:
                return
            self._go(1)
        self._pause()

    async def _what_if(self) -> None:
        await self.ask(WhatIfScreen(self.workspace, self._case, self._frame.about))


def _cell(step: int, frame: Frame) -> tuple[str, Look]:
    """Draw a step: full the lowest possible one, shaded those above, a mark where a stop is open.

    A point stands for a step that is not possible any more.
    """
    if not frame.lowest <= step <= frame.highest:
        return "·", "dim"
    if frame.stops:
        return "!", "danger"
    return ("█" if step == frame.lowest else "░"), "accent"
