"""Services near the client: what is here, elsewhere and remote, and why others are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from casework.assessment import AssessmentSession
from casework.assessment_state import ANY_LANGUAGE, BarrierToggle
from casework.language import LANGUAGES, N_
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, labelled, paragraph, plain, wrap
from screens.base.page import Page
from screens.wording.decision_words import DecisionWords
from stepping.decision.outcome import Decision
from stepping.pathway.schema import Service
from stepping.services.match import Group, LeftOut, Nearby, Reason, find_home, find_outdated
from store.codes import show

GROUPS: dict[Group, str] = {
    "here": N_("here"),
    "elsewhere": N_("elsewhere in the county"),
    "remote": N_("remotely"),
}
TURNS: dict[BarrierToggle, str] = {
    "voucher": N_("The client refuses a voucher"),
    "transport": N_("The client cannot travel to another municipality"),
    "net": N_("The client cannot use the net or identify there"),
    "reading": N_("Longer texts are hard for the client"),
    ANY_LANGUAGE: N_("Any language will do, for example with an interpreter"),
    "occupational": N_("The client has occupational health care"),
}
PRODUCTION = {
    "own": N_("the county's own"),
    "bought": N_("bought service"),
    "voucher": N_("by voucher, which the client may refuse"),
    "partner": N_("partner"),
    "third_sector": N_("third sector"),
}
PLACE = {"fixed": "", "mobile": N_("comes to the client"), "remote": N_("remote")}
OWED = N_(
    "The voucher is refused, and no own or bought service is listed. The county has to find one."
)
AGAINST: dict[Reason, str] = {
    "voucher": N_("by voucher, which is refused"),
    "net": N_("needs the net or e-identification"),
    "reading": N_("needs reading of longer texts"),
    "occupational": N_("only for those without occupational health care"),
    "near": N_("near service, for those who cannot get to the others"),
}
"""The reasons against a service that name nothing of it."""
_FIRST = 3
"""Municipalities named before the rest is only hinted at."""


@dataclass(frozen=True)
class ServiceWords:
    """Says services in the nurse's language."""

    workspace: Workspace

    def line(self, service: Service) -> str:
        """Return a service with its contact and wait, and what of that is old."""
        t, old = self.workspace.t, find_outdated(service, self.workspace.today)
        parts = [service.name[self.workspace.language], service.contact, self._wait(service)]
        if "waiting" in old:
            parts.append(t("! the waiting time is old, ask again"))
        if "contact" in old:
            parts.append(
                t("! contact checked {date}, check it again", date=service.contact_checked)
            )
        return " · ".join(parts)

    def _wait(self, service: Service) -> str:
        t = self.workspace.t
        if service.waiting_days is None:
            return t("waiting time not known")
        wait = t.many("waiting time {count} day", "waiting time {count} days", service.waiting_days)
        return f"{wait} ({service.waiting_checked})"

    def about(self, service: Service) -> str:
        """Who runs it, how it is reached, in which languages, and for whom."""
        t = self.workspace.t
        parts = [
            t(PRODUCTION[service.production]),
            t(PLACE[service.place]) if PLACE[service.place] else self._at(service),
            t("near service, not urgent reception") if service.near else "",
            _languages(service),
            service.eligibility.get(self.workspace.language, ""),
        ]
        return " · ".join(part for part in parts if part)

    def _at(self, service: Service) -> str:
        return self._town(service.at) if service.at else ""

    def left_out(self, left: LeftOut) -> str:
        """Return a service with every reason against it."""
        reasons = "; ".join(self._against(left.service, reason) for reason in left.reasons)
        return f"{left.service.name[self.workspace.language]}: {reasons}"

    def _against(self, service: Service, reason: Reason) -> str:
        t = self.workspace.t
        match reason:
            case "municipality":
                return t("for residents of {places}", places=self._towns(service))
            case "age" if service.ages.to >= 120:
                return t("from age {low} on", low=service.ages.from_)
            case "age":
                return t("for ages {low}–{high}", low=service.ages.from_, high=service.ages.to)
            case "language":
                return t("serves in: {languages}", languages=_languages(service))
            case "transport":
                return t("in {place}, which cannot be reached", place=self._at(service))
            case _:
                return t(AGAINST[reason])

    def _towns(self, service: Service) -> str:
        names = [self._town(id_) for id_ in service.municipalities[:_FIRST]]
        return ", ".join(names) + (" …" if len(service.municipalities) > _FIRST else "")

    def _town(self, id_: str) -> str:
        return self.workspace.get_municipality_name(id_, self.workspace.language)


def _languages(service: Service) -> str:
    return ", ".join(LANGUAGES.get(code, code) for code in service.languages)


class ServicesScreen(Page[None]):
    """Lists the services of everything that is offered; digits say what the client can use."""

    def __init__(
        self, workspace: Workspace, session: AssessmentSession, decision: Decision
    ) -> None:
        super().__init__(workspace)
        self._session = session
        self._decision = decision

    def top(self) -> tuple[str, str]:
        """Name the list and the client."""
        return self.t("Services"), show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """Draw the place, what the client can use, and the services of each offer."""
        lines = [*self._place(width), ()]
        lines += [plain(f"{n} {self._turn_text(of)}") for n, of in enumerate(TURNS, start=1)]
        for offer in self._decision.interventions:
            lines += self._offer(offer.id, width)
        return lines

    def _place(self, width: int) -> list[Line]:
        language = self.workspace.language
        found = find_home(self.workspace.areas, self._session.client.municipality)
        if found is None:
            text = self.t("The client's municipality is not on the list, so no service is shown.")
            return paragraph(text, width)
        area, home = found
        parts = [home.name[language], area.county[language]]
        if home.hub:
            hub = self.workspace.get_municipality_name(home.hub, language)
            parts.append(self.t("work-ability hub: {place}", place=hub))
        if home.employment_area:
            parts.append(self.t("employment area: {name}", name=home.employment_area))
        return [bold(row) for row in wrap(" · ".join(parts), width)]

    def _turn_text(self, of: BarrierToggle) -> str:
        seeker = self._session.seeker
        holds = not seeker.languages if of == ANY_LANGUAGE else of in seeker.barriers
        return f"[{'x' if holds else ' '}] {self.t(TURNS[of])}"

    def _offer(self, id_: str, width: int) -> list[Line]:
        say = DecisionWords(self._session.pathway, self._decision, self.workspace.language)
        lines: list[Line] = [(), *(bold(row) for row in wrap(say.intervention(id_), width))]
        nearby = self.workspace.find_services(id_, self._session.seeker)
        for group, services in nearby.groups.items():
            lines += self._group(self.t(GROUPS[group]), services, width)
        if nearby == Nearby() and self._session.client.municipality:
            lines += paragraph(self.t("not available in this municipality's list"), width, indent=2)
        if nearby.needs_unlisted_service:
            lines += labelled("  !", self.t(OWED), width)
        return [*lines, *self._left_out(nearby, width)]

    def _group(self, title: str, services: Sequence[Service], width: int) -> Iterator[Line]:
        words = ServiceWords(self.workspace)
        if services:
            yield plain(f"  {title}", "underline")
        for service in services:
            yield from paragraph(f"→ {words.line(service)}", width, indent=2, hanging=2)
            yield from paragraph(words.about(service), width, indent=4)

    def _left_out(self, nearby: Nearby, width: int) -> Iterator[Line]:
        words = ServiceWords(self.workspace)
        if nearby.left_out:
            yield plain("  " + self.t("Left out"), "underline")
        for left in nearby.left_out:
            yield from paragraph(f"- {words.left_out(left)}", width, indent=2, hanging=2)

    def key_list(self) -> Shown:
        """Return the keys: a digit turns what the client can use; Esc goes back to the result."""
        turns = (partial(self._turn, of) for of in TURNS)
        return [
            *digit_keys(self.t("what the client can use"), turns),
            KeyBinding("escape,left,backspace,s", "Esc", self.t("back"), self.leave),
        ]

    def _turn(self, of: BarrierToggle) -> None:
        self._session.turned_barriers ^= {of}
        self.draw(awake=True)
