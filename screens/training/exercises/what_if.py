"""What if: what a whole case would give, if one of its answers were another."""

from __future__ import annotations

from functools import partial

from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown, choice_key, choice_span, hidden
from screens.base.lines import POINTER, Line, Look, bold, paragraph, plain, wrap
from screens.base.page import Page
from screens.training.exercises.words import CaseWords
from stepping.training.exercises.what_if import Outcome, Span, outcome_of, sweep
from stepping.training.reading import Case


class WhatIfScreen(Page[None]):
    """Lists the answers to one question, each with what it would give; the case stays as it is."""

    def __init__(self, workspace: Workspace, case: Case, question: str) -> None:
        super().__init__(workspace)
        self._case = case
        self._question = question
        self._words = CaseWords(case, workspace.language)
        self._here = outcome_of(case.pathway, case.answers)
        self._spans = sweep(case, question, declined=True)
        self._at: int | None = None

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the page and the case."""
        return self._case.vignette.title[self.workspace.language], self.t("what if")

    def body(self, width: int) -> list[Line]:
        """List the answers, then tell what the chosen one would change."""
        lines = [bold(row) for row in wrap(self._words.label(self._question), width)]
        for place, span in enumerate(self._spans):
            rows = self._row(place, span, width)
            if place == self._at:
                self.in_view = (len(lines), len(lines) + len(rows) - 1)
            lines += rows
        if not self._spans:
            lines += paragraph(self.t("No rule asks for this answer in a way to try out."), width)
        if self._at is not None:
            lines += [(), *self._told(self._spans[self._at], width)]
        return lines

    def _row(self, place: int, span: Span, width: int) -> list[Line]:
        chosen = place == self._at
        mark = f" ({self.t('as in the case')})" if span.now else ""
        told = self._words.span(self._question, span) + mark
        if told.split()[0] != (key := self._keys[place]):
            told = f"{key} {told}"
        rows = wrap(f"{told} → {self._words.outcome(span.outcome)}", width - len(POINTER), 2)
        look: Look = "bold" if chosen or self._moves(span) else "normal"
        heads = (POINTER if chosen and not n else "  " for n in range(len(rows)))
        return [plain(head + row, look) for head, row in zip(heads, rows, strict=True)]

    @property
    def _keys(self) -> list[str]:
        """Return the key of each span: the points themselves where they are digits, one by one."""
        places = [choice_key(place + 1) for place in range(len(self._spans))]
        points = [str(span.values[0]) for span in self._spans if isinstance(span.values[0], int)]
        if not points or any(span.values[0] != span.values[-1] for span in self._spans):
            return places
        letters = [choice_key(10 + n) for n in range(len(places) - len(points))]
        return [*points, *letters] if all(len(each) == 1 for each in points) else places

    def _moves(self, span: Span) -> bool:
        return (span.outcome.step, span.outcome.stops) != (self._here.step, self._here.stops)

    def _told(self, span: Span, width: int) -> list[Line]:
        """Tell a span beside the case: the step, the stops, the rules gained and lost."""
        here, there, words = self._here, span.outcome, self._words
        lines = paragraph(self._step(there), width, look="bold")
        if there.required:
            names = ", ".join(map(words.label, there.required))
            lines += paragraph(self.t("Missing then: {names}", names=names), width, look="warning")
        lines += words.opened(_new(there.stops, here.stops), width)
        lines += words.came(_new(there.rules, here.rules), width)
        return [
            *lines,
            *words.went(_new(here.stops + here.rules, there.stops + there.rules), width),
        ]

    def _step(self, there: Outcome) -> str:
        was, becomes = self._words.step(self._here), self._words.step(there)
        if was == becomes:
            return self.t("The whole case would give the same: {step}", step=was)
        return self.t("The whole case would give {becomes}, not {was}", becomes=becomes, was=was)

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Return a digit for each answer, the arrows, and the way back."""
        back = KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave)
        keys = self._keys
        if not keys:
            return [back]
        letters = [key for key in keys if not key.isdigit()]
        points = " ".join([f"{keys[0]}–{keys[-len(letters) - 1]}", *letters])
        shown = points if keys[0] == "0" else choice_span(len(keys))
        return [
            Caption(shown, self.t("choose")),
            *(
                hidden(key, partial(self._choose, place), moves=True)
                for place, key in enumerate(keys)
            ),
            hidden("down", partial(self._move, 1), moves=True, medium="screen"),
            hidden("up", partial(self._move, -1), moves=True, medium="screen"),
            back,
        ]

    def _choose(self, place: int) -> None:
        self._at = place
        self.offset_rows = 0
        self.draw(awake=True)

    def _move(self, rows: int) -> None:
        first = 0 if rows > 0 else len(self._spans) - 1
        self._choose(first if self._at is None else (self._at + rows) % len(self._spans))


def _new(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of these are not among those."""
    return tuple(each for each in these if each not in those)
