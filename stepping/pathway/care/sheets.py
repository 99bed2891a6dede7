"""The shape of `care/sheets.toml`: what is handed out on paper, and the points of a safety plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector, PathwayError
from stepping.pathway.file_reader import FileReader
from stepping.pathway.schema import Basis, Content, Identifier, Text
from stepping.pathway.schema.cards import AgreedOn

SHEETS = "care/sheets.toml"
LANGUAGES = ("en", "fi", "sv")
"""The languages of the screens: a sheet is printed in each of them."""

StepName = Annotated[str, StringConstraints(pattern=r"^\w+/\w+$")]
"""A safety step as `card/step`."""


class PlanPoint(Content):
    """One point of a safety plan, in the client's own words."""

    id: Identifier
    title: Text
    ask: Text
    by_hand: bool = False


class PlanForm(Content):
    """The safety plan: what it is, its points, and the safety steps that it belongs to."""

    title: Text
    lead: Text
    point: Annotated[tuple[PlanPoint, ...], Field(min_length=1, max_length=9)]
    opens: tuple[StepName, ...] = ()
    source: Text
    basis: Basis


class AgreedLine(Content):
    """What a client reads of safety steps that were done, and which of their terms."""

    of: Annotated[tuple[StepName, ...], Field(min_length=1)]
    text: Text
    tells: tuple[AgreedOn, ...] = ()
    basis: Basis


class SheetPart(Content):
    """A heading, and what stands under it line by line."""

    title: Text
    line: Annotated[tuple[Text, ...], Field(min_length=1, max_length=12)]


class SheetPage(Content):
    """A page to be handed out as it is."""

    id: Identifier
    reader: Literal["client", "manager"]
    title: Text
    lead: Text
    part: Annotated[tuple[SheetPart, ...], Field(min_length=1, max_length=9)]
    source: Text
    basis: Basis


class Sheets(Content):
    """`care/sheets.toml`."""

    plan: PlanForm
    agreed: Annotated[tuple[AgreedLine, ...], Field(max_length=9)] = ()
    page: Annotated[tuple[SheetPage, ...], Field(max_length=9)] = ()

    @cached_property
    def pages(self) -> Mapping[str, SheetPage]:
        """Every page by its id, in the order in which they are listed."""
        return {page.id: page for page in self.page}


def read_sheets(text: str) -> Sheets:
    """Read `care/sheets.toml` from its text.

    Raises:
        PathwayError: With every fault found, by file and line.
    """
    files = {SHEETS: text}
    notes = DiagnosticCollector(files)
    reader = FileReader(files, notes)
    sheets = reader.whole(SHEETS, Sheets)
    if sheets is None:
        raise PathwayError(notes.found or [Diagnostic(SHEETS, 1, "the file cannot be read")])
    reader.check_texts((SHEETS,), LANGUAGES)
    for kind, ids in (
        (("plan", "point"), [point.id for point in sheets.plan.point]),
        (("page",), [page.id for page in sheets.page]),
    ):
        for index, id_ in enumerate(ids):
            if id_ in ids[:index]:
                notes.add(SHEETS, (*kind, index, "id"), f"{kind[-1]} {id_} is defined twice")
    notes.raise_if_any()
    return sheets
