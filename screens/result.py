"""The result: the step and why, what would change it, what is there to offer, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from screens.desk import Desk
from screens.sheet import Command, Sheet, bold, labelled, paragraph
from screens.visit import Visit
from screens.widgets.lines import Line
from screens.wording import CONSIDER, NOT_MARKED, SUPPORTS, Wording
from stepping.content import Service
from stepping.outcome import Decision, FiredRule, RankedIntervention
from store.codes import show

Outcome = Literal["confirm", "missing", "back", "pause", "note", "rules"]
"""Confirm or change, answer what is missing, go back, pause, read the note or the rules."""

_FLIPS = 4
"""Flips shown before the full trace is asked for."""


class ResultScreen(Sheet[Outcome]):
    """Says the suggestion with its reasons; it can only come where no stop is open."""

    def __init__(self, desk: Desk, visit: Visit, decision: Decision) -> None:
        super().__init__(desk)
        if decision.stops:
            raise ValueError("a stop is open; there is no result to show")
        self._visit = visit
        self._decision = decision
        self._full = False

    @property
    def _say(self) -> Wording:
        return Wording(self._visit.pathway, self._decision, self.desk.language)

    def top(self) -> tuple[str, str]:
        """Name the client and the pathway."""
        header, decision = self._visit.pathway.header, self._decision
        status = self.t("approved") if header.status == "approved" else self.t("draft")
        version = f"{decision.pathway} {decision.version} ({status})"
        return self.t("Result"), f"{show(self._visit.client.code)} · {version}"

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
        if self._decision.provisional:
            lines += labelled("!", self.t("The step is provisional: a doctor comes first."), width)
        lines += paragraph(say.remaining(), width)
        lines += self._list(self.t(CONSIDER), say.to_consider(), width)
        lines += self._needed(width)
        lines += self._reasons(width)
        lines += self._flips(width)
        lines += self._list(
            self.t("Also do"), [say.action(a) for a in self._decision.actions], width
        )
        lines += self._offers(width)
        lines += self._left_out(width)
        lines += self._list(self.t("Scores"), [say.score(s) for s in self._decision.scores], width)
        if self._full:
            possible = [say.possible(rule) for rule in self._decision.possible]
            lines += self._list(self.t("Rules that could still hold"), possible, width)
        lines += [(), *paragraph(self.t("Pathway: {version}", version=say.version()), width)]
        lines += [*paragraph(self.t(SUPPORTS), width), *paragraph(self.t(NOT_MARKED), width)]
        return lines

    def _list(self, title: str, items: list[str], width: int) -> list[Line]:
        if not items:
            return []
        rows = [row for item in items for row in paragraph(f"- {item}", width, hanging=2)]
        return [(), bold(title), *rows]

    def _needed(self, width: int) -> list[Line]:
        facts = self._visit.pathway.facts
        labels = [facts[id_].label[self.desk.language] for id_ in self._decision.required]
        return self._list(self.t("Needed before a step can be confirmed"), labels, width)

    def _reasons(self, width: int) -> list[Line]:
        lines: list[Line] = []
        for fired in sorted(self._decision.rules, key=self._weight):
            lines += self._reason(fired, width)
        if not lines:
            if self._decision.status != "suggested":
                return []
            none = self.t("No rule asks for more than self-care and follow-up.")
            return [(), bold(self.t("Why")), *paragraph(none, width)]
        return [(), bold(self.t("Why")), *lines, *paragraph(self._say.legend(), width, indent=5)]

    def _weight(self, fired: FiredRule) -> int:
        """The rules that decide the step come first, then lower floors, then the rest."""
        floor = self._visit.pathway.rule(fired.id).rule.at_least
        return 1 if floor is None else -floor

    def _reason(self, fired: FiredRule, width: int) -> list[Line]:
        _, facts, source = self._say.rule(fired)
        lines = labelled(f"{fired.id:<4}", self._say.because(fired.id), width)
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
        home = self._visit.client.municipality
        placed = [(o, self.desk.services(o.id, home)) for o in self._decision.interventions]
        placed.sort(key=lambda pair: not pair[1])
        place = self.desk.municipality_name(home, self.desk.language)
        title = self.t("What to offer in {place}", place=place) if home else self.t("What to offer")
        lines: list[Line] = [(), bold(title)]
        for offer, services in placed:
            lines += self._offer(offer, services, width)
        return lines

    def _offer(
        self, offer: RankedIntervention, services: tuple[Service, ...], width: int
    ) -> list[Line]:
        say, language = self._say, self.desk.language
        content = self._visit.pathway.intervention(offer.id)
        code = f" ({content.code})" if content.code else ""
        lines = [bold(row) for row in _wrapped(f"- {say.intervention(offer.id)}{code}", width)]
        lines += paragraph(
            f"{content.dose[language]} · {content.delivered_by[language]}", width, indent=2
        )
        if offer.because:
            reasons = "; ".join(say.reason(reason) for reason in offer.because)
            lines += paragraph(self.t("fits: {reasons}", reasons=reasons), width, indent=2)
        if not services and self._visit.client.municipality:
            lines += paragraph(self.t("not available in this municipality's list"), width, indent=2)
        for service in services if self._full else services[:1]:
            lines += paragraph(self._service(service), width, indent=2, hanging=2)
        return lines

    def _service(self, service: Service) -> str:
        parts = [service.name[self.desk.language], service.contact]
        if service.waiting_days is not None:
            wait = self.t.many(
                "waiting time {count} day", "waiting time {count} days", service.waiting_days
            )
            parts.append(f"{wait} ({service.waiting_checked})")
        age = (self.desk.clock().date() - service.contact_checked).days
        if age > 365:
            parts.append(
                self.t("! contact checked {date}, check it again", date=service.contact_checked)
            )
        return "→ " + " · ".join(parts)

    def _left_out(self, width: int) -> list[Line]:
        say = self._say
        rows = [
            f"{say.intervention(left.id)}: "
            f"{'; '.join(say.reason(reason) for reason in left.because)}"
            for left in self._decision.excluded
        ]
        return self._list(self.t("Left out"), rows, width)

    def commands(self) -> Sequence[Command]:
        """Confirm, look closer, or go back."""
        suggested = self._decision.status == "suggested"
        forward = (
            Command(
                "enter,c", "Enter", self.t("confirm or change"), lambda: self.dismiss("confirm")
            )
            if suggested
            else Command("enter,a", "Enter", self.t("answer what is missing"), self._ask_again)
        )
        return [
            forward,
            Command(
                "d",
                "d",
                self.t("full reasons") if not self._full else self.t("short"),
                self._toggle,
            ),
            Command("r", "r", self.t("record note"), lambda: self.dismiss("note")),
            *(
                [Command("p", "p", self.t("rules"), lambda: self.dismiss("rules"))]
                if self._decision.rules
                else []
            ),
            Command(
                "left,backspace", "←", self.t("back to the questions"), lambda: self.dismiss("back")
            ),
            Command("escape", "Esc", self.t("pause"), lambda: self.dismiss("pause")),
        ]

    def _ask_again(self) -> None:
        if self.stored(self._visit.ask_again):
            self.dismiss("missing")

    def _toggle(self) -> None:
        self._full = not self._full
        self.offset_rows = 0
        self.draw(awake=True)


def _wrapped(text: str, width: int) -> list[str]:
    from screens.widgets.lines import wrap

    return wrap(text, width, 2)
