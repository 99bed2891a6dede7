"""The way to the reports: which one, then that one, and back to their list."""

from __future__ import annotations

from casework.reports.audience import reports_for
from casework.workspace import Workspace
from screens.export.files import guarded_folders
from screens.reports.choosing import reports_screen
from screens.reports.page import ReportScreen
from tui.flows.show import Show


async def show_reports(workspace: Workspace, show: Show) -> None:
    """Show the reports that the roles give, one after another; the only one at once."""
    reports = reports_for(workspace.store)
    period, at = None, 0
    while True:
        if len(reports) > 1:
            picked = await show(reports_screen(workspace, reports, at))
            if picked is None:
                return
            at = picked
        page = ReportScreen(workspace, reports[at], period, guarded_folders(workspace))
        left = await show(page)
        if len(reports) == 1:
            return
        period = left or period
