"""Instants and ids: UTC text as it stands on disk, and UUIDs that sort by their time."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from uuid import UUID

from stepping.finland import finnish_time

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant; the clock of everything but tests and the training store."""
    return datetime.now(UTC)


def to_iso_utc(instant: datetime) -> str:
    """Return the instant as ISO 8601 in UTC with milliseconds.

    Raises:
        ValueError: Without a time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_time(moment: datetime) -> datetime:
    """Return a stored moment as Finnish clocks show it, whatever the zone of this machine."""
    return finnish_time(moment)


def minute(instant: str) -> str:
    """Return a stored instant as Finnish clocks show it, to the minute."""
    return f"{local_time(datetime.fromisoformat(instant)):%Y-%m-%d %H:%M}"


class UUID7Generator:
    """Makes UUIDs of version 7 (RFC 9562) that rise within one maker, also if the clock falls.

    The order between sites or processes is that of sequence numbers, never of these ids.
    """

    def __init__(self, clock: Clock, random: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._random = random
        self._last = 0
        self._lock = Lock()

    def new(self) -> str:
        """Return the next id as text, 36 characters."""
        with self._lock:
            # Milliseconds and a 12-bit counter make one rising number of 60 bits.
            now = int(self._clock().timestamp() * 1000) << 12
            self._last = max(now, self._last + 1)
            tail = int.from_bytes(self._random(8), "big") & (1 << 62) - 1
            high, low = self._last >> 12, self._last & 0xFFF
        return str(UUID(int=(high << 80) | (7 << 76) | (low << 64) | (0b10 << 62) | tail))
