"""Tells which seats' files of a class cannot be used, and whose clock is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casework.language import N_, Speech
from store.training.classes import SeatFiles

_WORDS = {
    "changed": N_("{seat}: its file was changed by hand or is damaged, and is not counted."),
    "newer": N_("{seat}: its file was written by a newer Porras, and is not counted."),
    "foreign": N_("{seat}: the file in its place is of another class or seat."),
    "unreadable": N_("{seat}: what stands in the place of its file cannot be read."),
}


def told_faults(seats: SeatFiles, early: Iterable[str], t: Speech) -> Iterator[str]:
    """Yield a sentence for each file that cannot be used, and each seat whose clock is wrong.

    `early` are the seats with tries from another time than that of the class.
    """
    for seat, fault in seats.faults.items():
        yield t(_WORDS[fault], seat=seat)
    for seat in early:
        yield t("{seat}: a clock is wrong; its tries are counted in their order.", seat=seat)
