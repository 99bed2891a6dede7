"""What an entry costs that is on the disk when the call returns, with the guard and without."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from store.database.engine import Guard
from store.files.file_identity import Footprint
from store.opening.store_file import create_store
from store.records import PathwayCopy
from store.repository.store import Store
from tests.bench.budget import Budget, Setting, told
from tests.stepping.cases import small

OF_BARE = 2.0
"""The head record is a second write to the disk; a third one would break this."""

TURNS = 300
LOOKS = 2000


class Costs(NamedTuple):
    """Medians of one run, in microseconds."""

    guarded: float
    bare: float
    footprint: float


@cache
def costs(folder: Path) -> Costs:
    """Record answers in an encrypted store, in turns with and without the guard."""
    with create_store(folder / "entries" / "p.db", bytes(range(32)), "nurse-1") as store:
        guard = store.db.in_use
        assert guard is not None
        answer = _answers(store)
        times: dict[Guard | None, list[float]] = {guard: [], None: []}
        for _ in range(TURNS):
            for with_it, took in times.items():
                store.db.in_use = with_it
                took.append(_microseconds(answer))
        store.db.in_use = guard
        print_of = Footprint(store.db.path)
        looks = [_microseconds(print_of.changed) for _ in range(LOOKS)]
    guarded, bare = (statistics.median(took) for took in times.values())
    return Costs(guarded, bare, statistics.median(looks))


def _answers(store: Store) -> Callable[[], object]:
    client = store.clients.add(birth_year=1980, language="fi", sex="f", municipality="hollola")
    pathway = PathwayCopy.of(small())
    assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    numbers = iter(range(10 * TURNS))
    return lambda: store.answers.record(assessment.id, {"mood.1": next(numbers) % 4})


def _microseconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1e6


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield the rows."""
    of = partial(costs, setting.folder)
    yield told("an answer on the disk, with the head record", "µs", lambda: of().guarded)
    yield told("  without what stands guard", "µs", lambda: of().bare)
    yield told("  looking whether the database has its name", "µs", lambda: of().footprint)
    yield Budget("  with / without", OF_BARE, "×", lambda: of().guarded / of().bare)
