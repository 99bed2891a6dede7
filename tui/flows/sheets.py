"""The way through the sheets of a client: the list, the safety plan, each of them to be read."""

from __future__ import annotations

from functools import partial

from casework.assessment import AssessmentSession
from casework.emergency_cards import find_pathway
from casework.language import LANGUAGES
from casework.sheets.safety_plan import PlanSession
from casework.sheets.texts import opens_plan
from casework.workspace import Workspace
from screens.assessment.stop import PlanAlong
from screens.sheets.compose import FORM, PLAN
from screens.sheets.of_client import find_episode, sheet_of
from screens.sheets.plan_screen import SafetyPlanScreen
from screens.sheets.screen import SheetScreen, offered, sheets_screen
from stepping.pathway.model import Pathway
from store.errors import StoreError
from store.records import Client
from tui.flows.show import Show, Tell


def plan_along(workspace: Workspace, session: AssessmentSession) -> PlanAlong | None:
    """Return the safety plan that a stop of an assessment opens; none for a case of practice."""
    if session.is_case:
        return None

    def page() -> SafetyPlanScreen:
        plan = PlanSession(workspace, session.client, session.assessment.id)
        return SafetyPlanScreen(plan, session.pathway, along=True)

    return PlanAlong(partial(opens_plan, workspace), page)


class SheetsFlow:
    """Lists the sheets that make sense of a client until the nurse goes back."""

    def __init__(self, workspace: Workspace, show: Show, tell: Tell) -> None:
        self._workspace = workspace
        self._show = show
        self._tell = tell

    async def run(self, client: Client) -> None:
        """Let the nurse choose a sheet, and show it."""
        try:
            while (name := await self._chosen(client)) is not None:
                if name != PLAN or await self._write_plan(client):
                    await self._view(client, name)
        except StoreError as error:
            await self._tell(error)

    async def _chosen(self, client: Client) -> str | None:
        names = offered(self._workspace, find_episode(self._workspace, client))
        at = await self._show(sheets_screen(self._workspace, client, names))
        return None if at is None else names[at]

    async def _write_plan(self, client: Client) -> bool:
        """Show the safety plan to be written; return whether it is wanted as a sheet."""
        plan = PlanSession(self._workspace, client)
        page = SafetyPlanScreen(plan, self._pathway(client), along=False)
        return await self._show(page) == "sheet"

    async def _view(self, client: Client, name: str) -> None:
        """Show a sheet; that it was looked at is logged first, where it is about the client."""
        workspace, log = self._workspace, self._workspace.store.audit_log
        language = client.language if client.language in LANGUAGES else workspace.language
        sheet = sheet_of(workspace, name, language, client)
        if name == FORM:
            sheet = sheet.of_pathway(self._pathway(client))
        if sheet.holds_client:
            log.log_view(client.id)
        await self._show(SheetScreen(workspace, sheet, partial(log.log_export, client.id)))

    def _pathway(self, client: Client) -> Pathway | None:
        episode = find_episode(self._workspace, client)
        if episode is not None:
            return find_pathway(self._workspace, episode)
        return next(iter(self._workspace.readable_pathways), None)
