"""The date in doubt: what the computer shows, to be compared with a calendar before work begins."""

from __future__ import annotations

from functools import partial

from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.wording.day_words import distance, weekday
from stepping.finland import finnish_day
from store.audit.clock_check import Doubt
from store.times import local_time


class ClockScreen(Page[bool]):
    """Asks whether the date is right; returns whether it is, None if the nurse leaves."""

    traits = Traits(debounce_factor=10)

    def __init__(self, workspace: Workspace, doubt: Doubt) -> None:
        super().__init__(workspace)
        self._doubt = doubt

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("! Check the date"), ""

    def body(self, width: int) -> list[Line]:
        """Show the date and time of the computer, and the day of the newest entry."""
        t, now, today = self.t, local_time(self.workspace.clock()), self.workspace.today
        newest = finnish_day(self._doubt.newest)
        shown = t("This computer shows: {day}, {time}", day=weekday(today, t), time=now.time())
        last = t(
            "Newest entry in this store: {day}, {distance}",
            day=weekday(newest, t),
            distance=distance(newest, today, t),
        )
        return [
            (),
            bold(shown),
            *paragraph(last, width),
            (),
            *paragraph(t("Look at a calendar or a telephone. Is the first date right?"), width),
            (),
            *paragraph(
                t(
                    "Days, deadlines and deletions are counted by this clock. No answer is stored "
                    "before the date has been checked."
                ),
                width,
            ),
            *paragraph(
                t("If it is wrong, close Porras, have the clock put right, and start again."), width
            ),
        ]

    def key_list(self) -> Shown:
        """Say that it is right, or close."""
        return [
            KeyBinding("d", "d", self.t("the date is right"), partial(self.leave, True)),
            KeyBinding("q", "q", self.t("it is wrong: close"), partial(self.leave, False)),
        ]
