"""A guard against keys that were pressed before their question was on the screen."""

from __future__ import annotations

from textual._time import get_time
from textual.message import Message

GRACE_S = 0.05
"""Nobody reads a question faster; a second press within this time is a bouncing key."""


class TypeAheadGuard:
    """Tells a key meant for the screen now drawn from one pressed before it was.

    A key event's `time` is the monotonic moment at which it was read from the terminal. The
    screen calls `drawing()` when it changes what is asked and `drawn()` when that is written:
    `self.call_after_refresh(guard.drawn)`. Between the two every key is stale.
    """

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._since: float | None = None

    def drawing(self) -> None:
        """Note that a new question is on its way to the screen."""
        self._since = None

    def drawn(self) -> None:
        """Note that the question is on the screen from now on."""
        self._since = get_time()

    def stale(self, event: Message) -> bool:
        """Tell whether the event is older than the question, or too fresh to be an answer."""
        return self._since is None or event.time < self._since + self._grace_s
