"""The emergency card: whom to call and what to do at each red flag, one key from every screen."""

from __future__ import annotations

from functools import partial

from casework.emergency_cards import list_emergency_cards, list_numbers
from casework.workspace import Workspace
from screens.base.cards import card_lines
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, labelled
from screens.base.page import Page
from screens.wording.number_words import number_words


class EmergencyScreen(Page[None]):
    """Shows the numbers first, then every red flag's card, most urgent first."""

    traits = Traits(offers_emergency=False, sent_at_once=True)
    """It waits for no older picture."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._cards = list_emergency_cards(workspace)

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("! EMERGENCY CARD"), self.t("In danger of life: 112")

    def body(self, width: int) -> list[Line]:
        """List numbers and cards."""
        cards, language = self._cards, self.workspace.language
        lines: list[Line] = [
            bold(self.t("In danger of life call 112. Do not leave the person alone."))
        ]
        for number in list_numbers(cards):
            words = number_words(number, language, self.t)
            lines += labelled(f"{number.number:<12}", words, width)
        for card in cards:
            lines += [(), *card_lines(card, language, width)]
        return lines

    def key_list(self) -> Shown:
        """Return to where the nurse was."""
        leave = partial(self.leave, None)
        return [KeyBinding("escape,enter", "Esc", self.t("back"), leave, calls=True)]
