"""The head record: what was acknowledged is told beside the database, and never less of it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.audit import chain
from store.database import connections, engine, head_record, migrations, wal_check
from store.database.head_record import Head
from store.errors import (
    EntriesMissing,
    FailingDisk,
    NotAllowed,
    OtherEntries,
    ReadOnlyStore,
    StaleStore,
    StoreBusy,
    StoreError,
    StoreGone,
)
from store.files import durable, file_lock, in_use
from store.keys import keystore
from store.maintenance import acceptance, integrity
from store.maintenance.health import HealthCheck
from store.opening.store_file import create_store, open_store
from store.paths import StorePaths, find
from store.records import PathwayCopy
from store.repository.store import Store
from tests.scripts import ROOT
from tests.store.conftest import TickingClock
from tests.store.test_old_pages import of_changes, with_pages
from tests.store.test_schema import of_version

OPEN_FILES = Path("/proc/self/fd")


def head(number: int) -> Head:
    return Head(number, f"{number:064x}")


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    database = tmp_path / "porras.db"
    database.touch(0o600)
    return database


@pytest.fixture
def record(beside: Path) -> Path:
    place = head_record.path_of(beside)
    head_record.write(place, *head(1), beside)
    return place


# -- the file --------------------------------------------------------------


def test_a_record_is_one_small_file_that_keeps_its_place_and_size(
    record: Path, beside: Path
) -> None:
    before = record.stat()
    for number in range(2, 20):
        head_record.advance(record, head(number), beside)
        assert head_record.read(record) == head(number)
    after = record.stat()
    assert (after.st_ino, after.st_size, after.st_blocks) == (
        before.st_ino,
        before.st_size,
        before.st_blocks,
    )
    assert after.st_mode & 0o777 == 0o600
    assert sorted(path.name for path in beside.parent.iterdir()) == ["porras.db", record.name]


def test_a_record_that_is_further_on_stays(record: Path, beside: Path) -> None:
    head_record.advance(record, head(9), beside)
    head_record.advance(record, head(8), beside)
    assert head_record.read(record) == head(9)


def test_only_a_record_made_anew_goes_back(record: Path, beside: Path) -> None:
    head_record.advance(record, head(9), beside)
    head_record.write(record, *head(4), beside)
    assert head_record.read(record) == head(4)


def test_every_torn_write_leaves_the_head_before_it(record: Path, beside: Path) -> None:
    """Whatever part of the newest slot has reached the disk, the other one tells."""
    draw = random.Random(13)
    for number in range(2, 60):
        before = record.read_bytes()
        head_record.advance(record, head(number), beside)
        after = record.read_bytes()
        changed = [place for place in range(len(after)) if before[place] != after[place]]
        torn = bytearray(after)
        for place in changed:
            if draw.random() < 0.5:
                torn[place] = draw.choice((before[place], draw.randrange(256)))
        record.write_bytes(torn)
        assert head_record.read(record) in {head(number), head(number - 1)}
        record.write_bytes(after)


def missing(place: Path) -> None:
    place.unlink()


def emptied(place: Path) -> None:
    place.write_bytes(b"")


def zeroed(place: Path) -> None:
    place.write_bytes(bytes(12288))


def both_slots_flipped(place: Path) -> None:
    place.write_bytes(bytes(byte ^ 1 for byte in place.read_bytes()))


def endless(place: Path) -> None:
    place.write_bytes(place.read_bytes() + bytes(1))


def linked_away(place: Path) -> None:
    other = place.with_name("something else")
    other.write_bytes(b"not ours")
    place.unlink()
    place.symlink_to(other)


def a_pipe(place: Path) -> None:
    place.unlink()
    os.mkfifo(place)


def counted_to(place: Path, turns: int) -> None:
    """A slot forged with the same head, which takes no key."""
    slot = head_record._slot(turns, head(1))
    place.write_bytes(slot + place.read_bytes()[len(slot) :])


BEFORE_RECORDS = 5
"""The last schema version whose programs wrote no record."""


def counted_beyond(place: Path) -> None:
    counted_to(place, (1 << 64) - 1)


SPOILT = [
    counted_beyond,
    missing,
    emptied,
    zeroed,
    both_slots_flipped,
    endless,
    linked_away,
    a_pipe,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_missing_record_and_a_damaged_one_are_told_apart_and_made_anew(
    record: Path, beside: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(record)
    if spoil is not endless:  # what comes after the slots is let alone while one works
        assert head_record.read(record) is None
        assert head_record.examine(record) == ("missing" if spoil is missing else "damaged")
    head_record.advance(record, head(5), beside)
    head_record.write(record, *head(6), beside)
    assert head_record.read(record) == head(6)
    other = record.with_name("something else")
    assert not other.exists() or other.read_bytes() == b"not ours"


@pytest.mark.parametrize("turns", [1 << 62, (1 << 62) - 1])
def test_a_record_whose_turns_have_run_out_goes_on(record: Path, beside: Path, turns: int) -> None:
    counted_to(record, turns)
    for number in range(2, 6):
        head_record.advance(record, head(number), beside)
        assert head_record.read(record) == head(number)


def test_a_record_that_may_not_be_read_is_no_damaged_one(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object) -> bytes:
        raise PermissionError(13, "no", str(record))

    monkeypatch.setattr("store.files.regular_files.read", refused)
    with pytest.raises(PermissionError):
        head_record.examine(record)


def test_a_record_is_on_the_disk_before_the_call_returns(
    record: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Head | None] = []
    sync = os.fdatasync

    def watched(descriptor: int) -> None:
        synced.append(head_record.read(record))
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", watched)
    for _ in range(2):
        head_record.advance(record, head(2), beside)
    assert synced == [head(2)]


def test_what_another_program_has_written_counts_only_once_it_is_on_the_disk(
    record: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed:

        def die(descriptor: int) -> None:
            raise KeyboardInterrupt

        killed.setattr(head_record, "_sync", die)
        with pytest.raises(KeyboardInterrupt):
            head_record.advance(record, head(5), beside)
    synced: list[int] = []
    monkeypatch.setattr(head_record, "_sync", synced.append)
    head_record.advance(record, head(3), beside)
    head_record.advance(record, head(4), beside)
    assert len(synced) == 1
    assert head_record.read(record) == head(5)


def test_of_many_that_wait_one_writes_and_the_others_go_on(
    record: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head_record.advance(record, head(9), beside)
    monkeypatch.setattr(head_record, "WAIT_S", 0.05)
    writer = os.open(record, os.O_RDWR)
    assert file_lock.take(writer)
    head_record.advance(record, head(9), beside)  # it is on the disk: there is nothing to wait for
    with pytest.raises(StoreBusy):
        head_record.advance(record, head(10), beside)
    os.close(writer)


PUSHER = """
import sys
from pathlib import Path
from store.database import head_record
from store.database.head_record import Head
beside = Path(sys.argv[1])
for number in range(int(sys.argv[2]), 400, 3):
    head_record.advance(head_record.path_of(beside), Head(number, f"{number:064x}"), beside)
    found = head_record.read(head_record.path_of(beside))
    assert found and found.seq >= number, (found, number)
"""


def test_of_several_programs_none_puts_the_record_back(record: Path, beside: Path) -> None:
    command = [sys.executable, "-c", PUSHER, str(beside)]
    programs = [subprocess.Popen([*command, str(first)]) for first in (1, 2, 3)]
    assert [program.wait() for program in programs] == [0, 0, 0]
    assert head_record.read(record) == head(399)


def test_a_record_is_put_in_place_as_a_whole(
    record: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*args: object, **given: object) -> None:
        raise OSError(5, "cut short")

    monkeypatch.setattr(durable, "put_in_place", cut)
    with pytest.raises(OSError, match="cut short"):
        head_record.write(record, *head(7), beside)
    assert head_record.read(record) == head(1)


# -- opening with less -----------------------------------------------------

ENDS = ("", "-wal", ".head")


def copied(path: Path, folder: Path) -> Path:
    """The files as a power cut leaves them, taken from under a store that is open."""
    folder.mkdir(parents=True)
    for end in ENDS:
        source = path.with_name(path.name + end)
        if source.exists():
            shutil.copy(source, folder)
    return folder / path.name


@pytest.fixture
def worked(path: Path, tmp_path: Path, pathway: PathwayCopy, key: bytes) -> Path:
    """A store that was cut off amid the work: its newest entries are in the log alone."""
    with create_store(path, key, "nurse-1", TickingClock()) as store:
        client = store.clients.add(birth_year=1980, language="fi", sex="f", municipality="hollola")
        assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        for number in range(8):
            store.answers.record(assessment.id, {f"q{number}": number})
        return copied(path, tmp_path / "cut off")


def newest(path: Path, key: bytes) -> int:
    """The number of the newest event in a database as it lies there; nothing is changed by it."""
    db = connections.connect_to_read(path, key, migrations.schema())
    try:
        return chain.head(db)[0]
    finally:
        db.close()


def files(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


def cuts(log: bytes) -> Iterator[tuple[str, bytes | None]]:
    """Every way in which a log can have lost its end and be whole in itself."""
    page = int.from_bytes(log[8:12], "big") + 24
    places = range(32, len(log) + 1, page)
    yield "taken away", None
    yield "emptied", b""
    for place in places:
        yield f"cut at {place}", log[:place]
        yield f"zeroed from {place}", log[:place] + bytes(len(log) - place)


def test_whatever_a_log_has_lost_nothing_is_opened_in_silence(
    worked: Path, key: bytes, tmp_path: Path
) -> None:
    known = head_record.read(head_record.path_of(worked))
    assert known and known.seq == newest(worked, key) == 15
    log = wal_check.log_of(worked).read_bytes()
    refused = opened = 0
    for number, (_, content) in enumerate(cuts(log)):
        place = copied(worked, tmp_path / str(number))
        if content is None:
            wal_check.log_of(place).unlink()
        else:
            wal_check.log_of(place).write_bytes(content)
        before = files(place)
        try:
            open_store(place, key, "nurse-1", TickingClock()).close()
        except EntriesMissing as error:
            refused += 1
            assert error.values["last"] == known.seq
            assert error.values["first"] == newest(place, key) + 1
            assert {name: text for name, text in files(place).items() if name in before} == before
        else:
            opened += 1
            assert content == log
        shutil.rmtree(place.parent)
    assert refused > 100
    assert opened == 2, "the log as it was, and that with nothing behind it"


@pytest.mark.parametrize("closed", [True, False])
def test_an_index_that_is_left_without_its_log_proves_nothing_where_the_record_tells(
    store: Store, path: Path, key: bytes, tmp_path: Path, closed: bool
) -> None:
    """A power cut may leave it so; where entries are missing, the record says which."""
    store.clients.add(birth_year=1980, language="fi")
    if closed:
        store.close()
    left = tmp_path / "left"
    left.mkdir()
    for end in ("", ".head"):
        shutil.copy(path.with_name(path.name + end), left)
    (left / f"{path.name}-shm").write_bytes(bytes(32768))
    if closed:
        with open_store(left / path.name, key, "nurse-1") as opened:
            assert opened.audit_log.find_bad_event() is None
    else:
        with pytest.raises(EntriesMissing):
            open_store(left / path.name, key, "nurse-1")


def put_back(place: Path, content: bytes) -> None:
    """Put an older database in place, as a copy by hand does."""
    for end in ("-wal", "-shm"):
        place.with_name(place.name + end).unlink(missing_ok=True)
    place.write_bytes(content)


def opened(path: Path, key: bytes) -> Store:
    return open_store(path, key, "nurse-1", TickingClock())


def entries(store: Store, *kinds: str) -> list[tuple[str, str]]:
    """What the log tells of some kinds of events: their names and subjects."""
    rows = store.db.execute("SELECT event, subject FROM audit ORDER BY seq").fetchall()
    return [(event, subject) for event, subject in rows if event in kinds]


def test_an_older_whole_database_is_told_and_the_right_one_opens_again(
    store: Store, path: Path, key: bytes
) -> None:
    store.close()
    older, had = path.read_bytes(), newest(path, key)
    with opened(path, key) as later:
        later.settings.set("later", "1")
    right, has = path.read_bytes(), newest(path, key)
    put_back(path, older)
    record = head_record.path_of(path).read_bytes()
    with pytest.raises(EntriesMissing) as told:
        opened(path, key)
    assert (told.value.values["first"], told.value.values["last"]) == (had + 1, has)
    assert told.value.values["since"] == "2026-11-22 10:00"
    assert (path.read_bytes(), head_record.path_of(path).read_bytes()) == (older, record)
    put_back(path, right)
    with opened(path, key) as again:
        assert again.settings.get("later") == "1"
        assert not entries(again, "head.lost", "entries.lost")


def test_a_database_that_went_another_way_is_told_however_much_it_holds(
    store: Store, path: Path, key: bytes, tmp_path: Path
) -> None:
    store.close()
    other = tmp_path / "elsewhere" / path.name
    other.parent.mkdir()
    shutil.copy(path, other)
    for place, entry in ((path, "here"), (other, "there")):
        for number in range(2 if place == path else 9):
            with opened(place, key) as later:
                later.settings.set(entry, str(number))
    put_back(path, other.read_bytes())
    known = head_record.read(head_record.path_of(path))
    with pytest.raises(OtherEntries) as told:
        opened(path, key)
    assert known and told.value.values["last"] == known.seq


def test_a_store_from_before_gets_a_record_in_silence(path: Path, key: bytes) -> None:
    of_version(BEFORE_RECORDS, path, key)
    assert not head_record.path_of(path).exists()
    for _ in range(2):
        with opened(path, key) as store:
            assert not entries(store, "head.lost")
            assert head_record.read(head_record.path_of(path)) == chain.head(store.db)


@pytest.mark.parametrize("spoil", [missing, emptied, both_slots_flipped, linked_away, a_pipe])
def test_a_record_that_was_lost_is_told_once_and_made_anew(
    store: Store, path: Path, key: bytes, spoil: Callable[[Path], None]
) -> None:
    store.close()
    spoil(head_record.path_of(path))
    why = "missing" if spoil is missing else "damaged"
    for _ in range(2):
        with opened(path, key) as again:
            assert entries(again, "head.lost") == [("head.lost", why)]
            assert head_record.read(head_record.path_of(path)) == chain.head(again.db)


def test_a_copy_on_another_computer_is_told(
    store: Store, path: Path, key: bytes, tmp_path: Path
) -> None:
    store.close()
    there = tmp_path / "another computer" / path.name
    there.parent.mkdir()
    shutil.copy(path, there)
    with opened(there, key) as copy:
        assert entries(copy, "head.lost") == [("head.lost", "missing")]


def test_a_new_store_does_not_take_the_place_of_one_that_is_gone(
    store: Store, path: Path, key: bytes
) -> None:
    count = store.audit_log.get_head()[0]
    store.close()
    path.unlink()
    with pytest.raises(StoreGone) as told:
        create_store(path, key, "nurse-1")
    assert told.value.values["count"] == count
    assert not path.exists()
    head_record.path_of(path).unlink()
    create_store(path, key, "nurse-1").close()


# -- between the transaction and the record --------------------------------


KILLED = """
import os, sys
from pathlib import Path
from store.database import head_record
from store.opening.store_file import open_store
path, key, where = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
store = open_store(path, key, "nurse-1")
if where == "before the record":
    head_record.advance = lambda *args: os._exit(9)
else:
    head_record._sync = lambda descriptor: os._exit(9)
store.settings.set("answered", "1")
"""


@pytest.mark.parametrize("where", ["before the record", "amid the record"])
def test_a_kill_between_an_answer_and_its_record_is_no_loss(
    store: Store, path: Path, key: bytes, where: str
) -> None:
    store.close()
    command = [sys.executable, "-c", KILLED, str(path), key.hex(), where]
    assert subprocess.run(command, cwd=ROOT).returncode == 9
    known = head_record.read(head_record.path_of(path))
    assert known and known.seq <= newest(path, key)
    with opened(path, key) as again:
        assert again.settings.get("answered") == "1"
        assert not entries(again, "head.lost")


def test_an_answer_is_on_the_disk_before_the_record_tells_of_it(
    store: Store, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    advance = head_record.advance

    def watched(place: Path, head: Head, beside: Path, briefly: bool) -> None:
        db = store.db.bystander()
        told.append(db.execute("SELECT hash FROM audit WHERE seq = ?", (head.seq,)).fetchone())
        assert told[-1] == (head.hash,)
        db.close()
        advance(place, head, beside, briefly)

    monkeypatch.setattr(head_record, "advance", watched)
    store.settings.set("answered", "1")
    store.audit_log.log_view("a-record")
    assert len(told) == 2
    assert head_record.read(head_record.path_of(path)) == store.audit_log.get_head()


def test_what_is_taken_back_moves_no_record(store: Store, path: Path) -> None:
    before = store.audit_log.get_head()
    with pytest.raises(RuntimeError), store.writing():
        store.log("view", "nothing")
        raise RuntimeError
    with store.writing():
        store.db.execute("SELECT 1")
    assert head_record.read(head_record.path_of(path)) == before


# -- a record that cannot be written ---------------------------------------


def test_a_record_that_cannot_be_written_loses_no_answer_and_is_told(
    store: Store, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as refusing:

        def refuse(*args: object) -> None:
            raise OSError(errno.EROFS, "no")

        refusing.setattr(head_record, "advance", refuse)
        for number in range(3):
            store.settings.set("answered", str(number))
            assert isinstance(store.head_unwritten, ReadOnlyStore)
    assert store.settings.get("answered") == "2"
    store.settings.set("answered", "3")
    assert store.head_unwritten is None
    assert entries(store, "head.unwritten") == [("head.unwritten", "")]
    assert head_record.read(head_record.path_of(path)) == store.audit_log.get_head()
    store.close()
    opened(path, key).close()


def test_a_disk_that_fails_at_the_record_takes_no_second_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.EIO, "failing")

    monkeypatch.setattr(head_record, "advance", fail)
    store.settings.set("answered", "1")  # which is stored
    with pytest.raises(FailingDisk):
        store.settings.set("answered", "2")


def test_a_program_that_sleeps_on_the_record_keeps_no_answer_back(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_record, "WAIT_S", 0.05)
    sleeper = os.open(head_record.path_of(path), os.O_RDWR)
    assert file_lock.take(sleeper)
    store.settings.set("answered", "1")
    assert isinstance(store.head_unwritten, StoreBusy)
    os.close(sleeper)
    store.settings.set("answered", "2")
    assert store.head_unwritten is None


# -- going on all the same -------------------------------------------------


def test_a_record_kept_locked_is_waited_for_once_only(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = [0.0]

    def pass_by(seconds: float) -> None:
        slept[-1] += seconds

    monkeypatch.setattr(time, "sleep", pass_by)
    monkeypatch.setattr(time, "monotonic", lambda: sum(slept))
    for held in (True, True, True, False, True):
        other = os.open(head_record.path_of(path), os.O_RDWR)
        assert not held or file_lock.take(other)
        store.settings.set("answered", str(len(slept)))
        assert (store.head_unwritten is not None) == held
        slept.append(0.0)
        os.close(other)
    briefly, at_length = head_record.BRIEFLY_S, head_record.WAIT_S
    assert slept == pytest.approx([at_length, briefly, briefly, 0, at_length, 0], abs=0.002)


@pytest.mark.parametrize("number", [3, 7])
def test_a_record_that_is_another_file_too_is_made_anew_and_that_file_stays(
    record: Path, beside: Path, number: int
) -> None:
    head_record.advance(record, head(number), beside)
    other = record.with_name("other")
    os.link(record, other)
    before = other.read_bytes()
    head_record.advance(record, head(5), beside)
    assert other.read_bytes() == before
    assert record.stat().st_nlink == 1
    assert head_record.read(record) == head(max(number, 5))


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="no list of what is open")
def test_no_record_is_replaced_while_it_is_open_where_a_system_refuses_that(
    record: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(head_record, "_REPLACED_WHILE_OPEN", False)
    head_record.advance(record, head(7), beside)
    os.link(record, record.with_name("other"))
    replace = in_use.replace

    def refused(fresh: Path, path: Path) -> None:
        assert str(path) not in {os.path.realpath(each) for each in OPEN_FILES.iterdir()}
        replace(fresh, path)

    monkeypatch.setattr(in_use, "replace", refused)
    head_record.advance(record, head(5), beside)
    assert record.stat().st_nlink == 1
    assert head_record.read(record) == head(7)


@pytest.fixture
def lacking(store: Store, path: Path, key: bytes) -> StorePaths:
    """A store whose database is older than its record."""
    store.staff.add("nurse-2", ["nurse"])
    store.close()
    older = path.read_bytes()
    with opened(path, key) as later:
        later.settings.set("later", "1")
    put_back(path, older)
    return find(path)


def test_an_administrator_goes_on_without_what_is_missing(lacking: StorePaths, key: bytes) -> None:
    lost = acceptance.find_missing(lacking, key)
    assert lost and lost.first
    accepted = acceptance.accept_loss(lacking, key, "nurse-1", TickingClock())
    assert accepted and accepted.lost == lost
    with opened(lacking.database, key) as store:
        assert entries(store, "entries.lost") == [("entries.lost", f"{lost.first}-{lost.last}")]
        assert store.audit_log.find_bad_event() is None
        assert store.settings.get("later") is None
    assert acceptance.accept_loss(lacking, key, "nurse-1") is None
    opened(lacking.database, key).close()


def test_nobody_else_goes_on_without_it(lacking: StorePaths, key: bytes) -> None:
    with pytest.raises(NotAllowed):
        acceptance.accept_loss(lacking, key, "nurse-2")
    with pytest.raises(EntriesMissing):
        opened(lacking.database, key)


def test_nobody_goes_on_by_a_role_of_last_week(store: Store, path: Path, key: bytes) -> None:
    """An old page gave a demoted administrator the role back, who could accept any loss."""
    store.staff.add("admin-2", ["admin"])
    pages = of_changes(store)
    store.close()
    then = path.read_bytes()
    with opened(path, key) as today:
        today.staff.set_roles("admin-2", ["nurse"])
        seq, digest = today.audit_log.get_head()
    path.write_bytes(with_pages(path.read_bytes(), then, pages))
    head_record.write(head_record.path_of(path), seq + 9, digest, beside=path)
    with pytest.raises(StaleStore):
        acceptance.accept_loss(find(path), key, "admin-2", TickingClock())


def test_an_acceptance_cut_short_is_to_be_done_again(
    lacking: StorePaths, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr(head_record, "write", lambda *args, **given: (_ for _ in ()).throw(OSError(5)))
        with pytest.raises(StoreError):
            acceptance.accept_loss(lacking, key, "nurse-1", TickingClock())
    if acceptance.find_missing(lacking, key):
        acceptance.accept_loss(lacking, key, "nurse-1", TickingClock())
    opened(lacking.database, key).close()


def test_a_damaged_record_leaves_nothing_to_accept(lacking: StorePaths, key: bytes) -> None:
    zeroed(head_record.path_of(lacking.database))
    assert acceptance.accept_loss(lacking, key, "nurse-1") is None
    with opened(lacking.database, key) as store:
        assert entries(store, "head.lost") == [("head.lost", "damaged")]


@pytest.mark.nightly
def test_of_a_long_day_no_cut_of_the_log_opens_in_silence(
    path: Path, tmp_path: Path, pathway: PathwayCopy, key: bytes
) -> None:
    """A thousand logs, each cut, torn or swapped by chance; short form above."""
    draw = random.Random(1313)
    with create_store(path, key, "nurse-1", TickingClock()) as store:
        client = store.clients.add(birth_year=1980, language="fi", sex="f", municipality="hollola")
        assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        for number in range(60):
            store.answers.record(assessment.id, {f"q{number}": number})
        whole = copied(path, tmp_path / "whole")
    log = wal_check.log_of(whole).read_bytes()
    known = head_record.read(head_record.path_of(whole))
    assert known
    refused = 0
    for number in range(1000):
        place = copied(whole, tmp_path / str(number))
        end = draw.randrange(len(log))
        tail = draw.choice((b"", bytes(len(log) - end), draw.randbytes(draw.randrange(9000))))
        wal_check.log_of(place).write_bytes(log[:end] + tail)
        try:
            opened(place, key).close()
        except StoreError:
            refused += 1
        else:
            assert newest(place, key) > known.seq
        shutil.rmtree(place.parent)
    assert refused > 900


def test_the_deep_look_calls_nothing_lost_that_is_recorded_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = find(tmp_path / "porras.db")
    made = keystore.create(places.keys, "nurse-1", "seven slow geese walk home")
    history = integrity._history
    with create_store(places.database, made.key, "nurse-1", TickingClock()) as store:

        def slowly(db: engine.Database) -> HealthCheck:
            store.clients.add(birth_year=1980, language="fi")
            return history(db)

        monkeypatch.setattr(integrity, "_history", slowly)
        found = integrity.check_deep(places, made.key, TickingClock())
    assert {each.name: each.level for each in found}["head record"] == "ok"
