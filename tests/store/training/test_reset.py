"""If these fail, a reset costs work: a real store, an open window, somebody's results."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stepping.finland import finnish_day
from store.database import connections, migrations
from store.errors import NotTraining, ReadOnlyStore, StoreError, TrainingDamaged, TrainingInUse
from store.opening import unlock
from store.paths import find
from store.repository.store import Store
from store.training.invented import Filling, Past
from store.training.opening import MADE, find_day, open_training
from store.training.reset import look, reset_training


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A training store in which somebody has practised."""
    path = tmp_path / "training.db"
    with open_training(path) as store:
        store.clients.add(birth_year=1980, language="fi")
    return path


def clients(path: Path) -> int:
    found = look(path)
    assert found
    return found.clients


@contextmanager
def open_elsewhere(path: Path) -> Iterator[None]:
    """Another program that has it open, and does nothing."""
    script = (
        "import sys, pathlib; from store.training.opening import open_training\n"
        "with open_training(pathlib.Path(sys.argv[1])) as store:\n"
        "    print('open', flush=True); sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script, path], stdin=pipe, stdout=pipe) as other:
        assert other.stdout
        assert other.stdin
        other.stdout.readline()
        yield
        other.stdin.close()


def test_it_is_as_it_begins_and_every_name_and_right_stays(path: Path) -> None:
    path.chmod(0o640)
    before = path.stat()
    reset_training(path)
    after = path.stat()
    assert clients(path) == 6
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    with open_training(path) as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None
        assert store.assessments.list_drafts()
    assert [each.name for each in path.parent.iterdir()] == ["training.db"]


def test_one_that_is_open_in_another_window_is_left_to_it(path: Path) -> None:
    with open_elsewhere(path):
        with pytest.raises(TrainingInUse) as told:
            reset_training(path)
        assert f" {os.getpid()} " not in str(told.value.values["who"])
        assert clients(path) == 7
    reset_training(path)
    assert clients(path) == 6


def test_a_store_with_real_clients_is_not_touched(tmp_path: Path) -> None:
    places = find(tmp_path / "porras.db")
    unlock.set_up(places, "nurse-1", "four words in a row").store.close()
    places.database.rename(places.training)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    for ask in (look, reset_training):
        with pytest.raises(NotTraining):
            ask(places.training)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_link_to_a_real_store_is_followed_and_then_refused(tmp_path: Path) -> None:
    places = find(tmp_path / "porras.db")
    unlock.set_up(places, "nurse-1", "four words in a row").store.close()
    seat = tmp_path / "seat.db"
    seat.symlink_to(places.database)
    before = places.database.read_bytes()
    with pytest.raises(NotTraining):
        reset_training(seat)
    assert places.database.read_bytes() == before
    assert seat.is_symlink()


def test_a_link_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    path = tmp_path / "training.db"
    path.symlink_to(path)
    with pytest.raises(StoreError):
        reset_training(path)
    assert [each.name for each in tmp_path.iterdir()] == ["training.db"]


@pytest.mark.parametrize("content", [b"", b"junk" * 100])
def test_what_is_no_database_is_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "training.db"
    path.write_bytes(content)
    for ask in (reset_training, open_training):
        with pytest.raises(NotTraining):
            ask(path)
    assert path.read_bytes() == content


def test_a_damaged_one_is_told_and_kept(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:200] + b"\x55" * (len(whole) - 200))
    for ask in (reset_training, open_training):
        with pytest.raises(TrainingDamaged):
            ask(path)
    assert path.read_bytes()[200:300] == b"\x55" * 100


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everything")
def test_one_that_may_not_be_written_is_told(path: Path) -> None:
    path.chmod(stat.S_IRUSR)
    with pytest.raises(ReadOnlyStore):
        reset_training(path)
    assert clients(path) == 7


def test_where_filling_fails_the_old_one_stands(path: Path) -> None:
    def fail(store: Store, past: Past) -> None:
        store.clients.add(birth_year=1980, language="fi")
        raise OSError(28, "no room")

    with pytest.raises(StoreError):
        reset_training(path, filling=Filling(1, fail))
    assert clients(path) == 7
    assert [each.name for each in path.parent.iterdir()] == ["training.db"]
    open_training(path).close()


def test_own_results_stay(path: Path) -> None:
    record = path.with_name("record.json")
    record.write_text("mine")
    reset_training(path)
    assert record.read_text() == "mine"


def test_one_is_made_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "training" / "kuusi" / "training.db"
    reset_training(path)
    assert clients(path) == 6


def test_a_store_of_an_earlier_version_tells_its_day_too(path: Path) -> None:
    with open_training(path) as store:
        made = find_day(store)
        assert made == finnish_day(store.now)
        with store.writing():
            store.db.execute("DELETE FROM settings WHERE key = ?", (MADE,))
        assert find_day(store) == made


def test_what_a_cut_has_left_is_cleared_away_and_nothing_else_is(path: Path) -> None:
    folder, old = path.parent, 1_700_000_000
    whole = path.read_bytes()
    left = folder / ".porras-abcdefgh"
    kept = {
        folder / ".porras-ijklmnop": whole,  # young: it may be in the making
        folder / ".porras-qrstuvwx": b"a store of care in the making",
        folder / ".porras-too-long-": whole,
    }
    left.write_bytes(whole)
    left.with_name(left.name + "-wal").write_bytes(b"log")
    for each, content in kept.items():
        each.write_bytes(content)
    for each in (left, left.with_name(left.name + "-wal"), *list(kept)[1:]):
        os.utime(each, (old, old))
    reset_training(path)
    assert {each for each in folder.iterdir() if each != path} == set(kept)


def test_one_of_the_first_version_opens_and_is_put_back(tmp_path: Path) -> None:
    path = tmp_path / "training.db"
    db = connections.connect(path, None, migrations.schema(1, training=True), create=True)
    db.execute("PRAGMA foreign_keys = OFF")
    texts = Path(__file__).parents[1] / "version_1.sql"
    db.conn.executescript(texts.read_text("utf-8"))
    db.execute("PRAGMA user_version = 1")
    db.close()
    other = tmp_path / "other.db"
    shutil.copy(path, other)
    open_training(other).close()
    assert clients(path)
    reset_training(path)
    assert clients(path) == 6
    open_training(path).close()
