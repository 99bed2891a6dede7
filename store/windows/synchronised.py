"""Folders that a service copies to a network, behind the back of whatever works in them.

Such a service takes a database and its log at different moments, and may put older ones back.
"""

from __future__ import annotations

import ntpath
import os
from collections.abc import Mapping
from pathlib import Path

_OF_A_SERVICE = {
    "OneDrive": "OneDrive",
    "OneDriveConsumer": "OneDrive",
    "OneDriveCommercial": "OneDrive",
}
"""The variables in which Windows keeps the folders of a service, and how it is called."""


def service_of(path: Path, environment: Mapping[str, str]) -> str | None:
    """Return the service that copies the folder of a path to a network; None if none is known."""
    place = _plain(os.path.realpath(path))
    for variable, service in _OF_A_SERVICE.items():
        folder = environment.get(variable, "")
        if folder and (place + "\\").startswith(_plain(folder) + "\\"):
            return service
    return None


def _plain(path: str) -> str:
    return ntpath.normcase(path).rstrip("\\")
