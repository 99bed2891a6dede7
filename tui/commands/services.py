"""`porras services`: looks through the files of services for faults, old dates and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from stepping.finland import finnish_day
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Pathway
from stepping.proofs.findings import ProofFinding
from stepping.services.hints import service_hints
from stepping.services.match import check_services
from store.pathway_files.files import area_files, ids, load_all
from store.times import utc_now
from tui import say
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.settings import Settings


@click.group()
def services() -> None:
    """Check the services near the client."""


@services.command()
@FORMAT
@click.pass_obj
def check(settings: Settings, form: str) -> None:
    """Read every file of services of the pathways and say what is wrong, by file and line.

    Old dates, steps that a municipality has no service for, and vouchers that nothing stands in for
    are hints. Exit status 1 if there are errors; hints alone leave it at 0.
    """
    checked = _check(settings)
    say.answer(form, lambda: _as_data(checked), _text(checked))
    if errors := checked.count("error"):
        raise CommandError(f"services: {_counted(errors, 'error')}")


@dataclass(frozen=True)
class _Checked:
    files: tuple[str, ...]
    findings: tuple[ProofFinding, ...]

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)


def _check(settings: Settings) -> _Checked:
    try:
        files = area_files(settings.pathways, examples=False)
    except PathwayError as error:
        return _Checked((), tuple(ProofFinding("error", "services", p) for p in error.diagnostics))
    pathways, unread = _pathways(settings)
    steps = {pathway.id: _steps(pathway) for pathway in pathways}
    offered = {intervention.id for p in pathways for intervention in p.interventions}
    problems = check_services(offered, files)
    hints = service_hints(steps, files, finnish_day(utc_now()))
    return _Checked(
        tuple(files),
        (
            *unread,
            *(ProofFinding("error", "services", problem) for problem in problems),
            *(ProofFinding("hint", "services", problem) for problem in hints),
        ),
    )


def _pathways(settings: Settings) -> tuple[list[Pathway], list[ProofFinding]]:
    """Return the pathways that services are for, and those that cannot be read, as errors.

    What only such a pathway offers counts as unknown.
    """
    pathways, unread = [], []
    for name, found in load_all(ids(settings.pathways), settings.pathways).items():
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


def _as_data(checked: _Checked) -> dict[str, Any]:
    return {
        "ok": not checked.count("error"),
        "errors": checked.count("error"),
        "hints": checked.count("hint"),
        "files": list(checked.files),
        "findings": [
            {
                "severity": finding.severity,
                "file": finding.diagnostic.file,
                "line": finding.diagnostic.line,
                "message": finding.diagnostic.message,
            }
            for finding in checked.findings
        ],
    }


def _text(checked: _Checked) -> Iterator[str]:
    for finding in checked.findings:
        yield f"{finding.severity:<6} {finding}"
    counts = [
        _counted(len(checked.files), "file"),
        _counted(checked.count("error"), "error"),
        _counted(checked.count("hint"), "hint"),
    ]
    yield "services: " + ", ".join(counts)


def _counted(count: int, thing: str) -> str:
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"
