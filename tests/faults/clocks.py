"""Clocks that jump: what was recorded keeps its order, and the nurse is told (F12)."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from store.opening.store_file import create_store, open_store
from store.session.sign_in import BEHIND
from tests.faults.stores import KEY, began
from tests.faults.tally import Tally

HELSINKI = ZoneInfo("Europe/Helsinki")
# Instants around which clocks go wrong: summer time's two ends, a leap day, the turn of a year
# seen from the first zone that reaches it.
_MOMENTS = (
    datetime(2026, 3, 29, 2, 59, 59, tzinfo=HELSINKI),
    datetime(2026, 10, 25, 3, 30, tzinfo=HELSINKI, fold=0),
    datetime(2026, 10, 25, 3, 30, tzinfo=HELSINKI, fold=1),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=14))),
)
_JUMPS = (
    timedelta(hours=-1),
    timedelta(days=-365),
    timedelta(hours=1),
    timedelta(milliseconds=1),
    timedelta(0),
    timedelta(days=366),
)


class Jumping:
    """A clock that is put right and wrong."""

    def __init__(self) -> None:
        self.now = _MOMENTS[0]

    def __call__(self) -> datetime:
        return self.now

    def jump(self, chance: random.Random) -> None:
        """Go to one of the moments, or on or back from here."""
        if chance.random() < 0.3:
            self.now = chance.choice(_MOMENTS)
        else:
            self.now = self.now + chance.choice(_JUMPS)


def jumps(folder: Path, count: int) -> Tally:
    """An answer after each jump, and the store opened anew now and then."""
    path, clock, chance = folder / "p.db", Jumping(), random.Random(count)
    seen: Counter[str] = Counter()
    store = create_store(path, KEY, "nurse-1", clock)
    assessment = began(store)
    latest = clock.now
    for number in range(count):
        reopened = number % 3 == 0
        if reopened:
            store.close()
        clock.jump(chance)
        if reopened:
            store = open_store(path, KEY, "nurse-1", clock)
            put_back = latest.astimezone(UTC) - clock.now.astimezone(UTC) > BEHIND
            assert (store.clock_behind is not None) is put_back
            seen["told that the clock was put back" if put_back else "nothing to tell"] += 1
        store.answers.record(assessment, {f"q{number}": number})
        latest = clock.now
    try:
        assert store.audit_log.find_bad_event() is None
        assert list(store.answers.get_progress(assessment).order) == [f"q{n}" for n in range(count)]
        rows = store.db.execute("SELECT id, at FROM answers ORDER BY seq").fetchall()
        assert len({row[0] for row in rows}) == count
        assert all(row[1].endswith("Z") for row in rows)
    finally:
        store.close()
    return Tally(count, count, seen=seen)
