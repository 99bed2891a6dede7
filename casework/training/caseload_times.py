"""When the invented nurses of the caseload work, and how many minutes they spend on what."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from stepping.training.caseload import Range

OPENS, OPEN_FOR = timedelta(hours=8), timedelta(hours=7)
"""When a working day begins, and for how long clients come."""

ASKING: Range = (10, 28)
"""Minutes of the questions of a first assessment; all of these numbers are invented."""
FOLLOWING_UP: Range = (4, 12)
"""Minutes of the questions of a measurement in a treatment."""
SEEING_TO: Range = (1, 5)
"""Minutes until a step of a safety stop is recorded."""
CONFIRMING: Range = (1, 8)
"""Minutes from the last answer to the confirmed step."""


def working_day(day: datetime) -> datetime:
    """Return the day, or the Friday before where it is at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def weekday(day: date) -> date:
    """Return the day, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
