"""Checks a pathway where it stands on disk: its own files, its services, and its neighbours."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stepping.pathway.care.reader import TRACKS, check_care, check_measures, read_care
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.files import HEADER
from stepping.pathway.model import Pathway
from stepping.pathway.population import check_population
from stepping.pathway.toml_lines import TomlLines
from stepping.proofs.checker import as_findings, check_pathway, run_stage
from stepping.proofs.findings import CheckReport, ProofFinding
from stepping.services.match import check_services
from store.pathway_files.care import care_files
from store.pathway_files.files import UnknownPathway, load, neighbours, service_files
from store.pathway_files.sheets import load_sheets


@dataclass(frozen=True)
class Checked:
    """What a check found, and the pathway itself where it could be read."""

    folder: Path
    pathway: Pathway | None
    report: CheckReport


def check_folder(folder: Path, root: Path, proven: Collection[str] = ()) -> Checked:
    """Check the pathway of a folder; `root` is the folder of pathways that are used together.

    A pathway outside `root` has no neighbours with whom it would share the ages. A text whose
    digest is among those that are `proven` is not proven again.
    """
    try:
        pathway = load(str(folder))
    except PathwayError as error:
        return Checked(folder, None, CheckReport(as_findings(error.diagnostics)))
    except UnknownPathway:
        missing = Diagnostic(HEADER, 1, "the file is missing")
        return Checked(folder, None, CheckReport(as_findings([missing])))
    report = CheckReport(()) if pathway.digest in proven else check_pathway(pathway)
    together = (pathway, *neighbours(folder))
    around: list[ProofFinding] = []
    around += run_stage(around, lambda: _name(folder, root, pathway))
    around += run_stage(around, lambda: _services(folder, together))
    around += run_stage(around, lambda: _care(folder, together))
    around += run_stage(around, lambda: _population(folder, root, together))
    return Checked(folder, pathway, CheckReport((*around, *report.findings), report.coverage))


def _name(folder: Path, root: Path, pathway: Pathway) -> Iterator[ProofFinding]:
    """Yield a pathway in use is known by the name of its folder."""
    if folder.parent.resolve() == root.resolve() and pathway.id != folder.name:
        line = TomlLines(pathway.files[HEADER]).find_line(("id",))
        message = f"id is not the folder's name, {folder.name!r}"
        yield from as_findings([Diagnostic(HEADER, line, message)])


def _services(folder: Path, together: Sequence[Pathway]) -> Iterator[ProofFinding]:
    try:
        services = service_files(folder)
    except PathwayError as error:
        yield from as_findings(error.diagnostics, "services")
    else:
        known = {care.id for pathway in together for care in pathway.interventions}
        yield from as_findings(check_services(known, services), "services")


def _care(folder: Path, together: Sequence[Pathway]) -> Iterator[ProofFinding]:
    """Yield what is wrong with the folder's own tracks, deadlines and contacts.

    Ours go with our own pathways only: a county whose forms of care have other ids may use them.
    """
    root = folder.parent
    try:
        files = care_files(root)
        care = read_care(files)
        load_sheets(root)
    except PathwayError as error:
        yield from as_findings(error.diagnostics)
        return
    if os.path.lexists(root / TRACKS):
        known = {each.id for pathway in together for each in pathway.interventions}
        yield from as_findings(check_care(care, files, known))
    own = (pathway for pathway in together if pathway.id == folder.name)
    for pathway in own:
        yield from as_findings(check_measures(care, files, pathway))


def _population(folder: Path, root: Path, together: Sequence[Pathway]) -> Iterator[ProofFinding]:
    """Yield what is wrong with how the pathways of one folder share the ages among them."""
    if folder.parent.resolve() != root.resolve():
        return
    problems = check_population(sorted(together, key=lambda pathway: pathway.id))
    own = (problem for problem in problems if problem.file.startswith(f"{folder.name}/"))
    yield from as_findings(own, "population")
