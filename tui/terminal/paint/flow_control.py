"""What was sent and may not have arrived, on lines that take everything and pass it on slowly.

A terminal behind sshd and a poor line never makes a program wait: the bytes pile up on the way.
Only the terminal itself knows how far it has come, so it is asked now and then. tmux and screen
answer themselves and at once; the line behind them stays unknown, unless `stty` tells its speed.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

Calls: TypeAlias = Sequence[Callable[[], None]]
Sending: TypeAlias = tuple[str, Calls]
"""A text to send, and what to call when it has been sent."""

QUESTION = "\x1b[5n"
"""Asks a terminal whether it is well (DSR, in all since the VT100): ESC [ 0 n or ESC [ 3 n."""

ASK_AFTER = 512
"""Bytes that may be on their way before the terminal is asked; most answers need far fewer."""

MOST = 1024
"""With so many bytes on their way, the next picture waits for the answer."""

ANSWER_S = 5.0
"""Later than that the next picture is sent, and who waits for a page has it asked for again."""

STRANGER_S = 2.0
"""The same for a terminal of which it is not known that it answers at all."""

SLOW_BYTES_PER_S = 3840
"""A line below this speed gets its pictures in parts, each of the newest picture then."""

RETRIES = 8
"""How often a terminal that has answered is asked in vain; a radio link may be silent so long."""

_TALKATIVE = (
    *("xterm", "screen", "tmux", "putty", "linux", "vt1", "vt2", "vt3", "vt4", "vt5"),
    *("rxvt", "konsole", "gnome", "vte", "kitty", "alacritty", "foot", "mintty", "mosh"),
)


def answers(term: str) -> bool:
    """Return whether terminals of this name (TERM) are known to answer."""
    return term.startswith(_TALKATIVE)


class _Asked(NamedTuple):
    """A question on its way: bytes sent up to it, bytes on their way then, and the moment."""

    sent: int
    out: int
    at: float
    calls: list[Callable[[], None]]
    """What waits for the answer."""


class FlowControl:
    """Counts bytes on their way, and tells when to ask and how long to wait.

    A terminal that leaves its first questions unanswered is asked no more, and what it was sent
    is taken to be shown. One that has answered before is asked several times, since a line that
    hangs would not show its page either; a late answer brings either back. `slow` is what the
    last answer told of the line. `clock` gives monotonic seconds.
    """

    def __init__(self, asks: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.slow = False
        self._asks = asks
        self._clock = clock
        self._retries = 1
        """How often more the terminal may be silent before it is asked no more."""
        self._sent = self._arrived = 0
        self._asked: deque[_Asked] = deque()
        self._unconfirmed: list[Callable[[], None]] = []
        """What waits for a text that was asked about in vain."""

    def add(self, text: str, shown: Calls = ()) -> Sending:
        """Count what is sent now; return it, with a question behind it where one is due.

        A question is due behind so many bytes, and where somebody waits for the text to be
        `shown`: that is called with the answer. What need not wait for one comes back.
        """
        if not (self._asks and self._retries):
            return text, shown
        self._sent += len(text.encode())
        asked_for = self._asked[-1].sent if self._asked else self._arrived
        if self.unconfirmed or self._sent - asked_for >= (1 if shown else ASK_AFTER):
            calls, self._unconfirmed = [*self._unconfirmed, *shown], []
            out = self._sent - self._arrived
            self._asked.append(_Asked(self._sent, out, self._clock(), calls))
            return text + QUESTION, ()
        if shown and self._asked:
            self._asked[-1].calls.extend(shown)
            return text, ()
        return text, shown

    @property
    def unconfirmed(self) -> bool:
        """Whether the terminal has to be asked once more."""
        return bool(self._unconfirmed)

    def answered(self) -> None:
        """Take an answer: it is the one to the oldest question."""
        self._retries = RETRIES
        if self._asked:
            asked = self._asked.popleft()
            self._arrived = asked.sent
            if asked.out >= ASK_AFTER:  # of fewer, one hears only how far away the terminal is
                self.slow = asked.out < SLOW_BYTES_PER_S * (self._clock() - asked.at)
            _call(asked.calls)

    @property
    def awaited_s(self) -> float:
        """For how many seconds an answer is still awaited, 0 where none is."""
        if not self._asked:
            return 0.0
        patience = ANSWER_S if self._retries > 1 else STRANGER_S
        return max(0.0, self._asked[-1].at + patience - self._clock())

    def patience_s(self) -> float | None:
        """For how many seconds nothing has to be done unless an answer comes, None for ever."""
        if self._asked and not self.awaited_s:
            self.give_up()
        return self.awaited_s if self._asked or self.unconfirmed else None

    def held_s(self) -> float:
        """For how many seconds no picture may be sent unless an answer comes, 0 for none."""
        self.patience_s()
        return self.awaited_s if self._sent - self._arrived >= MOST else 0.0

    def close(self) -> None:
        """Ask nothing more; answers may still be awaited."""
        self._asks = False
        self._go_on()

    def give_up(self) -> None:
        """Take everything to have arrived; who waits for it goes on where nobody can be asked."""
        self._unconfirmed += [call for asked in self._asked for call in asked.calls]
        self._asked.clear()
        self._arrived = self._sent
        self._retries = max(0, self._retries - 1)
        self.slow = self._retries > 0
        if not (self._asks and self._retries):
            self._go_on()

    def _go_on(self) -> None:
        calls, self._unconfirmed = self._unconfirmed, []
        _call(calls)


def _call(calls: Calls) -> None:
    for call in calls:
        call()
