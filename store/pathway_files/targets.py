"""Reads the targets that a site sets for its reports: `targets.toml` beside its pathways."""

from __future__ import annotations

import os
from pathlib import Path

from stepping.reports.targets import Targets, read_targets
from store.paths import PATHWAYS
from store.pathway_files.files import read_text

NAME = "targets.toml"


def load_targets(root: Path = PATHWAYS) -> Targets:
    """Return the targets of a site; none where it has no such file.

    Raises:
        PathwayError: With every fault in the file.
    """
    path = root / NAME
    # A link that leads nowhere is a fault, and no site without targets.
    return read_targets(read_text(path, NAME), NAME) if os.path.lexists(path) else Targets()
