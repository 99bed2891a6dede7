"""A class on one host in real terminals: if these fail, a training stops half-way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from screens.training.menu import MODES
from stepping.training.records import ClassRecord
from store.training.classes import load_class, read_seats
from tests.terminal.main_job import ANSWERS, NIMBLE, ROOT, SETTLE_S, Nurse
from tests.terminal.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

CASE = "sleepless_teacher"
EXPECTED = 1
"""The step of the case."""
HALF = len(ANSWERS) // 2
SMALL = (64, 18)
SHARES = "2 of 4 exact, 4 within one step, 1 too low to be safe"


class Host:
    """One host: a folder of classes that all share, and a store for each account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shared = folder / "shared"
        self.shared.mkdir()

    def session(self, account: str, *words: str, size: tuple[int, int] = (80, 24)) -> Session:
        database = self.folder / account / "porras.db"
        argv = [*NIMBLE, "--db", str(database), "--lang", "en", *words]
        return Session(argv, *size, cwd=ROOT, settle_s=SETTLE_S)

    def trainer(self, *words: str, size: tuple[int, int] = (80, 24)) -> Session:
        return self.session("trainer", "class", *words, "--folder", str(self.shared), size=size)

    def says(self, *words: str) -> str:
        """What a command of the trainer prints."""
        with self.trainer(*words, size=(120, 50)) as session:
            session.wait_exit()
            assert session.exit_status == 0, session.text
            return session.text

    def opened(self, seats: int) -> ClassRecord:
        told = self.says("open", "autumn", "--seats", str(seats), "--cases", CASE)
        record = load_class(self.shared / "autumn")
        assert all(told.count(seat) == 2 for seat in record.seats), "its slip, and what to write"
        return record

    def trainee(self, account: str) -> Session:
        return self.session(account, "train", "--class", str(self.shared))

    def tries(self, record: ClassRecord) -> dict[str, int]:
        seen = read_seats(self.shared / "autumn", record)
        assert not seen.faults
        return {seat: len(each.entries) for seat, each in seen.records.items()}


class Trainee(Nurse):
    """Somebody who judges a case at a seat."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "en")

    def joins(self, word: str) -> None:
        self.chooses("j", "join a class")
        self.sees("Which word is on your slip?", f"{' '.join(word)} Enter")

    def sits_down(self) -> None:
        self.sees("The trainer sees the seat and what is done there, and no name.", "Enter")

    def begins(self) -> None:
        self.sees("leave the class", str(1 + [each.mode for each in MODES].index("judge")) + " ")
        self.sees("A teacher who cannot let go", "1")

    def judges(self, step: int) -> None:
        self.sees("Which step would you choose for this person?", f"{step} Enter")
        self.sees("What decided?", "Enter")
        self.sees("Why, in your own words", "Enter")
        self.sees("Your step and the case's")

    def goes_through(self, word: str, step: int) -> None:
        self.joins(word)
        self.sits_down()
        self.begins()
        self.sees("to the questions", "Enter")
        self.answers(*ANSWERS)
        self.judges(step)


def at_once(work: Sequence[Callable[[], None]]) -> None:
    """Let each work at the same time, and raise whatever one of them meets."""
    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(each) for each in work]:
            done.result()


class Trainer(Nurse):
    """The trainer at the projector: 64 columns and 18 rows of large letters."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "en")

    def turns_to(self, number: int, shown: str) -> None:
        self.session.idle(self.awake_s)
        self.presses(str(number))
        self.session.wait_for(shown)

    def reveals(self) -> None:
        """Show the steps, also of a case that not everybody has judged: that asks once more."""
        self.turns_to(2, "reveal the steps")
        self.chooses("r", "reveal the steps")
        self.session.wait_for(r"once\s+more")
        self.chooses("r", "reveal the steps")
        self.session.wait_for("●")


def test_two_trainees_judge_a_case_and_their_trainer_sees_it(tmp_path: Path) -> None:
    host = Host(tmp_path)
    record = host.opened(3)

    def work(word: str, step: int) -> Callable[[], None]:
        def go() -> None:
            with host.trainee(word) as session:
                Trainee(session).goes_through(word, step)

        return go

    at_once([work(record.seats[0], EXPECTED), work(record.seats[1], 0)])
    assert host.tries(record) == {record.seats[0]: 1, record.seats[1]: 1}
    with host.trainer("show", "autumn", size=SMALL) as session:
        trainer = Trainer(session)
        trainer.sees("2 of 3 have judged this case")
        trainer.reveals()


@pytest.mark.nightly
def test_four_trainees_go_through_a_whole_class_with_debrief(tmp_path: Path) -> None:
    """One is killed half-way, one types another's word, and one comes when it has ended."""
    host = Host(tmp_path)
    record = host.opened(5)
    one, two, three, four, late = record.seats

    def goes(word: str, step: int) -> Callable[[], None]:
        def go() -> None:
            with host.trainee(word) as session:
                Trainee(session).goes_through(word, step)

        return go

    def is_killed_and_comes_back() -> None:
        with host.trainee(two) as session:
            trainee = Trainee(session)
            trainee.joins(two)
            trainee.sits_down()
            trainee.begins()
            trainee.sees("to the questions", "Enter")
            trainee.answers(*ANSWERS[:HALF])
            trainee.asked(ANSWERS[HALF].question)
            session.kill()
        with host.trainee(two) as session:
            trainee = Trainee(session)
            trainee.joins(two)
            trainee.sees("Is this seat yours?", "1")
            trainee.sits_down()
            trainee.begins()
            trainee.sees("Go on where you left off", "1")
            trainee.answers(*ANSWERS[HALF:])
            trainee.judges(EXPECTED)

    with host.trainer("show", "autumn", size=SMALL) as projector:
        trainer = Trainer(projector)
        trainer.sees("0 of 5 have judged this case")
        with host.trainee(one) as first:
            begun = Trainee(first)
            begun.joins(one)
            begun.sits_down()
            with host.session(one, "train", "--class", str(host.shared)) as stranger:
                wrong = Trainee(stranger)
                wrong.joins(one)
                wrong.sees(f"Somebody is using the seat {one} just now.", "Enter")
                wrong.sees("You are in no class.")
            begun.begins()
            begun.sees("to the questions", "Enter")
            begun.answers(*ANSWERS[:3])
            projector.wait_for(rf"{one} +1 +\d+/\d+")  # the page keeps up by itself
            begun.answers(*ANSWERS[3:])
            begun.judges(EXPECTED)
        at_once([is_killed_and_comes_back, goes(three, 2), goes(four, 0)])
        assert host.tries(record) == dict.fromkeys((one, two, three, four), 1)
        trainer.sees("4 of 5 have judged this case")
        trainer.turns_to(3, "What they chose is not shown before you say so")
        trainer.reveals()
        rows = [" ".join(row.split()) for row in projector.text.splitlines()]
        assert [row for row in rows if "●" in row] == ["2 │ 1 ●", "► 1 │ 2 ● ●", "! 0 │ 1 ●"]
        for number, shown in (
            (3, SHARES),
            (4, "There is one case only"),
            (5, "Difficulty in daily life: 4 of 4 otherwise than the case"),
            (6, "No stop belongs to this case"),
            (7, r"1 of 4 chose less than step 1"),
        ):
            trainer.turns_to(number, shown)
        trainer.presses("Esc")
    for form in ("html", "csv", "text"):
        report = tmp_path / f"report.{form}"
        host.says("report", "autumn", "--format", form, "--out", str(report))
        text = report.read_text("utf-8")
        assert not [seat for seat in record.seats if seat in text]
        assert f"{CASE},A teacher who cannot let go,test,exact,,2,4" in text or SHARES in text
    host.says("end", "autumn", "--yes")
    with host.trainee(late) as session:
        trainee = Trainee(session)
        trainee.joins(late)
        trainee.sees("The trainer sees the seat and what is done there, and no name.", "Enter")
        trainee.sees("The class has ended. You practise on your own.")
