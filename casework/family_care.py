"""What there is for the family of a child whom no pathway assesses."""

from __future__ import annotations

from casework.workspace import Workspace
from stepping.pathway.population import family_care_at
from stepping.pathway.schema import Intervention


def list_family_care(workspace: Workspace, age: int) -> list[Intervention]:
    """Return the forms of care for the family of a child, if no pathway assesses the age.

    Raises:
        PathwayError: If no pathway takes new clients.
        StoreError: If what is proven cannot be kept.
    """
    if workspace.find_pathway_for(age) is not None:
        return []
    return family_care_at(workspace.pathways_in_use, age)
