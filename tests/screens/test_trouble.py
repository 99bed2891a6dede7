"""If these fail, a full disk or a lock costs the nurse an answer, or the client's time twice."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from screens.assessment.client_card import ClientScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.error import ErrorScreen, PathwayErrorScreen, ServicesErrorScreen
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.pathway.model import Answer
from store.database import connections, engine, migrations, transactions
from store.paths import PATHWAYS
from tests.screens import running
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_question import stored, until
from tests.screens.test_result import MODERATE


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """Another program holds the write lock."""
    with stage.store() as other:
        other.db.conn.execute("BEGIN IMMEDIATE")
        yield
        other.db.conn.execute("ROLLBACK")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond a page."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def three_sentences(session: Session) -> None:
    session.on(ErrorScreen)
    session.says("! Something failed", "What happened", "What is safe", "What to do")
    session.says("Enter back, nothing is retyped")


async def test_an_answer_that_is_not_stored_keeps_its_question(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        with locked(stage):
            await session.press("2")
            three_sentences(session)
            session.says("Another program keeps the database", "Wait a moment and try again")
            await session.press("enter")
            assert session.page == "phq9.1"
            assert "phq9.1" not in session.visit.given
            session.lacks("(x)")
        assert "phq9.1" not in stored(session)
        await session.press("2")
        assert session.page == "phq9.2"
        assert stored(session)["phq9.1"] == 2


async def test_a_full_disk_keeps_the_question_too(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        with full_disk():
            await session.press("2")
            three_sentences(session)
            session.says("The disk is full", "Make room on the disk")
            await session.press("enter")
        assert session.page == "phq9.1"
        assert session.visit.given == stored(session) == dict(CALM)
        await session.press("2")
        assert stored(session)["phq9.1"] == 2
        assert session.store.audit_log.find_bad_event() is None


async def test_a_typed_number_stands_after_the_failure(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.sick_leave_days")) as session:
        with locked(stage):
            await session.press("4", "2", "enter", "enter")
        session.says("[ 42_")
        await session.press("enter")
        assert stored(session)["work.sick_leave_days"] == 42


async def test_wishes_stay_marked_after_the_failure(stage: Stage) -> None:
    """What was stored stays; the one that was not is not shown as if it were."""
    async with stage.resumed(until(stage, "wish.formats")) as session:
        await session.press("2")
        with locked(stage):
            await session.press("4")
            three_sentences(session)
            await session.press("enter")
        session.says("[x] therapy over the net", "[ ] a group")
        await session.press("4", "enter")
        assert stored(session)["wish.formats"] == ["net", "group"]


async def test_a_mark_that_is_not_stored_is_not_shown_as_one(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        with locked(stage):
            await session.press("3")
            three_sentences(session)
            await session.press("enter")
            session.says("3 [ ]")
        await session.press("3")
        session.says("3 [x]")
        assert stored(session) == {"danger.child": "yes"}


@pytest.mark.parametrize(
    ("keys", "text"),
    [(("m",), "slept badly since the move"), (("s",), "did not want to say")],
    ids=["a note", "a reason for skipping"],
)
async def test_a_written_text_stands_after_the_failure(
    stage: Stage, keys: tuple[str, ...], text: str
) -> None:
    async with stage.resumed(CALM) as session:
        await session.press(*keys)
        with locked(stage):
            await session.type(text)
            three_sentences(session)
            await session.press("enter")
            session.on(ValuePrompt)
            assert session.entry.value == text
        await session.press("enter")
        session.on(QuestionScreen)
        progress = session.store.answers.get_progress(session.visit.assessment.id)
        assert text in [*progress.skipped.values(), *(note.text for note in progress.notes)]


async def test_a_text_answer_stands_after_the_failure(stage: Stage) -> None:
    async with stage.resumed(until(stage, "need.language")) as session:
        await session.press("enter")
        with locked(stage):
            await session.type("Dari")
            await session.press("enter")
        assert session.entry.value == "Dari"
        await session.press("enter")
        assert stored(session)["need.language"] == "Dari"


async def test_a_safety_step_counts_only_when_it_is_stored(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        with locked(stage):
            await session.press("d")
            three_sentences(session)
            await session.press("enter")
            session.says("1 [ ]")
            await session.press("x", "2")
            await session.type("nobody answered")
            three_sentences(session)
            await session.press("enter")
            assert session.entry.value == "nobody answered"
        await session.press("enter")
        session.on(StopScreen)
        session.says("1 [-]", "nobody could be reached – nobody", "answered · nurse1")


async def test_a_confirmation_and_its_reason_stand_after_the_failure(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        with locked(stage):
            await session.press("enter", "enter")
            three_sentences(session)
            await session.press("enter")
            session.on(ConfirmScreen)
            await session.press("2", "1")
            await session.type("agreed with the client")
            three_sentences(session)
            await session.press("enter")
        assert session.entry.value == "agreed with the client"
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        row = session.store.decisions.find(session.visit.assessment.id)
        assert row is not None
        assert (row.confirmed_step, row.reason_text) == (2, "agreed with the client")


async def test_an_answer_of_another_program_makes_the_result_be_read_again(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        assessment = session.visit.assessment.id
        with stage.store() as other:
            other.answers.record(assessment, {"phq9.9": 1})
        await session.press("enter", "enter")
        three_sentences(session)
        session.says("The answers have changed since the suggestion was made.")
        assert session.store.decisions.find(assessment) is None


async def test_asking_again_what_was_skipped_stands_after_the_failure(stage: Stage) -> None:
    answers = stage.whole()
    del answers["gad7.3"]
    async with stage.resumed(answers) as session:
        await session.press("s")
        await session.type("no time")
        while isinstance(session.shown, QuestionScreen):
            await session.press("s")
        with locked(stage):
            await session.press("a")
            three_sentences(session)
            await session.press("enter")
            session.on(ResultScreen)
        await session.press("a")
        assert session.page == "gad7.3"


async def test_ending_stands_after_the_failure(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("escape", "x")
        with locked(stage):
            await session.type("client went home")
            await session.press("enter")
            assert session.entry.value == "client went home"
            await session.press("escape")
            session.on(PauseScreen)
        await session.press("x")
        await session.type("client went home")
        session.on(StartScreen)


async def test_a_filled_in_client_card_is_not_typed_twice(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("n", "enter", *"1986", "enter", "1", "3", "1")
        with locked(stage):
            await session.press("1")
            three_sentences(session)
            await session.press("enter")
            session.on(ClientScreen)
            session.says("1986", "woman", "> Home municipality")
        await session.press("1")
        assert session.page == "danger"
        assert len(session.store.clients.list_recent()) == 1


async def test_a_lock_while_a_proven_pathway_is_kept_is_told_too(stage: Stage) -> None:
    async with stage.workplace() as session:
        session.app.workspace._statuses = None
        with stage.store() as store, transactions.writing(store.db):
            store.put_setting({"key": "last_good.adult", "value": "an earlier text"})
        with locked(stage):
            await session.press("n")
            three_sentences(session)
            await session.press("enter")
            session.on(StartScreen)
        await session.press("n")
        session.on(ClientScreen)


async def test_the_emergency_card_opens_over_a_failure(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        with locked(stage):
            await session.press("2", "f10")
            session.on(EmergencyScreen)
            await session.press("escape", "enter")
        assert session.page == "phq9.1"


async def test_drafts_go_on_where_the_pathway_cannot_be_read(stage: Stage, tmp_path: Path) -> None:
    broken = tmp_path / "pathways"
    shutil.copytree(PATHWAYS, broken, ignore=shutil.ignore_patterns("__pycache__", "youth"))
    rules = broken / "adult" / "rules.toml"
    rules.write_text(rules.read_text().replace("danger.suicide or asq.5", "danger.suicid or asq.5"))
    async with stage.resumed(CALM, pathways=broken) as session:
        assert session.page == "phq9.1"
        await session.press("1", "!")
        session.on(EmergencyScreen)
        session.says("112")
        await session.press("escape", "escape", "l", "n")
        session.on(PathwayErrorScreen)
        session.says("rules.toml", "did you mean 'danger.suicide'?", "Nothing is lost")
        await session.press("enter")
        session.on(StartScreen)


async def test_a_folder_without_pathways_is_named(stage: Stage, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    async with stage.workplace(pathways=empty) as session:
        await session.press("n")
        session.on(PathwayErrorScreen)
        unbroken = "".join(session.text.split())  # a long path is broken over lines
        assert f"{empty}:1:" in unbroken
        session.says("there is no pathway in this folder")


async def test_unreadable_services_do_not_stop_the_work(stage: Stage, tmp_path: Path) -> None:
    broken = tmp_path / "pathways"
    shutil.copytree(PATHWAYS, broken, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (broken / "services").glob("*.toml"):
        path.write_text("id = [")
    answers: dict[str, Answer] = stage.whole(MODERATE)
    stage.draft(answers)
    async with stage.workplace(pathways=broken) as session:
        session.on(ServicesErrorScreen)
        session.says("services/", "Assessments work as always")
        await session.press("enter", "1")
        session.on(ResultScreen)
        session.says("Suggested step 1")


async def test_a_store_that_a_newer_program_has_updated_takes_no_answer_of_an_older_one(
    stage: Stage,
) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("1")
        assert session.page == "phq9.2"
        with stage.store() as newer:  # another program, of the next version
            newer.db.execute(f"PRAGMA user_version = {migrations.newest() + 1}")
        await session.press("2")
        three_sentences(session)
        session.says("A newer Porras has updated the database while this one had it open.")
        session.says("everything that was answered before it is stored")
        session.says("Close Porras and start it again, in the newer version.")
        await session.press("enter")
        assert session.page == "phq9.2"
        assert "phq9.2" not in session.visit.given
        # It is told again as often as something is asked of the store, and the program ends.
        await session.press("escape", "l")
        while isinstance(session.shown, ErrorScreen):
            await session.press("enter")
        session.on(StartScreen)
        await session.press("q")
        assert not session.app.is_running
    db = connections.connect(
        stage.places.database,
        running._ready_keys()[1],
        migrations.schema(migrations.newest() + 1),
    )
    told = {row[0] for row in db.execute("SELECT question FROM answers")}
    assert "phq9.1" in told
    assert "phq9.2" not in told
    db.close()
