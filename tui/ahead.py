"""What is done beside the screens, so that neither the start nor a later key has to wait for it."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module

NEXT = ("screens.emergency", "tui.visits", "tui.care", "screens.help")
"""The modules behind the keys of the start screen, the most urgent first."""


def read_ahead() -> None:
    """Read every module that a key may open next; may run in a thread of its own."""
    for name in NEXT:
        import_module(name)
    if gc.get_freeze_count():
        gc.freeze()
    _give_back()


def hold_back_collecting() -> None:
    """Look for no garbage while the program is read: there is none, and it would take time."""
    gc.disable()


def go_on_collecting() -> None:
    """Look for garbage again where that was held back, but not in what stays to the end."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _give_back() -> None:
    """Give the system the memory that only reading needed, where its library can (glibc)."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).malloc_trim(0)
