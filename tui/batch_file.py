"""Decides the cases of a CSV file into another one, a thousand lines at a time.

A line is a case: no cell may hold a line break, so a quote that is left open spoils one line only.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from stepping.batch import OUTPUT, Batch, UnfitColumns

if TYPE_CHECKING:
    from stepping.pathway import Pathway

LINES_AT_ONCE = 1024
"""Enough for columns to pay; more of them would leave the processor's cache and be slower."""
LONGEST_LINE = 1_000_000
"""Characters; a line of the adult pathway has a few hundred."""


class BatchFileError(ValueError):
    """A file of which nothing can be decided; the message says where and what to do."""


@dataclass(frozen=True)
class Counts:
    """How many cases were decided, and how many lines were refused."""

    decided: int = 0
    refused: int = 0


def decide_file(
    pathway: Pathway,
    source: BinaryIO,
    target: BinaryIO,
    *,
    tell: Callable[[str], None],
    progress: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Write one decision for each line of a CSV file in UTF-8; return how many there were.

    `tell` gets a sentence for each cell or line that is refused. Blank lines are passed over.

    Raises:
        BatchFileError: If the file is empty, its heading cannot be used, or a line has no end.
    """
    # A byte that is not UTF-8 becomes a lone surrogate, so that it spoils its own line only.
    read = TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
    written = TextIOWrapper(target, "utf-8", newline="")
    try:
        lines = _lines(read)
        batch = _batch(pathway, next(lines, ""))
        return _decide_lines(batch, lines, written, tell, progress)
    finally:
        read.detach()
        written.detach()


def _decide_lines(
    batch: Batch,
    lines: Iterator[str],
    target: TextIO,
    tell: Callable[[str], None],
    progress: Callable[[Counts], None],
) -> Counts:
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(OUTPUT)
    counts, read = Counts(), 1
    while chunk := list(islice(lines, LINES_AT_ONCE)):
        filled = [(number, row) for number, row in enumerate(_rows(chunk), read + 1) if row != []]
        read += len(chunk)
        out = batch.decide([row for _, row in filled])
        writer.writerows(out.rows)
        for refusal in out.refusals:
            column = f", {refusal.column}" if refusal.column else ""
            tell(f"line {filled[refusal.row][0]}{column}: {refusal.message}")
        refused = len({refusal.row for refusal in out.refusals})
        counts = Counts(counts.decided + len(filled) - refused, counts.refused + refused)
        progress(counts)
    return counts


@contextmanager
def open_target(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of an older one only when all has been written.

    A new file is readable by its owner alone. What is no ordinary file is written as it is.
    """
    path = path.resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as file:
            yield file
        return
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def is_same_file(source: BinaryIO, path: Path) -> bool:
    """Tell whether a path leads to the file that is being read."""
    try:
        return os.path.samestat(os.fstat(source.fileno()), path.stat())
    except OSError:  # there is no such file yet, or what is read is none
        return False


def _lines(text: TextIO) -> Iterator[str]:
    number = 1
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(("\r", "\n")):
            raise BatchFileError(f"line {number} is longer than {LONGEST_LINE} characters")
        yield line
        number += 1


def _batch(pathway: Pathway, heading: str) -> Batch:
    if not heading:
        raise BatchFileError("the file is empty; its first line names the columns")
    row = _row(heading)
    if isinstance(row, str):
        raise BatchFileError(f"line 1: {row}")
    try:
        return Batch(pathway, row)
    except UnfitColumns as error:
        raise BatchFileError("\n".join(f"line 1: {e}" for e in str(error).split("\n"))) from None


def _rows(lines: list[str]) -> list[list[str] | str]:
    """Return the cells of each line, or what is wrong with it."""
    try:
        "".join(lines).encode()
        rows: list[list[str] | str] = [*csv.reader(lines, strict=True)]
    except (csv.Error, UnicodeEncodeError):
        rows = []
    # As many rows as lines: none of them goes on over a line's end.
    return rows if len(rows) == len(lines) else [_row(line) for line in lines]


def _row(line: str) -> list[str] | str:
    try:
        line.encode()
        return next(csv.reader([line], strict=True))
    except UnicodeEncodeError as error:
        return f"character {error.start + 1} is not UTF-8; save the file as UTF-8"
    except csv.Error:
        return "a quote is not closed, or closed too early, or a cell is too long"
