"""Reads what a site says of episodes of care: its own files, and ours where it has none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from stepping.pathway.care.reader import CARE_FILES, read_care
from stepping.pathway.care.schema import CareRules
from stepping.pathway.diagnostics import PathwayError
from store.paths import PATHWAYS
from store.pathway_files.files import read_text


def care_files(root: Path = PATHWAYS) -> Mapping[str, str]:
    """Return the texts of `care/` beside some pathways; ours for each file that is not there.

    Raises:
        PathwayError: If a file cannot be read as UTF-8 text.
    """
    own = {name: root / name for name in CARE_FILES}
    # A file that cannot be read is a fault, and ours is none instead.
    used = {name: own[name] if os.path.lexists(own[name]) else PATHWAYS / name for name in own}
    return {name: read_text(path, name) for name, path in used.items()}


def load_care(root: Path = PATHWAYS) -> CareRules:
    """Read the tracks, deadlines and contacts of a site.

    Raises:
        PathwayError: With every fault in the files.
    """
    return read_care(care_files(root))


def site_care(root: Path) -> CareRules:
    """Return the tracks, deadlines and contacts of a site; ours if its own cannot be read."""
    try:
        return load_care(root)
    except PathwayError:
        return shipped_care()


@cache
def shipped_care() -> CareRules:
    """Return the tracks, deadlines and contacts that come with Porras, read once."""
    return load_care()
