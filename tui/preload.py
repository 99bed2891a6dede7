"""What is done beside the screens, so that neither the start nor a later key has to wait for it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.workspace import Workspace
    from store.maintenance.rolling_check import Watch

QUIET_S = 2.0
"""Without a key for so long, nobody types."""

NEXT = (
    "screens.desk.emergency",
    "tui.flows.clients",
    "tui.flows.episode",
    "tui.flows.find",
    "tui.flows.backup",
    "tui.flows.reports",
    "screens.base.help",
    "tui.full_screen.entry_screen",
    "store.maintenance.rolling_check",
)
"""The modules behind the keys of the start screen, the most urgent first; and the check beside."""


def preload_modules() -> None:
    """Read every module that a key may open next; may run in a thread of its own."""
    for name in NEXT:
        import_module(name)
    if gc.get_freeze_count():
        gc.freeze()
    _give_back()


def start_store_check(
    workspace: Workspace, quiet: Callable[[], bool] = lambda: True
) -> Watch | None:
    """Begin to check the open store beside work; None in practice, or with no store open.

    It rests while `quiet` says that somebody types. What it finds is told at the nurse's next deed,
    and not while a client answers alone.
    """
    from store.maintenance.rolling_check import Watch

    if workspace.training or workspace.opened is None:
        return None
    watch = Watch(workspace.opened, quiet=quiet, may_tell=lambda: not workspace.with_client)
    watch.start()
    return watch


def disable_gc() -> None:
    """Look for no garbage while the program is read: there is none, and it would take time."""
    gc.disable()


def enable_gc() -> None:
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
