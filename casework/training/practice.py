"""A seat at practice, alone or in a class: its cases, and what was tried with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from casework.training.membership import Membership, SeatTaken, sit_down
from casework.training.shelf import CaseShelf, read_shelf
from casework.workspace import Workspace
from stepping.pathway.model import Pathway
from stepping.training.records import DrillTry, FlipTry, Judgement, Place, SeatRecord
from store.errors import StoreError
from store.times import UUID7Generator, to_iso_utc
from store.training.places import OWN_SEAT
from store.training.seats import add_to_record, load_record

Tried = Judgement | FlipTry | DrillTry


@dataclass
class Practice:
    """What somebody practises with; `workspace` has the training store of the seat open."""

    workspace: Workspace
    record_file: Path
    seat: str = OWN_SEAT
    membership: Membership | None = field(default=None, init=False)
    """The seat in a class, once one was joined."""
    behind: bool = field(default=False, init=False)
    """Whether the class lacks something that is kept here, since its folder did not take it."""
    _alone: tuple[str, Path] = field(init=False, repr=False)
    """The seat and its file from before the class was joined."""
    _record: SeatRecord | None = field(default=None, init=False, repr=False)

    @property
    def class_id(self) -> str | None:
        """The class that the seat has joined, whose tries carry its id."""
        return self.membership.room.record.id if self.membership else None

    @property
    def used(self) -> dict[str, Pathway]:
        """The pathways in use, by id.

        Raises:
            PathwayError: If there is none.
        """
        return {pathway.id: pathway for pathway in self.workspace.pathways_in_use}

    @property
    def shelf(self) -> CaseShelf:
        """The cases: those of the class, or all.

        Raises:
            PathwayError: If no pathway is in use.
        """
        return self.membership.room.shelf if self.membership else self._all

    @cached_property
    def _all(self) -> CaseShelf:
        workspace = self.workspace
        return read_shelf(workspace.pathways, self.used, workspace.vignettes)

    @property
    def record(self) -> SeatRecord:
        """Everything that this seat has tried.

        Raises:
            StoreError: If its file cannot be used.
        """
        if self._record is None:
            self._record = load_record(self.record_file, self.seat)
        return self._record

    @property
    def waiting(self) -> int:
        """How many tries the trainer of the class has not got yet.

        Raises:
            StoreError: If the seat's own file cannot be used.
        """
        return self.membership.waiting(self.record) if self.membership else 0

    def join(self, taken: SeatTaken, record_file: Path) -> Membership:
        """Sit down at a seat of a class; its trainer is told at once.

        Raises:
            PathwayError: If no pathway is in use.
            StoreError: If a file of the seat cannot be read or written.
        """
        membership, record = sit_down(taken, record_file, self.used)
        self.leave()
        self._alone = self.seat, self.record_file
        self.seat, self.record_file = taken.seat, record_file
        self.membership, self._record = membership, record
        self.publish_again()
        return membership

    def move_to(self, seat: str, record_file: Path) -> None:
        """Leave the class, and practise at another seat from now on."""
        self.leave()
        self.seat, self.record_file, self._record = seat, record_file, None

    def leave(self) -> None:
        """Leave the class; whoever has its word may come back."""
        if self.membership is None:
            return
        if self._record is not None:
            self._record = self._record.model_copy(update={"now": None})
        self.publish_again()
        self.membership.hold.let_go()
        self.seat, self.record_file = self._alone
        self.membership, self._record, self.behind = None, None, False

    def new_id(self) -> str:
        """Return an id for a try."""
        return UUID7Generator(self.workspace.clock).new()

    def stamp(self) -> str:
        """Return the present instant as records have it."""
        return to_iso_utc(self.workspace.clock())

    def keep(self, tried: Tried) -> None:
        """Keep a try, first here and then in the class; what a class does not take is kept here.

        Raises:
            StoreError: If it cannot be kept here; then nothing was.
        """
        # Another program of the same seat may have kept something since.
        self._record = add_to_record(self.record_file, self.seat, tried)
        self.publish_again()

    def tell_place(self, place: Place) -> None:
        """Let the trainer see where this seat is, where there is one; that is kept nowhere else.

        Raises:
            StoreError: If the seat's own file cannot be used.
        """
        if self.membership is not None:
            self._record = self.record.model_copy(update={"now": place})
            self.publish_again()

    def publish_again(self) -> None:
        """Put what belongs to the class into its folder, also what it did not take before."""
        if self.membership is None or self.class_id is None:
            return
        try:
            self.membership.publish(self.record.of_class(self.class_id))
        except StoreError:
            self.behind = True
        else:
            self.behind = False
