"""What a class has done until now, as its trainer sees it."""

from __future__ import annotations

from dataclasses import dataclass

from casework.training.classroom import Classroom
from casework.training.membership import wrong_clocks
from stepping.training.agreement import ClassFigures, study_class
from store.training.classes import SeatFiles


@dataclass(frozen=True)
class ClassResults:
    """The figures of a class, and what its seats have handed in."""

    figures: ClassFigures
    seats: SeatFiles
    """With the seats whose file counts for nothing."""
    early: tuple[str, ...] = ()
    """The seats with tries from before the class was opened: a clock is wrong."""


def read_results(room: Classroom) -> ClassResults:
    """Read what the seats have handed in, and work out what it shows.

    Raises:
        StoreError: If the class or its folder cannot be used.
    """
    seats = room.read_seats()
    figures = study_class(room.record, seats.records, room.cases)
    return ClassResults(figures, seats, wrong_clocks(room.record, seats.records))
