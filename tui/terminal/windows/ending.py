"""What ends a program on Windows from without: Ctrl-Break, a closed window, log-off, shutdown."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = {0: 2, 1: 2, 2: 1, 5: 15, 6: 15}
"""By kind of event the signal that says the same elsewhere: interrupt, hang-up, termination."""

_CLOSING = 2
"""From this kind on the system ends the process as soon as it has been answered, or after 5 s."""

_LIMIT_S = 4.8


@contextmanager
def minding_console(leave: Callable[[int], None], *, interrupts: bool = True) -> Iterator[None]:
    """Call `leave` with the number of a signal, in another thread, when the console has to be left.

    The program has some seconds then to end by itself. Without `interrupts`, Ctrl-C and Ctrl-Break
    are left to the signals of Python. On other systems nothing is done.
    """
    if sys.platform != "win32":
        yield
        return

    def answer(kind: int) -> int:
        if kind not in SIGNALS or (kind < _CLOSING and not interrupts):
            return False
        leave(SIGNALS[kind])
        if kind >= _CLOSING:
            time.sleep(_LIMIT_S)  # the end of the program ends this as well
        return True

    handler = ctypes.WINFUNCTYPE(ctypes.c_int, ctypes.c_uint)(answer)
    kernel32 = ctypes.WinDLL("kernel32")
    kernel32.SetConsoleCtrlHandler(handler, True)
    try:
        yield
    finally:
        kernel32.SetConsoleCtrlHandler(handler, False)
