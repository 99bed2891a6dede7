"""The result: the step and why, what would change it, what is there to offer, what is missing."""

from __future__ import annotations

from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.language import NOT_MARKED
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, labelled, paragraph, wrap
from screens.base.older_text import begun_with
from screens.base.page import Page
from screens.wording.besides import besides
from screens.wording.decision_words import CONSIDER, SUPPORTS, DecisionWords
from screens.wording.service_words import GROUPS, OWED, ServiceWords
from stepping.decision.explain import rules_by_floor
from stepping.decision.outcome import Decision, FiredRule, RankedIntervention
from stepping.services.match import Nearby
from store.codes import show

Outcome = Literal["confirm", "missing", "back", "pause", "note", "rules", "services"]
"""Confirm or change, answer what is missing, go back, pause, read the note, rules or services."""

_FLIPS = 4
"""Flips shown before the full trace is asked for."""


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
        self._besides: list[str] = []

    def open(self) -> None:
        """Look up what is agreed with the client."""
        self._besides = (
            self.attempt(lambda: besides(self.workspace, self._session, self._say)) or []
        )

    @property
    def _say(self) -> DecisionWords:
        return DecisionWords(self._session.pathway, self._decision, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Name the client and the pathway."""
        header, decision = self._session.pathway.header, self._decision
        status = self.t("approved") if header.status == "approved" else self.t("draft")
        version = f"{decision.pathway} {decision.version} ({status})"
        return self.t("Result"), f"{show(self._session.client.code)} · {version}"

    def body(self, width: int) -> list[Line]:
        """Draw everything that the decision says."""
        say = self._say
        lines: list[Line] = [bold(say.headline())]
        if say.urgency():
            lines += labelled(
                "!",
                self.t("{urgency}: the safety steps are recorded", urgency=say.urgency()),
                width,
            )
        for text in say.elsewhere():
            lines += labelled("!", text, width)
        if self._decision.provisional:
            lines += labelled("!", self.t("The step is provisional: a doctor comes first."), width)
        if say.judge():
            lines += labelled("!", say.judge(), width)
        lines += paragraph(say.remaining(), width)
        lines += self._list(self.t(CONSIDER), say.to_consider(), width)
        lines += self._needed(width)
        lines += self._list(self.t("Declined"), say.declined(), width)
        lines += self._reasons(width)
        lines += self._flips(width)
        lines += self._list(self.t("Also do"), self._besides, width)
        lines += self._offers(width)
        lines += self._left_out(width)
        lines += self._list(self.t("Scores"), [say.score(s) for s in self._decision.scores], width)
        if self._full:
            possible = [say.possible(rule) for rule in self._decision.possible]
            lines += self._list(self.t("Rules that could still hold"), possible, width)
        lines += [(), *paragraph(self.t("Pathway: {version}", version=say.version()), width)]
        if words := begun_with(self.workspace, self._session.assessment):
            lines += paragraph(words, width)
        lines += [*paragraph(self.t(SUPPORTS), width), *paragraph(self.t(NOT_MARKED), width)]
        return lines

    def _list(self, title: str, items: list[str], width: int) -> list[Line]:
        if not items:
            return []
        rows = [row for item in items for row in paragraph(f"- {item}", width, hanging=2)]
        return [(), bold(title), *rows]

    def _needed(self, width: int) -> list[Line]:
        facts = self._session.pathway.facts
        labels = [facts[id_].label[self.workspace.language] for id_ in self._decision.required]
        return self._list(self.t("Needed before a step can be confirmed"), labels, width)

    def _reasons(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for fired in rules_by_floor(self._session.pathway, self._decision):
            lines += self._reason(fired, width)
        if not lines:
            if self._decision.status != "suggested":
                return []
            none = self.t("No rule asks for more than self-care and follow-up.")
            if self._say.lifted():
                none = self.t("The stop that is open elsewhere asks for this step.")
            return [(), bold(self.t("Why")), *paragraph(none, width)]
        return [(), bold(self.t("Why")), *lines, *paragraph(self._say.legend(), width, indent=5)]

    def _reason(self, fired: FiredRule, width: int) -> list[Line]:
        _, facts, source = self._say.rule(fired)
        lines = labelled(f"{fired.id:<4}", self._say.because(fired.id), width)
        beside = fired.effect.partition(" ")[0] not in ("at_least", "stop")
        held = "" if beside and not self._full else self._say.held(fired)
        if held:
            lines += paragraph(held, width, indent=5)
        if self._full:
            lines += paragraph(facts, width, indent=5)
            lines += paragraph(source, width, indent=5)
        return lines

    def _flips(self, width: int) -> list[Line]:
        flips = self._decision.flips if self._full else self._decision.flips[:_FLIPS]
        return self._list(self.t("What would change it"), [self._say.flip(f) for f in flips], width)

    def _offers(self, width: int) -> list[Line]:
        if not self._decision.interventions:
            return []
        home, seeker = self._session.client.municipality, self._session.seeker
        placed = [
            (o, self.workspace.find_services(o.id, seeker)) for o in self._decision.interventions
        ]
        placed.sort(key=lambda pair: not pair[1].usable)
        place = self.workspace.get_municipality_name(home, self.workspace.language)
        title = self.t("What to offer in {place}", place=place) if home else self.t("What to offer")
        lines: list[Line] = [(), bold(title)]
        for offer, nearby in placed:
            lines += self._offer(offer, nearby, width)
        left = sum(len(nearby.left_out) for _, nearby in placed)
        if left:
            told = self.t.many(
                "{count} service of the county is left out; s tells why.",
                "{count} services of the county are left out; s tells why.",
                left,
            )
            lines += paragraph(told, width)
        return lines

    def _offer(self, offer: RankedIntervention, nearby: Nearby, width: int) -> list[Line]:
        say, language = self._say, self.workspace.language
        content = self._session.pathway.intervention(offer.id)
        code = f" ({content.code})" if content.code else ""
        lines = [bold(row) for row in wrap(f"- {say.intervention(offer.id)}{code}", width, 2)]
        lines += paragraph(
            f"{content.dose[language]} · {content.delivered_by[language]}", width, indent=2
        )
        if offer.because:
            reasons = "; ".join(say.reason(reason) for reason in offer.because)
            lines += paragraph(self.t("fits: {reasons}", reasons=reasons), width, indent=2)
        if not nearby.usable and self._session.client.municipality:
            none = self.t("not available in this municipality's list")
            unfit = self.t("no service on the list fits this client; s tells why")
            lines += paragraph(unfit if nearby.left_out else none, width, indent=2)
        for group, services in nearby.groups.items():
            for service in services if self._full else services[:1]:
                row = f"→ {self.t(GROUPS[group])}: {ServiceWords(self.workspace).line(service)}"
                lines += paragraph(row, width, indent=2, hanging=2)
        if nearby.needs_unlisted_service:
            lines += labelled("  !", self.t(OWED), width)
        return lines

    def _left_out(self, width: int) -> list[Line]:
        say = self._say
        rows = [
            f"{say.intervention(left.id)}: "
            f"{'; '.join(say.reason(reason) for reason in left.because)}"
            for left in self._decision.excluded
        ]
        return self._list(self.t("Left out"), rows, width)

    def key_list(self) -> Shown:
        """Confirm, look closer, or go back."""
        suggested = self._decision.status == "suggested"
        forward = (
            KeyBinding(
                "enter,c", "Enter", self.t("confirm or change"), partial(self.leave, "confirm")
            )
            if suggested
            else KeyBinding("enter,a", "Enter", self.t("answer what is missing"), self._ask_again)
        )
        return [
            forward,
            KeyBinding(
                "d",
                "d",
                self.t("full reasons") if not self._full else self.t("short"),
                self._toggle,
            ),
            *(
                [KeyBinding("s", "s", self.t("services"), partial(self.leave, "services"))]
                if self._decision.interventions
                else []
            ),
            KeyBinding("r", "r", self.t("record note"), partial(self.leave, "note")),
            *(
                [KeyBinding("p", "p", self.t("rules"), partial(self.leave, "rules"))]
                if self._decision.rules
                else []
            ),
            KeyBinding(
                "left,backspace", "←", self.t("back to the questions"), partial(self.leave, "back")
            ),
            KeyBinding("escape", "Esc", self.t("pause"), partial(self.leave, "pause")),
        ]

    def _ask_again(self) -> None:
        if self.stored(self._session.reopen_required):
            self.leave("missing")

    def _toggle(self) -> None:
        self._full = not self._full
        self.offset_rows = 0
        self.draw(awake=True)
