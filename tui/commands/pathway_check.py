"""`porras pathway check`: proves a pathway over all answer sets, once or at every save."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from stepping.proofs.findings import Coverage, ProofFinding
from store.pathway_files.check import Checked, check_folder
from store.pathway_files.files import UnknownPathway, find_folder, saved
from tui import say
from tui.commands.common import FORMAT, no_such_pathway
from tui.commands.groups import CommandError
from tui.settings import Settings

_LOOK_EVERY = 0.3
"""Seconds between two looks at the files while watching."""


@click.command()
@click.argument("name", metavar="PATHWAY")
@FORMAT
@click.option(
    "--watch", is_flag=True, help="Check again whenever a file is saved; end with Ctrl+C."
)
@click.pass_obj
def check(settings: Settings, name: str, form: str, watch: bool) -> None:
    """Prove a pathway over all answer sets and say what does not hold, by file and line.

    Exit status 1 if there are errors; hints alone leave it at 0.
    """
    folder = _folder(settings, name)
    if watch:
        _watch(settings, folder, form)
        return
    errors = _check_once(settings, folder, form)
    if errors:
        faults = "1 error" if errors == 1 else f"{errors} errors"
        raise CommandError(f"{folder.name}: {faults}; the pathway is not fit for use")


def _folder(settings: Settings, name: str) -> Path:
    try:
        return find_folder(name, settings.pathways)
    except UnknownPathway:
        raise no_such_pathway(name, settings.pathways) from None


def _watch(settings: Settings, folder: Path, form: str) -> None:
    seen = None
    try:
        while True:
            now = saved(folder)
            if now != seen:
                seen = now
                _check_once(settings, folder, form)
                say.line("— waiting for the next save; Ctrl+C ends —", err=True)
            time.sleep(_LOOK_EVERY)
    except KeyboardInterrupt:
        say.line("", err=True)


def _check_once(settings: Settings, folder: Path, form: str) -> int:
    """Check, print, and return how many errors there are."""
    checked = check_folder(folder, settings.pathways)
    say.answer(form, lambda: _as_data(checked), _text(checked))
    return len(checked.report.errors)


def _as_data(checked: Checked) -> dict[str, Any]:
    ready, report = checked.pathway, checked.report
    return {
        "pathway": ready.id if ready else checked.folder.name,
        "version": ready.header.version if ready else None,
        "digest": ready.digest if ready else None,
        "ok": not report.errors,
        "errors": len(report.errors),
        "hints": len(report.hints),
        "findings": [finding.as_json() for finding in report.findings],
        "coverage": [row.as_json() for row in report.coverage],
    }


def _text(checked: Checked) -> Iterator[str]:
    ready, report = checked.pathway, checked.report
    for finding in report.findings:
        yield from _finding(finding)
    if ready is None:
        return
    yield from _cut_offs(report.coverage)
    yield (
        f"{ready.id} {ready.header.version}: {len(ready.rules)} rules, {len(ready.questions)} "
        f"questions, {len(ready.interventions)} interventions, {len(ready.cards)} cards, "
        f"{len(ready.examples)} examples, texts in {', '.join(ready.header.languages)}"
    )
    yield f"digest {ready.digest}"
    if not report.errors:
        hints = len(report.hints)
        counted = {0: "", 1: ", 1 hint"}.get(hints, f", {hints} hints")
        yield f"proven over all answer sets: no errors{counted}"


def _finding(finding: ProofFinding) -> Iterator[str]:
    yield f"{finding.severity:<6} {finding}"
    if finding.case is not None:
        yield f"       on     {say.as_json(finding.case.as_json(), one_line=True)}"
    if finding.worse is not None:
        yield f"       worse  {say.as_json(finding.worse.as_json(), one_line=True)}"
    if finding.shows:
        yield f"       gives  {finding.shows}"


def _cut_offs(coverage: tuple[Coverage, ...]) -> Iterator[str]:
    """Yield the cut-offs that examples cover on both sides, a line for each fact."""
    cuts: dict[str, list[str]] = {}
    for row in coverage:
        if row.below and row.above:
            cuts.setdefault(row.fact, []).append(f"{row.cut - 1}|{row.cut}")
    if cuts:
        yield "cut-offs with examples on both sides:"
    for fact, numbers in cuts.items():
        yield f"  {fact}: {', '.join(numbers)}"
