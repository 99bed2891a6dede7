"""`porras services`: looks through the files of services for faults, old dates and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from stepping.finland import finnish_day
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Pathway
from stepping.proofs.findings import CheckReport, ProofFinding
from stepping.services.hints import future_dates, service_hints
from stepping.services.match import check_services
from stepping.services.numbers import number_faults, number_hints
from store.pathway_files.files import area_files, ids, load_all
from store.times import utc_now
from tui import say
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import SpokenGroup


@click.group(cls=SpokenGroup)
def services() -> None:
    """Check the services near the client."""


@services.command()
@FORMAT
@click.pass_obj
def check(settings: Settings, form: str) -> None:
    """Read every file of services of the pathways and say what is wrong, by file and line.

    Old dates, steps that a municipality has no service for, vouchers that nothing stands in for,
    and telephone numbers of action cards that were verified more than a year ago or never are
    hints; a date that is yet to come is an error. Exit status 1 if there are errors; hints alone
    leave it at 0.
    """
    files, report = _check(settings)
    say.answer(form, lambda: _as_data(files, report), _text(files, report))
    if report.errors:
        raise CommandError(f"services: {_counted(report.errors, 'error')}")


def _check(settings: Settings) -> tuple[list[str], CheckReport]:
    """Return the files of services, and what is wrong with them."""
    try:
        files = area_files(settings.pathways, examples=False)
    except PathwayError as error:
        faults = (ProofFinding("error", "services", fault) for fault in error.diagnostics)
        return [], CheckReport(tuple(faults))
    pathways, unread = _pathways(settings)
    steps = {pathway.id: _steps(pathway) for pathway in pathways}
    offered = {intervention.id for p in pathways for intervention in p.interventions}
    problems = check_services(offered, files)
    today = finnish_day(utc_now())
    problems += (*future_dates(files, today), *number_faults(pathways, today))
    hints = (*service_hints(steps, files, today), *number_hints(pathways, today))
    findings = (
        *unread,
        *(ProofFinding("error", "services", problem) for problem in problems),
        *(ProofFinding("hint", "services", problem) for problem in hints),
    )
    return list(files), CheckReport(findings)


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


def _as_data(files: list[str], report: CheckReport) -> dict[str, Any]:
    return {
        "ok": not report.errors,
        "errors": len(report.errors),
        "hints": len(report.hints),
        "files": files,
        "findings": [
            {
                "severity": finding.severity,
                "file": finding.diagnostic.file,
                "line": finding.diagnostic.line,
                "message": finding.diagnostic.message,
            }
            for finding in report.findings
        ],
    }


def _text(files: list[str], report: CheckReport) -> Iterator[str]:
    for finding in report.findings:
        yield f"{finding.severity:<6} {finding}"
    counted = ((files, "file"), (report.errors, "error"), (report.hints, "hint"))
    yield "services: " + ", ".join(_counted(things, name) for things, name in counted)


def _counted(things: Sequence[object], name: str) -> str:
    return f"{len(things) or 'no'} {name}{'' if len(things) == 1 else 's'}"
