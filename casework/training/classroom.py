"""A class as its trainer and its seats see it: its cases, and what the seats have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from casework.training.shelf import CaseShelf, read_one
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.training.reading import Case
from stepping.training.records import ClassRecord
from store.training.classes import SeatFiles, load_class, read_seats


@dataclass
class Classroom:
    """A class in its folder; `used` are the pathways in use here, by id."""

    folder: Path
    used: Mapping[str, Pathway]
    known: ClassRecord | None = None
    """What its file said, where that was read already; then it may go away meanwhile."""

    @cached_property
    def record(self) -> ClassRecord:
        """The class: its name, seats, cases and pathways.

        Raises:
            StoreError: If its file cannot be used.
        """
        return self.known or load_class(self.folder)

    @cached_property
    def shelf(self) -> CaseShelf:
        """The cases of the class by the texts that it keeps, whatever vignettes lie here.

        Raises:
            StoreError: If its file cannot be used.
        """
        cases: dict[str, Case] = {}
        unfit: list[str] = []
        for case in self.record.cases:
            try:
                cases[case.id] = read_one(case.id, case.text, self.used)
            except PathwayError:
                unfit.append(case.id)
        return CaseShelf(cases, (), tuple(unfit))

    @property
    def cases(self) -> Mapping[str, Case]:
        """Those of the class's cases that fit the pathways in use here.

        Raises:
            StoreError: If its file cannot be used.
        """
        return self.shelf.cases

    def read_seats(self) -> SeatFiles:
        """Return what the seats have done until now, read anew each time.

        Raises:
            ClassGone: If its folder is not there any more; StoreError: if its file is unfit.
        """
        return read_seats(self.folder, self.record)
