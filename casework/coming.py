"""The days whose agreed contacts are coming."""

from __future__ import annotations

from datetime import date, timedelta

_DAYS = 7
"""How many days ahead a contact is told of as coming."""


def coming_days(today: date) -> tuple[date, date]:
    """Return the first and the last day whose contacts are coming: those of today wait already."""
    return today + timedelta(days=1), today + timedelta(days=_DAYS)
