"""The targets that the site has set for its reports, read once from its folder of pathways."""

from __future__ import annotations

from functools import partial

from casework.workspace import Workspace
from stepping.pathway.diagnostics import PathwayError
from stepping.reports.targets import Targets
from store.files.unresponsive import NoAnswer
from store.pathway_files.targets import load_targets


def site_targets(workspace: Workspace) -> tuple[Targets, str]:
    """Return the targets, and what is wrong with their file; then there are none."""
    try:
        return workspace.ask_site("targets", partial(load_targets, workspace.pathways)), ""
    except PathwayError as error:
        return Targets(), str(error)
    except NoAnswer:
        return Targets(), str(workspace.pathways)
