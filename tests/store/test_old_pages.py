"""A page of an older day is never believed where roles rest on it, and is found everywhere."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from store import engine
from store.errors import DamagedStore, ReadOnlyStore, StaleStore, StoreError
from store.records import Assessment
from store.repository import Store
from store.upkeep import rolling
from tests.faults import stale
from tests.store.tampered import without_guard

KINDS = ("account_changes", "account_changes_by_worker", "workers", "worker_units")


def pages_of(store: Store, name: str) -> list[int]:
    """The pages of a table or index that has one alone."""
    sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    return [row[0] - 1 for row in store.db.execute(sql, (name,)).fetchall()]


@pytest.mark.parametrize("name", KINDS)
def test_the_roles_of_last_week_are_not_believed(
    store: Store, path: Path, key: bytes, name: str
) -> None:
    """With the page as it was, an administrator who was demoted and put out was one again."""
    store.set_unit("Lahti")
    store.add_person("admin-2", ["admin"], "Lahti")
    pages = pages_of(store, name)
    store.close()
    old = path.read_bytes()
    with Store.open(path, key, "nurse-1") as today:
        today.set_roles("admin-2", ["nurse"])
        today.disable("admin-2")
        today.give_unit("admin-2", "Hollola")
        today.add_person("nurse-3", ["nurse"])
    content = path.read_bytes()
    for page in pages:
        content = stale.with_page(content, old, page)
    path.write_bytes(content)
    if name.endswith("_by_worker"):  # an index, which nobody asks for roles any more
        with Store.open(path, key, "nurse-1") as opened:
            assert {p.handle: p.disabled for p in opened.people()}["admin-2"]
            with pytest.raises(StoreError), engine.reading(opened.db):
                run_round(opened)
        return
    with pytest.raises(StaleStore, match=name):
        Store.open(path, key, "admin-2")
    with pytest.raises(DamagedStore):
        Store.open(path, key, "admin-2")


def run_round(store: Store) -> int:
    """One round of the rolling check; the pieces."""
    import random

    with engine.companion(store.db) as looking:
        return sum(1 for _ in rolling.round_of(looking, random.Random(1), store._clock))


def test_what_is_recorded_in_a_transaction_that_fails_is_not_known_afterwards(
    store: Store,
) -> None:
    with pytest.raises(RuntimeError), store._write():
        store._note_change(store._worker, "roles", "auditor")
        assert store._standing().roles == {"auditor"}
        raise RuntimeError
    assert "admin" in store.me().roles
    store.set_unit("Lahti")
    assert store.me().unit == "Lahti"


def test_another_program_s_changes_count_at_once(store: Store, path: Path, key: bytes) -> None:
    store.add_person("lead-1", ["lead", "admin"])
    with Store.open(path, key, "lead-1") as other:
        other.set_roles("nurse-1", ["auditor"])
    assert store.me().roles == ("auditor",)


def test_events_that_vanish_at_work_end_the_work(store: Store) -> None:
    store.set_setting("a", "1")
    store.setting("a")
    assert store.may("care")
    without_guard(store, "audit_no_DELETE", "DELETE FROM audit WHERE seq = 2")
    assert store.may("care"), "the rolling check finds what lies behind"
    newest = "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)"
    without_guard(store, "audit_no_DELETE", newest)
    with pytest.raises(StaleStore):
        store.may("care")
    with pytest.raises(StaleStore):
        store.set_setting("a", "2")


def test_forty_old_pages_are_all_met_or_found(tmp_path: Path) -> None:
    tally = stale.cases(tmp_path / "stale", 40)
    assert tally.tried == 40 and not tally.lost
    assert tally.seen["refused at opening"] and tally.seen["found by the rolling check"]


# -- beside work -----------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling, "PAUSE_S", 0)


def until(reached: Callable[[], bool]) -> None:
    """Wait for a thread; a test that waits in vain ends with the test run's own limit."""
    while not reached():
        time.sleep(0.01)


def changed_past(store: Store) -> None:
    without_guard(store, "answers_no_UPDATE", "UPDATE answers SET value = '\"no\"'")


@pytest.mark.usefixtures("hasty")
def test_a_whole_store_goes_on_under_the_check(store: Store, assessment: Assessment) -> None:
    watch = rolling.Watch(store)
    watch.start()
    number = 0
    while not watch.rounds:
        store.record_answers(assessment.id, {f"q{number}": number})
        number += 1
    watch.stop()
    assert not store.db.damaged and number
    assert store.verify_chain() is None


@pytest.mark.usefixtures("hasty")
def test_what_it_finds_ends_the_work_and_is_met_at_the_next_start_too(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    store.record_answers(assessment.id, {"danger": "yes"})
    changed_past(store)
    watch = rolling.Watch(store)
    watch.start()
    until(lambda: store.db.damaged)
    with pytest.raises(StaleStore, match="answers"):
        store.record_answers(assessment.id, {"danger": "yes"})
    watch.stop()
    store.close()
    assert engine.suspects_old_pages(path)
    with pytest.raises(StaleStore, match="answers"):
        Store.open(path, key, "nurse-1")


def test_once_the_right_bytes_are_back_the_store_opens_again(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    store.record_answers(assessment.id, {"danger": "yes"})
    store.close()
    whole = shutil.copytree(path.parent, path.parent.with_name("whole"))
    with Store.open(path, key, "nurse-1") as hurt:
        changed_past(hurt)
    engine.suspect(path, StaleStore(path="p", about="answers"))
    with pytest.raises(StaleStore):
        Store.open(path, key, "nurse-1")
    for file in [*path.parent.iterdir()]:
        if file != engine.suspicion_of(path):
            file.unlink()
    shutil.copytree(whole, path.parent, dirs_exist_ok=True)
    with Store.open(path, key, "nurse-1"):
        assert not engine.suspicion_of(path).exists()


@pytest.mark.usefixtures("hasty")
def test_while_a_client_answers_alone_nothing_is_told(
    store: Store, assessment: Assessment, path: Path
) -> None:
    store.record_answers(assessment.id, {"danger": "yes"})
    changed_past(store)
    alone = True
    watch = rolling.Watch(store, may_tell=lambda: not alone)
    watch.start()
    until(lambda: engine.suspects_old_pages(path))
    store.record_answers(assessment.id, {"mood.1": 1})
    alone = False
    until(lambda: store.db.damaged)
    watch.stop()


@pytest.mark.usefixtures("hasty")
def test_it_rests_while_somebody_types_and_ends_at_once(store: Store) -> None:
    watch = rolling.Watch(store, quiet=lambda: False)
    watch.start()
    watch.stop()
    assert not watch.rounds and not watch._thread.is_alive()
    never = rolling.Watch(store)
    never.stop()


def test_the_log_is_merged_and_a_writer_never_waits_under_it(
    store: Store, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two pieces the connection holds nothing: not even a place in the log."""
    import random

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.0)
    with engine.companion(store.db) as looking:
        for number, _ in enumerate(rolling.round_of(looking, random.Random(1), store._clock)):
            assert not looking.conn.in_transaction
            store.record_answers(assessment.id, {f"q{number % 7}": number})
            busy, log, merged = store.db.conn.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
            assert (busy, log) == (0, merged)


def test_only_reading_is_possible_with_its_connection(store: Store) -> None:
    with (
        engine.companion(store.db) as looking,
        pytest.raises(ReadOnlyStore),
        engine.writing(looking),
    ):
        looking.execute("DELETE FROM drafts")
