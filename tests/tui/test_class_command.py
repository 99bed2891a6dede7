"""If these fail, a trainer cannot open a class, or loses what was carried back to it."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.training.opening import usual_cases
from casework.training.shelf import read_shelf
from stepping.training.records import ClassRecord, SeatRecord, write_record
from stepping.training.vignette import GROUPS
from store.paths import PATHWAYS, find
from store.training.classes import load_class, read_seats
from store.training.places import classes_folder, record_path, seat_places
from store.training.seats import keep_record
from tests.stepping.training.test_records import ID, judgement
from tests.store.training.test_classes import close
from tests.training_cases import used
from tui import say
from tui.cli import porras

CASE = "sleepless_teacher"


class Desk:
    """A computer with stores of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.places = find(folder / "porras.db")

    def run(self, *words: str, typed: str | None = None) -> Result:
        given = ["--db", str(self.places.database), "--lang", "en", "class", *words]
        return CliRunner().invoke(porras, given, input=typed)

    def opened(self, name: str = "syksy") -> ClassRecord:
        done = self.run("open", name, "--seats", "3", "--cases", CASE)
        assert done.exit_code == 0, done.output
        return load_class(classes_folder(self.places) / name)

    def tried(self, of: ClassRecord, *numbers: int) -> None:
        """Somebody at the first seat has judged a case."""
        seat = of.seats[0]
        entries = tuple(judgement(number, class_id=of.id) for number in numbers)
        file = record_path(seat_places(self.places, seat), seat)
        keep_record(file, SeatRecord(seat=seat, entries=entries))

    def seen(self, of: ClassRecord) -> list[str]:
        """The tries of the first seat that the trainer has."""
        record = read_seats(classes_folder(self.places) / of.name, of).records.get(of.seats[0])
        return [entry.id for entry in record.entries] if record else []


@pytest.fixture
def trainer(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "trainer")


@pytest.fixture
def trainee(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "trainee")


def carried(folder: Path, name: str, record: SeatRecord) -> str:
    file = folder / name
    file.write_bytes(write_record(record))
    return str(file)


def test_a_class_is_opened_with_a_slip_for_each_seat(trainer: Desk) -> None:
    done = trainer.run("open", "syksy", "--seats", "4")
    assert done.exit_code == 0, done.output
    record = load_class(classes_folder(trainer.places) / "syksy")
    assert len(set(record.seats)) == 4
    assert 1 <= len(record.cases) <= 12
    assert "adult" in record.pathways
    lines = done.output.splitlines()
    for seat in record.seats:
        assert seat in lines
        assert f"porras train --seat {seat}" in done.output
    again = trainer.run("open", "syksy")
    assert again.exit_code == 1
    assert load_class(classes_folder(trainer.places) / "syksy") == record


def test_the_usual_cases_are_agreed_on_and_of_each_kind_in_turn() -> None:
    cases = read_shelf(PATHWAYS, used()).cases
    chosen = [cases[id_].vignette for id_ in usual_cases(cases)]
    assert len(chosen) == 12
    assert {each.use for each in chosen} == {"test"}
    agreed = [
        each.group for each in (case.vignette for case in cases.values()) if each.use == "test"
    ]
    assert [each.group for each in chosen][: len({*agreed})] == [
        group for group in GROUPS if group in agreed
    ]


@pytest.mark.skipif(os.name != "posix", reason="folders have rights")
def test_a_disk_that_keeps_no_owners_is_told(
    trainer: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As FAT does, which takes no sticky bit."""
    shared = tmp_path / "shared"
    with monkeypatch.context() as disk:
        disk.setattr(Path, "chmod", lambda *_: None)
        done = trainer.run("open", "syksy", "--folder", str(shared), "--cases", CASE)
    assert "This disk keeps no owners of files" in done.output
    again = trainer.run("open", "talvi", "--folder", str(shared), "--cases", CASE)
    assert "This disk keeps no owners of files" not in again.output


def test_classes_of_one_computer_share_no_word(trainer: Desk) -> None:
    words = [seat for name in ("a", "b", "c") for seat in trainer.opened(name).seats]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["open", "syksy", "--cases", "sleepless_teachr"], "sleepless_teacher"),
        (["open", "a/b"], "not a name"),
        (["open", "nul"], "device of Windows"),
        (["open", "syksy", "--seats", "61"], "61"),
        (["end", "kevät", "--yes"], "there is no class"),
        (["hand-in", "--out", "x.json"], "nothing was done in a class"),
        (["join", "koivu"], "no class here has the seat 'koivu'"),
    ],
)
def test_what_cannot_be_is_refused_and_makes_nothing(
    trainer: Desk, words: list[str], told: str
) -> None:
    refused = trainer.run(*words)
    assert refused.exit_code in {1, 2}
    assert told in refused.output
    assert not classes_folder(trainer.places).exists()


def test_a_shared_folder_tells_trainees_where_it_is_and_who_cannot_enter(
    trainer: Desk, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o750)
    done = trainer.run("open", "syksy", "--folder", str(shared), "--cases", CASE)
    assert f"porras train --class {shared} --seat" in done.output
    assert "Other users of this computer may not enter" in done.output
    assert "Others may write in" not in done.output
    assert "syksy\topen" in trainer.run("list", "--folder", str(shared)).output
    assert "There is no class here" in trainer.run("list").output


@pytest.mark.skipif(os.name != "posix", reason="folders have rights")
def test_a_folder_in_which_others_may_write_is_told(trainer: Desk, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    done = trainer.run("open", "syksy", "--folder", str(shared), "--cases", CASE)
    assert done.exit_code == 0
    assert f"Others may write in {shared}" in done.output


def test_what_a_slip_says_can_be_typed_as_it_stands(trainer: Desk, tmp_path: Path) -> None:
    shared = tmp_path / "my classes"
    done = trainer.run("open", "syksy", "--folder", str(shared), "--cases", CASE, "--seats", "1")
    commands = [line.split(": ", 1)[1] for line in done.output.splitlines() if ": porras" in line]
    assert len(commands) == 3
    for command in commands:
        words = shlex.split(command)
        place = words[1 + words.index("--class" if "--class" in words else "--folder")]
        assert Path(place).resolve() == shared.resolve(), command


def test_a_folder_that_is_named_goes_before_the_one_that_one_is_in(
    trainer: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("here", "there"):
        trainer.run("open", "syksy", "--folder", str(tmp_path / place), "--cases", CASE)
    monkeypatch.chdir(tmp_path / "here")
    there = str(tmp_path / "there")
    assert trainer.run("end", "syksy", "--yes", "--folder", there).exit_code == 0
    assert load_class(tmp_path / "there" / "syksy").ended
    assert not load_class(tmp_path / "here" / "syksy").ended


def test_a_class_is_carried_there_and_back(trainer: Desk, trainee: Desk, tmp_path: Path) -> None:
    record = trainer.opened()
    packed = tmp_path / "class.json"
    assert trainer.run("pack", "syksy", "--out", str(packed)).exit_code == 0
    joined = trainee.run("join", record.seats[0], "--file", str(packed))
    assert joined.exit_code == 2, "there is no terminal to practise on"
    assert load_class(classes_folder(trainee.places) / "syksy") == record
    trainee.tried(record, 1, 2)
    out = str(tmp_path)
    for _ in "twice":
        handed = trainee.run("hand-in", "--out", out)
        assert "2 tries are in" in handed.output, handed.output
    file = str(tmp_path / f"seat-{record.seats[0]}.json")
    first = SeatRecord(
        seat=record.seats[0], class_id=record.id, entries=(judgement(1, class_id=record.id),)
    )
    older = carried(tmp_path, "older.json", first)
    for given in (file, file, older):
        assert trainer.run("collect", "syksy", given).exit_code == 0
        assert trainer.seen(record) == [ID.format(1), ID.format(2)]
    assert "0 new of 2 tries" in trainer.run("collect", "syksy", older).output


def test_a_file_that_cannot_be_used_is_told_and_the_others_are_taken(
    trainer: Desk, tmp_path: Path
) -> None:
    record = trainer.opened()
    seat = record.seats[0]
    folder = tmp_path / "stick"
    folder.mkdir()
    good = SeatRecord(seat=seat, class_id=record.id, entries=(judgement(1, class_id=record.id),))
    changed = Path(carried(folder, "changed.json", good))
    changed.write_text(changed.read_text().replace('"step": 2', '"step": 3'))
    carried(folder, "foreign.json", good.model_copy(update={"class_id": ID.format(8)}))
    (folder / "newer.json").write_text(json.dumps({"format": "porras-seat", "version": 2}))
    carried(folder, "right.json", good)
    done = trainer.run("collect", "syksy", str(folder))
    assert done.exit_code == 1
    for part in (
        "changed.json: The file",
        "foreign.json: The file",
        "newer.json: The practice file",
        "not taken: 3 of 4",
        f"right.json: {seat}: 1 new of 1 tries",
    ):
        assert part in done.output
    assert trainer.seen(record) == [ID.format(1)]


def test_two_people_with_one_word_are_told_and_both_kept(trainer: Desk, tmp_path: Path) -> None:
    record = trainer.opened()
    for number in (1, 2):
        entries = (judgement(number, class_id=record.id),)
        file = SeatRecord(seat=record.seats[0], class_id=record.id, entries=entries)
        done = trainer.run("collect", "syksy", carried(tmp_path, f"{number}.json", file))
        assert ("do two people have one word?" in done.output) == (number == 2)
    assert trainer.seen(record) == [ID.format(1), ID.format(2)]


def test_two_people_with_one_word_hand_in_on_one_stick_and_neither_loses(
    trainer: Desk, trainee: Desk, tmp_path: Path
) -> None:
    record, stick = trainer.opened(), tmp_path / "stick"
    other = Desk(tmp_path / "other")
    stick.mkdir()
    assert trainer.run("pack", "syksy", "--out", str(stick)).exit_code == 0
    (stick / "._syksy.json").write_bytes(b"\0\5\26\7")  # as a Mac lays beside it
    trainee.tried(record, 1)
    other.tried(record, 2)
    for desk in (trainee, other, trainee, other):
        assert desk.run("hand-in", "--out", str(stick)).exit_code == 0
    seat = record.seats[0]
    assert sorted(each.name for each in stick.glob("seat-*")) == [
        f"seat-{seat}-2.json",
        f"seat-{seat}.json",
    ]
    refused = other.run("hand-in", "--out", str(stick / f"seat-{seat}.json"))
    assert "choose another name" in refused.output
    done = trainer.run("collect", "syksy", str(stick))
    assert done.exit_code == 0, done.output
    assert "do two people have one word?" in done.output
    assert sorted(trainer.seen(record)) == [ID.format(1), ID.format(2)]


def test_a_file_that_a_stick_left_half_written_keeps_nobody_from_handing_in(
    trainer: Desk, trainee: Desk, tmp_path: Path
) -> None:
    record, stick = trainer.opened(), tmp_path / "stick"
    stick.mkdir()
    assert "no file of a seat" in trainer.run("collect", "syksy", str(stick)).output
    (stick / f"seat-{record.seats[0]}.json").write_bytes(b"")
    trainee.tried(record, 1)
    assert trainee.run("hand-in", "--out", str(stick)).exit_code == 0
    trainer.run("collect", "syksy", str(stick))
    assert trainer.seen(record) == [ID.format(1)]


def test_a_path_where_one_may_not_look_is_told(
    trainer: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer.opened()
    closed = tmp_path / "closed"
    closed.mkdir()
    close(closed, monkeypatch)
    for words in (("pack", "syksy", "--out"), ("collect", "syksy"), ("join", "koivu", "--file")):
        done = trainer.run(*words, str(closed / "x.json"))
        assert done.exception is None or isinstance(done.exception, SystemExit)


def test_a_class_ends_once_somebody_says_so(
    trainer: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = trainer.opened()
    assert trainer.run("end", "syksy").exit_code == 1
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    assert "Nothing was changed" in trainer.run("end", "syksy", typed="n\n").output
    assert "syksy\topen" in trainer.run("list").output
    assert "has ended" in trainer.run("end", "syksy", typed="y\n").output
    assert "syksy\tended" in trainer.run("list").output
    assert "The class syksy ended" in trainer.run("end", "syksy").output
    late = SeatRecord(
        seat=record.seats[0], class_id=record.id, entries=(judgement(1, class_id=record.id),)
    )
    assert trainer.run("collect", "syksy", carried(tmp_path, "late.json", late)).exit_code == 0
    assert trainer.seen(record) == [ID.format(1)]


def test_the_list_tells_of_a_wrong_clock_and_of_files_that_cannot_be_used(
    trainer: Desk, tmp_path: Path
) -> None:
    record = trainer.opened()
    entry = judgement(1, class_id=record.id).model_copy(update={"at": "2020-01-01T00:00:00.000Z"})
    early = SeatRecord(seat=record.seats[0], class_id=record.id, entries=(entry,))
    trainer.run("collect", "syksy", carried(tmp_path, "early.json", early))
    seats = classes_folder(trainer.places) / "syksy" / "seats"
    (seats / f"{record.seats[1]}.json").write_text("{}")
    told = trainer.run("list").output
    assert f"{record.seats[0]}: a clock is wrong" in told
    assert f"{record.seats[1]}: the file in its place is of another class" in told
    assert "1 of 3 seats begun\t1 try" in told


def test_a_class_of_another_version_or_changed_by_hand_is_told(
    trainer: Desk, trainee: Desk, tmp_path: Path
) -> None:
    record = trainer.opened()
    file = tmp_path / "class.json"
    text = write_record(record).decode()
    for content, told in (
        (text.replace(record.seats[0], "another"), "was changed by hand"),
        (json.dumps({"format": "porras-class", "version": 2}), "a newer Porras"),
    ):
        file.write_text(content)
        refused = trainee.run("join", record.seats[0], "--file", str(file))
        assert refused.exit_code == 1
        assert told in refused.output
    assert not classes_folder(trainee.places).exists()
