"""The program behind a line that takes everything at once and passes it on slowly, as ssh does.

Failing here means a nurse who watches old pages go by, an answer lost with the line, or signs in
her shell that nobody typed. No times are asserted: bytes are what a slow line makes one wait for.
"""

from __future__ import annotations

import re
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.terminal.emulator import seen
from tests.terminal.keyscript import key_bytes
from tests.terminal.main_job import ANSWERS, NIMBLE, ROOT, Nurse, draft_answers
from tests.terminal.session import PATIENCE_S, Session
from tests.terminal.test_idle import at_work, writes_a_note
from tui.terminal.paint.flow_control import ANSWER_S, ASK_AFTER, MOST, QUESTION, STRANGER_S

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

__all__ = ["at_work"]  # a fixture

SAMPLE = [sys.executable, "-m", "tests.terminal.samples.questions"]
READY = "0-3 answer"
MODEM = 960
"""Bytes a second of a line at 9600 bit/s."""

MOBILE = 2400
DELAY_S = 0.3
QUIET_S = 4 * DELAY_S
"""Longer than any silence while something is still on its way."""

PICTURE = 110
"""No next question of the sample takes more bytes, nor a page of help more than a PAGE."""

PAGE = 1100
ANSWER = b"\x1b[0n"


def behind_a_line(
    argv: Sequence[str],
    bytes_per_s: int = MOBILE,
    *,
    delay_s: float = DELAY_S,
    left: Path | None = None,
) -> Session:
    """A program at the other end of a line; `left` gets what its shell would read afterwards."""
    options = ["--bytes-per-s", str(bytes_per_s), "--delay-ms", str(delay_s * 1000)]
    options += ["--left", str(left)] if left else []
    argv = [sys.executable, "-m", "tests.terminal.relay", *options, "--", *argv]
    return Session(argv, cwd=ROOT)


def program(place: Path) -> list[str]:
    database = str(place / "p.db")
    return [
        *NIMBLE,
        "--demo",
        "--db",
        database,
        "--lang",
        "fi",
    ]


def stand_still(session: Session) -> None:
    session.settle(30, QUIET_S)


def press_many(session: Session, keys: Sequence[bytes], seconds: float = 2.0) -> list[str]:
    """Press keys evenly; return the first line of each picture that was seen meanwhile."""
    tops: list[str] = []
    for key in keys:
        session.send(key)
        end = time.perf_counter() + seconds / len(keys)
        while (wait := end - time.perf_counter()) > 0:
            session.read(wait)
            top = session.text.split("\n")[0]
            tops += [top] if top not in tops[-1:] else []
    return tops


def questions(session: Session) -> int:
    return bytes(session.raw).count(QUESTION.encode())


def let_it_ask(session: Session) -> None:
    """Wait until the keys are there and a question came, whose answer is still on its way."""
    session.idle(1.5 * DELAY_S)
    end = time.perf_counter() + PATIENCE_S
    while not questions(session) and time.perf_counter() < end:
        session.read(DELAY_S)


@pytest.mark.parametrize("bytes_per_s", [MODEM, MOBILE])
def test_old_pages_do_not_queue_before_the_newest(bytes_per_s: int) -> None:
    with behind_a_line(SAMPLE, bytes_per_s) as session:
        session.wait_for(READY)
        stand_still(session)
        before = session.total_bytes
        tops = press_many(session, [b"1"] * 100)
        pressed = session.total_bytes
        session.wait_for("Question 101 of")
        stand_still(session)
        numbers = [int(number) for top in tops for number in re.findall(r"\d+", top)[:1]]
        assert numbers == sorted(numbers)
        assert session.total_bytes - before < 4000  # all of them would be 8000
        keys_on_their_way = DELAY_S * bytes_per_s
        assert session.total_bytes - pressed <= keys_on_their_way + MOST + 2 * PICTURE


def test_long_pages_are_left_out_too(tmp_path: Path) -> None:
    with behind_a_line(program(tmp_path)) as session:
        Nurse(session, "fi").sees("new assessment", "?")
        stand_still(session)
        before = session.total_bytes
        press_many(session, [key_bytes("PgDn"), key_bytes("PgUp")] * 49 + [key_bytes("PgDn")])
        pressed = session.total_bytes
        stand_still(session)
        assert session.total_bytes - before < 9 * PAGE  # all of them would be 80
        assert session.total_bytes - pressed <= DELAY_S * MOBILE + MOST + 2 * PAGE
        last = seen(session.terminal)
        session.press("C-l")
        stand_still(session)
        assert seen(session.terminal) == last


def test_an_answer_is_stored_while_the_line_hangs_and_no_unseen_question_is_answered(
    tmp_path: Path,
) -> None:
    with behind_a_line(program(tmp_path), delay_s=0.02) as session:
        nurse = Nurse(session, "fi")
        nurse.awake_s = QUIET_S
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1")
        stand_still(session)
        session.signal(signal.SIGUSR1)
        for _ in range(4):
            session.send(b"2")
            time.sleep(0.4)
        session.idle(ANSWER_S)
        session.send(b"2")  # for longer than any answer took, she has seen nothing
        session.idle(0.4)
        assert [draft_answers(tmp_path).get(f"phq9.{n}") for n in (1, 2)] == [2, None]
        session.signal(signal.SIGUSR2)
        nurse.asked("phq9.2", "3")
        nurse.asked("phq9.3")
        assert draft_answers(tmp_path)["phq9.2"] == 3


def test_a_line_that_hangs_takes_little_and_then_the_newest_picture() -> None:
    with behind_a_line(SAMPLE) as session:
        session.wait_for(READY)
        press_many(session, [b"1"] * 20)
        stand_still(session)
        assert questions(session)
        before = session.total_bytes
        session.signal(signal.SIGUSR1)
        press_many(session, [b"1"] * 79)
        session.signal(signal.SIGUSR2)
        session.wait_for("Question 100 of")
        stand_still(session)
        assert session.total_bytes - before <= MOST + 3 * PICTURE


def test_single_answers_are_hardly_ever_asked_about() -> None:
    with Session(SAMPLE, cwd=ROOT) as session:
        session.wait_for(READY)
        before, asked = session.total_bytes, questions(session)
        for number in range(2, 42):
            session.send(b"1")
            session.wait_for(f"Question {number} of")
        sent = session.total_bytes - before
        assert 0 < questions(session) - asked <= 1 + sent // ASK_AFTER


def test_a_mute_terminal_is_soon_left_alone_and_shows_the_newest_page() -> None:
    with Session(SAMPLE, cwd=ROOT, replies="none") as session:
        session.wait_for(READY)
        press_many(session, [b"1"] * 30)
        session.wait_for("Question 31 of")
        session.idle(STRANGER_S)
        for number in range(32, 62):
            session.send(b"1")
            session.wait_for(f"Question {number} of")
        assert 0 < questions(session) <= MOST // ASK_AFTER


def test_a_terminal_of_which_nothing_is_known_is_never_asked() -> None:
    with Session(SAMPLE, cwd=ROOT, env={"TERM": "st-256color"}) as session:
        session.wait_for(READY)
        for number in range(2, 32):
            session.send(b"1")
            session.wait_for(f"Question {number} of")
        assert questions(session) == 0


def test_typed_answers_of_the_terminal_answer_no_question() -> None:
    with behind_a_line(SAMPLE) as session:
        session.wait_for(READY)
        press_many(session, [ANSWER, b"\x1b[3n", *[b"1", ANSWER[:2], ANSWER[2:]] * 20])
        session.send(b"\x1b[200~12" + ANSWER + b"34\x1b[201~")
        session.wait_for("pasted 4")
        session.send(ANSWER * 500 + b"2")
        session.wait_for(r"answers \[1{20}2\]")


def test_nothing_is_sent_while_nothing_happens() -> None:
    with behind_a_line(SAMPLE) as session:
        session.wait_for(READY)
        press_many(session, [b"1"] * 30)
        stand_still(session)
        assert session.idle(2.5) == 0


def test_an_answer_of_the_terminal_does_not_keep_the_screen_open(at_work: Session) -> None:
    with at_work as session:
        writes_a_note(session)
        for _ in range(40):
            session.send(ANSWER)
            session.idle(0.25)
            if "no key was pressed" in session.text:
                return
        raise AssertionError(session.text)


@pytest.mark.parametrize("end", ["key", "signal"])
def test_no_answer_is_left_to_the_shell(end: str, tmp_path: Path) -> None:
    left = tmp_path / "left"
    with behind_a_line(SAMPLE, left=left) as session:
        session.wait_for(READY)
        stand_still(session)
        press_many(session, [b"1"] * 20, 0.5)
        let_it_ask(session)
        if end == "key":
            session.send(b"x")
        else:
            session.signal(signal.SIGTERM)
        assert session.wait_exit() in (0, 143)
        assert questions(session)
        assert left.read_bytes() == b""
        assert b"^[" not in session.raw  # as a terminal echoes what comes too late


def test_no_answer_is_left_to_the_shell_when_the_program_is_stopped() -> None:
    with behind_a_line(SAMPLE) as session:
        session.wait_for(READY)
        stand_still(session)
        press_many(session, [b"1"] * 20, 0.5)
        let_it_ask(session)
        session.signal(signal.SIGTSTP)
        stand_still(session)
        assert questions(session)
        assert "Question" not in session.text
        assert b"^[" not in session.raw
        session.signal(signal.SIGCONT)
        session.wait_for(r"answers \[1+\]")
        session.send(b"2")
        session.wait_for(r"answers \[1+2\]")
