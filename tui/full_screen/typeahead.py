"""A guard against keys that were pressed before their question was on the screen."""

from __future__ import annotations

from collections.abc import Callable

from textual._time import get_time
from textual.message import Message

GRACE_S = 0.05
"""Nobody reads a question faster; a second press within this time is a bouncing key."""

OVERDUE_S = 1.0
"""A page on its way for so long hangs with its line; nobody calls for help ahead of a page."""


class TypeAheadGuard:
    """Tells a key meant for the screen now drawn from one pressed before it was.

    A key event's `time` is the monotonic moment at which it was read from the terminal. The
    screen calls `drawing()` when it changes what is asked, and lets what `once_drawn()` returns
    be called when that stands on the terminal. Between the two every key is stale.
    """

    def __init__(self, grace_s: float = GRACE_S, clock: Callable[[], float] = get_time) -> None:
        self._grace_s = grace_s
        self._clock = clock
        self._drawn_from = clock()
        self._since: float | None = None
        self._turn = 0

    def drawing(self) -> None:
        """Note that a new question is on its way to the screen."""
        self._since = None
        self._drawn_from = self._clock()
        self._turn += 1

    def once_drawn(self) -> Callable[[float], None]:
        """Return what notes since when (monotonic) the question on its way now is on the screen.

        It does nothing once another question is on its way: that one was not seen.
        """
        turn = self._turn

        def drawn(at: float) -> None:
            if turn == self._turn:
                self._since = at

        return drawn

    def stale(self, event: Message, grace_s: float | None = None) -> bool:
        """Tell whether the event is older than the question, or too fresh to be an answer.

        `grace_s` is another time than the usual one for which nothing is an answer.
        """
        grace_s = self._grace_s if grace_s is None else grace_s
        return self._since is None or event.time < self._since + grace_s

    def overdue(self, event: Message) -> bool:
        """Tell whether the event came when the question had been on its way for too long."""
        return self._since is None and event.time >= self._drawn_from + OVERDUE_S
