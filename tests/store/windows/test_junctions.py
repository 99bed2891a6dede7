"""A junction of Windows is a folder for most functions of Python, and yet leads elsewhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from store.files import regular_files, removal
from store.files.regular_files import is_link
from store.installation.file_list import files_in


@pytest.fixture
def junction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is taken for a junction, with a file behind it."""
    place = tmp_path / "version" / "more"
    place.mkdir(parents=True)
    (place / "yaml.py").touch()
    number = place.stat().st_ino

    def is_one(found: os.stat_result) -> bool:
        return found.st_ino == number or is_link(found)

    monkeypatch.setattr(regular_files, "is_link", is_one)
    return place


def test_a_junction_in_a_package_or_content_is_a_file_that_nobody_listed(junction: Path) -> None:
    (junction.parent / "true").mkdir()
    found = set(files_in(junction.parent))
    assert "more" in found
    assert "true" not in found


def test_nothing_behind_a_junction_is_removed(junction: Path) -> None:
    assert not removal.remove_folder(junction, removal.Laid(re.compile(".*")))
    assert (junction / "yaml.py").exists()
