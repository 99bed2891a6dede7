"""The choice between a follow-up and a whole assessment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.workspace import Workspace
from screens.base.pick import ListItem, PickScreen
from stepping.episode.events import Measured
from stepping.pathway.model import Pathway


def which_screen(workspace: Workspace, pathways: Sequence[Pathway], first: Measured) -> PickScreen:
    """Ask whether a client is measured again, or assessed as a whole, in that order."""
    gaps = _not_measured(workspace, pathways[0], first)
    since = " ".join(
        (workspace.t("Measures again, and compares with {day}.", day=first.day), *gaps)
    )
    whole = workspace.t("Asks everything, as at the first contact.")
    names = [pathway.header.title[workspace.language] for pathway in pathways]
    entries = [ListItem(name, about) for name, about in zip(names, (since, whole), strict=True)]
    return PickScreen(workspace, (workspace.t("Follow-up or whole assessment?"), ""), entries)


def _not_measured(workspace: Workspace, pathway: Pathway, first: Measured) -> Iterator[str]:
    """Say which totals the first assessment lacks: without them no change can be told."""
    totals = [f"{i.id}.{i.change.total}" for i in pathway.instruments.values() if i.change]
    lacking = [
        pathway.facts[id_].label[workspace.language] for id_ in totals if id_ not in first.scores
    ]
    if lacking:
        yield workspace.t("Not measured then: {totals}.", totals=", ".join(lacking))
