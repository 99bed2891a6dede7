"""Proves a content as a whole: each pathway, the services, what goes on beside, and the cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from casework.training.checking import CaseChecker
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Pathway
from stepping.proofs.checker import as_findings
from stepping.proofs.findings import ProofFinding
from store.pathway_files.check import Checked, check_folder
from store.pathway_files.files import ids
from store.pathway_files.proven import PROVEN
from store.pathway_files.service_check import check_all_services
from store.pathway_files.vignettes import FOLDER as VIGNETTES


class Proven(NamedTuple):
    """What came of proving a content."""

    pathways: Mapping[str, Pathway]
    """Those that can be read, by id."""
    errors: tuple[ProofFinding, ...]
    hints: int

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each pathway, by id."""
        return {id_: pathway.digest for id_, pathway in self.pathways.items()}


class Proposals(NamedTuple):
    """What of a content no clinician has signed yet."""

    drafts: tuple[str, ...]
    """The pathways that nobody has approved."""
    local: int
    """Their rules, questions, cards and forms of care that are local proposals."""


def prove(root: Path, today: date, tell: Callable[[str], None]) -> Proven:
    """Prove all that stands in a folder of pathways; `tell` hears the name of each part."""
    found: list[ProofFinding] = []
    pathways: dict[str, Pathway] = {}
    for id_ in ids(root):
        tell(id_)
        checked = check_folder(root / id_, root, PROVEN.values())
        found += _placed(id_, checked)
        if checked.pathway is not None:
            pathways[id_] = checked.pathway
    tell("services")
    found += check_all_services(root, today)[1].findings
    tell(VIGNETTES)
    found += _cases(root)
    if not any(not pathway.header.follows for pathway in pathways.values()):
        none = Diagnostic("pathways", 1, "there is no pathway that takes new clients")
        found += as_findings([none])
    errors = tuple(each for each in found if each.severity == "error")
    return Proven(pathways, errors, len(found) - len(errors))


def _placed(id_: str, checked: Checked) -> Iterator[ProofFinding]:
    """Yield the findings of a pathway with its folder before the names of its files."""
    for each in checked.report.findings:
        told = each.diagnostic
        place = told.file if told.file.startswith(f"{id_}/") else f"{id_}/{told.file}"
        yield ProofFinding(
            each.severity,
            each.kind,
            Diagnostic(place, told.line, told.message),
            shows=each.shows,
        )


def _cases(root: Path) -> Iterator[ProofFinding]:
    """Yield what is wrong with the cases of a content, each decided on its pathway."""
    checker = CaseChecker(root)
    try:
        files = checker.files()
    except PathwayError as error:
        yield from as_findings(error.diagnostics, VIGNETTES)
        return
    for id_, path in files.items():
        if path.parent == root / VIGNETTES:
            checked = checker.check(id_, path)
            yield from as_findings(checked.errors, VIGNETTES)
            yield from (ProofFinding("hint", VIGNETTES, hint) for hint in checked.hints)


def list_proposals(proven: Proven) -> Proposals:
    """Return what nobody has signed: a pathway that is approved is signed with all that it has."""
    drafts = {
        id_: pathway
        for id_, pathway in proven.pathways.items()
        if pathway.header.status != "approved"
    }
    # Cards and instruments that several pathways share count once.
    local = {(kind, each) for pathway in drafts.values() for kind, each in _local_parts(pathway)}
    return Proposals(tuple(drafts), len(local))


def _local_parts(pathway: Pathway) -> Iterator[tuple[str, str]]:
    for rule in pathway.rules:
        if rule.rule.basis == "local":
            yield f"{pathway.id} rule", rule.rule.id
    for question in pathway.questions.values():
        if question.basis == "local":
            yield f"{pathway.id} question", question.id
    for care in pathway.interventions:
        if care.content.basis == "local":
            yield f"{pathway.id} care", care.id
    for card in pathway.cards.values():
        if card.basis == "local":
            yield "card", card.id
