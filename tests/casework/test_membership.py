"""If these fail, what somebody does in a class is lost, or two people sit at one seat."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.training.classroom import Classroom
from casework.training.membership import Doubts, look_for_classes, take_seat, wrong_clocks
from casework.training.practice import Practice
from casework.workspace import Workspace
from stepping.pathway.model import Pathway
from stepping.training.records import ClassCase, Judgement, SeatRecord
from store.errors import SeatInUse, SeatNotFree, SeatOfAnother, StoreError
from store.files import file_lock
from store.paths import PATHWAYS
from store.pathway_files.files import built_in
from store.training.class_writing import carry_class, change_class, make_class, put_seat
from store.training.classes import FoundClass, load_class, read_seats
from store.training.seats import load_record
from tests.stepping.training.test_records import ID, class_record, judgement
from tests.store.training.test_classes import close

NOW = datetime(2026, 11, 30, 12, 30, tzinfo=UTC)
CLASS = ID.format(9)
USED = {"adult": built_in("adult")}


class Alone(Practice):
    """Practice without a training store: the pathways are given."""

    @property
    def used(self) -> dict[str, Pathway]:
        return USED


class Host:
    """One computer with a class and the records of its seats."""

    def __init__(self, folder: Path) -> None:
        self.class_folder = folder / "classes" / "syksy"
        self.own = folder / "own"
        make_class(self.class_folder, class_record())

    @property
    def found(self) -> FoundClass:
        return FoundClass(self.class_folder, load_class(self.class_folder))

    def record_file(self, seat: str) -> Path:
        return self.own / seat / "record.json"

    def practice(self) -> Practice:
        return Alone(Workspace(lambda: NOW), self.own / "record.json")

    @contextmanager
    def sitting(self, seat: str = "koivu") -> Iterator[Practice]:
        practice = self.practice()
        file = self.record_file(seat)
        practice.join(take_seat(self.found, seat, file), file)
        try:
            yield practice
        finally:
            practice.leave()

    def seen(self, seat: str = "koivu") -> list[str]:
        found = read_seats(self.class_folder, class_record()).records.get(seat)
        return [entry.id for entry in found.entries] if found else []


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def tried(number: int) -> Judgement:
    return judgement(number, class_id=CLASS)


def test_a_try_is_with_the_trainer_at_once_and_at_home_for_good(host: Host) -> None:
    with host.sitting() as practice:
        assert practice.class_id == CLASS
        practice.keep(tried(1))
        assert host.seen() == [ID.format(1)]
        assert practice.waiting == 0
    assert load_record(host.record_file("koivu"), "koivu").entries == (tried(1),)
    assert practice.seat == "own" and not practice.record.entries


def test_what_the_class_does_not_take_comes_with_the_next_try_or_the_next_start(host: Host) -> None:
    with host.sitting() as practice:
        practice.keep(tried(1))
        away = host.class_folder.rename(host.class_folder.with_name("away"))
        practice.keep(tried(2))
        practice.keep(tried(3))
        assert (practice.behind, practice.waiting) == (True, 2)
        away.rename(host.class_folder)
        practice.keep(tried(4))
        assert (practice.behind, practice.waiting) == (False, 0)
        away = host.class_folder.rename(away)
        practice.keep(tried(5))
    away.rename(host.class_folder)
    assert host.seen() == [ID.format(number) for number in (1, 2, 3, 4)]
    with host.sitting():
        assert host.seen() == [ID.format(number) for number in (1, 2, 3, 4, 5)]


def test_a_folder_that_is_closed_meanwhile_ends_nobodys_program(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    with host.sitting() as practice:
        with monkeypatch.context() as closed:
            close(host.class_folder, closed)
            practice.keep(tried(1))
            assert (practice.behind, practice.waiting) == (True, 1)
        practice.keep(tried(2))
    assert host.seen() == [ID.format(1), ID.format(2)]


def test_a_disk_without_locks_is_told_and_seats_nobody(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(file_lock, "take", none)
    with pytest.raises(StoreError):
        take_seat(host.found, "koivu", host.record_file("koivu"))


def test_another_class_in_the_same_place_gets_nothing(host: Host) -> None:
    with host.sitting() as practice:
        change_class(host.class_folder, class_record().model_copy(update={"id": ID.format(7)}))
        practice.keep(tried(1))
        assert practice.waiting == 1
        assert not host.seen()


def test_nobody_else_sits_down_at_a_seat_in_use(host: Host) -> None:
    with host.sitting(), pytest.raises(SeatInUse):
        take_seat(host.found, "koivu", host.record_file("koivu"))
    again = take_seat(host.found, "koivu", host.record_file("koivu"))
    assert again.begun
    again.hold.let_go()
    other = take_seat(host.found, "haapa", host.record_file("haapa"))
    assert not other.begun
    other.hold.let_go()


def test_what_a_seat_did_on_another_computer_stays_when_it_sits_down_here(host: Host) -> None:
    there = SeatRecord(seat="koivu", class_id=CLASS, entries=(tried(1),))
    put_seat(host.class_folder, there)
    with host.sitting() as practice:
        practice.keep(tried(2))
        assert host.seen() == [ID.format(1), ID.format(2)]
        assert len(practice.record.entries) == 2


def test_a_seats_file_that_was_changed_is_put_aside_and_a_new_one_begun(host: Host) -> None:
    with host.sitting() as practice:
        practice.keep(tried(1))
    file = host.class_folder / "seats" / "koivu.json"
    changed = file.read_text().replace('"step": 2', '"step": 4')
    file.write_text(changed)
    with host.sitting() as practice:
        assert practice.membership and practice.membership.set_aside
        assert practice.membership.set_aside.read_text() == changed
        assert host.seen() == [ID.format(1)]


@pytest.mark.parametrize("name", ["koivu.json", "koivu.lock"])
def test_a_pipe_or_a_link_in_the_place_of_a_seat_is_refused(host: Host, name: str) -> None:
    victim = host.own.with_name("victim")
    victim.write_text("mine")
    place = host.class_folder / "seats" / name
    for pipe in (True, False):
        if pipe:
            os.mkfifo(place)
        else:
            place.symlink_to(victim)
        with pytest.raises(SeatNotFree):
            take_seat(host.found, "koivu", host.record_file("koivu"))
        place.unlink()
    assert victim.read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have owners")
def test_everybody_may_write_a_seat_and_only_its_owner_change_it(host: Host) -> None:
    previous = os.umask(0o077)
    try:
        folder = host.class_folder.with_name("talvi")
        make_class(folder, class_record())
        put_seat(folder, SeatRecord(seat="koivu", class_id=CLASS))
    finally:
        os.umask(previous)
    modes = {
        name: (folder / name).stat().st_mode & 0o7777
        for name in ("", "class.json", "seats", "collected", "seats/koivu.json")
    }
    assert modes == {
        "": 0o755,
        "class.json": 0o644,
        "seats": 0o1777,
        "collected": 0o755,
        "seats/koivu.json": 0o644,
    }


def test_the_cases_are_those_of_the_class_by_its_own_texts(host: Host) -> None:
    text = (PATHWAYS / "vignettes" / "sleepless_teacher.toml").read_text("utf-8")
    cases = tuple(
        ClassCase(id=id_, digest="0" * 64, text=each)
        for id_, each in (("sleepless_teacher", text), ("gone", "x"))
    )
    change_class(host.class_folder, class_record().model_copy(update={"cases": cases}))
    with host.sitting() as practice:
        assert set(practice.shelf.cases) == {"sleepless_teacher"}
        assert practice.shelf.unfit == ("gone",)
        assert practice.membership
        doubts = Doubts.of(practice.membership.room, NOW)
    assert doubts == Doubts(other_pathways=("adult",), unfit=1)


def test_clocks_that_disagree_are_told_and_lose_nothing(host: Host) -> None:
    early = datetime(2026, 11, 30, 11, 0, tzinfo=UTC)
    assert Doubts.of(Classroom(host.class_folder, USED), early).opened_later
    assert not Doubts.of(Classroom(host.class_folder, USED), NOW).opened_later
    before = tried(1).model_copy(update={"at": "2020-01-01T00:00:00.000Z"})
    seats = {
        "koivu": SeatRecord(seat="koivu", entries=(tried(2), before)),
        "haapa": SeatRecord(seat="haapa", entries=(tried(2),)),
    }
    assert wrong_clocks(class_record(), seats) == ("koivu",)
    yesterday = NOW - timedelta(days=1)
    assert wrong_clocks(class_record(), {"haapa": seats["haapa"]}, yesterday) == ("haapa",)
    assert not wrong_clocks(class_record(), {"haapa": seats["haapa"]}, NOW)


def test_a_class_that_was_carried_here_waits_for_the_file_to_be_handed_in(tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.class_folder = tmp_path / "own" / "classes" / "syksy"
    carry_class(host.class_folder, class_record())
    with host.sitting() as practice:
        practice.keep(tried(1))
        assert (practice.behind, practice.waiting) == (False, 1)
        assert not host.seen()


def test_classes_are_found_in_a_folder_of_them_or_by_their_own(host: Host, tmp_path: Path) -> None:
    broken = host.class_folder.with_name("broken")
    make_class(broken, class_record())
    (broken / "class.json").write_text("{}")
    for folders in (
        [host.class_folder],
        [host.class_folder.parent, host.class_folder, tmp_path / "no"],
    ):
        found = look_for_classes(folders)
        assert [each.record for each in found.classes] == [class_record()]
        assert len(found.faults) == len(folders) // 2


@pytest.mark.skipif(os.name != "posix", reason="files have owners")
def test_a_seat_of_another_account_is_refused_with_what_to_do(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_seat(host.class_folder, SeatRecord(seat="koivu", class_id=CLASS))
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(SeatOfAnother) as refused:
        take_seat(host.found, "koivu", host.record_file("koivu"))
    assert "ask the trainer for a free seat" in str(refused.value)
