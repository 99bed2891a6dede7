"""The client's part of a case: the story, and what to say if asked."""

from __future__ import annotations

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.page import Page
from screens.training.story import person_words, story_lines
from stepping.training.reading import Case


class ClientPartScreen(Page[None]):
    """Tells the client's part of one case; nothing of what is expected of the nurse."""

    def __init__(self, workspace: Workspace, case: Case) -> None:
        super().__init__(workspace)
        self._case = case

    def top(self) -> tuple[str, str]:
        """Name the case."""
        return self._case.vignette.title[self.workspace.language], self.t("the client's part")

    def body(self, width: int) -> list[Line]:
        """Say how it is played, tell the story, then what is said if asked."""
        vignette, language = self._case.vignette, self.workspace.language
        who = person_words(vignette.person, self.t)
        lines = [bold(self.t("You are {who}.", who=who))]
        lines += [*paragraph(self._how(), width, look="dim"), ()]
        lines += story_lines(vignette, language, width)
        lines.append(bold(self.t("Say this only if the nurse asks")))
        for asked in vignette.asked:
            lines += paragraph(f"? {asked.ask[language]}", width, hanging=2, look="dim")
            lines += paragraph(f"”{asked.says[language]}”", width, indent=2)
        return lines

    def _how(self) -> str:
        return self.t(
            "Read it once, then tell it in your own words, as this person would. What is not "
            "told here does not trouble you."
        )

    def key_list(self) -> Shown:
        """Only the way back."""
        return [KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave)]
