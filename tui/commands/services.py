"""`porras services`: looks through the files of services for faults, old dates and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from stepping.finland import finnish_day
from stepping.proofs.findings import CheckReport
from store.pathway_files.service_check import check_all_services
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
    files, report = check_all_services(settings.pathways, finnish_day(utc_now()))
    say.answer(form, lambda: _as_data(files, report), _text(files, report))
    if report.errors:
        raise CommandError(f"services: {_counted(report.errors, 'error')}")


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
