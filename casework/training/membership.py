"""A seat in a class: joining it by its word, and what the trainer has not got yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casework.training.classroom import Classroom
from stepping.pathway.model import Pathway
from stepping.training.records import ClassRecord, SeatRecord
from store.errors import ClassGone, DriveSilent
from store.files.unresponsive import Asked, NoAnswer
from store.training.class_writing import put_aside, put_seat
from store.training.classes import (
    HANDED,
    SEATS,
    FoundClass,
    FoundClasses,
    find_classes,
    is_carried,
    load_class,
    read_seat,
    unite,
)
from store.training.seat_hold import SeatHold
from store.training.seats import keep_record, load_record

_PATIENCE_S = 10.0
"""Seconds for which a folder of classes is waited for."""

_CLOCK_SLACK = timedelta(minutes=5)
"""By how much the clocks of two computers may differ without a word."""


def look_for_classes(folders: Iterable[Path]) -> FoundClasses:
    """Return the classes in some folders.

    Raises:
        DriveSilent: If a folder does not answer.
    """
    places = tuple(folders)
    try:
        return Asked(lambda: find_classes(places)).result(_PATIENCE_S)
    except NoAnswer:
        raise DriveSilent(path=", ".join(map(str, places))) from None


@dataclass
class Membership:
    """A seat that somebody has taken in a class, until `hold` is let go."""

    room: Classroom
    seat: str
    hold: SeatHold
    carried: bool
    """Whether the class was carried here as a file, and this seat's file is carried back."""
    delivered: frozenset[str] = frozenset()
    """The tries that the class has got."""
    set_aside: Path | None = None
    """Where a file of this seat was put that could not be used."""

    def publish(self, record: SeatRecord) -> None:
        """Put the seat's file into the class; one that is carried back is handed in later.

        Raises:
            ClassGone: If it is there no more; StoreError: if it does not take the file.
        """
        if self.carried:
            return
        if load_class(self.room.folder).id != self.room.record.id:
            raise ClassGone(path=str(self.room.folder))
        ids = _ids(record)
        put_seat(self.room.folder, record, lasting=ids != self.delivered)
        self.delivered = ids

    def waiting(self, record: SeatRecord) -> int:
        """Return how many tries of the seat's own record the trainer has not got yet."""
        return len(_ids(record.of_class(self.room.record.id)) - self.delivered)

    def has_ended(self) -> bool:
        """Return whether the trainer has ended the class; what cannot be read has not.

        Raises:
            StoreError: If its file cannot be used.
        """
        return load_class(self.room.folder).ended is not None


@dataclass(frozen=True)
class SeatTaken:
    """A seat that is held for somebody who may sit down; `begun` if somebody has sat there."""

    found: FoundClass
    seat: str
    hold: SeatHold
    own: SeatRecord
    begun: bool


def take_seat(found: FoundClass, seat: str, record_file: Path) -> SeatTaken:
    """Hold a seat of a class; `record_file` is where this computer keeps its tries.

    Raises:
        SeatInUse, SeatOfAnother, SeatNotFree: If it is not to be had.
        StoreError: If a file cannot be used.
    """
    own = load_record(record_file, seat)
    hold = SeatHold(found.folder, seat)
    begun = hold.begun or bool(own.of_class(found.record.id).entries)
    return SeatTaken(found, seat, hold, own, begun)


def sit_down(
    taken: SeatTaken, record_file: Path, used: Mapping[str, Pathway]
) -> tuple[Membership, SeatRecord]:
    """Take a held seat; return it with the whole record of the seat.

    What the class has of it and this computer has not is kept here too, so that nothing is lost
    when the seat's file is written anew. A file there that cannot be used is put aside.

    Raises:
        StoreError: If a file cannot be read or written.
    """
    folder, record = taken.found
    carried = is_carried(folder)
    place = HANDED if carried else SEATS
    membership = Membership(Classroom(folder, used, record), taken.seat, taken.hold, carried)
    found = read_seat(folder, record, place, taken.seat)
    whole = taken.own
    if isinstance(found, SeatRecord):
        membership.delivered = _ids(found)
        whole = unite(taken.own, found)
        if whole != taken.own:
            keep_record(record_file, whole)
    elif found is not None:
        membership.set_aside = put_aside(folder, place, taken.seat)
    return membership, whole


@dataclass(frozen=True)
class Doubts:
    """What is odd about a class on this computer; nothing of it is lost."""

    other_pathways: tuple[str, ...] = ()
    """Pathways whose text here is another than the class was opened with."""
    unfit: int = 0
    """How many cases of the class do not fit the pathways here."""
    opened_later: bool = False
    """Whether the class was opened in the future, by this computer's clock."""

    @classmethod
    def of(cls, room: Classroom, now: datetime) -> Doubts:
        """Return what is odd about a class.

        Raises:
            StoreError: If its file cannot be used.
        """
        record = room.record
        others = (
            id_
            for id_, digest in record.pathways.items()
            if id_ in room.used and room.used[id_].digest != digest
        )
        return cls(
            tuple(others),
            len(record.cases) - len(room.cases),
            datetime.fromisoformat(record.opened) > now + _CLOCK_SLACK,
        )


def wrong_clocks(
    record: ClassRecord, seats: Mapping[str, SeatRecord], now: datetime | None = None
) -> tuple[str, ...]:
    """Return the seats with a try from before the class was opened, or from after `now`."""
    opened = datetime.fromisoformat(record.opened) - _CLOCK_SLACK
    latest = now + _CLOCK_SLACK if now else datetime.max.replace(tzinfo=UTC)
    return tuple(
        seat
        for seat, each in seats.items()
        if not all(opened <= datetime.fromisoformat(entry.at) <= latest for entry in each.entries)
    )


def _ids(record: SeatRecord) -> frozenset[str]:
    return frozenset(entry.id for entry in record.entries)
