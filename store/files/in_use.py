"""Taking the place of a file, or removing one, that another program may just be looking at.

Windows refuses that, while a guard against viruses or a backup of the computer reads the file. Such
programs let go soon, so it is tried again for a while. On other systems nothing has to be waited
for, and an error is raised at once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from store.windows import error_numbers

if sys.platform == "win32":
    from store.windows import calls

Result = TypeVar("Result")

WAIT_S = 5.0
"""How long it is tried; guards against viruses look at a new file for less than a second."""

_PAUSE_S = 0.02
_TRIES = 5
"""How often it is tried where Windows only says that it may not be, and nobody has it open now."""
_READ_ONLY = 0x1  # FILE_ATTRIBUTE_READONLY


class InUse(PermissionError):
    """Another program has a file open for so long that its name could not be taken."""

    winerror: int

    @classmethod
    def of(cls, error: OSError, path: Path) -> InUse:
        """Return an error as one of a file that is in use."""
        told = cls(error.errno, error.strerror, str(path))
        told.winerror = error_numbers.IN_USE[0]
        return told


def patiently(action: Callable[[], Result], path: Path) -> Result:
    """Return what an action on a path gives, and try again while another program has it open.

    Raises:
        InUse: If that program does not let go; else whatever the action raises.
    """
    until, tries = time.monotonic() + WAIT_S, 0
    while True:
        tries += 1
        try:
            return action()
        except PermissionError as error:
            if not error_numbers.is_in_use(error) or _is_read_only(path):
                raise
            held = not error_numbers.is_denied(error) or _is_held(path)
            if held and time.monotonic() >= until:
                raise InUse.of(error, path) from error
            if not held and tries >= _TRIES:
                raise
        time.sleep(_PAUSE_S)


def replace(fresh: Path, path: Path) -> None:
    """Give a finished file the name of another one, which goes."""
    patiently(lambda: fresh.replace(path), path)


def rename(path: Path, new: Path) -> None:
    """Give a file or folder another name, which is free."""
    patiently(lambda: path.rename(new), path)


def remove(path: Path) -> None:
    """Remove a file; one that is gone already is no error."""
    patiently(lambda: path.unlink(missing_ok=True), path)


def _is_read_only(path: Path) -> bool:
    """Return whether a file bears the mark of Windows by which nobody may change it."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return bool(getattr(found, "st_file_attributes", 0) & _READ_ONLY)


def _is_held(path: Path) -> bool:
    """Return whether another program has a file open, or may have one in a folder."""
    if sys.platform == "win32":
        try:
            calls.close_handle(calls.open_handle(path, calls.TO_DELETE, 0))
        except OSError as error:
            return error_numbers.errno_of(error) == error_numbers.HELD
    return path.is_dir()
