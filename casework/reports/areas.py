"""In which area of employment a municipality lies, as the services of the site tell it."""

from __future__ import annotations

from collections.abc import Mapping

from casework.workspace import Workspace
from stepping.reports.catalogue import AREA
from stepping.reports.model import Breakdown


def employment_areas(workspace: Workspace, by: Breakdown | None) -> Mapping[str, str]:
    """Return the area of employment of each municipality of which it is told.

    The services are read only where a report is told by it.
    """
    if by is None or by.column != AREA:
        return {}
    return {
        home.id: home.employment_area
        for area in workspace.areas
        for home in area.municipalities
        if home.employment_area
    }
