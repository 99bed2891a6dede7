"""Tells which safety stops of a client are open, and offers their drafts before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

from casework.language import N_
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, labelled, paragraph
from screens.base.open_stops import open_stop_lines
from screens.base.page import Page
from screens.wording.day_words import day_words
from stepping.finland import finnish_day
from store.codes import show
from store.records import Client, OpenStop

_MOST = 9
"""As many drafts as there are digits."""


class OpenStopsScreen(Page[OpenStop | Literal["on"] | None]):
    """Offers the drafts in which a stop is open before another assessment begins or goes on.

    Returns the stop whose draft is to be gone on with, `on` for what was wanted, or nothing.
    """

    traits = Traits(debounce_factor=10)

    def __init__(
        self, workspace: Workspace, client: Client, stops: Sequence[OpenStop], on: str
    ) -> None:
        super().__init__(workspace)
        self._client = client
        self._stops = stops
        self._on = on
        """What the key is called that goes on with what was wanted."""
        drafts = {stop.assessment_id: stop for stop in reversed(stops) if stop.in_reach}
        self._drafts = list(drafts.values())[::-1][:_MOST]

    def top(self) -> tuple[str, str]:
        """Say that something is open, of whom."""
        return self.t("! First the open safety stop"), show(self._client.code)

    def body(self, width: int) -> list[Line]:
        """Tell the stops, and what they mean for what comes."""
        lines = open_stop_lines(self.workspace, self._stops, width)
        lines += [(), *paragraph(self.t(BINDS), width)]
        if len(self._drafts) > 1:
            lines += [(), bold(self.t("Drafts"))]
        for number, stop in enumerate(self._drafts if len(self._drafts) > 1 else (), start=1):
            began = day_words(finnish_day(stop.started_at), self.workspace.today, self.t)
            text = self.t("{stop}, begun {day}", stop=stop.stop, day=began)
            lines += labelled(f"  {number}", text, width)
        return lines

    def key_list(self) -> Shown:
        """Enter goes to the draft; a letter goes on with what was wanted."""
        first = [
            KeyBinding(
                "enter", "Enter", self.t("go to the stop"), partial(self.leave, self._drafts[0])
            )
            for _ in self._drafts[:1]
        ]
        many = self._drafts if len(self._drafts) > 1 else []
        return [
            *first,
            *digit_keys(self.t("another draft"), (partial(self.leave, stop) for stop in many)),
            KeyBinding("n", "n", self._on, partial(self.leave, "on")),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]


BINDS = N_(
    "While it is open, no assessment of this client can be confirmed below what it asks for."
)
"""What an open stop means for every other draft."""
