"""Decides the cases of a CSV file into another one, a thousand lines at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from operator import itemgetter
from typing import BinaryIO

from stepping.batch.batch import CASE, OUTPUT, Batch, UnfitColumns
from stepping.batch.decide_columns import DecidedRow
from stepping.pathway.model import Pathway
from stepping.spreadsheet import write_rows
from store.output import Kind
from tui.commands.case_file import SEPARATORS, BatchFileError, CaseFile, read_cases

LINES_AT_ONCE = 1024
"""Enough for columns to pay; more of them would leave the processor's cache and be slower."""


@dataclass(frozen=True)
class Counts:
    """How many cases were decided, how many lines were refused, how many came a second time."""

    decided: int = 0
    refused: int = 0
    twice: int = 0

    def and_(self, more: Counts) -> Counts:
        """Return both counts together."""
        return Counts(
            self.decided + more.decided, self.refused + more.refused, self.twice + more.twice
        )


def decide_file(
    pathway: Pathway,
    source: BinaryIO,
    target: BinaryIO,
    *,
    tell: Callable[[str], None],
    progress: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Write one decision for each line of a CSV file in UTF-8; return how many there were.

    The columns are separated as in what is read. `tell` gets a sentence for each cell or line that
    is refused, and for each case that stands twice. Lines with nothing in them are passed over.

    Raises:
        BatchFileError: If the file is empty, its heading cannot be used, or a line has no end.
    """
    written = TextIOWrapper(target, "utf-8", newline="")
    counts = Counts()
    try:
        with read_cases(source, LINES_AT_ONCE) as cases:
            decided = decide_cases(pathway, cases, tell=tell)
            write_rows(written, [OUTPUT], cases.separator)
            for rows, here in decided:
                write_rows(written, rows, cases.separator)
                counts = counts.and_(here)
                progress(counts)
    finally:
        written.detach()
    return counts


def decide_cases(
    pathway: Pathway,
    cases: CaseFile,
    *,
    tell: Callable[[str], None],
    leave_out: Callable[[str], bool] = lambda _: False,
) -> Iterator[tuple[list[DecidedRow], Counts]]:
    """Decide the lines of a file piece by piece, without the columns that are left out.

    Raises:
        BatchFileError: At once if the heading cannot be used, later if a line has no end.
    """
    names = cases.heading.cells
    taken = [place for place, name in enumerate(names) if not leave_out(name)]
    batch = _batch(pathway, [names[place] for place in taken], cases.heading.number)
    return _decide_pieces(batch, cases, taken, tell)


def _decide_pieces(
    batch: Batch, cases: CaseFile, taken: list[int], tell: Callable[[str], None]
) -> Iterator[tuple[list[DecidedRow], Counts]]:
    width, seen = len(cases.heading.cells), _Seen()
    for lines in cases.pieces:
        rows = [_taken(line.cells, taken, width) for line in lines]
        out = batch.decide_rows(rows)
        faults = [
            (r.row, r.column, r.message if r.column else _line_fault(lines[r.row].cells, cases))
            for r in out.refusals
        ]
        twice = 0
        for row, (line, cells) in enumerate(zip(lines, out.rows, strict=True)):
            if cells[0] and (before := seen.before(cells[0], line.number)):
                twice += 1
                faults.append((row, CASE, f"line {before} has the same case; both are decided"))
        for row, column, message in sorted(faults, key=itemgetter(0)):
            place = f", {column}" if column else ""
            tell(f"line {lines[row].number}{place}: {message}")
        refused = len({refusal.row for refusal in out.refusals})
        yield out.rows, Counts(len(lines) - refused, refused, twice)


def _taken(cells: list[str] | str, taken: list[int], width: int) -> list[str] | str:
    """Return the cells that are taken; a line of another length stays one, so it is refused."""
    if isinstance(cells, str) or len(taken) == width:
        return cells
    if len(cells) != width:
        return [cells[0], *[""] * len(taken)]
    return [cells[place] for place in taken]


def _line_fault(cells: list[str] | str, cases: CaseFile) -> str:
    """Say what is wrong with a line that could not be read, or has another number of cells."""
    if isinstance(cells, str):
        return cells
    fault = f"has {len(cells)} cells, the heading has {len(cases.heading.cells)}"
    mine = SEPARATORS[cases.separator]
    other = next((o for sign, o in SEPARATORS.items() if o != mine and sign in cells[0]), None)
    if len(cells) == 1 and other:
        return f"{fault}; it is separated by {other}, the heading by {mine}"
    if len(cells) > len(cases.heading.cells):
        return f"{fault}; {mine} inside a cell needs quotes around the cell"
    return f"{fault}; an empty cell needs {mine} too"


class _Seen:
    """On which line each case was met first, in 16 bytes a case.

    Python's hash of a text has 64 bits and a seed of its own in each run: that two of a million
    names share one by chance happens once in thirty million files.
    """

    _SHELVES = 4096

    def __init__(self) -> None:
        self._shelves = [(array("q"), array("q")) for _ in range(self._SHELVES)]

    def before(self, case: str, number: int) -> int | None:
        """Return the first line of this case, or note that it is this one."""
        mark = hash(case)
        marks, numbers = self._shelves[mark % self._SHELVES]
        try:
            return numbers[marks.index(mark)]
        except ValueError:
            marks.append(mark)
            numbers.append(number)
            return None


def _is_table(beginning: bytes) -> bool:
    """Return whether a file begins as a table of decisions does, of any version."""
    return beginning.startswith(tuple(sign.join(OUTPUT[:5]).encode() for sign in SEPARATORS))


TABLE = Kind(_is_table)


def _batch(pathway: Pathway, names: list[str], line: int) -> Batch:
    try:
        return Batch(pathway, names)
    except UnfitColumns as error:
        faults = str(error).split("\n")
        raise BatchFileError("\n".join(f"line {line}: {one}" for one in faults)) from None
