"""A draft taken up later: what is asked again, what is kept, and how old both are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.wording.day_words import time_since, weekday
from stepping.finland import finnish_day
from stepping.pathway.told_totals import list_tellable
from store.codes import show

Outcome = Literal["asked again", "pause"]


class ResumedScreen(Page[Outcome]):
    """Comes before the questions wherever an answer has grown too old.

    Enter withdraws what no longer holds; until then it counts as not given all the same.
    """

    traits = Traits(debounce_factor=10)

    def __init__(self, workspace: Workspace, session: AssessmentSession) -> None:
        super().__init__(workspace)
        self._session = session
        asked = session.asked_again
        self._again = list(self._rows(asked, danger=True))
        self._again += self._rows(asked, danger=False)
        counts = session.valid_answers.keys() & session.times.keys()
        self._kept = list(self._rows(counts))

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Taken up again"), show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """List both, section by section."""
        lines: list[Line] = [()]
        lines += paragraph(self.t("Some answers are too old to count now."), width)
        lines += [(), bold(self.t("Asked again, danger first"))]
        lines += [line for row in self._again for line in paragraph(f"- {row}", width, hanging=2)]
        kept = self._kept or [self.t("nothing")]
        lines += [(), bold(self.t("Kept, and counts on"))]
        lines += [line for row in kept for line in paragraph(f"- {row}", width, hanging=2)]
        told = self.t("The earlier answers stay in the history. No step rests on them any more.")
        return [*lines, (), *paragraph(told, width)]

    def _rows(self, ids: Collection[str], *, danger: bool | None = None) -> Iterator[str]:
        """Say of each section how many of some questions it has and when they were answered."""
        pathway, today = self._session.pathway, self.workspace.today
        tellable = list_tellable(pathway)
        asked = dict(pathway.questions) | {  # a total that was told stands with its items
            id_: pathway.questions[told.items[0]] for id_, told in tellable.items()
        }
        for section in pathway.header.section:
            here = [
                id_
                for id_, question in asked.items()
                if id_ in ids
                and question.section == section.id
                and danger in (None, bool(question.safety))
            ]
            if not here:
                continue
            days = sorted({finnish_day(self._session.times[id_].at) for id_ in here})
            count = self.t.many("{count} answer", "{count} answers", len(here))
            shown = weekday(days[0], self.t)
            if len(days) > 1:
                shown += f" – {weekday(days[-1], self.t)}"
            age = time_since(days[0], today, self.t)
            yield f"{section.title[self.workspace.language]}: {count}, {shown}, {age}"

    def key_list(self) -> Shown:
        """Ask again, or leave it for later."""
        return [
            KeyBinding("enter", "Enter", self.t("ask again"), self._go_on),
            KeyBinding("escape", "Esc", self.t("pause"), partial(self.leave, "pause")),
        ]

    def _go_on(self) -> None:
        if self.stored(self._session.reopen_outdated):
            self.leave("asked again")
