"""One form of care: what it is, why it fits, where it is given, and why not everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, labelled, paragraph, wrap
from screens.base.page import Page
from screens.result.offers import Placed
from screens.wording.decision_words import DecisionWords
from screens.wording.service_words import GROUPS, OWED, ServiceWords
from stepping.pathway.schema import Service
from stepping.services.match import Nearby
from store.codes import show


class CareScreen(Page[None]):
    """Tells one of the forms of care that are offered; a digit turns to another."""

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        say: DecisionWords,
        placed: Sequence[Placed],
        at: int,
    ) -> None:
        super().__init__(workspace)
        self._session = session
        self._say = say
        self._placed = placed
        self._at = at

    def top(self) -> tuple[str, str]:
        """Name the page and the client."""
        return self.t("Form of care"), show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """Draw the form of care with its services."""
        placed, language = self._placed[self._at], self.workspace.language
        content = self._session.pathway.intervention(placed.offer.id)
        known = ", ".join(filter(None, (content.code, content.programme)))
        code = f" ({known})" if known else ""
        title = f"{self._at + 1} {self._say.intervention(placed.offer.id)}{code}"
        lines = [bold(row) for row in wrap(title, width, 2)]
        about = f"{content.dose[language]} · {content.delivered_by[language]}"
        lines += paragraph(about, width)
        if placed.offer.because:
            reasons = "; ".join(self._say.reason(reason) for reason in placed.offer.because)
            lines += paragraph(self.t("fits: {reasons}", reasons=reasons), width)
        return [*lines, (), *services_of(self.workspace, self._session, placed.nearby, width)]

    def key_list(self) -> Shown:
        """Return the keys: a digit or Enter turns to another form of care."""
        turns = [partial(self._turn, at) for at in range(len(self._placed))]
        after = (self._at + 1) % len(self._placed)
        following = [KeyBinding("enter", "Enter", self.t("next one"), turns[after])]
        return [
            *(following if len(turns) > 1 else []),
            *digit_keys(self.t("another one"), turns[:9]),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _turn(self, at: int) -> None:
        self._at, self.offset_rows = at, 0
        self.draw(awake=True)


def services_of(
    workspace: Workspace, session: AssessmentSession, nearby: Nearby, width: int
) -> Iterator[Line]:
    """Yield the services of a form of care by where they are, and those left out with why."""
    t, words = workspace.t, ServiceWords(workspace)
    for group, services in nearby.groups.items():
        yield from _group(words, t(GROUPS[group]), services, width)
    if nearby == Nearby() and session.client.municipality:
        yield from paragraph(t("not available in this municipality's list"), width, indent=2)
    if nearby.needs_unlisted_service:
        yield from labelled("  !", t(OWED), width)
    if nearby.left_out:
        yield _heading(t("Left out"))
    for left in nearby.left_out:
        yield from paragraph(f"- {words.left_out(left)}", width, indent=2, hanging=2)


def _heading(title: str) -> Line:
    return (("  ", "normal"), (title, "underline"))


def _group(
    words: ServiceWords, title: str, services: Sequence[Service], width: int
) -> Iterator[Line]:
    if services:
        yield _heading(title)
    for service in services:
        yield from paragraph(f"→ {words.line(service)}", width, indent=2, hanging=2)
        yield from paragraph(words.about(service), width, indent=4)
