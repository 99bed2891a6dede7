"""The result: on its first page all that matters, then what is left; the trace behind a key."""

from __future__ import annotations

from functools import partial
from typing import Literal

from rich.cells import cell_len

from casework.assessment import AssessmentSession
from casework.language import N_, NOT_MARKED
from casework.workspace import Workspace
from screens.base.bars import stair
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, beside, bold, cells, labelled, paragraph, paragraphs, wrap
from screens.base.older_text import begun_with
from screens.base.page import Page
from screens.result.care import CareScreen
from screens.result.danger import danger_lines
from screens.result.offers import OfferTable, place_offers
from screens.result.scores import Scores, score_lines
from screens.result.trace import Trace, excluded_words, listed
from screens.wording.besides import actions, next_contact
from screens.wording.decision_words import CONSIDER, SUPPORTS, DecisionWords
from screens.wording.elsewhere.told_words import ToldWords
from screens.wording.source_words import pathway_name
from stepping.decision.outcome import Decision
from store.codes import show

Outcome = Literal["confirm", "missing", "back", "pause", "note", "rules", "services"]
"""Confirm or change, answer what is missing, go back, pause, read the note, rules or services."""

_TITLES = (N_("Why"), N_("Would change"), N_("Also do"))
_SPOKEN = (N_("Why"), N_("What would change it"), N_("Also do"))
"""What stands left of the rows of the first page, and above them where they are read out."""
_BETWEEN = " · "


class ResultScreen(Page[Outcome]):
    """Says the suggestion with its reasons; it can only come where no stop is open."""

    def __init__(
        self, workspace: Workspace, session: AssessmentSession, decision: Decision
    ) -> None:
        super().__init__(workspace)
        if decision.stops:
            raise ValueError("a stop is open; there is no result to show")
        self._session = session
        self._decision = decision
        self._full = False
        self._contact = ""
        self._actions: list[str] = []

    def open(self) -> None:
        """Look up what is agreed with the client."""
        self.attempt(self._look_up)

    def _look_up(self) -> None:
        agreed = self._session.find_agreed_contact()
        self._contact = next_contact(self._session, self._say, agreed, self.workspace.care)
        self._actions = actions(self.workspace, self._session, self._say, agreed)

    @property
    def _say(self) -> DecisionWords:
        return ToldWords.of(self._session, self._decision, self.workspace.language)

    @property
    def _trace(self) -> Trace:
        return Trace(self._say, self._more.caption)

    @property
    def _offers(self) -> OfferTable:
        placed = place_offers(self.workspace, self._session, self._decision.interventions)
        return OfferTable(self.workspace, self._session, self._say, placed)

    def top(self) -> tuple[str, str]:
        """Name the client and the pathway."""
        header, decision = self._session.pathway.header, self._decision
        status = self.t("approved") if header.status == "approved" else self.t("draft")
        name = pathway_name(decision.pathway, self.t)
        version = f"{name} {decision.version} ({status})"
        return self.t("Result"), f"{show(self._session.client.code)} · {version}"

    # -- the body ------------------------------------------------------------

    def body(self, width: int) -> list[Line]:
        """Draw what matters, then what is left; or the trace."""
        if self._full:
            return [*self._headline(width), *self._trace.full(width)]
        return [*self._first(width), *self._left(width)]

    def spoken(self, width: int) -> list[Line] | None:
        """Say the same in sentences, without a stair, bars and columns."""
        lines = [bold(row) for row in wrap(self._say.headline(), width)]
        if self._full:
            return [*lines, *self._trace.full(width)]
        lines += self._heed(width)
        scores = [*(each.sentence(self.t) for each in self._scores), *self._scores.changes()]
        lines += listed(self.t("Scores"), scores, width)
        for title, part in zip(_SPOKEN, self._parts(width), strict=True):
            lines += [(), bold(self.t(title)), *part] if part else []
        offers = list(self._offers.sentences())
        lines += [(), bold(self._offered_in()), *paragraphs(offers, width)] if offers else []
        return [*lines, *self._left(width)]

    def aside(self, width: int) -> list[Line]:
        """Tell the rules with their facts beside the result."""
        return [] if self._full else self._trace.facts(width)

    @property
    def _scores(self) -> Scores:
        return Scores(self._session, self._say)

    def _first(self, width: int) -> list[Line]:
        """Draw the step, danger, scores, why, what would change it, what to do and to offer."""
        scores, titles = [*self._scores], [self.t(title) for title in _TITLES]
        column = 2 + max(map(cell_len, (*titles, *(score.name for score in scores))))
        parts = zip(titles, self._parts(width - column), strict=True)
        changes = self._scores.changes()
        told = [row for title, part in parts for row in beside(title, part, column)]
        return [
            *self._headline(width),
            *(self._heed(width) or [()]),
            *score_lines(scores, column, width, eighths=self.host.eighths),
            *(paragraph(_BETWEEN.join(changes), width) if changes else []),
            *([(), *told] if told else []),
            *self._offers.lines(self.t("On offer"), width),
        ]

    def _parts(self, width: int) -> tuple[list[Line], ...]:
        """Draw why, what would change it, and what to do besides."""
        return self._trace.why(width), self._trace.changes(width), self._also(width)

    def _offered_in(self) -> str:
        home = self._session.client.municipality
        if not home:
            return self.t("What to offer")
        place = self.workspace.get_municipality_name(home, self.workspace.language)
        return self.t("What to offer in {place}", place=place)

    def _headline(self, width: int) -> list[Line]:
        """Draw the suggested step by its name, and its place on the stair."""
        lines = [bold(row) for row in wrap(self._say.headline(), width)]
        if self._decision.step is None:
            return lines
        numbers = [step.number for step in self._session.pathway.header.step]
        steps = stair(numbers, self._decision.step, eighths=self.host.eighths)
        room = width - cells(steps) - cells(lines[-1])
        if room < 1:
            return [*lines, ((" " * (width - cells(steps)), "normal"), *steps)]
        return [*lines[:-1], (*lines[-1], (" " * room, "normal"), *steps)]

    def _heed(self, width: int) -> list[Line]:
        """Draw what comes before everything else: dangers, and what is open or not known."""
        say = self._say
        lines = [row for text in say.elsewhere() for row in labelled("!", text, width)]
        if self._decision.provisional:
            lines += labelled("!", self.t("The step is provisional: a doctor comes first."), width)
        if say.judge():
            lines += labelled("!", say.judge(), width)
        lines += danger_lines(self._session, say, self._contact, width)
        if not self._all_told:
            lines += paragraph(say.remaining(), width)
        lines += listed(self.t(CONSIDER), say.to_consider(), width)
        facts = self._session.pathway.facts
        needed = [facts[id_].label[self.workspace.language] for id_ in self._decision.required]
        lines += listed(self.t("Needed before a step can be confirmed"), needed, width)
        return [*lines, *listed(self.t("Declined"), say.declined(), width)]

    @property
    def _all_told(self) -> bool:
        return not (self._decision.missing or self._decision.declined)

    def _also(self, width: int) -> list[Line]:
        """Draw the next contact, where no danger has told it, and the actions beside the step."""
        contact = [] if self._decision.urgency or not self._contact else [self._contact]
        told = _BETWEEN.join([*contact, *self._actions])
        return paragraph(told, width) if told else []

    def _left(self, width: int) -> list[Line]:
        """Draw what is left when all that matters has been told."""
        say, t = self._say, self.t
        left_out = [excluded_words(say, each) for each in self._decision.excluded]
        lines: list[Line] = [()]
        if self._all_told:
            lines += paragraph(say.remaining(), width)
        if left := sum(len(each.nearby.left_out) for each in self._offers.placed):
            lines += paragraph(self._left_out_services(left), width)
        lines += listed(t("Left out"), left_out, width)
        lines += listed(t("Counted besides"), self._scores.others(), width)
        lines += [(), *paragraph(t("Pathway: {version}", version=say.version()), width)]
        if words := begun_with(self.workspace, self._session.assessment):
            lines += paragraph(words, width)
        if self._decision.rules:
            lines += paragraph(say.legend(), width)
        return [*lines, *paragraph(t(SUPPORTS), width), *paragraph(t(NOT_MARKED), width)]

    def _left_out_services(self, count: int) -> str:
        return self.t.many(
            "{count} service of the county is left out; {key} tells why.",
            "{count} services of the county are left out; {key} tells why.",
            count,
            key=self._services.caption,
        )

    # -- the keys ------------------------------------------------------------

    @property
    def _more(self) -> KeyBinding:
        if self._full:
            return self.bind("d", "short", self._toggle)
        return self.bind("d", "full reasons", self._toggle)

    @property
    def _services(self) -> KeyBinding:
        return self.bind("s", "services", partial(self.leave, "services"))

    def key_list(self) -> Shown:
        """Confirm, look closer, or go back."""
        suggested = self._decision.status == "suggested"
        confirm = partial(self.leave, "confirm")
        forward = (
            KeyBinding("enter,c", "Enter", self.t("confirm or change"), confirm)
            if suggested
            else KeyBinding("enter,a", "Enter", self.t("answer what is missing"), self._ask_again)
        )
        offers = () if self._full else self._decision.interventions[:9]
        looks = [partial(self._look_at, at) for at in range(len(offers))]
        return [
            forward,
            self._more,
            *digit_keys(self.t("care"), looks),
            *([self._services] if self._decision.interventions else []),
            self.bind("r", "record note", partial(self.leave, "note")),
            *(
                [self.bind("p", "rules", partial(self.leave, "rules"))]
                if self._decision.rules
                else []
            ),
            KeyBinding(
                "left,backspace", "←", self.t("to the questions"), partial(self.leave, "back")
            ),
            KeyBinding("escape", "Esc", self.t("pause"), partial(self.leave, "pause")),
        ]

    async def _look_at(self, at: int) -> None:
        placed = self._offers.placed
        await self.ask(CareScreen(self.workspace, self._session, self._say, placed, at))

    def _ask_again(self) -> None:
        if self.stored(self._session.reopen_required):
            self.leave("missing")

    def _toggle(self) -> None:
        self._full = not self._full
        self.offset_rows = 0
        self.draw(awake=True)
