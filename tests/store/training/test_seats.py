"""If these fail, a trainee's tries are lost, or one seat's are taken for another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepping.training.records import SeatRecord
from store.errors import BadPracticeFile, NewerPracticeFile, StoreError
from store.paths import find
from store.training.places import is_seat, record_path, seat_places
from store.training.seats import add_to_record, keep_record, load_record
from tests.stepping.training.test_records import judgement, whole


def test_each_seat_has_a_store_and_a_record_of_its_own(tmp_path: Path) -> None:
    usual = find(tmp_path / "porras.db")
    one, other = (seat_places(usual, word) for word in ("koivu", "haapa"))
    stores = {places.training for places in (usual, one, other)}
    records = {
        record_path(usual, "own"),
        record_path(one, "koivu"),
        record_path(other, "haapa"),
    }
    assert len(stores) == len(records) == 3
    assert {places.database for places in (usual, one, other)} == {usual.database}


@pytest.mark.parametrize("word", ["", "ab", "Koivu", "koivu1", "../koivu", "k/oivu", "a" * 13])
def test_no_word_leads_out_of_the_folder(word: str) -> None:
    assert not is_seat(word)


def test_the_record_of_another_seat_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    keep_record(path, SeatRecord(seat="haapa", entries=(judgement(1),)))
    before = path.read_bytes()
    with pytest.raises(BadPracticeFile):
        load_record(path, "koivu")
    with pytest.raises(BadPracticeFile):
        add_to_record(path, "koivu", judgement(2))
    assert path.read_bytes() == before


def test_what_was_tried_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "training" / "koivu" / "record.json"
    assert load_record(path, "koivu") == SeatRecord(seat="koivu")
    keep_record(path, whole())
    assert load_record(path, "koivu") == whole()


def test_a_changed_or_newer_or_foreign_file_is_told_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    keep_record(path, whole())
    text = path.read_text()
    for changed, error in (
        (text.replace('"step": 2', '"step": 1'), BadPracticeFile),
        ('{"format": "porras-seat", "version": 9}', NewerPracticeFile),
    ):
        path.write_text(changed)
        with pytest.raises(error):
            load_record(path, "koivu")
        assert path.read_text() == changed
    path.unlink()
    path.mkdir()
    with pytest.raises(StoreError):
        load_record(path, "koivu")


def test_two_windows_of_one_seat_lose_nothing_of_each_other(tmp_path: Path) -> None:
    path = tmp_path / "koivu" / "record.json"
    for number in (1, 2):
        add_to_record(path, "koivu", judgement(number))
    assert [entry.id for entry in load_record(path, "koivu").entries] == [
        judgement(1).id,
        judgement(2).id,
    ]
    again = add_to_record(path, "koivu", judgement(2))
    assert len(again.entries) == 2


def test_the_word_of_whoever_has_no_seat_means_the_usual_store(tmp_path: Path) -> None:
    usual = find(tmp_path / "porras.db")
    assert seat_places(usual, "own") == usual
    assert record_path(seat_places(usual, "own"), "own") == record_path(usual, "own")
