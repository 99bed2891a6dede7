"""Before an interview of two: who plays what, and who looks at which paper."""

from __future__ import annotations

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.training.story import person_words
from stepping.training.reading import Case


class RolesScreen(Page[bool]):
    """Says who is the client and who the nurse; returns whether to begin."""

    def __init__(self, workspace: Workspace, case: Case) -> None:
        super().__init__(workspace)
        self._case = case

    def top(self) -> tuple[str, str]:
        """Name the mode and the case."""
        return self.t("Interview"), self._case.vignette.title[self.workspace.language]

    def body(self, width: int) -> list[Line]:
        """Give each of the two their part; the story stays hidden."""
        t = self.t
        who = person_words(self._case.vignette.person, t)
        client = t(
            "You are {who}. Read your part on paper, or on a second terminal: porras train, "
            "“Play the client”. Do not look at this screen until the end.",
            who=who,
        )
        nurse = t(
            "You do not know the story. Ask, listen, and answer here what you hear. At the end "
            "you say your own step, and only then see what the pathway suggests."
        )
        return [
            bold(t("The client")),
            *paragraph(client, width, indent=2),
            (),
            bold(t("The nurse, at this keyboard")),
            *paragraph(nurse, width, indent=2),
        ]

    def key_list(self) -> Shown:
        """Begin, or go back."""
        return [
            KeyBinding("enter", "Enter", self.t("to the questions"), lambda: self.leave(True)),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]
