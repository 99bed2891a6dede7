"""The date in doubt: what the computer shows, to be compared with a calendar before work begins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from casework.workspace import Workspace
from screens.base.lines import Line
from screens.base.page import Command, Sheet, bold, paragraph
from screens.wording.day_words import distance, weekday
from stepping.finland import finnish_day
from store.audit.clock_check import Doubt
from store.times import local_time


class ClockScreen(Sheet[bool]):
    """Asks whether the date is right; returns whether it is, None if the nurse leaves."""

    wakes_after = 10

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
        shown = t("This computer shows: {day}, {time}", day=weekday(today, t), time=f"{now:%H:%M}")
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

    def commands(self) -> Sequence[Command]:
        """Say that it is right, or close."""
        return [
            Command("d", "d", self.t("the date is right"), partial(self.dismiss, True)),
            Command("q", "q", self.t("it is wrong: close"), partial(self.dismiss, False)),
        ]
