"""Faults found in a pathway's files, each with its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stepping.characters import escape_line_ends
from stepping.pathway.toml_lines import Place, TomlLines


@dataclass(frozen=True)
class Diagnostic:
    """One fault: where it stands and what is wrong, in one sentence."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{escape_line_ends(self.file)}:{self.line}: {self.message}"


class PathwayError(Exception):
    """A pathway that cannot be used; `problems` tells each fault with file and line."""

    def __init__(self, problems: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(problems, key=_place))
        super().__init__("\n".join(str(problem) for problem in self.diagnostics))


def describe_program_fault(error: BaseException) -> str:
    """Say that the program failed on a pathway: the place in its code, and no value."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f", {place.tb_frame.f_globals['__name__']}:{place.tb_lineno}" if place else ""
    return f"the program failed on it ({type(error).__name__}{where}); please report this place"


class DiagnosticCollector:
    """Collects faults while files are read, and finds their lines."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._lines: dict[str, TomlLines] = {}
        self._problems: list[Diagnostic] = []

    def add(self, file: str, place: Place, message: str) -> None:
        """Note a fault at a place of a file."""
        self.add_line(file, self.find_line(file, place), message)

    def find_line(self, file: str, place: Place) -> int:
        """Return the line of a place of a file (from 1)."""
        if file not in self._lines:
            self._lines[file] = TomlLines(self._files.get(file, ""))
        return self._lines[file].find_line(place)

    def add_line(self, file: str, line: int, message: str) -> None:
        """Note a fault at a line of a file."""
        problem = Diagnostic(file, line, message)
        if problem not in self._problems:
            self._problems.append(problem)

    def add_unknown(
        self, file: str, place: Place, what: str, name: str, known: Iterable[str]
    ) -> None:
        """Note a name that nothing has, with the nearest one that is known."""
        self.add(file, place, f"{what} {name!r} is not known{suggest_nearest(name, known)}")

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """Everything noted, in the order of the files."""
        return tuple(sorted(self._problems, key=_place))

    def raise_if_any(self) -> None:
        """Refuse the pathway if anything was noted.

        Raises:
            PathwayError: With everything that was noted.
        """
        if self._problems:
            raise PathwayError(self._problems)


def _place(problem: Diagnostic) -> tuple[str, int, str]:
    return problem.file, problem.line, problem.message


def suggest_nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint such as `; did you mean 'phq9.total'?`, or nothing."""
    near = find_nearest(name, known)
    return f"; did you mean {near!r}?" if near else ""


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """Return which of the names that are known is most like another one, if any is."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)
