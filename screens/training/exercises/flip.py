"""Find the flip: which one answer alone would move the step of a case?"""

from __future__ import annotations

from functools import partial

from casework.language import N_
from casework.training.practice import Practice
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, paragraph, paragraphs, plain, wrap
from screens.base.page import Page
from screens.training.client_part import ClientPartScreen
from screens.training.exercises.words import CaseWords
from stepping.training.exercises.what_if import (
    Direction,
    Span,
    directions,
    list_choices,
    list_flips,
    sweep,
    value_of,
)
from stepping.training.reading import Case
from stepping.training.records import FlipTry

_MOST = 4
"""Flips that are told one by one."""
_GUESSED = {"up": N_("You said: up."), "down": N_("You said: down.")}
_MOVES = {
    frozenset({"up"}): N_("It moves the step up."),
    frozenset({"down"}): N_("It moves the step down."),
    frozenset({"up", "down"}): N_("It moves the step up or down."),
}


class FlipScreen(Page[bool]):
    """Asks for the answer, then for the direction, then tells both; True to try once more."""

    def __init__(self, practice: Practice, case: Case) -> None:
        super().__init__(practice.workspace)
        self._practice = practice
        self._case = case
        self._words = CaseWords(case, self.workspace.language)
        self._choices = list_choices(case)
        self._chosen = ""
        self._asks_direction = False
        self._guess: Direction | None = None
        self._spans: tuple[Span, ...] = ()

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the page and the case."""
        return self._case.vignette.title[self.workspace.language], self.t("the flip")

    def body(self, width: int) -> list[Line]:
        """Ask, or tell."""
        if not self._chosen:
            return self._asked(width)
        return self._which_way(width) if self._asks_direction else self._told(width)

    def _asked(self, width: int) -> list[Line]:
        say = self._words.say
        scores = " · ".join(say.score(id_) for id_ in self._totals())
        lines = [*paragraph(say.headline(), width, look="bold")]
        lines += paragraph(scores, width, look="dim") if scores else []
        lines += [(), *map(bold, wrap(self.t("Which one of these alone would move it?"), width))]
        choices = enumerate(self._choices, start=1)
        return lines + paragraphs((f"{at} {self._now(fact)}" for at, fact in choices), width)

    def _totals(self) -> list[str]:
        """Return the totals that are known."""
        facts, scores = self._case.pathway.facts, self._words.say.decision.scores
        known = (id_ for id_, score in scores.items() if isinstance(score, int))
        return [id_ for id_ in known if facts[id_].origin == "total"]

    def _now(self, fact: str) -> str:
        now = value_of(self._case, fact)
        return self._words.label(fact) if now is None else self._words.with_value(fact, now)

    def _which_way(self, width: int) -> list[Line]:
        return [
            *paragraph(self._now(self._chosen), width, look="bold"),
            (),
            *paragraph(self.t("In which direction would the step move?"), width),
        ]

    def _told(self, width: int) -> list[Line]:
        """Tell the choice, what it would do over its whole range, and the flips."""
        lines = self._verdict(width)
        for span in self._spans:
            mark = f" ({self.t('as in the case')})" if span.now else ""
            text = self._words.span(self._chosen, span) + mark
            told = f"{text} → {self._words.outcome(span.outcome)}"
            moves = span.outcome.step != self._case.decision.step
            lines += paragraph(told, width, indent=2, hanging=2, look="bold" if moves else "normal")
        return [*lines, (), *self._flips(width)]

    def _verdict(self, width: int) -> list[Line]:
        ways = directions(self._case, self._chosen)
        name = self._words.label(self._chosen)
        if not ways:
            text = self.t("Not this one: whatever is answered, the step stays. {name}", name=name)
            return paragraph(text, width, look="warning")
        guess = self.t(_GUESSED[self._guess]) if self._guess else ""
        told = " ".join(filter(None, (guess, self.t(_MOVES[ways]))))
        yes = paragraph(self.t("Yes. {name}", name=name), width, look="good")
        return [*yes, *paragraph(told, width)]

    def _flips(self, width: int) -> list[Line]:
        flips = list_flips(self._case)
        lines = [*map(bold, wrap(self.t("The smallest changes that move the step"), width))]
        lines += paragraphs((f"- {self._words.say.flip(flip)}" for flip in flips[:_MOST]), width)
        left = len(flips) - _MOST
        if left > 0:
            lines.append(plain("  " + self.t("and {count} more", count=left), "dim"))
        return lines

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Return the keys of what is asked now."""
        back = KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave)
        if not self._chosen:
            runs = (partial(self._choose, fact) for fact in self._choices)
            part = self.bind("c", "the client's part", self._read)
            return [*digit_keys(self.t("choose"), runs), part, back]
        if self._asks_direction:
            return [
                KeyBinding("1,plus", "1", self.t("up"), partial(self._tell, "up")),
                KeyBinding("2,minus", "2", self.t("down"), partial(self._tell, "down")),
                KeyBinding("enter", "Enter", self.t("no guess"), partial(self._tell, None)),
                back,
            ]
        again = partial(self.leave, True)
        return [KeyBinding("enter", "Enter", self.t("try again"), again), back]

    async def _read(self) -> None:
        await self.ask(ClientPartScreen(self.workspace, self._case))

    def _choose(self, fact: str) -> None:
        """Keep the choice; what comes of it is told once it is kept."""
        practice, case = self._practice, self._case
        tried = FlipTry(
            id=practice.new_id(),
            at=practice.stamp(),
            case=case.vignette.id,
            case_digest=case.digest,
            class_id=practice.class_id,
            fact=fact,
            right=bool(directions(case, fact)),
        )
        if self.stored(lambda: practice.keep(tried)):
            self._chosen, self._asks_direction = fact, True
            self.draw()

    def _tell(self, guess: Direction | None) -> None:
        self._guess, self._asks_direction = guess, False
        self._spans = sweep(self._case, self._chosen)
        self.draw()
