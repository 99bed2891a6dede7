"""Sends pictures to the terminal as fast as it takes them, and never more than it can show."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

from tui.terminal.capabilities import SLOW_BITS_PER_S
from tui.terminal.paint.flow_control import FlowControl, Sending

_WHOLE = 1 << 20
_PART = 256
"""Bytes of a picture that are sent at a time where the line is slow."""

_AHEAD_S = 0.05
"""How long before a slow line has run dry the next part is handed over."""

PATIENCE_S = 1.0
"""How long the end waits for a terminal that takes nothing any more."""


class Writer(threading.Thread):
    """Writes codes in order, and pictures whenever nothing else waits.

    `write` takes all of a text and tells whether the terminal kept pace; `picture` gives the next
    part of the newest picture, at least so many characters long unless it is the last part.
    Neither is called in the event loop, which therefore never waits for the terminal. `flow`
    knows what has really arrived there, if the terminal can be asked. `failed` is told, in this
    thread, why no picture will come any more. `clock` gives seconds.
    """

    def __init__(
        self,
        write: Callable[[str], bool],
        picture: Callable[[int], str],
        bits_per_s: int = SLOW_BITS_PER_S,
        flow: FlowControl | None = None,
        failed: Callable[[Exception], None] = lambda _error: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name="line", daemon=True)
        self._write = write
        self._picture = picture
        self._bytes_per_s = bits_per_s / 10 if 0 < bits_per_s < SLOW_BITS_PER_S else 0.0
        self._flow = flow or FlowControl(asks=False)
        self._failed = failed
        self._clock = clock
        self._dry_at = 0.0
        self._kept_pace = True
        self._waiting: deque[str] = deque()
        self._changed = False
        self._expected: list[Callable[[], None]] = []
        """What to call when the newest picture is shown."""
        self._ending = self._pressing = False
        self._news = threading.Condition()

    def send(self, text: str) -> None:
        """Send codes, before the next picture."""
        with self._news:
            self._waiting.append(text)
            self._news.notify_all()

    def wake(self) -> None:
        """Look for a new picture."""
        with self._news:
            self._changed = True
            self._news.notify_all()

    def once_shown(self, call: Callable[[], None]) -> None:
        """Call, in another thread, once the picture that is the newest now has been shown.

        That is when the terminal says so; else when a line of known speed has passed it on, or
        the terminal has taken it.
        """
        with self._news:
            if self._ending:
                call()
                return
            self._expected.append(call)
            self._changed = True
            self._news.notify_all()

    def press(self) -> None:
        """Send the picture that is the newest now whole, and wait for no answer before it."""
        with self._news:
            self._pressing = True
            self._changed = True
            self._news.notify_all()

    @property
    def awaits_answer(self) -> bool:
        """Whether the terminal was asked for a sign of life and may still give it."""
        with self._news:
            return self._flow.awaited_s > 0

    def answered(self) -> None:
        """Take the terminal's answer."""
        with self._news:
            self._flow.answered()
            self._news.notify_all()

    def hear_out(self, limit_s: float) -> None:
        """Ask nothing more, and give an answer that is still on its way so many seconds."""
        with self._news:
            self._flow.close()
            left = min(limit_s, self._flow.awaited_s)
            self._news.wait_for(lambda: not self._flow.awaited_s, left)

    def finish(self) -> None:
        """Send the codes that wait, but no picture, and end; give up on a terminal that hangs."""
        with self._news:
            self._ending = True
            self._news.notify_all()
        on_its_way = 2 * _PART / self._bytes_per_s if self._bytes_per_s else 0.0
        self.join(PATIENCE_S + on_its_way)

    def run(self) -> None:
        """Send until the end; after a fault codes only, which put the terminal right."""
        try:
            self._send_all()
        except Exception as error:  # whatever it was: without pictures no key counts any more
            self._failed(error)
            self._send_codes()
        with self._news:
            self._flow.close()
            self._flow.give_up()
            for call in self._expected:
                call()

    def _send_all(self) -> None:
        while (sending := self._next()) is not None:
            text, shown = sending
            if text:
                self._send(text)
            if shown:
                self._run_dry()
            for call in shown:
                call()

    def _send_codes(self) -> None:
        while (code := self._next_code()) is not None:
            self._send(code)

    def _next_code(self) -> str | None:
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._ending)
            return self._waiting.popleft() if self._waiting else None

    def _next(self) -> Sending | None:
        with self._news:
            while not (self._waiting or self._changed or self._ending or self._flow.unconfirmed):
                self._news.wait(self._flow.patience_s())
            if self._waiting:
                return self._waiting.popleft(), ()
            if self._ending:
                return None
            held_s = 0.0 if self._pressing else self._flow.held_s()
            left = max(self._dry_at - _AHEAD_S - self._clock(), held_s)
            if left > 0:
                self._news.wait(left)
                return "", ()
            self._changed = False
            expected, self._expected = self._expected, []
            slow = self._bytes_per_s or not self._kept_pace or self._flow.slow
            slow = slow and not self._pressing
            self._pressing = False
        part = _PART if slow else _WHOLE
        text = self._picture(part)
        with self._news:
            if len(text) >= part:  # there may be more of it
                self._expected, expected = [*expected, *self._expected], []
                self._changed = True
            return self._flow.add(text, expected)

    def _run_dry(self) -> None:
        """Wait until a line of known speed has passed on what it was given."""
        with self._news:
            self._news.wait_for(lambda: self._ending, max(0, self._dry_at - self._clock()))

    def _send(self, text: str) -> None:
        self._kept_pace = self._write(text)
        if self._bytes_per_s:
            start = max(self._dry_at, self._clock())
            self._dry_at = start + len(text.encode()) / self._bytes_per_s
