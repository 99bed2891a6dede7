"""`porras vignette list`: the cases that there are for training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from casework.training.checking import CaseChecker, CheckedCase
from stepping.pathway.diagnostics import PathwayError
from store.errors import shown
from tui import say
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command("list")
@FORMAT
@click.pass_obj
def list_(settings: Settings, form: str) -> None:
    """List the cases: pathway, group, difficulty, use, expected steps, status, title.

    Your own stand among those that come with Porras. One that does not fit the pathways in use
    is not offered.
    """
    checker = CaseChecker(settings.pathways, settings.vignettes)
    try:
        files = checker.files()
    except PathwayError as error:
        raise CommandError(str(error)) from None
    checked = [checker.check(id_, path) for id_, path in files.items()]
    spoken = settings.speaks
    say.answer(form, lambda: [_as_data(each, spoken) for each in checked], _text(checked, spoken))


def _text(checked: Iterable[CheckedCase], language: str) -> Iterator[str]:
    for each in checked:
        yield "\t".join((shown(each.id), *_cells(each, language)))


def _cells(each: CheckedCase, language: str) -> tuple[str, ...]:
    vignette = each.vignette
    if each.unfit:
        return (said("does not fit the pathways in use"),)
    if each.faults or vignette is None:
        return (said("cannot be used: {why}").format(why=each.faults[0]),)
    return (
        vignette.pathway,
        vignette.group,
        str(vignette.difficulty),
        vignette.use,
        vignette.expect.steps,
        vignette.status,
        " ".join(vignette.title[language].split()),
    )


def _as_data(each: CheckedCase, language: str) -> dict[str, Any]:
    vignette = each.vignette
    told: dict[str, Any] = {
        "id": each.id,
        "fits": each.case is not None,
        "faults": [str(fault) for fault in each.faults],
    }
    if vignette is None:
        return told
    return told | {
        "pathway": vignette.pathway,
        "group": vignette.group,
        "difficulty": vignette.difficulty,
        "use": vignette.use,
        "lowest": vignette.expect.lowest,
        "highest": vignette.expect.highest,
        "stops": list(vignette.expect.stops),
        "status": vignette.status,
        "title": vignette.title[language],
    }
