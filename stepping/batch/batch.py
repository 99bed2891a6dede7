"""Decides many cases at once: rows of cells in, rows of cells out, by the rules of `decision`.

What a rule means is not said again here. The columns come from `columns`; the order of things
(stops first, then the highest minimum step, then the range) is that of `decide`, and the tests hold
every row against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass

from stepping.batch.columns import (
    UNANSWERED,
    BatchPlan,
    BoundedCache,
    CodeColumn,
    FactColumns,
    Mask,
    map_codes,
    pack_codes,
    to_mask,
)
from stepping.batch.decide_columns import CELLS, JOIN, BatchDecider, DecidedRow
from stepping.decision.decide import check_recorded
from stepping.pathway.answers import LONGEST_TEXT, MOST_TOLD, read_answer, shown_id, unknown_among
from stepping.pathway.model import Fact, Pathway
from stepping.privacy import Identity, check_characters, find_identity

CASE, RECORDED = "case", "recorded"
OUTPUT = (CASE, *CELLS)
"""The columns of what comes out."""
REFUSED = "refused"
"""The status of a row that could not be read; its other cells are empty."""
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_MOBILE = re.compile(r"(?:0|358)(?:4\d|50)\d{6,8}")


class UnfitColumns(ValueError):
    """A heading that cannot be used; the message has one line for each fault."""


@dataclass(frozen=True)
class CellRefusal:
    """One cell that cannot be used: its row, counted from 0, its column, and what is wrong."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class BatchResult:
    """What came out of some rows: one row of `OUTPUT` for each, and why some were refused."""

    rows: list[DecidedRow]
    refusals: list[CellRefusal]


class Batch:
    """Decides rows under one heading: `case`, then question ids, with `recorded` among them.

    Rows are independent of each other, and nothing is kept of them but a bounded memo of cells.

    Raises:
        UnfitColumns: If a column is unknown, calculated or there twice, or `case` is not first.
    """

    def __init__(self, pathway: Pathway, columns: Sequence[str]) -> None:
        _check_columns(pathway, columns)
        self._columns = tuple(columns)
        self._plan = BatchPlan(pathway)
        self._decider = BatchDecider(pathway)
        self._recorded = _Recorded(pathway)
        self._cells = {
            name: self._recorded.cells
            if name == RECORDED
            else _Cells(_reader(pathway, self._plan, name), self._plan.encoders[name])
            for name in columns[1:]
        }

    def decide_rows(self, rows: Sequence[list[str] | str]) -> BatchResult:
        """Decide each row; in place of one that could not be read stands what is wrong with it.

        A row with a cell that does not fit gets no decision: its status is `refused`.
        """
        if not rows:
            return BatchResult([], [])
        cells, refusals = self._of_one_width(rows)
        cases, *columns = zip(*cells, strict=True)
        unfit_cases = _unfit_cases(cases)
        refusals += unfit_cases
        codes: dict[str, CodeColumn] = {}
        for name, column in zip(self._columns[1:], columns, strict=True):
            codes[name], faults = self._cells[name].read(column)
            refusals += [CellRefusal(row, name, message) for row, message in faults]
        recorded = self._recorded.masks(codes.pop(RECORDED, bytes(len(rows))))
        answers = {id_: codes.get(id_, bytes(len(rows))) for id_ in self._plan.answerable}
        states, strict = (
            FactColumns(self._plan, answers, len(rows), strict=doubt) for doubt in (False, True)
        )
        decisions = self._decider.write_rows(states, strict, recorded)
        out = [(case, *rest) for case, rest in zip(cases, decisions, strict=True)]
        nameless = {refusal.row for refusal in unfit_cases}
        for row in {refusal.row for refusal in refusals}:
            out[row] = ("" if row in nameless else cases[row], REFUSED, *[""] * (len(OUTPUT) - 2))
        return BatchResult(out, sorted(refusals, key=lambda refusal: refusal.row))

    def _of_one_width(
        self, rows: Sequence[list[str] | str]
    ) -> tuple[list[list[str]], list[CellRefusal]]:
        """Put a row without answers in the place of each that has another number of cells."""
        width = len(self._columns)
        cells: list[list[str]] = []
        refusals = []
        for number, row in enumerate(rows):
            if isinstance(row, list) and len(row) == width:
                cells.append(row)
                continue
            case = row[0] if isinstance(row, list) and row else ""
            cells.append([case, *[""] * (width - 1)])
            message = f"has {len(row)} cells, the heading has {width}"
            refusals.append(CellRefusal(number, "", row if isinstance(row, str) else message))
        return cells, refusals


def _check_columns(pathway: Pathway, columns: Sequence[str]) -> None:
    faults: list[str] = []
    met: set[str] = {CASE}
    if not columns or columns[0] != CASE:
        separator = next((s for s in ";\t" if columns and s in columns[0]), None)
        hint = f"; separate the columns with commas, not {separator!r}" if separator else ""
        raise UnfitColumns(f"the first column must be {CASE}{hint}")
    for place, name in enumerate(columns[1:], start=2):
        try:
            if name in met:
                raise ValueError("stands twice in the heading; keep one of the columns")  # noqa: TRY301
            if name != RECORDED:
                read_answer(pathway, name, None)
        except ValueError as error:
            faults.append(f"column {place}, {shown_id(name)}: {error}")
            if len(faults) == MOST_TOLD and place < len(columns):
                faults.append(unknown_among(pathway, [n for n in columns[1:] if n != RECORDED]))
                break
        met.add(name)
    if faults:
        raise UnfitColumns("\n".join(faults))


def _unfit_cases(cases: Sequence[str]) -> list[CellRefusal]:
    """Find the names of cases that could name a person; all are first looked at as one text."""
    try:
        # No find reaches over this much else: what is found in one name is found here as well.
        together = check_characters(";;;".join(cases))
    except ValueError:
        together = None
    if together is not None and not _named(together) and max(map(len, cases)) <= LONGEST_TEXT:
        return []
    refusals = []
    for row, case in enumerate(cases):
        try:
            _check_case(case)
        except ValueError as error:
            refusals.append(CellRefusal(row, CASE, str(error)))
    return refusals


def _check_case(case: str) -> None:
    if found := _named(case):
        number = "; put a letter before a running number" if found[0].kind == "phone" else ""
        raise ValueError(
            f"looks like it holds a {found[0].kind} at character {found[0].start + 1}; "
            f"name the case without it{number}"
        )
    if len(case) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT} characters")
    check_characters(case)


def _named(text: str) -> list[Identity]:
    """Find what names a person, where running numbers are no telephone numbers.

    A run of digits alone counts as one only where it begins as a Finnish mobile number does.
    """
    return [
        find
        for find in find_identity(text)
        if find.kind != "phone"
        or not (digits := text[find.start : find.end]).isdecimal()
        or _MOBILE.fullmatch(digits)
    ]


class _Cells:
    """Reads the cells of one column into codes; each text is checked once while remembered."""

    def __init__(self, read: Callable[[str], int], codes_in_use: Sized) -> None:
        self._read = read
        self._codes_in_use = codes_in_use
        self._faults: dict[str, str] = {}
        self._memo: BoundedCache[str, int] = BoundedCache(self._checked)

    def read(self, column: Sequence[str]) -> tuple[CodeColumn, list[tuple[int, str]]]:
        """Return the code of each cell, and each cell that is refused with what is wrong."""
        codes = list(map(self._memo.__getitem__, column))
        if not self._faults:
            return pack_codes(codes, len(self._codes_in_use)), []
        faults = [(row, self._faults[c]) for row, c in enumerate(column) if c in self._faults]
        self._memo.clear()  # so that a refused cell is met as a new one in the next rows
        self._faults.clear()
        return pack_codes(codes, len(self._codes_in_use)), faults

    def _checked(self, cell: str) -> int:
        if not cell:
            return UNANSWERED
        try:
            return self._read(cell)
        except ValueError as error:
            self._faults[cell] = str(error)
            return UNANSWERED


def _reader(pathway: Pathway, plan: BatchPlan, id_: str) -> Callable[[str], int]:
    fact = pathway.facts[id_]
    return lambda cell: plan.encode_answer(fact, read_answer(pathway, id_, _raw(fact, cell)))


def _raw(fact: Fact, cell: str) -> object:
    """Return a cell in the form that `read_answer` takes; a lone bar is an answer of nothing."""
    match fact.kind:
        case "number" if _WHOLE.fullmatch(cell) and not find_identity(cell):
            return int(cell)
        case "set" if JOIN in cell:
            return [] if cell == JOIN else cell.split(JOIN)
        case "remark" if cell == JOIN:
            return ""
        case _:
            return cell


class _Recorded:
    """The column of recorded stops: each set of them that is met has a code."""

    def __init__(self, pathway: Pathway) -> None:
        self._pathway = pathway
        self._sets: list[frozenset[str]] = [frozenset()]
        self.cells = _Cells(self._code, self._sets)

    def masks(self, codes: CodeColumn) -> dict[str, Mask]:
        """Return where each stop is recorded."""
        return {
            stop.id: to_mask(map_codes(codes, [stop.id in one for one in self._sets]))
            for stop in self._pathway.stops
        }

    def _code(self, cell: str) -> int:
        names = frozenset(cell.split(JOIN))
        try:
            check_recorded(self._pathway, names)
        except ValueError as error:
            raise ValueError(str(error).removeprefix(f"{RECORDED}: ")) from None
        if names not in self._sets:
            self._sets.append(names)
        return self._sets.index(names)
