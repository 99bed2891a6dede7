"""The contacts that are agreed for the days ahead."""

from __future__ import annotations

from datetime import date, timedelta

from store.records import WorkItem
from store.repository.store import Store

COMING_DAYS = 7
"""How many days ahead a contact is told of as coming."""


def last_coming(today: date) -> date:
    """Return the last day whose contacts are coming."""
    return today + timedelta(days=COMING_DAYS)


def list_coming(store: Store, today: date, limit: int = 9) -> list[WorkItem]:
    """Return the contacts that are agreed from today to a week ahead, the earliest first.

    Raises:
        StoreError: If the store does not tell.
    """
    return store.worklist.list_contacts(today, last_coming(today), limit=limit)


def count_coming(store: Store, today: date) -> int:
    """Return how many contacts `list_coming` has in all.

    Raises:
        StoreError: If the store does not tell.
    """
    return store.worklist.count_contacts(today, last_coming(today))
