"""What the systems differ in, as tests ask for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from store.files import drives


def is_for_its_owner_alone(path: Path) -> bool:
    """Whether nobody else may read a file or folder: by its mode, on Windows by its list."""
    if os.name != "posix":
        return drives.keeps_rights(path)
    return stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def link(place: Path, to: Path) -> Path:
    """Make a link; a test is skipped where this user may make none, or Wine loses it."""
    try:
        place.symlink_to(to)
    except OSError:
        pytest.skip("this user may make no links here")
    if not os.path.lexists(place):
        pytest.skip("a link that was made is not there: Wine")
    return place
