"""Reads what a site hands out on paper: its own `care/sheets.toml`, and ours where it has none."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from stepping.pathway.care.sheets import SHEETS, Sheets, read_sheets
from stepping.pathway.diagnostics import PathwayError
from store.paths import PATHWAYS
from store.pathway_files.files import read_text


def load_sheets(root: Path = PATHWAYS) -> Sheets:
    """Read the sheets beside some pathways; ours where there are none.

    Raises:
        PathwayError: With every fault in the file, or where it cannot be read as UTF-8 text.
    """
    own = root / SHEETS
    return read_sheets(read_text(own if os.path.lexists(own) else PATHWAYS / SHEETS, SHEETS))


def site_sheets(root: Path) -> Sheets:
    """Return the sheets of a site; ours if its own cannot be read."""
    try:
        return load_sheets(root)
    except PathwayError:
        return shipped_sheets()


@cache
def shipped_sheets() -> Sheets:
    """Return the sheets that come with Porras, read once."""
    return load_sheets()
