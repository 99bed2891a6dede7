"""The way through the rules of a pathway."""

from __future__ import annotations

from casework.workspace import Workspace
from screens.pathway.browser import (
    RuleScreen,
    pathways_screen,
    rules_behind,
    rules_screen,
)
from stepping.decision.outcome import Decision
from stepping.pathway.diagnostics import Diagnostic, PathwayError, describe_program_fault
from stepping.pathway.model import Pathway
from store.errors import StoreError
from tui.flows.show import Show, Tell


class PathwayFlow:
    """Leads through the rules of a pathway until the nurse goes back."""

    def __init__(self, workspace: Workspace, show: Show, tell: Tell) -> None:
        self._workspace = workspace
        self._show = show
        self._tell = tell

    async def browse(self) -> None:
        """Show the rules of the pathway in use; where there are several, let the nurse choose."""
        try:
            pathways = self._workspace.pathways_in_use
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return
        if len(pathways) == 1:
            await self.read_rules(pathways[0])
            return
        while (at := await self._show(pathways_screen(self._workspace, pathways))) is not None:
            await self.read_rules(pathways[at])

    async def read_rules(self, pathway: Pathway, decision: Decision | None = None) -> None:
        """Show a pathway's rules, or those that a decision rests on, until the nurse goes back."""
        rules = rules_behind(pathway, decision) if decision else pathway.rules
        fired, at = decision is not None, 0
        while True:
            try:
                listed = rules_screen(self._workspace, pathway, rules, at, fired=fired)
            except Exception as error:  # one pathway must not end the program
                fault = Diagnostic(pathway.id, 1, describe_program_fault(error))
                await self._tell(PathwayError([fault]))
                return
            if (picked := await self._show(listed)) is None:
                return
            at = (
                await self._show(RuleScreen(self._workspace, pathway, rules, picked, decision)) or 0
            )
