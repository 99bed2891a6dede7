"""Prints the sheets of a training: `porras train --print`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from casework.training.opening import load_used
from casework.training.shelf import read_shelf
from screens.documents.as_html import as_html
from screens.documents.as_text import as_text
from screens.documents.document import Document
from screens.pathway.whole import review
from screens.training.paper.sheets import (
    CASE_SHEETS,
    OTHER_SHEETS,
    CaseSheet,
    OtherSheet,
    other_sheet,
    sheets_of_cases,
)
from stepping.training.reading import Case, file_name
from tui import say
from tui.commands.common import load_pathway, refuse_unknown
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said

_OF_CASES: dict[str, CaseSheet] = {kind: kind for kind in CASE_SHEETS}
_OTHERS: dict[str, OtherSheet] = {kind: kind for kind in OTHER_SHEETS}
SHEETS = (*CASE_SHEETS, "form", *OTHER_SHEETS)
"""What can be printed; `form` is the blank questionnaire of a pathway."""


def print_sheets(settings: Settings, sheet: str, named: Sequence[str], form: str) -> None:
    """Print a sheet: of the cases that are named or of all, or of a pathway that is named.

    Raises:
        click.UsageError: If there is no such case or pathway.
        CommandError: If a case that is named cannot be used, or there is none at all.
    """
    document = _document(settings, sheet, named)
    text = as_html(document) if form == "html" else as_text(document)
    say.document(text, utf8=form == "html")


def _document(settings: Settings, sheet: str, named: Sequence[str]) -> Document:
    if sheet == "form":
        return _blank_form(settings, named)
    if sheet in _OF_CASES:
        return sheets_of_cases(_OF_CASES[sheet], _cases(settings, named), settings.speaks)
    if named:
        raise click.UsageError(said("{sheet} belongs to no case").format(sheet=sheet))
    return other_sheet(_OTHERS[sheet], settings.speaks)


def _blank_form(settings: Settings, named: Sequence[str]) -> Document:
    if len(named) != 1:
        raise click.UsageError(said("the form is that of one pathway: name it"))
    return review(load_pathway(settings, named[0]), settings.speaks, "form")


def _cases(settings: Settings, named: Sequence[str]) -> list[Case]:
    """Return the cases that are named, or all that fit the pathways there are."""
    shelf = read_shelf(settings.pathways, load_used(settings.pathways), settings.vignettes)
    for name in named:
        if any(fault.file == file_name(name) for fault in shelf.faults):
            told = "\n".join(str(each) for each in shelf.faults if each.file == file_name(name))
            raise CommandError(told)
        refuse_unknown("there is no case", name, shelf.cases)
    found = [shelf.cases[name] for name in dict.fromkeys(named or shelf.cases)]
    if not found:
        raise CommandError(said("there is no case that fits the pathways"))
    return found
