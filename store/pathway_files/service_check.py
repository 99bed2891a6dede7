"""Checks every file of services of a folder of pathways, beside all pathways that it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Pathway
from stepping.proofs.findings import CheckReport, ProofFinding
from stepping.services.hints import future_dates, service_hints
from stepping.services.match import check_services
from stepping.services.numbers import number_faults, number_hints
from store.pathway_files.files import area_files, ids, load_all


def check_all_services(root: Path, today: date) -> tuple[list[str], CheckReport]:
    """Return the files of services of a folder of pathways, and what is wrong with them."""
    try:
        files = area_files(root, examples=False)
    except PathwayError as error:
        faults = (ProofFinding("error", "services", fault) for fault in error.diagnostics)
        return [], CheckReport(tuple(faults))
    pathways, unread = _pathways(root)
    steps = {pathway.id: _steps(pathway) for pathway in pathways}
    offered = {intervention.id for p in pathways for intervention in p.interventions}
    problems = check_services(offered, files)
    problems += (*future_dates(files, today), *number_faults(pathways, today))
    hints = (*service_hints(steps, files, today), *number_hints(pathways, today))
    findings = (
        *unread,
        *(ProofFinding("error", "services", problem) for problem in problems),
        *(ProofFinding("hint", "services", problem) for problem in hints),
    )
    return list(files), CheckReport(findings)


def _pathways(root: Path) -> tuple[list[Pathway], list[ProofFinding]]:
    """Return the pathways that services are for, and those that cannot be read, as errors.

    What only such a pathway offers counts as unknown.
    """
    pathways, unread = [], []
    for name, found in load_all(ids(root), root).items():
        if isinstance(found, PathwayError):
            fault = f"the pathway cannot be used; porras pathway check {name} tells why"
            unread.append(
                ProofFinding("error", "services", Diagnostic(f"{name}/pathway.toml", 1, fault))
            )
        else:
            pathways.append(found)
    return pathways, unread


def _steps(pathway: Pathway) -> Mapping[int, frozenset[str]]:
    """Return the interventions of each step."""
    numbers = {n for intervention in pathway.interventions for n in intervention.content.steps}
    return {
        n: frozenset(i.id for i in pathway.interventions if n in i.content.steps) for n in numbers
    }
