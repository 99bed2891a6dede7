"""`porras fhir read`: what filled-in forms tell, without taking anything of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from casework.elsewhere.forms import read_by_known, read_files
from screens.wording.elsewhere.form_words import FormWords, fault_alone
from stepping.interchange.alone import ALONE
from stepping.interchange.responses.faults import Fault, Unreadable, find_refusals
from stepping.interchange.responses.reading import Reading
from stepping.interchange.responses.resources import Found
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store.errors import shown
from store.files.regular_files import NotAFile
from store.times import utc_now
from tui import say
from tui.commands.class_places import t_of
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said

Read = tuple[Pathway, Reading]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@FORMAT
@click.pass_obj
def read(settings: Settings, files: tuple[str, ...], form: str) -> None:
    """Tell what filled-in FHIR R4 forms hold, alone or in Bundles.

    Totals are worked out anew by our weights. Nothing is stored, whoever asks. What is wrong is
    told with its place in the file. Exit status 1 if nothing of it could be taken.
    """
    found = _found(settings, files)
    try:
        readings = [*read_by_known(found, settings.pathways)]
    except (OSError, PathwayError) as error:
        raise CommandError(f"{said('a pathway cannot be used')}\n{error}") from None
    faults = [f for _, reading in readings for f in reading.faults] or found.faults
    say.answer(form, lambda: _as_data(readings, faults), _as_text(settings, readings, faults))
    if find_refusals(faults, unfinished=True, dated=True):
        raise CommandError(said("nothing of this can be taken; nothing was stored"))


def _found(settings: Settings, files: Sequence[str]) -> Found:
    """Return what files hold.

    Raises:
        CommandError: If one cannot be read.
    """
    try:
        return read_files([Path(name) for name in files], utc_now())
    except Unreadable as error:
        told = fault_alone(t_of(settings), error.fault)
        place = f" ({error.fault.place})" if error.fault.place else ""
        end = said("nothing was stored")
        raise CommandError(f"{_names(files)}: {told}{place}; {end}") from None
    except NotAFile:
        told = said("not a file, or a link to one; nothing was stored")
        raise CommandError(f"{_names(files)}: {told}") from None
    except (OSError, ValueError) as error:
        why = said(str(getattr(error, "strerror", None) or "cannot be read"))
        raise CommandError(f"{_names(files)}: {why}") from None


def _names(files: Sequence[str]) -> str:
    return ", ".join(map(shown, files))


def _as_data(readings: Sequence[Read], faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what was read, for other programs."""
    refused = find_refusals(faults)
    return {
        "stored": False,
        "forms": [_reading_as_data(pathway, reading) for pathway, reading in readings],
        "faults": [{**asdict(fault), "refused": fault in refused} for fault in faults],
    }


def _reading_as_data(pathway: Pathway, reading: Reading) -> dict[str, Any]:
    answers = {id_: asdict(each) for id_, each in reading.answers.items()}
    return {
        "pathway": None if pathway.id == ALONE else pathway.id,
        "danger": [_dated(asdict(each)) for each in reading.dangers],
        "totals": [
            {**_dated(asdict(each)), "agrees": each.theirs in (None, each.ours)}
            for each in reading.totals
        ],
        "answers": [{"question": id_, **_dated(each)} for id_, each in answers.items()],
    }


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    given_at = row["given_at"]
    return {**row, "given_at": given_at and given_at.isoformat()}


def _as_text(
    settings: Settings, readings: Sequence[Read], faults: Sequence[Fault]
) -> Iterator[str]:
    """Yield what was read, danger first."""
    t = t_of(settings)
    for title, rows in (
        (t("Danger"), [*_dangers(settings, readings)]),
        (t("Totals, worked out anew"), [*_totals(settings, readings)]),
        (t("Answers"), [*_answers(settings, readings)]),
        (t("What is wrong or left out"), [*_faults(settings, readings, faults)]),
    ):
        if rows:
            yield title
            yield from (f"  {row}" for row in rows)
    yield t("Nothing was stored.")


def _words(settings: Settings, pathway: Pathway) -> FormWords:
    return FormWords(pathway, t_of(settings))


def _dangers(settings: Settings, readings: Sequence[Read]) -> Iterator[str]:
    for pathway, reading in readings:
        for danger in reading.dangers:
            yield f"{danger.place}: {_words(settings, pathway).danger(danger)}"


def _totals(settings: Settings, readings: Sequence[Read]) -> Iterator[str]:
    for pathway, reading in readings:
        for total in reading.totals:
            yield _words(settings, pathway).total(total)


def _answers(settings: Settings, readings: Sequence[Read]) -> Iterator[str]:
    for pathway, reading in readings:
        words = _words(settings, pathway)
        yield from (words.answer(id_, each) for id_, each in reading.answers.items())


def _faults(settings: Settings, readings: Sequence[Read], faults: Sequence[Fault]) -> Iterator[str]:
    t = t_of(settings)
    known = {id(f): pathway for pathway, reading in readings for f in reading.faults}
    for each, reading in readings:
        if missing := _words(settings, each).missing(reading):
            yield t("not answered: {names}", names=missing)
    for fault in faults:
        if fault.kind == "missing":
            continue
        pathway = known.get(id(fault))
        told = fault_alone(t, fault)
        if pathway is not None:
            told = _words(settings, pathway).fault(fault)
        yield f"{fault.place}: {told}" if fault.place else told
