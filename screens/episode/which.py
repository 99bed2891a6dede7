"""The choice between a follow-up and a whole assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.pathways_in_use import find_successor
from casework.workspace import Workspace
from screens.base.pick import ListItem, PickScreen
from stepping.episode.events import Measured
from stepping.pathway.model import Pathway


def which_screen(workspace: Workspace, pathways: Sequence[Pathway], first: Measured) -> PickScreen:
    """Ask whether a client is measured again, or assessed as a whole, in that order."""
    compares = workspace.t("Measures again, and compares with {day}.", day=first.day)
    gaps = _not_measured(workspace, pathways[0], first)
    since = " ".join((compares, *_by_older_text(workspace, pathways[0], first), *gaps))
    whole = workspace.t("Asks everything, as at the first contact.")
    names = [pathway.header.title[workspace.language] for pathway in pathways]
    entries = [ListItem(name, about) for name, about in zip(names, (since, whole), strict=True)]
    return PickScreen(workspace, (workspace.t("Follow-up or whole assessment?"), ""), entries)


def _by_older_text(workspace: Workspace, pathway: Pathway, first: Measured) -> Iterator[str]:
    """Say that the first assessment was made with a text that is no longer in use."""
    begun = workspace.store.assessments.get(first.assessment)
    if find_successor(begun.pathway_id, begun.pathway_digest, workspace.readable_pathways):
        yield workspace.t(
            "It uses version {now}; the first assessment was made with version {then}.",
            now=pathway.header.version,
            then=begun.pathway_version,
        )


def _not_measured(workspace: Workspace, pathway: Pathway, first: Measured) -> Iterator[str]:
    """Say which totals the first assessment lacks: without them no change can be told."""
    totals = [f"{i.id}.{i.change.total}" for i in pathway.instruments.values() if i.change]
    lacking = [
        pathway.facts[id_].label[workspace.language] for id_ in totals if id_ not in first.scores
    ]
    if lacking:
        yield workspace.t("Not measured then: {totals}.", totals=", ".join(lacking))
