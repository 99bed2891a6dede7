"""The safety plan on the screen: written point by point, each kept as it is entered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from casework.language import N_
from casework.sheets.safety_plan import PlanSession
from casework.sheets.texts import find_numbers, find_sheets
from screens.base.keys import Caption, KeyBinding, Shown, hidden, span
from screens.base.lines import Line, Look, labelled, paragraph, plain, wrap
from screens.base.page import Page
from screens.base.prompt import PromptScreen, find_words_fault
from screens.wording.number_words import number_words
from stepping.finland import finnish_day
from stepping.pathway.care.sheets import PlanPoint
from stepping.pathway.model import Pathway
from stepping.pathway.schema import CardNumber
from store.codes import show

_STARTS = N_("It starts from the plan of {day}; that one stays as it is.")


class SafetyPlanScreen(Page[Literal["along", "sheet"] | None]):
    """Shows the plan under the crisis numbers; returns that the client takes it along, if so.

    `along` is whether that is asked, as at a safety stop; else it can be shown as a sheet. It
    records nothing of the stop itself.
    """

    def __init__(self, session: PlanSession, pathway: Pathway | None, *, along: bool) -> None:
        super().__init__(session.workspace)
        self._session = session
        self._pathway = pathway
        self._along = along
        self._cursor = 0
        self._numbers: Sequence[CardNumber] = ()
        self._points: Sequence[PlanPoint] = ()

    def open(self) -> None:
        """Read the points, the numbers, and what the newest plan says."""
        self._points = find_sheets(self.workspace).plan.point
        self._numbers = find_numbers(self.workspace, pathway=self._pathway)
        self.attempt(self._session.read)
        self._tell_start()

    def _tell_start(self) -> None:
        plan = self._session.plan
        if plan and not self._session.goes_on:
            self.message = self.t(_STARTS, day=finnish_day(plan.at))

    def top(self) -> tuple[str, str]:
        """Name the page and the client."""
        return self.t("Safety plan"), show(self._session.client.code)

    # -- drawing -----------------------------------------------------------

    def body(self, width: int) -> list[Line]:
        """Draw whom to call, then each point; the one at the pointer whole."""
        lines = self._number_lines(width)
        for row, point in enumerate(self._points):
            first = len(lines)
            lines += self._point_lines(row, point, width)
            if row == self._cursor:
                self.in_view = (first, len(lines) - 1)
        return lines

    def spoken(self, width: int) -> list[Line]:
        """Tell every point whole."""
        lines = self._number_lines(width)
        for row, point in enumerate(self._points):
            lines += paragraph(self._told(row, point), width, hanging=2)
        return lines

    def _number_lines(self, width: int) -> list[Line]:
        cells = max((len(each.number) for each in self._numbers), default=0)
        lines: list[Line] = []
        for each in self._numbers:
            words = number_words(each, self.workspace.language, self.t)
            lines += labelled(f"  {each.number:<{cells}} ", words, width, "danger")
        return lines

    def _point_lines(self, row: int, point: PlanPoint, width: int) -> list[Line]:
        here = row == self._cursor
        look: Look = "good" if self._session.words.get(point.id) else "bold"
        rows = wrap(f"{'>' if here else ' '} {self._told(row, point)}", width, 4)
        if not here and len(rows) > 1:
            rows = [wrap(rows[0], width - 2)[0] + " …"]
        lines = [plain(each, look) for each in rows]
        if here and not self._session.words.get(point.id):
            lines += paragraph(point.ask[self.workspace.language], width, indent=4)
        return lines

    def _told(self, row: int, point: PlanPoint) -> str:
        words = " ".join(self._session.words.get(point.id, "").split())
        return f"{row + 1} {point.title[self.workspace.language]}: {words or '–'}"

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Move by digits, write a point, say that the client takes it along, or go back."""
        count, w = len(self._points), self.t.letter("w", "write")
        along = self.bind("t", "the client takes it along", partial(self.leave, "along"))
        sheet = self.bind("h", "as a sheet", partial(self.leave, "sheet"))
        return [
            Caption(span(count), self.t("move"), medium="screen"),
            *(
                hidden(str(n + 1), partial(self._point, n), moves=True, medium="screen")
                for n in range(count)
            ),
            hidden("down", partial(self._move, 1), moves=True, medium="screen"),
            hidden("up", partial(self._move, -1), moves=True, medium="screen"),
            self.bind("w", "write", self._write, also="enter", medium="screen"),
            *(
                hidden(f"{w}{n + 1}", partial(self._write_at, n), medium="lines")
                for n in range(count)
            ),
            Caption(f"{w}1–{w}{count}", self.t("write the point"), medium="lines"),
            along if self._along else sheet,
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _point(self, row: int) -> None:
        self._cursor = row
        self.draw(awake=True)

    def _move(self, rows: int) -> None:
        self._cursor = (self._cursor + rows) % len(self._points)
        self.draw(awake=True)

    async def _write_at(self, row: int) -> None:
        self._cursor = row
        await self._write()

    async def _write(self) -> None:
        """Ask for the words under the pointer; they are stored before the page shows them."""
        point = self._points[self._cursor]
        language, before = self.workspace.language, self._session.words.get(point.id, "")
        rules = self.t("In the client's own words, without names. An empty line empties the point.")
        call = " · ".join(number.number for number in self._numbers)
        prompt = PromptScreen(
            self.workspace,
            point.title[language],
            f"{point.ask[language]} {rules}\n\n{self.t('In distress: {numbers}', numbers=call)}",
            check=self._fault,
            keep=partial(self._session.write, point.id, before=before),
            begin_with=before,
        )
        if await self.ask(prompt) is None:
            return
        after = self._session.words.get(point.id, "")
        self.message = self.t("Stored.") if after != before else ""
        if after and self._cursor + 1 < len(self._points):
            self._cursor += 1
        self.draw(awake=True)

    def _fault(self, text: str) -> str | None:
        """Say what is wrong with a text; an empty one empties the point."""
        return find_words_fault(self.t, text, in_words=True) if text.strip() else None
