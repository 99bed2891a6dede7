"""The store's own safeguards, one by one: reserve, mark of suspicion, log, clock."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from store.database import engine, head_record, reserve, transactions, wal_check
from store.errors import DamagedLog, DamagedStore, DiskFull, ReserveOpened, StoreBusy
from store.files import drives
from store.opening.store_file import create_store, open_store
from store.session.sign_in import BEHIND
from tests.faults.stores import KEY, Ticking, answered, began, digest, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site" / "p.db"


def test_the_reserve_never_takes_the_last_room(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drives, "free_bytes", lambda _: reserve.BYTES * 3)
    answered(path, 0)
    assert not reserve.path_of(path).exists()
    assert not reserve.release(path)
    monkeypatch.setattr(drives, "free_bytes", lambda _: reserve.BYTES * 100)
    opened(path).close()
    assert reserve.path_of(path).stat().st_size == reserve.BYTES
    assert reserve.path_of(path).stat().st_blocks * 512 >= reserve.BYTES, "it has to hold the room"


def test_half_a_reserve_is_none(path: Path) -> None:
    answered(path, 0)
    reserve.path_of(path).write_bytes(b"cut short")
    assert not reserve.release(path)
    reserve.path_of(path).write_bytes(b"cut short")
    opened(path).close()
    assert reserve.path_of(path).stat().st_size == reserve.BYTES


def test_the_reserve_is_given_up_once_and_the_sentence_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(path, 0)

    def no_room(kind: type[DiskFull]) -> str:
        with pytest.raises(DiskFull) as error, transactions.writing(store.db):
            raise OSError(28, "no room")
        assert type(error.value) is kind
        return str(error.value)

    with opened(path) as store:
        assert "kept aside" in no_room(ReserveOpened)
        assert "kept aside" not in no_room(DiskFull)
        monkeypatch.setattr(drives, "free_bytes", lambda _: 0)
        store.settings.set("a", "1")
        assert not reserve.path_of(path).exists()
        monkeypatch.undo()
        store.settings.set("a", "2")
        assert reserve.path_of(path).exists()


def test_practice_needs_no_reserve(path: Path) -> None:
    create_store(path, None, "trainee", training=True).close()
    assert not reserve.path_of(path).exists()


def hurt_answers(path: Path) -> bytes:
    """Damage the page on which the answers end; return the file as it was."""
    content = path.read_bytes()
    for number in range(len(content) // 4096 - 1, 0, -1):
        hurt = bytearray(content)
        hurt[4096 * number + 100] ^= 1
        path.write_bytes(hurt)
        head_record.path_of(path).unlink(missing_ok=True)  # the file goes back each time
        try:
            with opened(path) as store:
                store.db.execute("SELECT count(value) FROM answers").fetchall()
        except DamagedStore:
            continue  # it was met on opening
        except Exception as error:
            assert "malformed" in str(error)
            path.write_bytes(hurt)
            head_record.path_of(path).unlink()
            return content
        path.write_bytes(content)
    raise AssertionError("no page is read by that alone")


def test_once_damage_is_met_nothing_is_written_and_the_next_start_looks_at_every_page(
    path: Path,
) -> None:
    assessment = answered(path, 200)
    whole = hurt_answers(path)
    hurt = digest(path)
    suspicion = path.with_name(path.name + ".suspect")
    store = opened(path)
    store.settings.set("before", "1")
    with pytest.raises(DamagedStore):
        store.answers.get_progress(assessment)
    assert suspicion.exists()
    for attempt in (store.assessments.list_drafts, lambda: store.settings.set("after", "1")):
        with pytest.raises(DamagedStore):
            attempt()
    store.close()
    assert digest(path) == hurt, "closing must not bring the log into a damaged file"
    with pytest.raises(DamagedStore):
        opened(path)
    # The right bytes again, as from a mended disk: the log still holds what was recorded last.
    path.write_bytes(whole)
    with opened(path) as store:
        assert not suspicion.exists()
        assert store.settings.get("before") == "1"
        assert len(store.answers.get_progress(assessment).answers) == 200


def test_a_torn_last_write_is_no_damage(path: Path, tmp_path: Path) -> None:
    """What a power cut tears was never acknowledged: the next start simply goes on."""
    with create_store(path, KEY, "nurse-1", Ticking()) as store:
        assessment = began(store)
        store.answers.record(assessment, {"q1": 1})
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        store.answers.record(assessment, {"torn": 1})
        for end in ("", "-wal"):
            shutil.copy(path.with_name(path.name + end), crashed)
    log = wal_check.log_of(crashed / path.name)
    content = log.read_bytes()
    log.write_bytes(content[:-4000] + bytes(4000))
    with opened(crashed / path.name) as store:
        assert store.answers.get_progress(assessment).answers == {"q1": 1}
        assert store.audit_log.find_bad_event() is None


RECOVERING = """
import fcntl, os, sys
index = open(sys.argv[1], "wb+")
index.write(bytes(32768)); index.flush()
for byte, kind in ((128, fcntl.LOCK_SH), (122, fcntl.LOCK_EX), (120, fcntl.LOCK_EX)):
    fcntl.lockf(index, kind, 1, byte)
print("locked", flush=True)
sys.stdin.readline()
"""


def test_a_log_that_another_program_is_bringing_in_order_is_no_damage(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash the first to come mends the log's index; the others wait and are not misled."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with create_store(path, KEY, "nurse-1", Ticking()) as store:
        began(store)
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for end in ("", "-wal"):
            shutil.copy(path.with_name(path.name + end), crashed)
    index = crashed / f"{path.name}-shm"
    command = [sys.executable, "-c", RECOVERING, str(index)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "locked\n"
        with pytest.raises(StoreBusy):
            opened(crashed / path.name)
        other.communicate("\n")
    with opened(crashed / path.name) as store:
        assert store.audit_log.find_bad_event() is None


@pytest.mark.parametrize("place", range(32))
def test_every_byte_of_the_head_of_the_log_counts(path: Path, tmp_path: Path, place: int) -> None:
    with create_store(path, KEY, "nurse-1", Ticking()) as store:
        began(store)
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for end in ("", "-wal"):
            shutil.copy(path.with_name(path.name + end), crashed)
    log = wal_check.log_of(crashed / path.name)
    content = bytearray(log.read_bytes())
    content[place] ^= 0x10
    log.write_bytes(content)
    with pytest.raises(DamagedLog):
        opened(crashed / path.name)


def test_a_log_that_begins_anew_is_no_damage(path: Path) -> None:
    """After a checkpoint old frames stay behind the new ones; they were merged long ago."""
    assessment = answered(path, 0)
    with opened(path) as store, opened(path) as other:
        for number in range(30):
            store.answers.record(assessment, {f"a{number}": number})
        store.db.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        store.answers.record(assessment, {"b": 1})
        with opened(path) as third:
            assert third.answers.get_progress(assessment) == other.answers.get_progress(assessment)


def test_a_log_whose_new_head_is_not_written_yet_is_no_damage(path: Path) -> None:
    """A writer begins the log anew in the index first, and may be killed before it writes."""
    assessment = answered(path, 3)
    with opened(path) as store:
        for number in range(9):
            store.answers.record(assessment, {f"a{number}": number})
        old = wal_check.log_of(path).read_bytes()
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        wal_check.log_of(path).write_bytes(old)
        with opened(path) as other:
            assert len(other.answers.get_progress(assessment).answers) == 12
            other.answers.record(assessment, {"b": 1})
        assert store.answers.get_progress(assessment).answers["b"] == 1
        assert store.audit_log.find_bad_event() is None


def test_entries_that_came_after_the_question_are_no_damage(path: Path) -> None:
    """Others write while one looks: what the engine knew a moment ago may be too little now."""
    assessment = answered(path, 0)
    with opened(path) as store:
        for number in range(9):
            store.answers.record(assessment, {f"a{number}": number})
        log = wal_check.read_log(path)
        assert log and len(log.commits) > 2
        wal_check.refuse_if_cut(log, path, 1, lambda: log.commits[-1])
        wal_check.refuse_if_cut(log, path, 1, lambda: -1)
        with pytest.raises(DamagedLog):
            wal_check.refuse_if_cut(log, path, 1, lambda: 1)


def test_frames_within_one_transaction_are_no_two(path: Path) -> None:
    """What was two left-overs a moment ago may now lie within a write that is under way."""
    assessment = answered(path, 0)
    with opened(path) as store:
        store.answers.record(assessment, {f"a{number}": number for number in range(300)})
        log = wal_check.read_log(path)
        assert log is not None
        end = log.commits[-1]
        within = log._replace(commits=(end - 3, end - 2))
        wal_check.refuse_if_cut(within, path, end - 4, lambda: end - 4)


def test_a_clock_that_was_put_back_is_logged_and_told(path: Path) -> None:
    clock = Ticking()
    create_store(path, KEY, "nurse-1", clock).close()
    clock.now -= BEHIND / 2
    with open_store(path, KEY, "nurse-1", clock) as store:
        assert store.clock_behind is None
    clock.now -= timedelta(hours=1)
    with open_store(path, KEY, "nurse-1", clock) as store:
        assert store.clock_behind is not None
        assert timedelta(minutes=59) < store.clock_behind < timedelta(minutes=61)
        told = store.db.execute("SELECT count(*) FROM audit WHERE event = 'clock.behind'")
        assert told.fetchone() == (1,)
        assert store.audit_log.find_bad_event() is None
