"""Asking a folder that may never answer, as one on a network drive that has gone away.

A system call on such a folder does not return, and nothing can end it. So it is made in a thread of
its own, which nobody waits for longer than somebody at a screen would, nor at the program's end.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar

Result = TypeVar("Result")

SILENT = "the folder does not answer; is it on a drive that has gone away?"
"""What is told of it, as the fault of whatever was to be read there."""


class NoAnswer(OSError):
    """A folder or file did not answer in time."""


class Asked(Generic[Result]):
    """Something that is asked of the disk in a thread of its own, from now on."""

    def __init__(self, action: Callable[[], Result]) -> None:
        self._action = action
        self._answered = Event()
        self._results: list[Result] = []
        self._error: BaseException | None = None
        Thread(target=self._run, name="asked of a disk", daemon=True).start()

    def result(self, seconds: float) -> Result:
        """Return what came of it, waiting at most so many seconds from now.

        Raises:
            NoAnswer: If nothing has come yet; and whatever the action raised.
        """
        if not self.within(seconds):
            raise NoAnswer(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        if self._error is not None:
            raise self._error
        return self._results[0]

    def within(self, seconds: float) -> bool:
        """Say whether it is answered, waiting at most so many seconds from now."""
        return self._answered.wait(seconds)

    def _run(self) -> None:
        try:
            self._results.append(self._action())
        except BaseException as error:  # whatever it is: whoever asked gets it
            self._error = error
        finally:
            self._answered.set()
