"""An author, two contents of theirs, and the folder of a workplace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.content.made import Author, new_author


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Author:
    return new_author(tmp_path_factory.mktemp("author"))


@pytest.fixture(scope="module")
def first(author: Author) -> Path:
    return author.pack("1.0")


@pytest.fixture(scope="module")
def second(author: Author) -> Path:
    return author.pack("2.0")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "site" / "content"
