"""If these fail, nobody can tell by building it again that a package was made from its sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.installation.file_list import digest_of
from tests.distribution.building import build, build_elsewhere, needs_packing


@pytest.mark.nightly
@needs_packing
@pytest.mark.parametrize("kind", ["wheelhouse", "folder", "windows"])
def test_two_folders_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    one, other = build(tmp_path / "one", kind), build_elsewhere(tmp_path, kind)
    assert {name: digest_of(path) for name, path in one.items()} == {
        name: digest_of(path) for name, path in other.items()
    }
