"""If these fail, a trainer does not see what a class did, or takes something else for it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from stepping.training.records import SeatRecord, write_record
from store.errors import BadPracticeFile, BadSeatFile, ClassGone, DiskFull, NewerPracticeFile
from store.training.class_writing import collect, make_class
from store.training.classes import find_classes, is_carried, load_class, read_seats
from tests.stepping.training.test_records import ID, class_record, judgement

CLASS = ID.format(9)


def made(folder: Path) -> Path:
    for place in ("seats", "collected"):
        (folder / place).mkdir(parents=True)
    (folder / "class.json").write_bytes(write_record(class_record()))
    return folder


def tried(*numbers: int, seat: str = "koivu", of: str = CLASS) -> SeatRecord:
    entries = (judgement(number, class_id=of) for number in numbers)
    return SeatRecord(seat=seat, class_id=of, entries=tuple(entries))


def put(folder: Path, place: str, record: SeatRecord, seat: str = "koivu") -> None:
    (folder / place / f"{seat}.json").write_bytes(write_record(record))


def test_what_was_carried_and_what_was_written_here_are_united(tmp_path: Path) -> None:
    folder = made(tmp_path / "syksy")
    put(folder, "collected", tried(1, 2))
    put(folder, "seats", tried(2, 3))
    seen = read_seats(folder, load_class(folder))
    assert [entry.id for entry in seen.records["koivu"].entries] == [
        ID.format(n) for n in (1, 2, 3)
    ]
    assert not seen.faults


def test_a_file_of_another_class_or_seat_counts_for_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path / "syksy")
    put(folder, "seats", tried(1, of=ID.format(8)))
    put(folder, "seats", tried(1), seat="haapa")
    seen = read_seats(folder, class_record())
    assert not seen.records
    assert seen.faults == {"koivu": "foreign", "haapa": "foreign"}


def test_a_pipe_or_a_link_in_the_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    folder = made(tmp_path / "syksy")
    os.mkfifo(folder / "seats" / "koivu.json")
    put(folder, "collected", tried(1, seat="haapa"), seat="haapa")
    (folder / "seats" / "haapa.json").symlink_to(folder / "collected" / "haapa.json")
    seen = read_seats(folder, class_record())
    assert seen.faults == {"koivu": "unreadable", "haapa": "unreadable"}
    assert set(seen.records) == {"haapa"}


def test_a_class_file_that_was_changed_or_is_newer_is_told(tmp_path: Path) -> None:
    file = made(tmp_path / "syksy") / "class.json"
    file.write_text(file.read_text().replace("syksy", "talvi"))
    with pytest.raises(BadPracticeFile):
        load_class(file.parent)
    file.write_text('{"format": "porras-class", "version": 2}')
    with pytest.raises(NewerPracticeFile):
        load_class(file.parent)


def test_a_class_that_went_away_is_not_an_empty_one(tmp_path: Path) -> None:
    folder = made(tmp_path / "syksy")
    folder.rename(tmp_path / "away")
    with pytest.raises(ClassGone):
        read_seats(folder, class_record())
    with pytest.raises(ClassGone):
        load_class(folder)


def test_a_class_that_could_not_be_made_whole_can_be_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(DiskFull):
            make_class(tmp_path / "syksy", class_record())
    assert not [*tmp_path.iterdir()]
    assert not find_classes([tmp_path]).classes
    make_class(tmp_path / "syksy", class_record())
    assert [each.record for each in find_classes([tmp_path]).classes] == [class_record()]


def close(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody enter a folder; root, who runs some tests, may enter every one that is."""

    def refusing(real: Callable[..., object]) -> Callable[..., object]:
        def refused(path: object, *given: object, **named: object) -> object:
            if str(path).startswith(f"{place}/"):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *given, **named)

        return refused

    for name in ("stat", "open"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    may = os.access
    monkeypatch.setattr(
        os, "access", lambda path, rights, **_: Path(path) != place and may(path, rights)
    )


def test_a_folder_that_nobody_may_enter_hides_no_class_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `lost+found` does at the root of a disk, or what systemd keeps in /tmp."""
    made(tmp_path / "syksy")
    (tmp_path / "lost+found").mkdir()
    close(tmp_path / "lost+found", monkeypatch)
    assert [each.folder.name for each in find_classes([tmp_path]).classes] == ["syksy"]


def test_a_class_that_was_closed_is_told_as_one_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path / "syksy")
    close(folder, monkeypatch)
    with pytest.raises(ClassGone):
        load_class(folder)
    with pytest.raises(ClassGone):
        read_seats(folder, class_record())
    assert not is_carried(folder)


def test_a_file_that_would_make_a_seats_too_large_to_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A forged file on the stick, else, and what its seat had handed in before counts no more."""
    folder, stick = made(tmp_path / "syksy"), tmp_path / "koivu.json"
    put(folder, "collected", tried(1, 2))
    stick.write_bytes(write_record(tried(3, 4)))
    for module in ("classes", "class_writing"):
        most = stick.stat().st_size
        monkeypatch.setattr(f"store.training.{module}.LARGEST_SEAT", most)
    with pytest.raises(BadSeatFile):
        collect(folder, class_record(), stick)
    assert len(read_seats(folder, class_record()).records["koivu"].entries) == 2
