"""A database that loses its name under an open session: told at once, and nothing is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from store.backup import backup, making
from store.backup.restore import restore
from store.database import guard
from store.errors import (
    DiskFull,
    EntriesMissing,
    NeverKept,
    NotKeptApart,
    SecondName,
    SecondNameMeanwhile,
    StoreBusy,
    StoreError,
    StoreGone,
    TakenAway,
)
from store.files import file_identity
from store.keys import keystore, rekey
from store.opening.store_file import create_store, open_store
from store.paths import find
from store.records import PathwayCopy
from store.repository.store import Store
from store.retention import erasure
from tests.scripts import ROOT
from tests.store.conftest import TickingClock

pytestmark = pytest.mark.skipif(os.name != "posix", reason="an open file keeps its name there")

PASS = "seven slow geese walk home"


class Bench:
    """A store with its keys and an interview that goes on.

    A session that loses its database is left open until its program ends, so it runs in a child.
    """

    def __init__(self, folder: Path, pathway: PathwayCopy) -> None:
        self.places = find(folder / "data" / "porras.db")
        self.places.database.parent.mkdir(parents=True)
        self.key = keystore.create(self.places.keys, "nurse-1", PASS).key
        self.older = folder / "last week.db"
        with create_store(self.places.database, self.key, "nurse-1", TickingClock()) as store:
            client = store.clients.add(
                birth_year=1980, language="fi", sex="f", municipality="hollola"
            )
            started = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        self.assessment = started.id
        shutil.copy(self.places.database, self.older)
        self.given = 0

    def begin(self) -> None:
        """Open the store, with an answer in its log."""
        self.store = self.opened()
        self.answer()

    def answer(self) -> None:
        """Answer one question more."""
        self.given += 1
        self.store.answers.record(self.assessment, {f"q{self.given}": self.given})

    def found(self, store: Store) -> dict[str, object]:
        """The answers that a store has."""
        return dict(store.answers.get_progress(self.assessment).answers)

    @property
    def all(self) -> dict[str, object]:
        """The answers that were given."""
        return {f"q{number}": number for number in range(1, self.given + 1)}

    def opened(self) -> Store:
        """The store of the places, by a program that starts now."""
        return open_store(self.places.database, self.key, "nurse-1", TickingClock())

    def in_child(self, act: Callable[[], StoreError | None]) -> dict[str, str]:
        """Let a program of its own do something; the values of the error that it was told."""
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            try:  # whatever happens, the child ends here
                failed, told = "", None
                try:
                    told = act()
                except BaseException:
                    failed = traceback.format_exc()
                values = told.values if told else {}
                said = {"given": self.given, "told": values, "failed": failed}
                os.write(mouth, json.dumps(said).encode())
            finally:
                os._exit(0)
        os.close(mouth)
        with os.fdopen(ear) as heard:
            said = json.load(heard)
        os.waitpid(child, 0)
        assert not said["failed"], said["failed"]
        self.given = said["given"]
        return dict(said["told"])


@pytest.fixture
def bench(tmp_path: Path, pathway: PathwayCopy) -> Bench:
    return Bench(tmp_path, pathway)


def log(bench: Bench) -> Path:
    return bench.places.database.with_name("porras.db-wal")


def index(bench: Bench) -> Path:
    return bench.places.database.with_name("porras.db-shm")


def replaced(place: Path, content: bytes) -> None:
    fresh = place.with_name("fresh")
    fresh.write_bytes(content)
    fresh.replace(place)


def unlinked(bench: Bench) -> None:
    bench.places.database.unlink()


def all_unlinked(bench: Bench) -> None:
    for path in bench.places.database.parent.iterdir():
        path.unlink()


def replaced_by_another(bench: Bench) -> None:
    replaced(bench.places.database, os.urandom(8192))


def replaced_by_last_week(bench: Bench) -> None:
    replaced(bench.places.database, bench.older.read_bytes())


def renamed(bench: Bench) -> None:
    bench.places.database.rename(bench.places.database.with_name("moved.db"))


def folder_renamed(bench: Bench) -> None:
    folder = bench.places.database.parent
    folder.rename(folder.with_name("elsewhere"))


def log_unlinked(bench: Bench) -> None:
    log(bench).unlink()


def log_replaced(bench: Bench) -> None:
    replaced(log(bench), log(bench).read_bytes())


def index_unlinked(bench: Bench) -> None:
    index(bench).unlink()


def index_replaced(bench: Bench) -> None:
    replaced(index(bench), bytes(32768))


TRICKS = [
    unlinked,
    all_unlinked,
    replaced_by_another,
    replaced_by_last_week,
    renamed,
    folder_renamed,
    log_unlinked,
    log_replaced,
    index_unlinked,
    index_replaced,
]
Trick = Callable[[Bench], None]


def told(kind: type[StoreError], deed: Callable[[], object]) -> StoreError:
    """The error that a deed ends in, which must be of this very kind."""
    with pytest.raises(StoreError) as error:
        deed()
    assert type(error.value) is kind, error.value
    return error.value


def taken_up(bench: Bench, values: dict[str, str]) -> dict[str, object]:
    """The answers that are there once what was kept apart has been restored."""
    restore(Path(values["kept"]), bench.places, bench.key, "nurse-1", TickingClock(), force=True)
    with bench.opened() as store:
        assert store.audit_log.find_bad_event() is None
        assert "head.lost" not in [row["event"] for row in store.db.table("audit").rows]
        return bench.found(store)


@pytest.mark.parametrize("trick", TRICKS)
def test_whatever_takes_the_database_away_the_answer_just_given_is_kept(
    bench: Bench, trick: Trick
) -> None:
    def play() -> StoreError:
        bench.begin()
        bench.answer()
        trick(bench)
        error = told(TakenAway, bench.answer)
        told(TakenAway, bench.store.assessments.list_drafts)
        told(TakenAway, lambda: bench.store.answers.record(bench.assessment, {"late": 1}))
        bench.store.close()
        return error

    values = bench.in_child(play)
    assert taken_up(bench, values) == bench.all


@pytest.mark.parametrize("trick", TRICKS)
def test_a_database_that_goes_amid_an_answer_is_told_at_that_answer(
    bench: Bench, trick: Trick
) -> None:
    def play() -> StoreError:
        bench.begin()
        clock = bench.store.clock
        tricked: list[Trick] = []

        def looked_at() -> datetime:
            if bench.store.db.conn.in_transaction and not tricked:
                tricked.append(trick)
                trick(bench)
            return clock()

        bench.store.clock = looked_at
        error = told(TakenAway, bench.answer)
        assert tricked
        return error

    values = bench.in_child(play)
    assert taken_up(bench, values) == bench.all


@pytest.mark.parametrize("trick", TRICKS)
def test_what_goes_after_the_last_answer_is_told_on_closing(bench: Bench, trick: Trick) -> None:
    def play() -> StoreError:
        bench.begin()
        trick(bench)
        return told(TakenAway, bench.store.close)

    values = bench.in_child(play)
    assert taken_up(bench, values) == bench.all


def test_a_session_that_lost_its_database_leaves_the_one_in_its_place_alone(bench: Bench) -> None:
    """On closing, the engine would delete the log of whatever has the name now."""
    bench.begin()
    folder = bench.places.database.parent
    folder.rename(folder.with_name("elsewhere"))
    shutil.copytree(folder.with_name("elsewhere"), folder)
    with bench.opened() as other:
        other.answers.record(bench.assessment, {"other.1": 1})
        told(TakenAway, bench.answer)
        before = log(bench).read_bytes()
        bench.store.close()
        assert log(bench).read_bytes() == before
        other.answers.record(bench.assessment, {"other.2": 2})
    with bench.opened() as again:
        assert bench.found(again) == {"q1": 1, "other.1": 1, "other.2": 2}


def test_the_next_start_tells_what_is_missing_until_it_is_taken_up(bench: Bench) -> None:
    def play() -> StoreError:
        bench.begin()
        replaced_by_last_week(bench)
        log_unlinked(bench)
        index_unlinked(bench)
        return told(TakenAway, bench.answer)

    values = bench.in_child(play)
    told(EntriesMissing, bench.opened)
    bench.places.database.unlink()
    told(StoreGone, lambda: guard.refuse_if_gone(bench.places.database))
    assert taken_up(bench, values) == bench.all


def refuse(*args: object, **given: object) -> Path:
    """A disk without room for a copy."""
    raise OSError(28, "full")


def test_what_cannot_be_kept_yet_is_kept_at_a_later_key(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play() -> StoreError:
        bench.begin()
        unlinked(bench)
        with monkeypatch.context() as full:
            full.setattr(making, "make", refuse)
            assert isinstance(told(NotKeptApart, bench.answer).cause, DiskFull)
            told(NotKeptApart, bench.store.assessments.list_drafts)
        return told(TakenAway, bench.store.assessments.list_drafts)

    values = bench.in_child(play)
    assert taken_up(bench, values) == bench.all


@pytest.mark.parametrize("late", [True, False])
def test_closing_tells_what_is_kept_only_then_or_never(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    def play() -> StoreError:
        bench.begin()
        unlinked(bench)
        with monkeypatch.context() as full:
            full.setattr(making, "make", refuse)
            told(NotKeptApart, bench.answer)
            if not late:
                error = told(NeverKept, bench.store.close)
                assert isinstance(error.cause, DiskFull)
                return error
        return told(TakenAway, bench.store.close)

    values = bench.in_child(play)
    assert ("kept" in values) == late
    assert not late or taken_up(bench, values) == bench.all


def test_the_key_file_that_went_too_comes_back(bench: Bench) -> None:
    def play() -> StoreError:
        bench.begin()
        all_unlinked(bench)
        return told(TakenAway, bench.answer)

    kept = Path(bench.in_child(play)["kept"])
    assert keystore.unlock(kept / "porras.keys", "nurse-1", PASS) == bench.key
    assert not list(kept.parent.glob(".porras-*"))


@pytest.mark.nightly
def test_five_hundred_tricks_lose_no_answer(tmp_path: Path, pathway: PathwayCopy) -> None:
    """A trick by chance, after a few answers, amid one or between two; short forms above."""
    draw = random.Random(1306)
    for number in range(500):
        bench = Bench(tmp_path / str(number), pathway)
        trick, before = draw.choice(TRICKS), draw.randrange(6)

        def play(bench: Bench = bench, trick: Trick = trick, before: int = before) -> StoreError:
            bench.begin()
            for _ in range(before):
                bench.answer()
            trick(bench)
            return told(TakenAway, draw.choice((bench.answer, bench.store.close)))

        values = bench.in_child(play)
        assert taken_up(bench, values) == bench.all
        shutil.rmtree(tmp_path / str(number))


# -- a second name ---------------------------------------------------------


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_a_second_name_is_told_and_nothing_more_is_written(bench: Bench, end: str) -> None:
    bench.begin()
    file = bench.places.database.with_name("porras.db" + end)
    os.link(file, other := file.with_name("other name"))
    told(SecondNameMeanwhile, bench.answer)
    told(SecondNameMeanwhile, bench.store.assessments.list_drafts)
    bench.store.close()
    if not end:
        told(SecondName, bench.opened)
        assert not list(bench.places.database.parent.glob("backups/*"))
        other.unlink()
    with bench.opened() as store:
        assert bench.found(store) == bench.all


def test_the_second_name_that_a_set_up_left_is_taken_away(bench: Bench) -> None:
    database = bench.places.database
    os.link(database, left := database.with_name(".porras-abcdefgh"))
    other = database.with_name(".porras-another")
    other.write_bytes(b"not the same")
    bench.opened().close()
    assert not left.exists()
    assert other.exists()


# -- no false alarm --------------------------------------------------------


WRITER = """
import sys
from pathlib import Path
from store.opening.store_file import open_store
with open_store(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), "nurse-2") as store:
    store.settings.set("of.another", "1")
"""


INTRUDER = """
import sys
from pathlib import Path
from store.errors import StoreBusy
from store.paths import find
from store.backup.restore import restore
from store.keys.rekey import rekey
places, key, backup = find(Path(sys.argv[1])), bytes.fromhex(sys.argv[2]), Path(sys.argv[3])
for attempt in (
    lambda: restore(backup, places, key, "nurse-1", force=True),
    lambda: rekey(places, key, "nurse-1"),
):
    try:
        attempt()
    except StoreBusy:
        continue
    sys.exit(7)
"""


def test_what_our_own_programs_do_is_no_alarm(bench: Bench, tmp_path: Path) -> None:
    bench.begin()
    for _ in range(3):
        bench.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        bench.answer()
        assert erasure._tidy(bench.store.db)
        bench.answer()
        database = str(bench.places.database)
        command = [sys.executable, "-c", WRITER, database, bench.key.hex()]
        subprocess.run(command, cwd=ROOT, check=True)
        bench.answer()
        made = backup.backup(bench.store, bench.places, tmp_path / "shelf", create=True)
        bench.answer()
    about = [str(bench.places.database), bench.key.hex(), str(made.folder)]
    subprocess.run([sys.executable, "-c", INTRUDER, *about], cwd=ROOT, check=True)
    bench.answer()
    bench.store.close()
    new = rekey.rekey(bench.places, bench.key, "nurse-1")
    with open_store(bench.places.database, new, "nurse-1", TickingClock()) as store:
        assert "head.lost" not in [row["event"] for row in store.db.table("audit").rows]
        assert bench.found(store) == bench.all


def test_a_database_that_is_replaced_while_it_is_opened_is_not_worked_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter((file_identity.identify(bench.places.database), None))
    monkeypatch.setattr(file_identity, "identify", lambda path: next(looks))
    monkeypatch.setattr(file_identity.Footprint, "__init__", lambda self, database: None)
    monkeypatch.setattr(file_identity, "second_name", lambda database: False)
    with pytest.raises(StoreBusy):
        bench.opened()
