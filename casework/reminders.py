"""What whoever looks after a store has to be reminded of."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from store.backup.backup import days_since_last, was_ever_made
from store.repository.store import Store
from store.retention.retention import count_due


class Reminders(NamedTuple):
    """What is due to be deleted and saved."""

    to_delete: int
    """How many assessments wait to be deleted."""
    unsaved_days: int | None
    """Days since the last backup, where that is long ago."""
    never_saved: bool


def list_reminders(store: Store, today: date) -> Reminders:
    """Look up what is due.

    Raises:
        StoreError: If the store does not tell.
    """
    return Reminders(count_due(store), days_since_last(store, today), not was_ever_made(store))
