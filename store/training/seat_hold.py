"""One trainee at a seat: a lock beside its file, which the system takes away with the program."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from store.errors import SeatInUse, SeatNotFree, SeatOfAnother
from store.files import disk_errors, file_lock, ownership
from store.training.classes import COLLECTED, SEATS, seat_file


class SeatHold:
    """Keeps a seat of a class until it is let go, or the program ends, however it ends.

    Raises:
        SeatInUse: If another program has it.
        SeatOfAnother: If it was begun by another user of this computer.
        SeatNotFree: If something that is no file stands in its place.
        StoreError: If the disk does not take the lock.
    """

    def __init__(self, folder: Path, seat: str) -> None:
        self.begun = any(
            os.path.lexists(seat_file(folder, place, seat)) for place in (SEATS, COLLECTED)
        )
        """Whether somebody has sat here before."""
        lock = folder / SEATS / f"{seat}.lock"
        for path in (seat_file(folder, SEATS, seat), lock):
            _refuse_strange(path, seat)
        with disk_errors.translated(lock):
            self._descriptor: int | None = file_lock.open_lock(lock)
            try:
                free = file_lock.take(self._descriptor)
            except OSError:  # a disk of the network without locks
                self.let_go()
                raise
        if not free:
            self.let_go()
            raise SeatInUse(seat=seat)

    def let_go(self) -> None:
        """Leave the seat to whoever comes next."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _refuse_strange(path: Path, seat: str) -> None:
    """Refuse what another user, or nobody's program, has put in the place of a file of a seat."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise disk_errors.translate(error, path) from error
    if owner := ownership.another(path, found):
        raise SeatOfAnother(seat=seat, owner=owner)
    if not stat.S_ISREG(found.st_mode):
        raise SeatNotFree(seat=seat, path=str(path))
