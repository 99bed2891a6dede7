"""A clock that jumped ahead is asked about, deletes nothing, and makes no right clock a liar."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from store.audit import clock_check
from store.audit.clock_check import AHEAD, PUT_BACK, Span, spans
from store.backup import backup
from store.errors import ClockInDoubt, ClockPutBack
from store.maintenance.integrity import _backup, _clock
from store.opening.store_file import create_store, open_store
from store.records import Confirmation
from store.repository.store import Store
from store.retention import erasure
from store.session.clock_doubt import confirm
from store.training.opening import open_training
from tests.store.conftest import KEY, PATHWAY, TickingClock

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path, clock: TickingClock) -> Path:
    """A store that was worked in for a while."""
    found = tmp_path / "porras.db"
    with create_store(found, KEY, "nurse-1", clock) as store:
        for _ in range(5):
            store.log_event("view.worklist")
    return found


def events(store: Store, event: str) -> int:
    sql = "SELECT count(*) FROM audit WHERE event = ?"
    return int(store.db.execute(sql, (event,)).fetchone()[0])


def last(store: Store) -> int:
    return int(store.db.execute("SELECT max(seq) FROM audit").fetchone()[0])


def opened(path: Path, clock: TickingClock) -> Store:
    return open_store(path, KEY, "nurse-1", clock)


def test_a_day_in_2031_is_asked_about_and_the_clock_that_comes_back_is_right(
    path: Path, clock: TickingClock
) -> None:
    home = clock.now
    clock.now += 5 * 365 * DAY
    with opened(path, clock) as store:
        assert store.clock_doubt is not None
        assert store.clock_doubt.newest < home + DAY
        first = last(store)
        store.log_event("view.worklist")
    clock.now += DAY
    with opened(path, clock) as store:
        assert store.clock_doubt is not None, "until somebody has looked"
        assert events(store, "clock.doubted") == 1
        latest = last(store)
    clock.now = home + 2 * DAY
    with opened(path, clock) as store:
        assert store.clock_doubt is None
        span = store.clock_returned
        assert span is not None
        assert span.first <= first
        assert span.last >= latest
        assert spans(store.db) == (span,)
        assert (events(store, "clock.behind"), events(store, "clock.returned")) == (0, 1)
        assert [(f.level, f.sentence) for f in _clock(store.db, clock)] == [
            ("ok", "The clock is not behind the newest event."),
            ("ok", "A wrong clock has dated events {first}–{last} of the log."),
        ]
    with opened(path, clock) as store:
        assert (store.clock_doubt, store.clock_returned, store.clock_behind) == (None, None, None)
        assert store.audit_log.find_bad_event() is None


def test_a_doubt_outlives_an_opening_that_wrote_nothing(path: Path, clock: TickingClock) -> None:
    clock.now += 2 * AHEAD
    for _ in range(3):
        with opened(path, clock) as store:
            assert store.clock_doubt is not None
    clock.now -= 2 * AHEAD
    with opened(path, clock) as store:
        assert store.clock_doubt is None
        assert store.clock_returned is not None


def test_where_the_jump_was_taken_for_right_the_right_clock_is_asked_once(
    path: Path, clock: TickingClock
) -> None:
    home = clock.now
    clock.now += 2 * AHEAD
    with opened(path, clock) as store:
        confirm(store)  # by somebody who did not look
        store.log_event("view.worklist")
        wrong = last(store)
    clock.now = home + DAY
    with opened(path, clock) as store:
        assert store.clock_doubt is not None
        confirm(store)
        assert store.clock_doubt is None
        ((first, to),) = spans(store.db)
        assert first < wrong <= to
    with opened(path, clock) as store:
        assert (store.clock_doubt, store.clock_returned, store.clock_behind) == (None, None, None)
        assert events(store, "clock.confirmed") == 2
    clock.now += DAY
    with opened(path, clock) as store:
        assert (store.clock_doubt, spans(store.db)) == (None, (Span(first, to),))


def test_a_store_that_rested_for_long_is_asked_about_and_believed(
    path: Path, clock: TickingClock
) -> None:
    clock.now += AHEAD + DAY
    with opened(path, clock) as store:
        assert store.clock_doubt is not None
        confirm(store)
        assert spans(store.db) == ()
    with opened(path, clock) as store:
        assert store.clock_doubt is None


@pytest.mark.parametrize("gap", [-PUT_BACK / 2, timedelta(0), 100 * DAY, AHEAD - DAY])
def test_no_question_where_nothing_is_odd(path: Path, clock: TickingClock, gap: timedelta) -> None:
    clock.now += gap
    with opened(path, clock) as store:
        assert store.clock_doubt is None
        assert events(store, "clock.doubted") == 0


@pytest.mark.parametrize("gap", [2 * AHEAD, -2 * PUT_BACK])
def test_nothing_is_deleted_by_a_date_in_doubt(
    path: Path, clock: TickingClock, gap: timedelta
) -> None:
    with opened(path, clock) as store:
        clock.now += gap
        with pytest.raises(ClockInDoubt):
            erasure.purge(store)
    with opened(path, clock) as store:
        with pytest.raises(ClockInDoubt):
            erasure.purge(store)
        confirm(store)
        assert erasure.purge(store).assessments == 0


def test_a_training_store_asks_nothing(tmp_path: Path, clock: TickingClock) -> None:
    found = tmp_path / "training.db"
    open_training(found, clock).close()
    clock.now += 3 * AHEAD
    with open_training(found, clock) as store:
        assert store.clock_doubt is None


def test_a_backup_dated_ahead_says_nothing(path: Path, clock: TickingClock) -> None:
    with opened(path, clock) as store:
        for days, sentence, level in (
            (0, "The last backup is of today.", "ok"),
            (-1, "The last backup is of yesterday.", "ok"),
            (-90, "The last backup is {days} days old.", "warning"),
            (400, "The last backup is dated after today: make a new one.", "warning"),
        ):
            at = clock.now + days * DAY
            with store.writing():
                store.put_setting({"key": backup.LAST, "value": at.isoformat()})
            told = _backup(store.db, clock)
            assert (told.sentence, told.level) == (sentence, level)
        assert backup.days_since_last(store, clock.now.date() + DAY) is not None
        assert told.values == {}


def test_what_is_judged_is_the_entry_and_never_its_number(path: Path, clock: TickingClock) -> None:
    with opened(path, clock) as store:
        found = clock_of(store)
        assert found is None
        assert clock_of(store, clock.now + AHEAD + DAY) is not None
        assert clock_of(store, clock.now - PUT_BACK - DAY) is not None


def clock_of(store: Store, now: datetime | None = None) -> object:
    return clock_check.judge(store.db, now or store.clock())


def test_a_clock_put_back_while_somebody_works_confirms_no_step(
    path: Path, clock: TickingClock
) -> None:
    with opened(path, clock) as store:
        client = store.clients.add(birth_year=1980, language="fi")
        draft = store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi").id
        store.answers.record(draft, {"q1": 1})
        clock.now += 190 * DAY
        store.log_event("view.worklist")
        clock.now -= 190 * DAY
        store.answers.record_skip(draft, "q2")  # an entry under the wrong clock makes it no better
        given = Confirmation(
            decision_json="{}",
            suggested_step=1,
            confirmed_step=1,
            final_answers_seq=store.answers.get_progress(draft).seq,
        )
        with pytest.raises(ClockPutBack):
            store.decisions.confirm(draft, given)
        assert store.decisions.find(draft) is None
        clock.now += 190 * DAY
        assert store.decisions.confirm(draft, given).confirmed_step == 1
