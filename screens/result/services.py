"""Services near the client: what is here, elsewhere and remote, and why others are left out."""

from __future__ import annotations

from functools import partial

from casework.assessment import AssessmentSession
from casework.assessment_state import ANY_LANGUAGE, BarrierToggle
from casework.language import N_
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, paragraph, plain, wrap
from screens.base.page import Page
from screens.result.care import services_of
from screens.wording.decision_words import DecisionWords
from stepping.decision.outcome import Decision
from stepping.services.match import find_home
from store.codes import show

TURNS: dict[BarrierToggle, str] = {
    "voucher": N_("The client refuses a voucher"),
    "transport": N_("The client cannot travel to another municipality"),
    "net": N_("The client cannot use the net or identify there"),
    "reading": N_("Longer texts are hard for the client"),
    ANY_LANGUAGE: N_("Any language will do, for example with an interpreter"),
    "occupational": N_("The client has occupational health care"),
}


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
        return [*lines, *services_of(self.workspace, self._session, nearby, width)]

    def key_list(self) -> Shown:
        """Return the keys: a digit turns what the client can use; Esc goes back to the result."""
        turns = (partial(self._turn, of) for of in TURNS)
        keys = f"escape,left,backspace,{self.t.letter('s', 'services')}"
        return [
            *digit_keys(self.t("what the client can use"), turns),
            KeyBinding(keys, "Esc", self.t("back"), self.leave),
        ]

    def _turn(self, of: BarrierToggle) -> None:
        self._session.turned_barriers ^= {of}
        self.draw(awake=True)
