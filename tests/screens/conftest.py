"""A folder of its own for every test, and the pathway that comes with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import pathway_files
from store.places import find
from tests.screens.running import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(find(tmp_path / "data" / "porras.db"), pathway_files.built_in("adult"))
