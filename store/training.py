"""The training store: invented clients in a plain file of its own, for practice only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

from store.repository import Store
from store.times import Clock, utc_now

HANDLE = "trainee"
"""Staff code of everyone who practises."""


class _Person(NamedTuple):
    code: str
    birth_year: int
    sex: Literal["f", "m", "x"] | None
    language: str
    municipality: str


# Codes begin with the word that tells practice from care; the last character is the check.
_PEOPLE = (
    _Person("TREENAAM", 1998, "f", "fi", "hollola"),
    _Person("TREENABK", 1984, "m", "fi", "hollola"),
    _Person("TREENACR", 1971, "f", "sv", "asikkala"),
    _Person("TREENADP", 2004, "x", "fi", "hollola"),
    _Person("TREENAED", 1959, "m", "en", "asikkala"),
    _Person("TREENAFB", 1990, None, "fi", "hollola"),
)


def open_training(path: Path, clock: Clock = utc_now) -> Store:
    """Open the training store, making it with its six clients if there is none."""
    opener = Store.open if path.exists() else Store.create
    store = opener(path, None, HANDLE, clock, training=True)
    seed(store)
    return store


def seed(store: Store) -> None:
    """Fill an open training store with six invented clients; a second time nothing is added.

    ValueError if the store is not a training store.
    """
    if not store.training:
        raise ValueError("only a training store is filled with invented clients")
    for person in _PEOPLE:
        if store.find_client(person.code) is None:
            store.add_client(**person._asdict())
