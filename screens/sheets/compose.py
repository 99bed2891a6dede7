"""Which sheets there are, and each of them as a document in one language."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from casework.emergency_cards import find_pathway
from casework.episode_names import collect_names
from casework.language import N_, speech
from casework.sheets.texts import find_numbers, find_sheets
from casework.workspace import Workspace
from screens.documents.as_text import as_text
from screens.documents.document import Block, Document
from screens.pathway.whole import review
from screens.sheets.agreed import (
    SEVERAL,
    agreed_blocks,
    has_plan,
    lines_used,
    services_blocks,
)
from screens.sheets.pages import SELF_CARE, page_blocks, step_blocks
from screens.sheets.parts import NoSheet, make_sheet, number_blocks
from screens.sheets.plan import plan_blocks
from stepping.episode.episode import Episode
from stepping.pathway.care.sheets import AgreedLine
from stepping.pathway.model import Pathway
from stepping.pathway.schema import Basis
from store.records import Client, SafetyRecord

PLAN, AGREED, SERVICES, FORM = "safety_plan", "agreed", "services_plan", "form"

_NOBODY = N_("This sheet is about a client. Nothing was made. Name the client.")
_NO_CARE = N_("The client has no episode of care. Nothing was made. Open one first.")
_NO_PLAN = N_("No plan of several services goes on. Nothing was made. Record the plan first.")
_NO_PATHWAY = N_("This sheet is of a pathway. Nothing was made. Name the pathway.")
_NO_STEP = N_("The pathway has no such step. Nothing was made. Choose another step.")
_UNWORDED = N_("{name} has no wording in this language. Nothing was made. Choose another language.")
_ALSO: Mapping[str, str] = {
    AGREED: N_("What we agreed"),
    SERVICES: N_("Our plan of several services"),
    FORM: N_("Questions on paper"),
}
"""The titles of sheets that stand in no file."""


@dataclass(frozen=True)
class Sheet:
    """Which sheet is wanted, of whom or of which pathway, in which language."""

    name: str
    language: str
    client: Client | None = None
    pathway: Pathway | None = None
    step: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """What the client's safety plan says, by its points."""
    safety: Sequence[SafetyRecord] = ()
    """The safety steps that were recorded for the client."""
    episode: Episode | None = None
    """The client's episode, the open one or the last."""

    @property
    def holds_client(self) -> bool:
        """Whether what a client has told or is given stands on it."""
        return self.client is not None and self.name in {PLAN, AGREED, SERVICES, SELF_CARE}

    def of_pathway(self, pathway: Pathway | None) -> Sheet:
        """Return the same sheet of a pathway, in a language that it has."""
        if pathway is None or self.language in pathway.header.languages:
            return replace(self, pathway=pathway)
        return replace(self, pathway=pathway, language=pathway.header.languages[0])


def sheet_names(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of all sheets, in the order in which they are listed."""
    return (PLAN, AGREED, SERVICES, *find_sheets(workspace).pages, FORM)


def title_of(workspace: Workspace, name: str, language: str) -> str:
    """Return what a sheet is called."""
    sheets = find_sheets(workspace)
    if name == PLAN:
        return sheets.plan.title[language]
    page = sheets.pages.get(name)
    return page.title[language] if page else speech(language)(_ALSO[name])


def sheet_text(workspace: Workspace, sheet: Sheet) -> str:
    """Return a sheet as plain text, in lines of at most 78 characters.

    Raises:
        NoSheet: As `compose_sheet`.
    """
    return as_text(compose_sheet(workspace, sheet))


def compose_sheet(workspace: Workspace, sheet: Sheet) -> Document:
    """Return a sheet as a document.

    Raises:
        NoSheet: If something that it is about is not there, or it has no words in the language.
        StoreError: If the store does not tell which pathway the client's is.
    """
    if sheet.name == FORM:
        return _form(sheet)
    workspace = dataclasses.replace(workspace, language=sheet.language)
    makers: Mapping[str, Callable[[Workspace, Sheet], Iterator[Block]]] = {
        PLAN: _plan,
        AGREED: _agreed,
        SERVICES: _services,
    }
    make = makers.get(sheet.name, _page)
    return make_sheet(
        title_of(workspace, sheet.name, sheet.language),
        sheet.language,
        make(workspace, sheet),
        day=workspace.today,
        training=workspace.training,
        rests_on=tuple(_rests_on(workspace, sheet)),
    )


def _rests_on(workspace: Workspace, sheet: Sheet) -> Iterator[tuple[str, Basis]]:
    sheets = find_sheets(workspace)
    if sheet.name == PLAN:
        yield sheets.plan.source[sheet.language], sheets.plan.basis
    elif page := sheets.pages.get(sheet.name):
        yield page.source[sheet.language], page.basis
    elif sheet.name == SERVICES and (track := workspace.care.tracks.get(SEVERAL)):
        yield "", track.basis
    elif sheet.name == AGREED:
        yield from (("", line.basis) for line, _ in _safety(workspace, sheet))


def _safety(workspace: Workspace, sheet: Sheet) -> list[tuple[AgreedLine, SafetyRecord]]:
    return lines_used(find_sheets(workspace).agreed, sheet.safety, workspace.today)


def _plan(workspace: Workspace, sheet: Sheet) -> Iterator[Block]:
    numbers = find_numbers(workspace, sheet.episode, sheet.pathway)
    return plan_blocks(find_sheets(workspace).plan, sheet.words, numbers, sheet.language)


def _agreed(workspace: Workspace, sheet: Sheet) -> Iterator[Block]:
    client, episode = _of_client(sheet)
    names = collect_names(workspace, client.birth_year, episode, client.sex)
    safety = _safety(workspace, sheet)
    yield from agreed_blocks(episode, names, workspace.today, sheet.language, safety)
    yield from number_blocks(find_numbers(workspace, episode), sheet.language)


def _services(workspace: Workspace, sheet: Sheet) -> Iterator[Block]:
    client, episode = _of_client(sheet)
    if not has_plan(episode):
        raise NoSheet(_NO_PLAN)
    names = collect_names(workspace, client.birth_year, episode, client.sex)
    yield from services_blocks(episode, names, workspace.today, sheet.language)
    yield from number_blocks(find_numbers(workspace, episode), sheet.language)


def _page(workspace: Workspace, sheet: Sheet) -> Iterator[Block]:
    page = find_sheets(workspace).pages[sheet.name]
    if page.id == SELF_CARE:
        yield from _step(workspace, sheet)
    yield from page_blocks(page, sheet.language)
    yield from number_blocks(find_numbers(workspace, sheet.episode, sheet.pathway), sheet.language)


def _step(workspace: Workspace, sheet: Sheet) -> Iterator[Block]:
    """Yield the step that a client is on, or one that is asked for; nothing where none is."""
    step = sheet.step
    if step is None and sheet.episode is not None:
        step = sheet.episode.step
    if step is None:
        return
    pathway = sheet.pathway or _own_pathway(workspace, sheet)
    if pathway is None or all(each.number != step for each in pathway.header.step):
        raise NoSheet(_NO_STEP)
    begun = None
    if sheet.client is not None:
        periods = sheet.episode.periods if sheet.episode else ()
        begun = [each.started.intervention for each in periods if each.open]
    yield from step_blocks(pathway, step, sheet.language, begun)


def _own_pathway(workspace: Workspace, sheet: Sheet) -> Pathway | None:
    return find_pathway(workspace, sheet.episode) if sheet.episode else None


def _of_client(sheet: Sheet) -> tuple[Client, Episode]:
    if sheet.client is None:
        raise NoSheet(_NOBODY)
    if sheet.episode is None:
        raise NoSheet(_NO_CARE)
    return sheet.client, sheet.episode


def _form(sheet: Sheet) -> Document:
    if sheet.pathway is None:
        raise NoSheet(_NO_PATHWAY)
    for instrument in sheet.pathway.instruments.values():
        if instrument.wording[sheet.language].status == "none":
            raise NoSheet(_UNWORDED, name=instrument.name)
    return review(sheet.pathway, sheet.language, "form")
