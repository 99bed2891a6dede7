"""What there is for the family of a child whom no pathway assesses; it stores nothing."""

from __future__ import annotations

from collections.abc import Iterator

from casework.family_care import list_family_care
from casework.workspace import MUNICIPALITY, Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.page import Page
from screens.wording.service_words import ServiceWords
from stepping.pathway.schema import Intervention, Service
from stepping.services.match import Seeker, find_home


class FamilyScreen(Page[None]):
    """Names the forms of care for a child's family, with the services of the workplace's area."""

    def __init__(self, workspace: Workspace, age: int) -> None:
        super().__init__(workspace)
        self._age = age
        self._forms: list[Intervention] = []
        self._home: str | None = None

    def open(self) -> None:
        """Look up the forms of care, and where the workplace is."""
        forms = self.attempt(lambda: list_family_care(self.workspace, self._age))
        self._forms = forms or []
        self._home = self.attempt(lambda: self.workspace.store.settings.get(MUNICIPALITY))

    def top(self) -> tuple[str, str]:
        """Name the page and the child's age."""
        return self.t("Help for the family"), self.t("a child of {age}", age=self._age)

    def body(self, width: int) -> list[Line]:
        """Draw each form of care, then the services near the workplace that give them."""
        lines = paragraph(
            self.t("This is no assessment, and nothing is stored. In danger call 112."), width
        )
        language = self.workspace.language
        for form in self._forms:
            title = f"{form.title[language]} · {form.dose[language]}"
            lines += [bold(row) for row in wrap(title, width)]
            lines += paragraph(form.summary[language], width, indent=2)
        return [*lines, *self._services(width)]

    def _services(self, width: int) -> Iterator[Line]:
        t, language = self.t, self.workspace.language
        found = find_home(self.workspace.areas, self._home)
        yield ()
        if found is None:
            yield from paragraph(
                t("The workplace has no municipality, so no service is shown."), width
            )
            return
        area, home = found
        yield bold(f"{home.name[language]} · {area.county[language]}")
        words, lacking = ServiceWords(self.workspace), []
        given: dict[str, tuple[Service, list[str]]] = {}
        for form in self._forms:
            seeker = Seeker(municipality=self._home, age=self._age)
            usable = self.workspace.find_services(form.id, seeker).usable
            for service in usable:
                given.setdefault(service.id, (service, []))[1].append(form.title[language])
            lacking += [] if usable else [form.title[language]]
        for service, titles in given.values():
            yield from paragraph(f"→ {words.line(service)}", width, hanging=2)
            yield from paragraph("; ".join(titles), width, indent=2)
            yield from paragraph(words.about(service), width, indent=2)
        if lacking:
            label = t("not available in this municipality's list")
            yield from paragraph(f"! {label}: {'; '.join(lacking)}", width, hanging=2)

    def key_list(self) -> Shown:
        """Return to the card."""
        keys = f"escape,left,backspace,{self.t.letter('f', 'help for the family')}"
        return [KeyBinding(keys, "Esc", self.t("back"), self.leave)]
