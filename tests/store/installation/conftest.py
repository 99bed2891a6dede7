"""Keys are made once for all tests of packages, and archives have one time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.installation.made import Site, make_site
from tests.store.installation.signed import new_key


@pytest.fixture(autouse=True)
def one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of all files in an archive."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")


@pytest.fixture(scope="session")
def makers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of those who make the packages."""
    return new_key(tmp_path_factory.mktemp("makers"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of somebody whose word counts nowhere."""
    return new_key(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def site(tmp_path: Path, makers: Path) -> Site:
    """An installation of 0.2.0 and a stick with 0.3.0."""
    return make_site(tmp_path, makers)
