"""What whoever looks after a store has to be reminded of."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from store.backup.backup import days_since_last, was_ever_made
from store.repository.store import Store
from store.retention.retention import count_due
from store.training.opening import find_day


class Reminders(NamedTuple):
    """What is due to be deleted and saved."""

    to_delete: int
    """How many assessments wait to be deleted."""
    unsaved_days: int | None
    """Days since the last backup, where that is long ago."""
    never_saved: bool
    practised_days: int | None = None
    """Days since practice data was made, where that is so long ago that much of it is late."""


_OLD_PRACTICE = 7
"""Days from which on practice data is told to be old: most of it waits for within a week."""


def list_reminders(store: Store, today: date) -> Reminders:
    """Look up what is due.

    Raises:
        StoreError: If the store does not tell.
    """
    if store.training:
        return Reminders(0, None, never_saved=False, practised_days=_practised_days(store, today))
    return Reminders(count_due(store), days_since_last(store, today), not was_ever_made(store))


def _practised_days(store: Store, today: date) -> int | None:
    made = find_day(store)
    days = (today - made).days if made else 0
    return days if days > _OLD_PRACTICE else None
