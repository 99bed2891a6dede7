"""Real encrypted files in a folder of their own; the only thing made up is the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.records import Assessment, PathwayCopy
from store.repository import Store

KEY = bytes(range(32))
PATHWAY = PathwayCopy(
    digest="sha256:11aa", pathway_id="adult", version="1.0.0", files={"rules.toml": "id = 'ä'"}
)


class TickingClock:
    """One second passes every time somebody looks."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "porras.db"


@pytest.fixture
def store(path: Path, clock: TickingClock) -> Iterator[Store]:
    with Store.create(path, KEY, "nurse-1", clock) as opened:
        yield opened


@pytest.fixture
def assessment(store: Store) -> Assessment:
    client = store.add_client(birth_year=1980, language="fi", sex="f", municipality="hollola")
    return store.start(client.id, PATHWAY, setting="clinic", language="fi")


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def pathway() -> PathwayCopy:
    return PATHWAY
