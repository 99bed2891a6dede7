"""The invented clients of the training store, and the past in which things happened to them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from store.repository.store import Store
from store.times import Clock

_MUNICIPALITY = "municipality"
"""The setting that holds where a workplace is."""

_MINUTES = 24 * 60
"""Of a day."""

_STORY = Path(__file__).with_name("story.toml")
"""Who is practised with, and what has happened to them."""


class Past:
    """The clock while the store is filled: some days before now, which stands still.

    It goes on only where somebody spends time.
    """

    def __init__(self, clock: Clock) -> None:
        self.now = clock()
        self.days = 0.0

    def __call__(self) -> datetime:
        """Return the instant that it stands at."""
        return self.before(self.days)

    def spend(self, minutes: float) -> None:
        """Let some minutes go by, but never so many that the present is reached."""
        self.days -= min(minutes / _MINUTES, self.days / 2)

    def before(self, days: float) -> datetime:
        """Return the instant some days ago."""
        return self.now - timedelta(days=days)


class Deed(NamedTuple):
    """Something that was done so many days ago."""

    days_ago: float
    do: Callable[[], object]


class Filling(NamedTuple):
    """What an empty training store is filled with."""

    begins: float
    """How many days ago the first of it was done."""
    fill: Callable[[Store, Past], None]
    """Does it, and sets the clock to when each thing was done."""


def do_all(deeds: Iterable[Deed], past: Past) -> None:
    """Do what was done, the oldest first, each at its time or once the one before is over."""
    over = inf
    for deed in sorted(deeds, key=lambda each: -each.days_ago):
        past.days = min(deed.days_ago, over)
        deed.do()
        over = past.days


def read_story() -> dict[str, Any]:
    """Return who is practised with and what has happened to them, as it is written."""
    return tomllib.loads(_STORY.read_text("utf-8"))


def seed(store: Store) -> None:
    """Fill an open training store with six invented clients and a workplace, once.

    Raises:
        ValueError: If it is not a training store.
    """
    if not store.training:
        raise ValueError("only a training store is filled with invented clients")
    told = read_story()
    for person in told["clients"]:
        if store.clients.find(person["code"]) is None:
            store.clients.add(**person)
    if store.settings.get(_MUNICIPALITY) is None:
        store.settings.set(_MUNICIPALITY, told["municipality"])
    if store.staff.get_own_unit() is None:
        store.staff.set_own_unit(told["unit"])
