"""If these fail, the caseload is none that care could have written, or teaches nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from casework.training.caseload import _Writer, caseload
from stepping.finland import finnish_time
from store.maintenance import derived
from store.repository.store import Store
from store.training.invented import Past
from store.training.opening import find_day, open_training
from store.training.reset import reset_training
from store.training.shapes import read_shapes

NOW = datetime(2026, 12, 6, 10, tzinfo=UTC)
"""A Sunday, and a holiday."""
CLIENTS = 45


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A training store with some of the caseload, a day after it was made."""
    path = tmp_path_factory.mktemp("caseload") / "training.db"
    told: list[tuple[int, int]] = []
    shapes = read_shapes().model_copy(update={"clients": CLIENTS})
    filling = caseload(lambda done, of: told.append((done, of)), shapes)
    reset_training(path, lambda: NOW, filling)
    assert max(told)[0] >= CLIENTS
    with open_training(path, lambda: NOW + timedelta(days=1)) as store:
        yield store


def test_every_row_is_one_that_holds(store: Store) -> None:
    assert store.find_faults() == []
    assert store.audit_log.find_bad_event() is None
    assert derived.drafts_astray(store) == 0
    assert all(derived.stops_fit(store, draft) for draft in derived.drafts(store))
    assert all(derived.matters_fit(store, each) for each in derived.episodes(store))


def test_it_has_what_reports_count(store: Store) -> None:
    def count(sql: str) -> Counter[object]:
        return Counter(row[0] for row in store.db.execute(sql))

    kinds = count("SELECT json_extract(event, '$.kind') FROM episode_events")
    assert kinds["measured"] > 2 * CLIENTS
    for kind in ("period_started", "missed", "need_established", "agreement", "voice"):
        assert kinds[kind], kind
    for kind in ("referrer", "reason", "experience", "contact"):
        assert kinds[kind], kind

    def told(kind: str, name: str) -> Counter[object]:
        return count(f"SELECT event ->> '$.{name}' FROM episode_events WHERE kind = '{kind}'")

    assert {"reception", "video", "phone", "network"} <= told("contact", "channel").keys()
    assert [told("contact", name)[None] for name in ("channel", "by")] == [1, 1], "of the six"
    assert None not in told("missed", "by")
    assert {"client", "family"} <= told("contact", "with_whom").keys()
    assert None in told("contact", "period"), "outside any treatment"
    assert len(told("referrer", "referrer")) > 4
    assert {*range(6, 11)} <= told("experience", "satisfaction").keys()
    assert told("measured", "by").keys() == {store.handle, "nurse-two", "nurse-three"}
    ways = count("SELECT json_extract(event, '$.how') FROM episode_events")
    assert {"recovered", "moved_on", "ended_by_client"} <= ways.keys()
    whys = count("SELECT json_extract(event, '$.why') FROM episode_events")
    assert {"completed", "stepped_up", "client_ended"} <= whys.keys()
    assert count("SELECT confirmed_step FROM decisions").keys() == {0, 1, 2, 3, 4}
    apart = count("SELECT confirmed_step - suggested_step FROM decisions")
    assert {-1, 0, 1} == apart.keys()
    assert apart[0] > 10 * (apart[1] + apart[-1])
    assert len(store.staff.list_units()) == 3
    assert {"next_contact", "guarantee", "open_stop"} <= count("SELECT kind FROM worklist").keys()


def test_nothing_is_dated_after_it_was_made(store: Store) -> None:
    assert find_day(store) == NOW.date()
    newest = store.db.execute("SELECT max(at) FROM answers").fetchone()[0]
    assert datetime.fromisoformat(newest) < NOW
    days = store.db.execute("SELECT max(json_extract(event, '$.day')) FROM episode_events")
    assert days.fetchone()[0] <= NOW.date().isoformat()


def test_work_takes_time_and_nothing_is_done_before_what_came_before(store: Store) -> None:
    def minutes(table: str, where: str) -> list[int]:
        sql = f"SELECT minutes FROM {table} WHERE {where} NOTNULL"
        return [row[0] for row in store.db.execute(sql).fetchall()]

    spent = minutes("summary_assessments", "episode")
    assert len({*spent}) > 15
    assert [each for each in spent if not 0 <= each < 90] == []
    assert len([each for each in spent if each > 4]) > len(spent) * 9 / 10, "but of the six"
    seen_to = minutes("summary_stops", "minutes")
    assert seen_to
    assert min(seen_to) > 0
    moments = [row[0] for row in store.db.execute("SELECT at FROM audit ORDER BY seq")]
    assert moments == sorted(moments)


def test_care_is_given_in_working_hours(store: Store) -> None:
    rows = store.db.execute(
        "SELECT at FROM episode_events JOIN episodes ON episode_id = episodes.id"
        " JOIN clients ON client_id = clients.id WHERE code NOT LIKE 'TREENA%'"
    )
    told = [finnish_time(datetime.fromisoformat(row[0])) for row in rows]
    assert told
    assert [at for at in told if at.weekday() > 4 or not 8 <= at.hour < 18] == []


def test_what_is_of_today_is_on_the_same_day_for_a_whole_class() -> None:
    days = []
    for hour in (7, 8, 12, 20):
        now = datetime(2026, 11, 30, hour, tzinfo=UTC)
        writer = _Writer(Past(lambda now=now: now), {}, read_shapes())  # type: ignore[misc]
        days.append([writer.at_work(ago, None).date() for ago in (0.0, 0.3, 0.9, 1.5)])
    assert all(each == days[0] for each in days)


@pytest.mark.parametrize("now", [datetime(2026, 11, 30, 5, tzinfo=UTC), NOW])
def test_what_is_of_today_is_at_no_night_and_no_weekend(now: datetime) -> None:
    writer = _Writer(Past(lambda: now), {}, read_shapes())
    for days_ago in (0.0, 0.1, 0.9, 1.0, 1.9, 2.5):
        at = finnish_time(writer.at_work(days_ago, None))
        assert at < now
        assert at.weekday() < 5
        assert 8 <= at.hour < 16


def test_everybody_begins_with_the_word_that_tells_practice_from_care(store: Store) -> None:
    codes = [row[0] for row in store.db.execute("SELECT code FROM clients")]
    assert len(codes) >= CLIENTS + 6
    assert all(code.startswith("TREEN") for code in codes)
