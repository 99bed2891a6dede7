"""`porras vignette check`: what is wrong with cases, and what each gives on its pathway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from casework.training.checking import CaseChecker, CheckedCase
from stepping.decision.decide import list_fired
from stepping.pathway.diagnostics import PathwayError
from stepping.training.reading import Case
from store.errors import shown
from tui import say
from tui.commands.common import FORMAT, refuse_unknown
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@FORMAT
@click.pass_obj
def check(settings: Settings, names: tuple[str, ...], form: str) -> None:
    """Check cases: every fault by file and line, and which step, stops and rules each gives.

    Without an ID it checks all; FILE.toml anywhere may stand in its place. Each case is decided
    on the pathway in use. Exit status 1 if there are errors; hints alone leave it at 0.
    """
    checker = CaseChecker(settings.pathways, settings.vignettes)
    try:
        files = checker.files()
    except PathwayError as error:
        raise CommandError(str(error)) from None
    checked = [checker.check(id_, path) for id_, path in _chosen(names, files)]
    text = _text(checked, each_unfit=bool(names))
    say.answer(form, lambda: [_as_data(each) for each in checked], text)
    if wrong := [each.id for each in checked if each.errors]:
        told = said("errors in {cases}; a case with an error is not offered")
        raise CommandError(told.format(cases=", ".join(map(shown, wrong))))


def _chosen(names: Sequence[str], files: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Yield id and file of each case that is named; of all where none is."""
    if not names:
        yield from files.items()
    for name in names:
        if name.endswith(".toml"):
            yield Path(name).stem, Path(name)
        else:
            refuse_unknown("there is no case", name, files)
            yield name, files[name]


def _rules(case: Case) -> list[str]:
    """Return the rules that hold, in the order of the pathway."""
    fired = list_fired(case.pathway, case.answers, case.vignette.expect.stops)
    return [rule.id for rule in case.pathway.rules if rule.id in fired]


def _text(checked: Sequence[CheckedCase], *, each_unfit: bool) -> Iterator[str]:
    """Yield what was found; among all cases those of ours that do not fit are told in one line."""
    count, errors, hints = 0, 0, 0
    unfit = [] if each_unfit else [each for each in checked if each.unfit]
    for each in checked:
        count, errors, hints = count + 1, errors + len(each.errors), hints + len(each.hints)
        if each.unfit and not each_unfit:
            continue
        if each.case is not None:
            yield _gives(each.case)
        if each.unfit:
            yield f"{each.id}: {said('does not fit the pathways in use')}"
        severity = "note" if each.unfit else "error"
        yield from (f"{severity:<6} {fault}" for fault in each.faults)
        yield from (f"hint   {hint}" for hint in each.hints)
    if unfit:
        told = said("{count} cases that came with Porras do not fit the pathways in use: {cases}")
        yield told.format(count=len(unfit), cases=", ".join(each.id for each in unfit))
    told = said("cases: {cases}, errors: {errors}, hints: {hints}")
    yield told.format(cases=count, errors=errors, hints=hints)


def _gives(case: Case) -> str:
    told = said(
        "{id}: {pathway} gives step {step}, {expected} is expected; stops: {stops}; rules: {rules}"
    )
    return told.format(
        id=case.vignette.id,
        pathway=case.pathway.id,
        step=f"{case.decision.step}{'+' if case.decision.or_above else ''}",
        expected=case.vignette.expect.steps,
        stops=", ".join(case.stopped.stops) or "–",
        rules=", ".join(_rules(case)) or "–",
    )


def _as_data(each: CheckedCase) -> dict[str, Any]:
    case = each.case
    gives = case and {
        "step": case.decision.step,
        "or_above": case.decision.or_above,
        "stops": list(case.stopped.stops),
        "rules": _rules(case),
        "pathway": case.pathway.id,
        "pathway_digest": case.pathway.digest,
    }
    expect = each.vignette and each.vignette.expect
    return {
        "id": each.id,
        "ok": not each.errors,
        "fits": case is not None,
        "expects": expect
        and {"lowest": expect.lowest, "highest": expect.highest, "stops": list(expect.stops)},
        "gives": gives,
        "errors": [_found(fault) for fault in each.faults],
        "hints": [_found(hint) for hint in each.hints],
    }


def _found(found: Any) -> dict[str, Any]:
    return {"file": found.file, "line": found.line, "message": found.message}
