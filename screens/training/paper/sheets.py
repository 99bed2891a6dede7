"""Puts the sheets of a training together as documents for A4."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, get_args

from casework.language import N_, speech
from screens.documents.document import Block, Document, NewSheet
from screens.training.paper.case_sheets import case_sheet, debrief_sheet, role_sheet
from screens.training.paper.certificate import certificate
from screens.training.paper.scripts import script
from stepping.training.reading import Case

CaseSheet = Literal["case", "role", "debrief"]
OtherSheet = Literal["certificate", "script-45", "script-120"]
CASE_SHEETS: tuple[CaseSheet, ...] = get_args(CaseSheet)
OTHER_SHEETS: tuple[OtherSheet, ...] = get_args(OtherSheet)

_OF_CASES: dict[CaseSheet, tuple[str, Callable[[Case, str], Iterator[Block]]]] = {
    "case": (N_("Cases"), case_sheet),
    "role": (N_("Role-plays"), role_sheet),
    "debrief": (N_("After the cases"), debrief_sheet),
}


def sheets_of_cases(kind: CaseSheet, cases: Sequence[Case], language: str) -> Document:
    """Return a sheet for each case, each on paper of its own."""
    title, draw = _OF_CASES[kind]
    blocks: list[Block] = []
    for case in cases:
        blocks += [*([NewSheet()] if blocks else []), *draw(case, language)]
    return Document(speech(language)(title), language, tuple(blocks), upright=True)


def other_sheet(kind: OtherSheet, language: str) -> Document:
    """Return a sheet that belongs to no case."""
    t = speech(language)
    if kind == "certificate":
        title, blocks = t("Certificate of attendance"), certificate(language)
    else:
        minutes = int(kind.removeprefix("script-"))
        title = t("Trainer's script, {minutes} minutes", minutes=minutes)
        blocks = script(minutes, language)
    return Document(title, language, tuple(blocks), upright=True)
