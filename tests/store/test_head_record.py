"""The head record: what was acknowledged is told beside the database, and never less of it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import engine, schema
from store.errors import EntriesMissing
from store.log import audit, head_record
from store.log.head_record import Head
from store.records import PathwayCopy
from store.repository import Store
from store.upkeep import disk, log_check
from tests.store.conftest import TickingClock


def head(number: int) -> Head:
    return Head(number, f"{number:064x}")


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    database = tmp_path / "porras.db"
    database.touch(0o600)
    return database


@pytest.fixture
def record(beside: Path) -> Path:
    place = head_record.place(beside)
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
    place.write_bytes(bytes(8192))


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


SPOILT = [missing, emptied, zeroed, both_slots_flipped, endless, linked_away, a_pipe]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_missing_record_and_a_damaged_one_are_told_apart_and_made_anew(
    record: Path, beside: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(record)
    if spoil is not endless:  # what comes after the slots is let alone while one works
        assert head_record.read(record) is None
        assert head_record.look(record) == ("missing" if spoil is missing else "damaged")
    head_record.advance(record, head(5), beside)
    head_record.write(record, *head(6), beside)
    assert head_record.read(record) == head(6)
    other = record.with_name("something else")
    assert not other.exists() or other.read_bytes() == b"not ours"


def test_a_record_that_may_not_be_read_is_no_damaged_one(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object) -> bytes:
        raise PermissionError(13, "no", str(record))

    monkeypatch.setattr("store.upkeep.regular.read", refused)
    with pytest.raises(PermissionError):
        head_record.look(record)


def test_a_record_is_on_the_disk_before_the_call_returns(
    record: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Head | None] = []
    sync = os.fdatasync

    def watched(descriptor: int) -> None:
        synced.append(head_record.read(record))
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", watched)
    head_record.advance(record, head(2), beside)
    # What another program has written may not be on the disk: that waits for it too.
    head_record.advance(record, head(2), beside)
    assert synced == [head(2), head(2)]


PUSHER = """
import sys
from pathlib import Path
from store.log import head_record
from store.log.head_record import Head
beside = Path(sys.argv[1])
for number in range(int(sys.argv[2]), 400, 3):
    head_record.advance(head_record.place(beside), Head(number, f"{number:064x}"), beside)
    found = head_record.read(head_record.place(beside))
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

    monkeypatch.setattr(disk, "put_in_place", cut)
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
    with Store.create(path, key, "nurse-1", TickingClock()) as store:
        client = store.add_client(birth_year=1980, language="fi", sex="f", municipality="hollola")
        assessment = store.start(client.id, pathway, setting="clinic", language="fi")
        for number in range(8):
            store.record_answers(assessment.id, {f"q{number}": number})
        return copied(path, tmp_path / "cut off")


def newest(path: Path, key: bytes) -> int:
    """The number of the newest event in a database as it lies there; nothing is changed by it."""
    db = engine.connect_to_read(path, key, schema.STORE_ID, schema_version=schema.newest())
    try:
        return audit.head(db)[0]
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
    known = head_record.read(head_record.place(worked))
    assert known and known.seq == newest(worked, key) == 15
    log = log_check.log_of(worked).read_bytes()
    refused = opened = 0
    for number, (_, content) in enumerate(cuts(log)):
        place = copied(worked, tmp_path / str(number))
        if content is None:
            log_check.log_of(place).unlink()
        else:
            log_check.log_of(place).write_bytes(content)
        before = files(place)
        try:
            Store.open(place, key, "nurse-1", TickingClock()).close()
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
    store.add_client(birth_year=1980, language="fi")
    if closed:
        store.close()
    left = tmp_path / "left"
    left.mkdir()
    for end in ("", ".head"):
        shutil.copy(path.with_name(path.name + end), left)
    (left / f"{path.name}-shm").write_bytes(bytes(32768))
    if closed:
        with Store.open(left / path.name, key, "nurse-1") as opened:
            assert opened.verify_chain() is None
    else:
        with pytest.raises(EntriesMissing):
            Store.open(left / path.name, key, "nurse-1")
