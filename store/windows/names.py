"""Names that no file can have on Windows, though other systems take them.

Source: learn.microsoft.com, "Naming Files, Paths, and Namespaces".
"""

from __future__ import annotations

import os
import re

LONGEST_PATH = 259
"""Characters, as long as nobody has told a Windows to take longer ones."""

_LONGEST_FOLDER = 247
"""Characters of a folder, which has to have room for a file of the old form (8.3) in it."""

_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
"""Devices have these names in every folder, whatever follows after a dot."""

_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def is_device(name: str) -> bool:
    """Return whether a name is one that Windows keeps for a device: con, nul, aux, com1."""
    return _DEVICE.fullmatch(name) is not None


def is_fit(name: str) -> bool:
    """Return whether a file of Windows can have a name, and is found under it again."""
    return not (is_device(name) or _UNFIT.search(name) or name.endswith((".", " ")))


def is_too_long(path: str, system: str = os.name) -> bool:
    """Return whether a system says that something is not there only because its path is too long.

    Windows does.
    """
    return system == "nt" and len(path) > _LONGEST_FOLDER
