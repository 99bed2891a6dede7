"""The emergency drill: a case that turns, and the card that is found then."""

from __future__ import annotations

from collections.abc import Callable

from casework.emergency_cards import list_emergency_cards
from casework.training.practice import Practice
from casework.workspace import Workspace
from screens.base.cards import card_lines, card_title
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown, hidden
from screens.base.lines import Line, Look, labelled, paragraph
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.wording.number_words import number_words
from stepping.pathway.schema import LEVELS, Card
from stepping.training.exercises.drill import LEFT_ALONE_S, is_right, story_parts, turns_after
from stepping.training.reading import Case
from stepping.training.records import DrillTry


class DrillScreen(Page[bool]):
    """Tells a case in parts until it turns; True to go through it once more.

    The emergency key opens a list of the cards of the emergency page here; the real page is one key
    further. `seconds` is a clock that counts on while the computer sleeps, and that nobody sets.
    """

    traits = Traits(offers_emergency=False, reads_changes=True)

    def __init__(
        self, practice: Practice, case: Case, tries: int, seconds: Callable[[], float]
    ) -> None:
        super().__init__(practice.workspace)
        self._practice = practice
        self._case = case
        self._seconds = seconds
        self._parts = story_parts(case.vignette.story[self.workspace.language])
        self._turns_after = turns_after(case.vignette, tries, len(self._parts))
        self._shown = 1
        self._since: float | None = None
        """When the case turned."""
        self._found: Card | None = None
        self._cards = _cards(practice, case)

    @property
    def _turned(self) -> bool:
        return self._since is not None

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the page and the case."""
        return self._case.vignette.title[self.workspace.language], self.t("drill")

    def body(self, width: int) -> list[Line]:
        """Tell the story so far, the newest part in full view, and how it turned."""
        lines: list[Line] = []
        for place, part in enumerate(self._parts[: self._shown], start=1):
            newest = place == self._shown and not self._turned
            first = len(lines)
            lines += [*paragraph(part, width, look="normal" if newest else "dim"), ()]
            if newest:
                self.in_view = (first, len(lines) - 1)
        if self._turned and self._case.vignette.turn is not None:
            first = len(lines)
            text = self._case.vignette.turn.text[self.workspace.language]
            lines += [*paragraph(f"! {text}", width, hanging=2, look="warning"), ()]
            if self._found:
                title = self._found.title[self.workspace.language]
                told = self.t("You opened the right card: {title}", title=title)
                lines += paragraph(told, width, look="good")
            self.in_view = (first, len(lines) - 1)
        return lines

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Return the keys: on with the story, the cards, and the way out."""
        on: Shown = [KeyBinding("enter,right", "Enter", self.t("go on"), self._go_on)]
        if self._found:
            on = [KeyBinding("enter", "Enter", self.t("once more"), self._again)]
        elif self._turned:
            on = [hidden("enter,right", self._hint)]
        keys, label = "f10,exclamation_mark,e", self.t("emergency card")
        return [
            *on,
            KeyBinding(keys, "F10", label, self._open_cards, calls=True),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _again(self) -> None:
        self.leave(True)

    def _go_on(self) -> None:
        if self._shown < self._turns_after:
            self._shown += 1
        else:
            self._since = self._seconds()
        self.message = ""
        self.draw()

    def _hint(self) -> None:
        self.say(self.t("What do you do now? F10 or ! opens the emergency cards."))

    async def _open_cards(self) -> None:
        """List the cards, and open the one that is chosen; once it has turned, that counts."""
        title = self.t("! EMERGENCY CARD"), self.t("In danger of life: 112")
        language = self.workspace.language
        items = [ListItem(card_title(c, language), c.lead[language]) for c in self._cards]
        chosen = await self.ask(PickScreen(self.workspace, title, items))
        if chosen is not None:
            card = self._cards[chosen]
            told, look = self._tell(card)
            await self.ask(DrillCardScreen(self.workspace, card, told, look))
        elif not self._turned:
            self.say(self.t("Opening the cards early is never a fault. Nothing is recorded."))

    def _tell(self, card: Card) -> tuple[str, Look]:
        """Keep that a card was opened; return what to say of it."""
        turn = self._case.vignette.turn
        if self._since is None or turn is None:
            told = self.t("Opening the cards early is never a fault. Nothing is recorded.")
            return told, "good"
        if self._found:
            return "", "normal"
        seconds, right = self._seconds() - self._since, is_right(turn, card.id)
        kept = self._keep(card, right, seconds)
        if not right:
            wanted = next(each for each in self._cards if each.id == turn.card)
            return self._of_another(wanted), "warning"
        before = self._earlier() if kept else []
        self._found = card
        return self._of_the_right_one(seconds, before), "good"

    def _of_another(self, wanted: Card) -> str:
        title = wanted.title[self.workspace.language]
        return self.t(
            "This card is for something else, as it says below. Right now it is “{title}”. "
            "Go back and open it.",
            title=title,
        )

    def _of_the_right_one(self, seconds: float, before: list[int]) -> str:
        if not 0 <= seconds <= LEFT_ALONE_S:
            return self.t("The right card. The drill was left alone meanwhile: no time is kept.")
        told = self.t.many(
            "The right card, after {count} second.",
            "The right card, after {count} seconds.",
            round(seconds),
        )
        if before:
            times = ", ".join(map(str, before))
            told += " " + self.t("Your earlier times in seconds: {times}.", times=times)
        return told

    def _earlier(self) -> list[int]:
        """Return the seconds of the trainee's own earlier tries with the right card."""
        entries = self._practice.record.entries
        own = [e for e in entries if isinstance(e, DrillTry) and e.right]
        return [round(e.seconds) for e in own if e.case == self._case.vignette.id][-4:-1]

    def _keep(self, card: Card, right: bool, seconds: float) -> bool:
        """Keep a try; one that was left alone is none."""
        if not 0 <= seconds <= LEFT_ALONE_S:
            return False
        practice, case = self._practice, self._case
        tried = DrillTry(
            id=practice.new_id(),
            at=practice.stamp(),
            case=case.vignette.id,
            case_digest=case.digest,
            class_id=practice.class_id,
            card=card.id,
            right=right,
            seconds=round(seconds, 1),
        )
        return self.stored(lambda: practice.keep(tried))


class DrillCardScreen(Page[None]):
    """Shows a card: what is told of opening it, then its steps and its numbers."""

    def __init__(self, workspace: Workspace, card: Card, told: str, look: Look) -> None:
        super().__init__(workspace)
        self._card = card
        self._told = told
        self._look = look

    def top(self) -> tuple[str, str]:
        """Name the page."""
        return self.t("! EMERGENCY CARD"), self.t("In danger of life: 112")

    def body(self, width: int) -> list[Line]:
        """Tell of the card that was opened."""
        language = self.workspace.language
        lines = [*paragraph(self._told, width, look=self._look), ()] if self._told else []
        lines += card_lines(self._card, language, width)
        for number in self._card.numbers:
            words = number_words(number, language, self.t)
            lines += labelled(f"    {number.number:<12}", words, width)
        return lines

    def key_list(self) -> Shown:
        """Only the way back."""
        return [KeyBinding("escape,enter,left,backspace", "Esc", self.t("back"), self.leave)]


def _cards(practice: Practice, case: Case) -> list[Card]:
    """Return the cards of the emergency page, and those of the turn, the most urgent first."""
    cards = {card.id: card for card in list_emergency_cards(practice.workspace)}
    turn = case.vignette.turn
    for id_ in (turn.card, *turn.also) if turn else ():
        cards.setdefault(id_, case.pathway.cards[id_])
    return sorted(cards.values(), key=lambda card: -LEVELS.index(card.level))
