"""Time in Finland, wherever the computer stands and whatever it is set to.

Finland's summer time comes from the `tzdata` that was installed with the program, so that every
host tells the same hour; what a host keeps of its own may be old, or not there.
"""

from __future__ import annotations

import pkgutil
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo

_NAME = "Europe/Helsinki"


@cache
def zone() -> ZoneInfo:
    """Return Finland's time zone."""
    rules = pkgutil.get_data("tzdata", f"zoneinfo/{_NAME}")
    return ZoneInfo.from_file(BytesIO(rules), _NAME) if rules else ZoneInfo(_NAME)


class NoTimeZone(ValueError):
    """An instant of which neither day nor hour can be told."""


def finnish_time(instant: datetime) -> datetime:
    """Return an instant as Finnish clocks show it.

    Raises:
        NoTimeZone: If the instant has none.
    """
    if instant.utcoffset() is None:
        raise NoTimeZone(f"no time zone, so no time can be told: {instant}")
    return instant.astimezone(zone())


def finnish_day(instant: datetime) -> date:
    """Return the day in Finland at an instant.

    Raises:
        NoTimeZone: If the instant has none.
    """
    return finnish_time(instant).date()


def day_begins(day: date) -> datetime:
    """Return the instant at which a day begins in Finland."""
    return datetime.combine(day, time(), zone())
