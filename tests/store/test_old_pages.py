"""A page of an older day is never believed where roles rest on it, and is found everywhere."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import permissions
from store.audit import chain, staff_ledger
from store.audit.staff_ledger import Ledger
from store.database import connections, damage_mark, engine, transactions
from store.errors import DamagedStore, ReadOnlyStore, StaleStore, StoreError
from store.maintenance import rolling_check
from store.opening.store_file import open_store
from store.records import Assessment
from store.repository import staff
from store.repository.store import Store
from tests.faults import stale
from tests.store.tampered import without_guard

KINDS = ("account_changes", "account_changes_by_worker", "workers", "worker_units")


def pages_of(store: Store, name: str) -> list[int]:
    """The pages of a table or index that has one alone."""
    sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    return [row[0] - 1 for row in store.db.execute(sql, (name,)).fetchall()]


def of_changes(store: Store) -> list[int]:
    """The pages of what changed about people and of the index by which it is asked."""
    return [page for name in KINDS[:2] for page in pages_of(store, name)]


def with_pages(content: bytes, old: bytes, pages: list[int]) -> bytes:
    """A file with some pages of an older one."""
    for page in pages:
        content = stale.with_page(content, old, page)
    return content


@pytest.mark.parametrize("every", [staff_ledger.EVERY, 1], ids=["nothing kept", "kept"])
@pytest.mark.parametrize("name", KINDS)
def test_the_roles_of_last_week_are_not_believed(
    store: Store, path: Path, key: bytes, name: str, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the page as it was, an administrator who was demoted and put out was one again."""
    monkeypatch.setattr(staff_ledger, "EVERY", every)
    store.staff.set_own_unit("Lahti")
    store.staff.add("admin-2", ["admin"], "Lahti")
    pages = pages_of(store, name)
    store.close()
    old = path.read_bytes()
    with open_store(path, key, "nurse-1") as today:
        today.staff.set_roles("admin-2", ["nurse"])
        today.staff.disable("admin-2")
        today.staff.set_unit("admin-2", "Hollola")
        today.staff.add("nurse-3", ["nurse"])
    open_store(path, key, "nurse-1").close()  # which keeps what the log tells by now
    path.write_bytes(with_pages(path.read_bytes(), old, pages))
    if name.endswith("_by_worker"):  # an index, which nobody asks for roles any more
        with open_store(path, key, "nurse-1") as opened:
            assert {p.handle: p.disabled for p in opened.staff.list_all()}["admin-2"]
            with pytest.raises(StoreError), transactions.reading(opened.db):
                run_round(opened)
        return
    with pytest.raises(StaleStore, match=name):
        open_store(path, key, "admin-2")
    with pytest.raises(DamagedStore):
        open_store(path, key, "admin-2")


def run_round(store: Store) -> int:
    """One round of the rolling check; the pieces."""
    import random

    with connections.companion(store.db) as looking:
        return sum(1 for _ in rolling_check.round_of(looking, random.Random(1), store.clock))


# -- what was kept of the log ----------------------------------------------------------------------


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(staff_ledger, "EVERY", 5)
    return 5


@pytest.fixture
def kept(store: Store, path: Path, key: bytes, often: int) -> Iterator[Store]:
    """A store of which an administrator was demoted before the events about people were kept."""
    store.staff.add("admin-2", ["admin"], "Lahti")
    store.staff.set_roles("admin-2", ["nurse"])
    store.close()
    open_store(path, key, "nurse-1").close()
    with open_store(path, key, "nurse-1") as opened:
        yield opened


def read(store: Store, *, whole: bool = False) -> Ledger:
    """The people as an opening reads them."""
    people = Ledger()
    with transactions.reading(store.db):
        people.follow(store.db, whole=whole)
    return people


def test_an_opening_reads_only_what_came_since_the_log_was_last_read(
    kept: Store, path: Path, key: bytes
) -> None:
    some, all_ = read(kept), read(kept, whole=True)
    assert some._kept > 0 == all_._kept
    assert (some.rights(), some.units, some._told) == (all_.rights(), all_.units, all_._told)
    assert "upkeep" not in some.rights()["admin-2"]
    assert kept.audit_log.find_bad_event() is None
    without_guard(kept, "audit_no_DELETE", "DELETE FROM audit WHERE seq = 2")
    kept.close()
    opened = open_store(path, key, "nurse-1")  # an event before is not even looked at
    with opened, pytest.raises(StaleStore, match="audit"):
        run_round(opened)


def test_it_is_kept_anew_once_many_events_have_come(
    kept: Store, path: Path, key: bytes, often: int
) -> None:
    def number() -> int:
        kept_row = kept.db.execute(
            "SELECT value FROM settings WHERE key = ?", (staff_ledger.SETTING,)
        ).fetchone()
        return int(kept_row[0].split()[0])

    first = number()
    open_store(path, key, "nurse-1").close()
    assert number() == first, "not at every opening"
    for place in range(often):
        kept.settings.set(f"k{place}", "1")
    open_store(path, key, "nurse-1").close()
    assert number() > first + often
    assert kept.audit_log.find_bad_event() is None


def forged(value: str) -> str:
    return f"UPDATE settings SET value = {value} WHERE key = '{staff_ledger.SETTING}'"


SPOILT = {
    "gone": f"DELETE FROM settings WHERE key = '{staff_ledger.SETTING}'",
    "another value": forged("replace(value, 'worker', 'Worker')"),
    "cut": forged("substr(value, 1, 90)"),
    "nonsense": forged("'x'"),
    "another number": forged("'1' || substr(value, 2)"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_what_was_kept_counts_only_as_the_log_tells_it(kept: Store, spoil: str) -> None:
    """Else everything is read; the check beside work tells that the setting is another one."""
    kept.db.execute(spoil)
    assert read(kept)._kept == 0
    assert read(kept).rights() == read(kept, whole=True).rights()
    with pytest.raises(StaleStore, match=staff_ledger.SETTING):
        run_round(kept)


def test_events_after_it_have_to_follow_from_each_other(kept: Store) -> None:
    """Events of a branch that was given up stand in their place, but not behind the others."""
    newest = chain.head(kept.db)[0]
    swap = f"UPDATE audit SET prev = '{chain.START}' WHERE seq = {newest}"
    assert read(kept)._kept
    without_guard(kept, "audit_no_UPDATE", swap)
    refused = pytest.raises(StaleStore, match="audit")
    with refused, kept.writing():
        Ledger().follow(kept.db)
    kept.db.verdict = None
    with kept.writing():
        kept.log(chain.ACCEPTED, str(newest))
    assert not read(kept)._kept, "somebody has accepted it: it is read as a whole"
    without_guard(kept, "audit_no_DELETE", f"DELETE FROM audit WHERE seq = {newest - 1}")
    with refused:
        read(kept)


def test_the_check_beside_work_finds_that_something_else_was_kept(kept: Store) -> None:
    """It could be written by nobody but with the store's own key."""
    with kept.writing():
        known = kept.ledger()
        _, subject, digest = known._told.pop()
        known._told.append(("person", subject, digest[::-1]))
        known._kept = -100
        row = known.make_setting()
        assert row
        kept.put_setting(row)
    with pytest.raises(StaleStore, match="settings"):
        read(kept, whole=True)


def other_pages(today: bytes, old: bytes, *but: int) -> bytes:
    """Today's file with every page of an older one, but some."""
    return with_pages(today, old, [n for n in range(len(old) // 4096) if n not in but])


@pytest.mark.parametrize("given", [None, "nurse", "admin"])
def test_no_older_page_of_the_log_takes_a_demotion_out_of_it(
    store: Store, path: Path, key: bytes, given: permissions.Role | None, often: int
) -> None:
    """All pages are those of before, but for the end of the log and what leads there.

    They are of a day before the demotion, where what was kept tells of an administrator; or of a
    branch that was given up, in which as many events stand and the role was given again.
    """
    store.staff.add("admin-2", ["admin"], "Lahti")
    for number in range(often):
        store.settings.set(f"k{number}", "1")
    store.close()
    open_store(path, key, "nurse-1").close()
    before = shutil.copytree(path.parent, path.parent.with_name("before"))
    length = path.stat().st_size

    def worked(folder: Path, role: permissions.Role) -> bytes:
        with open_store(folder / path.name, key, "nurse-1") as opened:
            opened.staff.set_roles("admin-2", [role])
            for number in range(40):
                opened.settings.set(f"k{number % often}", "2")
            roots[:] = 0, *pages_of(opened, "audit")
        return (folder / path.name).read_bytes()

    roots: list[int] = []
    old = (before / path.name).read_bytes()
    if given:
        old = worked(before, given)[:length]
    today = worked(path.parent, "nurse")
    path.write_bytes(other_pages(today, old, *roots))
    with pytest.raises(StoreError) as refused:
        open_store(path, key, "admin-2").close()
    assert isinstance(refused.value, StaleStore) and "audit" in str(refused.value)


def test_no_mixture_of_old_pages_gives_a_role_back(tmp_path: Path) -> None:
    seen = stale.mixtures(tmp_path / "stale", 60)
    assert seen.total() == 60
    assert seen["refused"] and seen["believed from what was kept"], seen


# -- at work ---------------------------------------------------------------------------------------


def test_what_is_recorded_in_a_transaction_that_fails_is_not_known_afterwards(
    store: Store,
) -> None:
    with pytest.raises(RuntimeError), store.writing():
        staff.record_change(store, store.worker_id, "roles", "auditor")
        assert store.access().roles == {"auditor"}
        raise RuntimeError
    with store.reading():
        assert "admin" in store.access().roles
    store.staff.set_own_unit("Lahti")
    assert store.staff.get_own_unit() == "Lahti"


def test_another_program_s_changes_count_at_once(store: Store, path: Path, key: bytes) -> None:
    store.staff.add("lead-1", ["lead", "admin"])
    with open_store(path, key, "lead-1") as other:
        other.staff.set_roles("nurse-1", ["auditor"])
    with store.reading():
        assert store.access().roles == {"auditor"}


def test_events_that_vanish_at_work_end_the_work(store: Store) -> None:
    store.settings.set("a", "1")
    store.settings.get("a")
    assert store.may("care")
    without_guard(store, "audit_no_DELETE", "DELETE FROM audit WHERE seq = 2")
    assert store.may("care"), "the rolling check finds what lies behind"
    newest = "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)"
    without_guard(store, "audit_no_DELETE", newest)
    with pytest.raises(StaleStore):
        store.may("care")
    with pytest.raises(StaleStore):
        store.settings.set("a", "2")


def test_forty_old_pages_are_all_met_or_found(tmp_path: Path) -> None:
    tally = stale.cases(tmp_path / "stale", 40)
    assert tally.tried == 40 and not tally.lost
    assert tally.seen["refused at opening"] and tally.seen["found by the rolling check"]


# -- beside work -----------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling_check, "PAUSE_S", 0)


def until(reached: Callable[[], bool]) -> None:
    """Wait for a thread; a test that waits in vain ends with the test run's own limit."""
    while not reached():
        time.sleep(0.01)


def changed_past(store: Store) -> None:
    without_guard(store, "answers_no_UPDATE", "UPDATE answers SET value = '\"no\"'")


@pytest.mark.usefixtures("hasty")
def test_a_whole_store_goes_on_under_the_check(store: Store, assessment: Assessment) -> None:
    watch = rolling_check.Watch(store)
    watch.start()
    number = 0
    while not watch.rounds or not number:  # the first round may be quicker than any answer
        store.answers.record(assessment.id, {f"q{number}": number})
        number += 1
    watch.stop()
    assert not store.db.damaged and number
    assert store.audit_log.find_bad_event() is None


@pytest.mark.usefixtures("hasty")
def test_what_it_finds_ends_the_work_and_is_met_at_the_next_start_too(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    store.answers.record(assessment.id, {"danger": "yes"})
    changed_past(store)
    watch = rolling_check.Watch(store)
    watch.start()
    until(lambda: store.db.damaged)
    with pytest.raises(StaleStore, match="answers"):
        store.answers.record(assessment.id, {"danger": "yes"})
    watch.stop()
    store.close()
    assert damage_mark.tells_old_pages(path)
    with pytest.raises(StaleStore, match="answers"):
        open_store(path, key, "nurse-1")


def test_once_the_right_bytes_are_back_the_store_opens_again(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    store.answers.record(assessment.id, {"danger": "yes"})
    store.close()
    whole = shutil.copytree(path.parent, path.parent.with_name("whole"))
    with open_store(path, key, "nurse-1") as hurt:
        changed_past(hurt)
    damage_mark.leave(path, StaleStore(path="p", about="answers"))
    with pytest.raises(StaleStore):
        open_store(path, key, "nurse-1")
    for file in [*path.parent.iterdir()]:
        if file != damage_mark.path_of(path):
            file.unlink()
    shutil.copytree(whole, path.parent, dirs_exist_ok=True)
    with open_store(path, key, "nurse-1"):
        assert not damage_mark.path_of(path).exists()


@pytest.mark.usefixtures("hasty")
def test_while_a_client_answers_alone_nothing_is_told(
    store: Store, assessment: Assessment, path: Path
) -> None:
    store.answers.record(assessment.id, {"danger": "yes"})
    changed_past(store)
    alone = True
    watch = rolling_check.Watch(store, may_tell=lambda: not alone)
    watch.start()
    until(lambda: damage_mark.tells_old_pages(path))
    store.answers.record(assessment.id, {"mood.1": 1})
    alone = False
    until(lambda: store.db.damaged)
    watch.stop()


@pytest.mark.usefixtures("hasty")
def test_it_rests_while_somebody_types_and_ends_at_once(store: Store) -> None:
    watch = rolling_check.Watch(store, quiet=lambda: False)
    watch.start()
    watch.stop()
    assert not watch.rounds and not watch._thread.is_alive()
    never = rolling_check.Watch(store)
    never.stop()


def test_the_log_is_merged_and_a_writer_never_waits_under_it(
    store: Store, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two pieces the connection holds nothing: not even a place in the log."""
    import random

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.0)
    with connections.companion(store.db) as looking:
        for number, _ in enumerate(rolling_check.round_of(looking, random.Random(1), store.clock)):
            assert not looking.conn.in_transaction
            store.answers.record(assessment.id, {f"q{number % 7}": number})
            busy, log, merged = store.db.conn.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
            assert (busy, log) == (0, merged)


def test_only_reading_is_possible_with_its_connection(store: Store) -> None:
    with (
        connections.companion(store.db) as looking,
        pytest.raises(ReadOnlyStore),
        transactions.writing(looking),
    ):
        looking.execute("DELETE FROM drafts")
