"""The real program on a rough line: what a nurse would lose if the terminal misbehaves."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from store.training.opening import open_training
from tests.terminal.main_job import ANSWERS, AWAKE_S, NIMBLE, ROOT, SLOW_S, Nurse, draft_answers
from tests.terminal.session import DiedError, Session, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

FIRST_ITEM = "Little interest or pleasure"
SECOND_ITEM = "Feeling down, depressed"


def program(place: Path, env: Mapping[str, str] | None = None) -> Session:
    argv = [
        *NIMBLE,
        "--demo",
        "--db",
        str(place / "p.db"),
        "--lang",
        "en",
    ]
    return Session(argv, cwd=ROOT, env=env)


def go_to_first_item(session: Session) -> Nurse:
    nurse = Nurse(session, "en")
    nurse.fills_in_client()
    nurse.answers(ANSWERS[0])
    nurse.asked("phq9.1")
    session.idle(AWAKE_S)
    return nurse


@pytest.fixture
def at_first_item(tmp_path: Path) -> Iterator[Session]:
    with program(tmp_path) as session:
        go_to_first_item(session)
        yield session


def test_keys_in_quick_succession_answer_only_the_question_that_was_drawn(
    at_first_item: Session, tmp_path: Path
) -> None:
    for _ in range(4):
        at_first_item.send(b"1")
        time.sleep(0.005)  # each in a read of its own
    at_first_item.wait_for(SECOND_ITEM)
    at_first_item.idle(0.3)
    assert SECOND_ITEM in at_first_item.text
    given = draft_answers(tmp_path)
    assert [id_ for id_ in given if id_.startswith("phq9")] == ["phq9.1"]


@pytest.mark.parametrize("sent", [b"10\r", b"11", b"1\r"])
def test_a_paste_without_marks_answers_nothing_and_is_told(
    at_first_item: Session, tmp_path: Path, sent: bytes
) -> None:
    at_first_item.send(sent)
    at_first_item.wait_for("Several keys came at once")
    assert FIRST_ITEM in at_first_item.text
    assert not [id_ for id_ in draft_answers(tmp_path) if id_.startswith("phq9")]


def test_a_bouncing_enter_stores_a_note_once_and_comes_back(
    at_first_item: Session, tmp_path: Path
) -> None:
    at_first_item.press("m sleep:200")
    at_first_item.send(b"slept badly")
    at_first_item.wait_for("slept badly")
    at_first_item.idle(AWAKE_S)
    at_first_item.send(b"\r")
    time.sleep(0.005)
    at_first_item.send(b"\r")
    at_first_item.wait_for(FIRST_ITEM)
    at_first_item.press("sleep:200 F10")
    at_first_item.wait_for("EMERGENCY CARD")
    with open_training(tmp_path / "training.db") as store:
        (draft, *_) = store.assessments.list_drafts()
        assert [note.text for note in store.answers.get_progress(draft.assessment.id).notes] == [
            "slept badly"
        ]


def by_night(*values: object) -> Any:
    return pytest.param(*values, marks=pytest.mark.nightly)


@pytest.mark.parametrize(
    ("painter", "number", "line"),
    [
        ("porras", signal.SIGTERM, "free"),
        ("porras", signal.SIGHUP, "slow"),
        ("porras", signal.SIGTERM, "hung"),
        by_night("textual", signal.SIGHUP, "free"),
        by_night("porras", signal.SIGINT, "slow"),
        by_night("porras", signal.SIGQUIT, "hung"),
        by_night("textual", signal.SIGTERM, "slow"),
        by_night("textual", signal.SIGTERM, "hung"),
    ],
)
def test_a_signal_saves_restores_the_terminal_and_tells_its_number(
    tmp_path: Path, painter: str, number: signal.Signals, line: str
) -> None:
    with program(tmp_path, {"PORRAS_PAINTER": painter}) as session:
        go_to_first_item(session)
        if line == "hung":
            session.freeze()
        elif line == "slow":
            session.bytes_per_s = 960.0
        session.send(b"2")
        until(lambda: draft_answers(tmp_path).get("phq9.1") == 2)
        session.signal(number)
        if line == "hung":
            until(lambda: session.ended)
        assert session.wait_exit() == 128 + number
        assert session.sane
        if line != "hung":
            with contextlib.suppress(DiedError):  # what was sent has come to its end
                session.settle(20, 0.5)
            assert not session.left_on
            assert session.text == ""


def test_a_closed_terminal_loses_nothing(tmp_path: Path) -> None:
    with program(tmp_path) as session:
        go_to_first_item(session)
        session.press("3")
        session.hang_up()
        assert session.wait_exit() == 128 + signal.SIGHUP
    assert draft_answers(tmp_path)["phq9.1"] == 3


def test_a_byte_of_another_character_set_is_told_and_answers_nothing(
    at_first_item: Session, tmp_path: Path
) -> None:
    at_first_item.send(b"\xe4")
    at_first_item.wait_for("not set to UTF-8")
    at_first_item.press("1")
    at_first_item.wait_for(SECOND_ITEM)
    assert draft_answers(tmp_path)["phq9.1"] == 1


def test_a_window_made_too_small_says_so_and_comes_back(at_first_item: Session) -> None:
    at_first_item.press("size:60x15")
    at_first_item.wait_for("needs 64×18")
    assert "112" in at_first_item.text
    at_first_item.press("size:80x24")
    at_first_item.wait_for(FIRST_ITEM)


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        {"TERM": "linux"},
        {"TERM": "screen"},
        {"LANG": "C", "LC_ALL": "C"},
        {"PORRAS_PAINTER": "textual"},
    ],
)
def test_it_works_on_plain_terminals(tmp_path: Path, env: dict[str, str]) -> None:
    with program(tmp_path, env) as session:
        nurse = go_to_first_item(session)
        session.press("1")
        nurse.asked("phq9.2", "BS")
        session.wait_for(r"\(x\) Several days")
        session.press("sleep:120 Esc")
        nurse.sees("leave it for later", "l")
        nurse.sees("close Porras", "q")
        assert session.wait_exit() == 0
        assert session.sane


@pytest.mark.parametrize(("term", "size"), [("dumb", (80, 24)), ("xterm", (63, 24))])
def test_what_cannot_work_is_refused_in_a_sentence(
    tmp_path: Path, term: str, size: tuple[int, int]
) -> None:
    argv = [*NIMBLE, "--demo", "--db", str(tmp_path / "p.db")]
    with Session(argv, *size, cwd=ROOT, env={"TERM": term}) as session:
        assert session.wait_exit() == 2
        assert "porras:" in session.text
        assert "Traceback" not in session.text
    assert not (tmp_path / "training.db").exists()


def test_training_says_so_on_the_way_through(tmp_path: Path) -> None:
    with program(tmp_path) as session:
        nurse = go_to_first_item(session)
        for answered in ANSWERS[1:]:
            assert "TRAINING" in session.text.split("\n")[0]
            nurse.answers(answered)
        nurse.sees("Suggested step", "Enter")
        nurse.sees("Confirm or change the step")
        session.idle(SLOW_S)
        session.press("Enter")
        nurse.skips_how_the_client_came()
        session.wait_for("invented client, not a patient record")
    with open_training(tmp_path / "training.db") as store:
        (client, *_) = store.clients.list_recent(1)
        (assessment,) = store.assessments.list_of(client.id)
        row = store.decisions.find(assessment.id)
    assert row is not None
    assert json.loads(row.decision_json)["decision"]["status"] == "suggested"
