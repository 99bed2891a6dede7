"""Asking a folder that may never answer, as one on a network drive that has gone away.

A system call on such a folder does not return, and nothing can end it. So it is made in a thread of
its own, which nobody waits for longer than somebody at a screen would, nor at the program's end.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from threading import Event, Thread, local
from time import monotonic
from typing import Generic, TypeVar

Result = TypeVar("Result")

SILENT = "the folder does not answer; is it on a drive that has gone away?"
"""What is told of it, as the fault of whatever was to be read there."""


MOST_TIMES = 6
"""How many times as long as without any sign a disk is waited for that is slow but answers."""

_here = local()


class NoAnswer(OSError):
    """A folder or file did not answer in time."""


class Asked(Generic[Result]):
    """Something that is asked of the disk in a thread of its own, from now on."""

    def __init__(self, action: Callable[[], Result]) -> None:
        self._action = action
        self._answered = Event()
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self._heard = monotonic()
        Thread(target=self._run, name="asked of a disk", daemon=True).start()

    def result(self, seconds: float) -> Result:
        """Return what came of it, once so many seconds have passed without a sign at the latest.

        Each file that is read gives a sign: a slow disk is not one that has gone away.

        Raises:
            NoAnswer: If nothing has come yet; and whatever the action raised.
        """
        asked = monotonic()
        while not self.within(seconds):
            last = min(max(asked, self._heard), asked + (MOST_TIMES - 1) * seconds)
            if monotonic() >= last + seconds:
                raise NoAnswer(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        if self._error is not None:
            raise self._error
        return self._results[0]

    def within(self, seconds: float) -> bool:
        """Say whether it is answered, waiting at most so many seconds from now."""
        return self._answered.wait(seconds)

    def hear(self) -> None:
        """Take it down that the disk has answered, if not the whole of it."""
        self._heard = monotonic()

    def _run(self) -> None:
        _here.asked = self
        try:
            self._results.append(self._action())
        except BaseException as error:  # whatever it is: whoever asked gets it
            self._error = error
        finally:
            self._answered.set()


def give_sign() -> None:
    """Let whoever waits for what this thread asks of a disk know that the disk answers."""
    asked: Asked[object] | None = getattr(_here, "asked", None)
    if asked is not None:
        asked.hear()
