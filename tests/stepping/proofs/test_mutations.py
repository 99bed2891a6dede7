"""The check against single faults in the pathways that come with Porras.

A fault that passes would reach a client; a sound pathway that is refused would soon have nobody
look at what the check says.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from stepping.decision.decide import decide
from stepping.pathway.answers import read_answers
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.population import check_population
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import as_findings, check_pathway
from stepping.proofs.findings import ProofFinding, describe_decision
from stepping.services.match import check_services
from store.paths import PATHWAYS
from store.pathway_files.check import check_folder
from store.pathway_files.files import folder_files, ids, service_files
from tests.stepping.proofs.mutations import ADULT, FOLLOW_UP, NEW_OF_ADULTS, YOUTH, Mutation

ALL = (*ADULT, *NEW_OF_ADULTS, *YOUTH, *FOLLOW_UP)
_QUICK = {"content", "population", "services"}
"""What is found without a walk through the examples and the proofs."""
_ONE_OF = 10
"""Of the slow faults, the ordinary suite tries one of so many; the nightly run tries all."""


@cache
def shipped() -> Mapping[str, Pathway]:
    """The pathways as they stand."""
    return {name: read_pathway(folder_files(PATHWAYS / name)) for name in ids()}


@cache
def texts(pathway: str) -> Mapping[str, str]:
    """The texts of a pathway and of the services that go with it."""
    folder = PATHWAYS / pathway
    return {**folder_files(folder), **service_files(folder)}


def findings(pathway: str, files: Mapping[str, str]) -> Iterator[ProofFinding]:
    """What `porras pathway check` finds, the quick parts first."""
    try:
        read = read_pathway(files)
    except PathwayError as error:
        yield from as_findings(error.diagnostics)
        return
    others = {name: p for name, p in shipped().items() if name != pathway}
    care = {i.id for p in (read, *others.values()) for i in p.interventions}
    services = {name: text for name, text in files.items() if name.startswith("services/")}
    yield from as_findings(check_services(care, services), "services")
    around = check_population([read, *others.values()])
    own = [problem for problem in around if problem.file.startswith(f"{pathway}/")]
    yield from as_findings(own, "population")
    yield from check_pathway(read).findings


def _cases() -> Iterator[object]:
    slow = 0
    for mutation in ALL:
        quick = mutation.kind in _QUICK
        slow += not quick
        marks = () if quick or slow % _ONE_OF == 0 else pytest.mark.nightly
        yield pytest.param(mutation, id=f"{mutation.pathway}: {mutation.name}", marks=marks)


@pytest.mark.parametrize("mutation", list(_cases()))
def test_a_single_fault_is_found_and_named(mutation: Mutation) -> None:
    before = texts(mutation.pathway)
    after = {**before, mutation.file: mutation.change(before[mutation.file])}
    assert after != before
    others: list[str] = []
    for finding in findings(mutation.pathway, after):
        named = mutation.names in finding.diagnostic.message
        if named and (finding.severity, finding.kind) == (mutation.severity, mutation.kind):
            _stands_there(mutation, finding, before[mutation.file], after[mutation.file])
            if finding.case is not None:
                _replays(read_pathway(after), finding)
            return
        others.append(f"{finding.severity} {finding.kind}: {finding}")
    pytest.fail(f"not found; instead: {others}")


def _stands_there(mutation: Mutation, finding: ProofFinding, before: str, after: str) -> None:
    """Whoever opens the file at the line that is told sees the table with the fault."""
    if finding.diagnostic.file.removeprefix(f"{mutation.pathway}/") != mutation.file:
        return
    lines = after.splitlines()
    matcher = difflib.SequenceMatcher(None, before.splitlines(), lines, autojunk=False)
    changed = {
        line
        for tag, *_, low, high in matcher.get_opcodes()
        if tag != "equal"
        for line in range(low if low < high else low - 1, max(high, low + 1))
    }
    told = _table(lines, finding.diagnostic.line - 1)
    assert told in [_table(lines, line) for line in changed], (finding.diagnostic.line, changed)


def _replays(pathway: Pathway, finding: ProofFinding) -> None:
    """The counter-example, copied from the terminal, gives what the finding says."""
    came = []
    for case in (finding.case, finding.worse):
        if case is not None:
            copied = json.loads(json.dumps(case.as_json()))
            answers = read_answers(pathway, copied["answers"])
            came.append(describe_decision(decide(pathway, answers, copied["recorded"])))
    assert " → ".join(came) == finding.shows


def _table(lines: list[str], line: int) -> list[str]:
    """The lines of the table, and what belongs to it, around a line."""
    starts = [n for n, text in enumerate(lines) if re.match(r"\[\[\w+\]\]", text)]
    start = max((n for n in starts if n <= line), default=0)
    end = min((n for n in starts if n > line), default=len(lines))
    return "\n".join(lines[start:end]).strip().splitlines()


@pytest.mark.parametrize("name", ids())
def test_what_is_shipped_has_no_error(name: str) -> None:
    checked = check_folder(PATHWAYS / name, PATHWAYS)
    assert checked.report.errors == ()


def test_a_check_of_the_folder_finds_what_these_tests_find(tmp_path: Path) -> None:
    """The faults here are tried in memory; one is tried on disk, as a clinician would have it."""
    for name in shipped():
        for file, text in texts(name).items():
            shared = file.startswith(("instruments/", "cards/", "services/"))
            place = tmp_path / file if shared else tmp_path / name / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    mutation = next(m for m in ADULT if m.name == "ages: gap")
    header = tmp_path / "adult" / mutation.file
    header.write_text(mutation.change(header.read_text("utf-8")), encoding="utf-8")
    report = check_folder(tmp_path / "adult", tmp_path).report
    files = {**texts("adult"), mutation.file: header.read_text("utf-8")}
    assert {str(f) for f in report.findings} == {str(f) for f in findings("adult", files)}


def test_no_two_faults_have_the_same_name() -> None:
    names = [(mutation.pathway, mutation.name) for mutation in ALL]
    assert len(set(names)) == len(names)
    assert len(ADULT) >= 90
    assert len(YOUTH) >= 20
