"""If these fail, a trainee finds no way into a class, or sits down at another's seat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from screens.base.error import ErrorScreen
from screens.base.pick import PickScreen
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.training.joined import JoinedScreen
from screens.training.menu import TrainingMenu
from stepping.training.records import ClassCase, SeatRecord
from store.pathway_files.vignettes import vignette_files, vignette_text
from store.training.class_writing import change_class, make_class, put_seat
from store.training.classes import load_class, read_seats
from store.training.places import classes_folder, record_path, seat_places
from store.training.seat_hold import SeatHold
from store.training.seats import keep_record
from tests.screens.running import Session, Stage
from tests.screens.test_training import on
from tests.stepping.training.test_records import ID, class_record, judgement

CASE = "sleepless_teacher"
MENU, PROMPT = TrainingMenu, ValuePrompt


def made(stage: Stage, name: str = "syksy", number: int = 9, ended: str | None = None) -> Path:
    """A class of one case on this computer."""
    text = vignette_text(CASE, vignette_files()[CASE])
    case = ClassCase(id=CASE, digest="0" * 64, text=text)
    changes = {"id": ID.format(number), "name": name, "cases": (case,), "ended": ended}
    record = class_record().model_copy(
        update={
            **changes,
            "pathways": {"adult": stage.pathway.digest},
            "opened": "2026-11-22T08:00:00.000Z",
        }
    )
    folder = classes_folder(stage.places) / name
    make_class(folder, record)
    return folder


def tried(stage: Stage, number: int, seat: str = "koivu") -> None:
    """The own record of a seat has a try in the class."""
    file = record_path(seat_places(stage.places, seat), seat)
    entry = judgement(number, class_id=ID.format(9))
    keep_record(file, SeatRecord(seat=seat, entries=(entry,)))


async def begin(session: Session) -> None:
    await session.press("t", "j")
    on(session, PROMPT)


async def test_a_word_leads_into_its_class_and_back_out_of_it(stage: Stage) -> None:
    folder = made(stage)
    async with stage.program(demo=True) as session:
        await begin(session)
        session.says("Open here: syksy")
        await session.type("lounas")
        on(session, PROMPT)
        session.says("No class here has this word")
        await session.type("Koivu")
        on(session, JoinedScreen)
        session.says("Your seat: koivu", "1 case", "no name")
        session.lacks("!")
        await session.press("enter")
        on(session, MENU)
        session.says("class syksy · seat koivu")
        assert "koivu" in read_seats(folder, class_record()).records
        await session.press("escape", "t")
        session.says("class syksy · seat koivu")
        await session.press("l")
        session.says("You have left the class")
        session.lacks("seat koivu")


async def test_a_seat_that_was_begun_is_only_theirs_who_say_so(stage: Stage) -> None:
    folder = made(stage)
    put_seat(folder, SeatRecord(seat="koivu", class_id=ID.format(9)))
    async with stage.program(demo=True) as session:
        await begin(session)
        await session.type("koivu")
        on(session, PickScreen)
        session.says("Is this seat yours?")
        await session.press("2")
        on(session, MENU)
        session.says("Ask the trainer for a free word")
        session.lacks("seat koivu")
        await session.press("j")
        await session.type("koivu")
        await session.press("1", "enter")
        session.says("class syksy · seat koivu")


async def test_a_seat_in_use_is_told_and_practice_goes_on_alone(stage: Stage) -> None:
    hold = SeatHold(made(stage), "koivu")
    async with stage.program(demo=True) as session:
        await begin(session)
        await session.type("koivu")
        on(session, ErrorScreen)
        session.says("Somebody is using the seat koivu", "ask the trainer for a free seat")
        await session.press("enter")
        on(session, MENU)
        session.says("You practise on your own")
    hold.let_go()


async def test_a_word_of_two_classes_asks_which(stage: Stage) -> None:
    made(stage)
    made(stage, "talvi", 8)
    async with stage.program(demo=True) as session:
        await begin(session)
        await session.type("koivu")
        on(session, PickScreen)
        session.says("Which class?", "syksy", "talvi")
        await session.press("2", "enter")
        session.says("class talvi · seat koivu")


async def test_whoever_joins_after_the_end_practises_alone_and_hands_in_what_was_left(
    stage: Stage,
) -> None:
    folder = made(stage, ended="2026-11-22T07:00:00.000Z")
    tried(stage, 1)
    async with stage.program(demo=True) as session:
        await begin(session)
        session.says("No class is open here")
        await session.type("koivu")
        await session.press("1")
        on(session, JoinedScreen)
        session.says("! The class has ended.")
        await session.press("enter")
        on(session, MENU)
        session.says("The class has ended. You practise on your own.")
        session.lacks("seat koivu")
    assert len(read_seats(folder, class_record()).records["koivu"].entries) == 1


async def test_a_class_that_ends_meanwhile_is_told_on_the_menu(stage: Stage) -> None:
    folder = made(stage)
    async with stage.program(demo=True) as session:
        await begin(session)
        await session.type("koivu")
        await session.press("enter")
        record = load_class(folder)
        change_class(folder, record.model_copy(update={"ended": "2026-11-22T09:00:00.000Z"}))
        await session.press("escape", "t")
        session.says("The class has ended")


async def test_what_is_odd_here_is_told_and_nothing_of_it_keeps_anybody_out(stage: Stage) -> None:
    folder = made(stage)
    odd = {"opened": "2031-01-01T00:00:00.000Z", "pathways": {"adult": "0" * 64}}
    change_class(folder, load_class(folder).model_copy(update=odd))
    async with stage.program(demo=True) as session:
        await begin(session)
        await session.type("koivu")
        on(session, JoinedScreen)
        session.says("A clock is wrong", "The pathway here is another than the trainer's (adult)")
        await session.press("enter")
        session.says("class syksy · seat koivu")


async def test_a_class_file_that_was_changed_is_told_where_the_word_is_asked(stage: Stage) -> None:
    file = made(stage) / "class.json"
    file.write_text(file.read_text().replace("haapa", "kuusi"))
    async with stage.program(demo=True) as session:
        await begin(session)
        session.says("was changed by hand")
        await session.type("kuusi")
        session.says("No class here has this word")


async def test_what_the_trainer_has_not_got_stands_on_the_menu(stage: Stage) -> None:
    folder = made(stage)
    tried(stage, 1)

    async with stage.program(demo=True) as session:
        await begin(session)
        await session.type("koivu")
        folder.rename(folder.with_name("away"))
        await session.press("1", "enter")
        on(session, MENU)
        session.says("Not yet at the trainer's: 1 try. It is kept here and sent again.")
        folder.with_name("away").rename(folder)
        await session.press("o", "escape")
        on(session, MENU)
        session.lacks("Not yet at the trainer's")
    assert len(read_seats(folder, class_record()).records["koivu"].entries) == 1


async def test_a_seat_has_a_training_store_of_its_own_whoever_shares_the_account(
    stage: Stage,
) -> None:
    made(stage)
    async with stage.program(demo=True) as session:
        before = session.store.db.path
        await begin(session)
        await session.type("koivu")
        await session.press("enter")
        assert session.store.db.path == seat_places(stage.places, "koivu").training
        await session.press("l")
        assert session.store.db.path == before
        await session.press("escape")
        on(session, StartScreen)
        session.lacks("koivu")


@asynccontextmanager
async def started_at(stage: Stage, word: str) -> AsyncIterator[Session]:
    """The program as a slip says to start it: at its seat."""
    usual = stage.places
    stage.places = seat_places(usual, word)
    async with stage.program(demo=True) as session:
        stage.places = usual
        session.app.workspace.seat = word
        yield session


@pytest.mark.parametrize("in_use", [True, False])
async def test_whoever_started_at_anothers_seat_works_in_nothing_of_it(
    stage: Stage, in_use: bool
) -> None:
    """A word misread from a slip, on an account that all share: else what its owner answers at
    this moment could be put away, and what the other tries stood in the owner's record."""
    hold = SeatHold(made(stage), "koivu")
    if not in_use:
        hold.let_go()
        tried(stage, 1)
    async with started_at(stage, "koivu") as session:
        assert session.store.db.path == seat_places(stage.places, "koivu").training
        await session.press("t")
        on(session, ErrorScreen if in_use else PickScreen)
        await session.press("enter" if in_use else "2")
        on(session, MENU)
        session.lacks("seat koivu")
        assert session.store.db.path == stage.places.training
        await session.press("o")
        session.says("Nothing has been tried")
        await session.press("escape", "escape")
        on(session, StartScreen)
        session.lacks("koivu")
    hold.let_go()
