"""`porras train`: cases with a right answer, in the training store."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from screens.desk.wanted import Train
from tui.commands.training_print import SHEETS, print_sheets
from tui.commands.training_reset import begin_anew, refuse_without_reset
from tui.commands.training_results import print_results
from tui.launch import open_program
from tui.settings import Settings, SettingsError, read_seat
from tui.spoken import said


@click.command()
@click.option("--reset", is_flag=True, help="Put the training store back to how it begins.")
@click.option(
    "--print",
    "sheet",
    type=click.Choice(SHEETS),
    help="Print sheets for A4: of the CASES that are named or of all, or the form of a pathway.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "json"]),
    help="With --print: html for a browser, or text. With --results: text, or json.",
)
@click.option("--results", is_flag=True, help="Print what was tried at the seat, over time.")
@click.argument("named", metavar="[CASE]...", nargs=-1)
@click.option("--caseload", is_flag=True, help="With --reset: begin with 200 clients of 18 months.")
@click.option("--yes", is_flag=True, help="With --reset: do not ask.")
@click.option(
    "--class",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of a class or of classes (PORRAS_CLASSES).",
)
@click.option("--seat", metavar="WORD", help="The word of the seat.")
@click.pass_context
def train(
    context: click.Context,
    reset: bool,
    caseload: bool,
    yes: bool,
    sheet: str | None,
    form: str | None,
    results: bool,
    named: tuple[str, ...],
    folder: Path | None,
    seat: str | None,
) -> None:
    """Practise: cases with a right answer, alone or in a class."""
    settings: Settings = context.obj
    if seat is not None or folder is not None:
        settings = _seated(settings, seat, folder)
    refuse_without_reset(reset=reset, caseload=caseload, yes=yes)
    if named and sheet is None:
        raise click.UsageError(said("cases are named with --print"))
    if sheet is not None:
        print_sheets(settings, sheet, named, _format(form, "html", "text"))
        return
    if results:
        print_results(settings, _format(form, "text", "json"))
        return
    if form is not None:
        raise click.UsageError(said("--format goes with --print and --results"))
    if reset:
        begin_anew(settings, caseload=caseload, yes=yes)
        return
    plain = bool(context.find_root().params.get("plain"))
    sys.exit(open_program(settings, demo=True, plain=plain, begin=Train()))


def _format(given: str | None, usual: str, other: str) -> str:
    """Return the format that was asked for, or the usual one.

    Raises:
        click.UsageError: If there is no such format here.
    """
    if given not in {None, usual, other}:
        told = said("here --format is {usual} or {other}")
        raise click.UsageError(told.format(usual=usual, other=other))
    return given or usual


def _seated(settings: Settings, seat: str | None, folder: Path | None) -> Settings:
    try:
        word = settings.seat if seat is None else read_seat(seat)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    return replace(settings, seat=word, classes=folder or settings.classes)
