"""Where the seats of a machine keep what they practise.

A seat has a folder of its own beside the training store of whoever has none:
`training/SEAT/training.db` and `training/SEAT/record.json`.
"""

from __future__ import annotations

import re
from pathlib import Path

from store.paths import StorePaths
from store.windows.names import is_device

OWN_SEAT = "own"
"""The seat of whoever practises alone and has chosen no word."""

_WORD = re.compile(r"[a-z]{3,12}")


def is_seat(word: str) -> bool:
    """Say whether a word may be a seat: 3 to 12 letters from a to z, and no device of Windows.

    A class goes from one computer to another, so that holds everywhere.
    """
    return _WORD.fullmatch(word) is not None and not is_device(word)


def seats_folder(places: StorePaths) -> Path:
    """Return the folder with one for each seat; `places` are those without a seat."""
    return places.training.parent / "training"


def seat_places(places: StorePaths, seat: str | None) -> StorePaths:
    """Return the paths with the training store of a seat; the usual one for `own` or none."""
    if seat in {None, OWN_SEAT}:
        return places
    return places._replace(training=seats_folder(places) / seat / "training.db")


def record_path(places: StorePaths, seat: str) -> Path:
    """Return the file with the tries of a seat; `places` are those of `seat_places`."""
    home = places.training.parent
    return (home / "training" / seat if seat == OWN_SEAT else home) / "record.json"


def usual_places(places: StorePaths, seat: str | None) -> StorePaths:
    """Return the paths without a seat, from those of `seat_places`."""
    if seat in {None, OWN_SEAT}:
        return places
    return places._replace(training=places.training.parents[2] / "training.db")


def classes_folder(places: StorePaths) -> Path:
    """Return the folder of this computer's own classes; `places` are those without a seat."""
    return seats_folder(places) / "classes"
