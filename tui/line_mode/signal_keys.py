"""Takes away the keys by which a terminal ends or suspends a program, and gives them back."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO


class SignalKeys:
    """The keys of one terminal that send signals; a pipe has none."""

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._usual: list[Any] | None = None
        """How the terminal was set before it was held; empty on Windows, where nothing is set."""

    @property
    def disabled(self) -> bool:
        """Whether a terminal's keys are taken away now."""
        return self._usual is not None

    def disable(self) -> bool:
        """Take the keys away, also again after a shell has set the terminal anew.

        False where they stay. On Windows they still send signals, of which nobody takes notice.
        """
        if not self._source.isatty():
            return True
        if sys.platform == "win32":
            self._usual = []
            return True
        import termios

        try:
            usual = self._usual or termios.tcgetattr(self._source)
            termios.tcsetattr(self._source, termios.TCSANOW, _muted(usual, self._source.fileno()))
        except (termios.error, OSError, ValueError):
            return False
        self._usual = usual
        return True

    def restore(self) -> None:
        """Set the terminal as it was before."""
        if sys.platform == "win32" or self._usual is None:
            self._usual = None
            return
        import termios

        with suppress(termios.error, OSError, ValueError):
            termios.tcsetattr(self._source, termios.TCSANOW, self._usual)
        self._usual = None


def _muted(usual: list[Any], terminal: int) -> list[Any]:
    """Return settings under which no key and no break sends a signal or ends the input."""
    if sys.platform == "win32":  # which has no such settings
        return usual
    import termios

    muted: list[Any] = [*usual]
    muted[0] &= ~termios.BRKINT
    muted[3] &= ~termios.ISIG
    muted[6] = [*muted[6]]
    muted[6][termios.VEOF] = bytes([os.fpathconf(terminal, "PC_VDISABLE")])
    return muted
