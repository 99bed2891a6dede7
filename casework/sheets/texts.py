"""What the site hands out on paper, and whose crisis numbers stand on it."""

from __future__ import annotations

from contextlib import suppress

from casework.emergency_cards import BUILT_IN, find_pathway, list_crisis_numbers
from casework.workspace import Workspace
from stepping.decision.safety import SafetyStep
from stepping.episode.episode import Episode
from stepping.pathway.care.sheets import Sheets
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.schema import CardNumber
from store.files.unresponsive import NoAnswer
from store.pathway_files.files import built_in
from store.pathway_files.sheets import load_sheets, shipped_sheets


def find_sheets(workspace: Workspace) -> Sheets:
    """Return the site's sheets; ours where its own cannot be read or its disk does not answer."""
    with suppress(PathwayError, NoAnswer):
        return workspace.ask_site("sheets", lambda: load_sheets(workspace.pathways))
    return shipped_sheets()


def opens_plan(workspace: Workspace, step: SafetyStep) -> bool:
    """Say whether the client takes a safety plan along with a step of an action card."""
    return f"{step.card}/{step.step}" in find_sheets(workspace).plan.opens


def find_numbers(
    workspace: Workspace, episode: Episode | None = None, pathway: Pathway | None = None
) -> list[CardNumber]:
    """Return whom the reader of a sheet can call in distress; never none.

    They are those of a pathway that is named, else of the client's own, else of one in use.

    Raises:
        StoreError: If the store does not tell which pathway the client's is.
    """
    if pathway is None and episode is not None:
        pathway = find_pathway(workspace, episode)
    if pathway is None:
        pathway = next(iter(workspace.readable_pathways), None) or built_in(BUILT_IN)
    return list_crisis_numbers(pathway)
