"""When the screen locks because no key has come, and the PIN that opens it again.

A PIN is chosen for one session. It guards a screen that somebody would have to stand at, is never
stored, and is forgotten after three wrong ones. It could not guard the store.
"""

from __future__ import annotations

import hmac
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from store.keys import keystore
from store.paths import StorePaths

if sys.platform == "win32":
    from store.windows import sessions

SETTING = "idle_minutes"
"""The setting of a store that holds after how many minutes its screens lock."""

USUAL = 5
"""Minutes without a key, where nobody has said another number."""

ALLOWED = range(61)
"""Minutes that may be set; 0 is never, on a computer that nobody shares."""

SHORTEST_PIN, LONGEST_PIN = 4, 8
PIN_TRIES = 3


def uptime_s() -> float:
    """Return seconds that count on while the computer sleeps, and that nobody can set."""
    if sys.platform == "win32":
        return sessions.uptime_s()
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # of Linux, and of macOS
        if (clock := getattr(time, name, None)) is not None:
            return time.clock_gettime(clock)
    return time.monotonic()


def is_shared(paths: StorePaths) -> bool:
    """Return whether several people use this computer: several staff codes, or a far terminal."""
    far = "SSH_CONNECTION" in os.environ
    if sys.platform == "win32":
        far = far or sessions.is_far()
    return far or len(keystore.handles(paths.keys)) > 1


def limit_s(stored: str | None, *, shared: bool) -> float | None:
    """Return the seconds after which the screen locks, by the setting; None for never."""
    minutes = int(stored) if stored and stored.isdecimal() else USUAL
    if minutes not in ALLOWED or (minutes == 0 and shared):
        minutes = USUAL
    return minutes * 60.0 or None


@dataclass
class IdleTimer:
    """How long no key has come, and the PIN of this session."""

    uptime: Callable[[], float]
    limit_s: float | None = None
    pin: str | None = field(default=None, repr=False)
    _wrong: int = 0
    _since: float = 0.0

    def touch(self) -> None:
        """Note that somebody is there."""
        self._since = self.uptime()

    @property
    def due(self) -> bool:
        """Whether no key has come for so long that the screen has to lock."""
        if self.limit_s is None:
            return False
        waited = self.uptime() - self._since
        if waited < 0:  # a clock that was set back tells nothing
            self.touch()
        return waited >= self.limit_s

    def choose(self, pin: str) -> None:
        """Take a PIN for this session."""
        self.pin, self._wrong = pin, 0

    def opens(self, text: str) -> bool | None:
        """Return whether a text is the PIN; None where it is to be taken for a passphrase."""
        if self.pin is None or not is_pin(text):
            return None
        if hmac.compare_digest(text, self.pin):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= PIN_TRIES:
            self.pin = None
        return False


def is_pin(text: str) -> bool:
    """Return whether a text has the form of a PIN, which no passphrase has: those are longer."""
    return SHORTEST_PIN <= len(text) <= LONGEST_PIN and text.isascii() and text.isdecimal()
