"""Says by which text an assessment goes on, where new ones use another."""

from __future__ import annotations

from casework.pathways_in_use import find_successor
from casework.workspace import Workspace
from store.records import Assessment


def begun_with(workspace: Workspace, assessment: Assessment) -> str:
    """Say that an assessment is finished by the text that it began with; nothing if that is new."""
    now = find_successor(
        assessment.pathway_id, assessment.pathway_digest, workspace.readable_pathways
    )
    if now is None:
        return ""
    if now.header.version == assessment.pathway_version:
        return workspace.t(
            "Begun with an earlier text of version {version}, and finished by it.",
            version=assessment.pathway_version,
        )
    return workspace.t(
        "Begun with version {version} and finished by it. New ones use {now}.",
        version=assessment.pathway_version,
        now=now.header.version,
    )
