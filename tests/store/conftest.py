"""Real encrypted files in a folder of their own; the only thing made up is the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.opening.store_file import create_store
from store.records import Assessment, DraftState, PathwayCopy
from store.repository.store import Store
from tests.stepping.cases import small

KEY = bytes(range(32))
PATHWAY = PathwayCopy.of(small()).model_copy(update={"pathway_id": "adult", "version": "1.0.0"})
UNREADABLE = PathwayCopy(
    digest="sha256:11aa", pathway_id="adult", version="1.0.0", files={"rules.toml": "id = 'ä'"}
)
"""A pathway whose text this program cannot read."""

_ANSWERS: dict[DraftState, dict[str, object]] = {
    "draft": {"danger": "no"},
    "open_stop": {"danger": "yes"},
    "unconfirmed": {"danger": "no", "mood.1": 0, "mood.2": 0},
}


def bring_to(store: Store, assessment_id: str, state: DraftState) -> None:
    """Answer so far that a draft stands like this."""
    answers = _ANSWERS[state]
    for question in store.answers.get_progress(assessment_id).answers.keys() - answers.keys():
        store.answers.withdraw(assessment_id, question)
    store.answers.record(assessment_id, answers)


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
    with create_store(path, KEY, "nurse-1", clock) as opened:
        yield opened


@pytest.fixture
def assessment(store: Store) -> Assessment:
    client = store.clients.add(birth_year=1980, language="fi", sex="f", municipality="hollola")
    return store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def pathway() -> PathwayCopy:
    return PATHWAY
