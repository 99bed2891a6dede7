"""Reads files of cases as spreadsheets write them.

A line is a case: no cell may hold a line break, so a quote that is left open spoils one line only.
The heading alone says what separates the columns: its first comma, semicolon or tab (which no id
has), or a line `sep=` before it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO, TextIO

from stepping.spreadsheet import as_meant

LONGEST_LINE = 1_000_000
"""Characters; a line of the adult pathway has a few hundred."""
SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_SEPARATOR = re.compile(f"[{''.join(SEPARATORS)}]")
_SEPARATOR_LINE = re.compile(r'"?sep=(.*?)"?[\r\n]*', re.IGNORECASE)
_TORN = "a quote is not closed, or closed too early; a quote inside a cell is written twice"
_UTF_8 = "save the file as UTF-8 (in Excel: CSV UTF-8)"


class BatchFileError(ValueError):
    """A file of which nothing can be decided; the message says where and what to do."""


@dataclass(frozen=True)
class CaseLine:
    """A line that is not empty: its number in the file, and its cells or what is wrong with it."""

    number: int
    cells: list[str] | str


@dataclass(frozen=True)
class HeaderRow:
    """The line that names the columns."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class CaseFile:
    """What a file of cases holds; `pieces` are read as they are asked for."""

    separator: str
    heading: HeaderRow
    pieces: Iterator[list[CaseLine]]


@contextmanager
def read_cases(source: BinaryIO, lines_at_once: int) -> Iterator[CaseFile]:
    """Read the heading of a CSV file in UTF-8, and its lines so many at a time.

    Lines without anything in them are passed over. The mark of a formula that was defused is taken
    from the name of a case, so that a name is the same however often it is read and written.

    Raises:
        BatchFileError: If the file is empty, is not UTF-8, or a line has no end.
    """
    # A byte that is not UTF-8 becomes a lone surrogate, so that it spoils its own line only.
    text = TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield _case_file(_lines(text), lines_at_once)
    finally:
        text.detach()


def _case_file(lines: Iterator[tuple[int, str]], lines_at_once: int) -> CaseFile:
    filled = ((number, line) for number, line in lines if line.strip(' ",;\t\r\n'))
    number, text = next(filled, (0, ""))
    if text.startswith(("\udcff\udcfe", "\udcfe\udcff")) or "\0" in text:
        raise BatchFileError(
            f"line {number}: character 1 is not UTF-8; the file is UTF-16, or no text; {_UTF_8}"
        )
    separator = None
    if named := _SEPARATOR_LINE.fullmatch(text):
        separator = named[1]
        if separator not in SEPARATORS:
            known = ", ".join(SEPARATORS.values())
            raise BatchFileError(f"line {number}: sep= names none of these: {known}")
        number, text = next(filled, (0, ""))
    if not text:
        raise BatchFileError("the file is empty; its first line names the columns")
    found = _SEPARATOR.search(text)
    separator = separator or (found[0] if found else ",")
    heading = _cells(text, separator)
    if isinstance(heading, str):
        raise BatchFileError(f"line {number}: {heading}")
    names = [name.strip() for name in heading]
    if len(names) == 1 and found:
        raise BatchFileError(
            f"line {number}: sep= names {SEPARATORS[separator]}, "
            f"but {SEPARATORS[found[0]]} separates the columns of the heading"
        )
    return CaseFile(separator, HeaderRow(number, names), _pieces(lines, separator, lines_at_once))


def _lines(text: TextIO) -> Iterator[tuple[int, str]]:
    number = 1
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(("\r", "\n")):
            raise BatchFileError(f"line {number} is longer than {LONGEST_LINE} characters")
        yield number, line
        number += 1


def _pieces(
    lines: Iterator[tuple[int, str]], separator: str, lines_at_once: int
) -> Iterator[list[CaseLine]]:
    while chunk := list(islice(lines, lines_at_once)):
        rows = _rows([text for _, text in chunk], separator)
        yield [
            CaseLine(number, row)
            for (number, _), row in zip(chunk, rows, strict=True)
            if isinstance(row, str) or any(map(str.strip, row))
        ]


def _rows(lines: list[str], separator: str) -> list[list[str] | str]:
    """Return the cells of each line, or what is wrong with it."""
    try:
        "".join(lines).encode()
        rows: list[list[str] | str] = [*csv.reader(lines, delimiter=separator, strict=True)]
    except (csv.Error, UnicodeEncodeError):
        rows = []
    # As many rows as lines: none of them goes on over a line's end.
    if len(rows) != len(lines):
        rows = [_cells(line, separator) for line in lines]
    for place, row in enumerate(rows):
        if isinstance(row, str) or not row:
            continue
        if '"' in row[0] and lines[place][0] != '"':
            rows[place] = _TORN  # the rest of a cell that began on the line before
        else:
            row[0] = as_meant(row[0])
    return rows


def _cells(line: str, separator: str) -> list[str] | str:
    try:
        line.encode()
        return next(csv.reader([line], delimiter=separator, strict=True))
    except UnicodeEncodeError as error:
        return f"character {error.start + 1} is not UTF-8; {_UTF_8}"
    except csv.Error as error:
        if "field limit" in str(error):
            return f"a quote is not closed, or a cell has over {csv.field_size_limit()} characters"
        return _TORN
