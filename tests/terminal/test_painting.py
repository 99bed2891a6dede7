"""The pages on a real line: alive when it is slow, safe when it hangs, whole after noise.

Failing here means a nurse who reads an old question, or an answer that is lost with the line.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import time
from pathlib import Path

import pytest

from casework.language import speech
from tests.terminal.emulator import seen
from tests.terminal.main_job import ANSWERS, NIMBLE, QUESTIONS, ROOT, SLOW_S, Nurse, draft_answers
from tests.terminal.session import DiedError, Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

SAMPLE = [sys.executable, "-m", "tests.terminal.samples.questions"]
READY = "0-3 answer"


def sample(*options: str, **env: str | None) -> Session:
    return Session([*SAMPLE, *options], cwd=ROOT, env=env)


def program(place: Path, *options: str, **env: str | None) -> Session:
    argv = [
        *NIMBLE,
        "--demo",
        "--db",
        str(place / "p.db"),
        *options,
    ]
    return Session([*argv, "--lang", "fi"], cwd=ROOT, env=env)


def test_an_answer_is_stored_while_the_line_hangs_and_no_unseen_question_is_answered(
    tmp_path: Path,
) -> None:
    with program(tmp_path) as session:
        nurse = Nurse(session, "fi")
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1")
        session.idle(0.4)
        session.freeze()
        for _ in range(4):
            session.send(b"2")
            time.sleep(0.5)
        assert [draft_answers(tmp_path).get(f"phq9.{n}") for n in (1, 2)] == [2, None]
        thaw(session)
        nurse.asked("phq9.2", "3")  # the last picture comes, and with it the keys
        nurse.asked("phq9.3")
        assert draft_answers(tmp_path)["phq9.2"] == 3


def test_a_page_that_was_hidden_takes_no_answer_before_it_is_seen_again(tmp_path: Path) -> None:
    with program(tmp_path) as session:
        nurse = Nurse(session, "fi")
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1")
        session.signal(signal.SIGTSTP)
        assert os.WIFSTOPPED(os.waitpid(session.pid, os.WUNTRACED)[1])
        session.freeze()
        session.signal(signal.SIGCONT)
        session.idle(1.0)
        session.send(b"2")
        session.idle(0.5)
        assert "phq9.1" not in draft_answers(tmp_path)
        thaw(session)
        nurse.asked("phq9.1", "3")
        nurse.asked("phq9.2")
        assert draft_answers(tmp_path)["phq9.1"] == 3


def test_a_window_too_small_for_the_question_takes_no_answer(tmp_path: Path) -> None:
    with program(tmp_path) as session:
        nurse = Nurse(session, "fi")
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1")
        session.resize(60, 15)
        session.wait_for("64×18")
        session.idle(0.5)
        session.send(b"2")
        session.idle(0.5)
        assert "phq9.1" not in draft_answers(tmp_path)
        session.resize(80, 24)
        nurse.asked("phq9.1", "3")
        nurse.asked("phq9.2")
        assert draft_answers(tmp_path)["phq9.1"] == 3


FAULTS = {
    "writing": "from tui.terminal.paint.painter import Painter as broken; name = 'take'",
    "reading": "from tui.terminal.keyboard import KeyReader as broken; name = 'feed'",
}
BROKEN = """
whole = getattr(broken, name)
left = 40
def fails(*given):
    global left
    left -= 1
    return whole(*given) if left else [][1]
setattr(broken, name, fails)
from tests.terminal.nimble import main, quicken
quicken()
main()
"""


@pytest.mark.parametrize("thread", FAULTS)
def test_a_fault_beside_the_loop_ends_the_program_in_order_and_says_so(
    thread: str, tmp_path: Path
) -> None:
    options = ["--demo", "--db", str(tmp_path / "p.db"), "--lang", "en"]
    argv = [sys.executable, "-c", FAULTS[thread] + BROKEN, *options]
    with Session(argv, cwd=ROOT) as session:
        session.wait_for("new assessment")
        with contextlib.suppress(DiedError):
            for _ in range(60):
                session.send(b"l")
                session.idle(0.1)
        assert session.wait_exit() == 1
        assert session.sane
        assert session.left_on == set()
        assert "IndexError" in session.text
        assert "Traceback" not in session.text


JOBS = """
import os, signal, sys, time
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
def front(group):
    os.tcsetpgrp(0, group)
def go_on(job):
    os.kill(job, signal.SIGCONT)
    return os.WIFSTOPPED(os.waitpid(job, os.WUNTRACED)[1])
job = os.fork()
if not job:
    os.setpgid(0, 0)
    front(os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
os.waitpid(job, os.WUNTRACED)
front(os.getpgrp())
print("kept behind:", [go_on(job) for _ in range(4)])
sys.stdin.readline()
front(job)
go_on(job)
"""


def test_a_job_in_the_background_draws_nothing_over_the_shell() -> None:
    with Session([sys.executable, "-c", JOBS, *SAMPLE], cwd=ROOT) as session:
        session.wait_for(READY)
        (job,) = session.tree()[1:]
        os.kill(job, signal.SIGTSTP)
        session.wait_for("kept behind")
        session.settle(5, 0.5)
        assert "Question" not in session.text
        session.send(b"\n")
        session.wait_for(READY)
        session.press("1")
        session.wait_for(r"answers \[1\]")


def first_words(question: str) -> list[str]:
    return QUESTIONS[question].text["fi"].split()[:2]


def thaw(session: Session) -> None:
    termios.tcflow(session._program_side, termios.TCOON)


def test_pictures_that_nobody_could_see_are_never_sent() -> None:
    with sample() as session:
        session.wait_for(READY)
        session.settle(5, 0.3)
        session.freeze()
        for _ in range(90):
            session.send(b"1")
            time.sleep(0.005)
        time.sleep(0.5)
        before = session.total_bytes
        thaw(session)
        session.wait_for("Question 91 of")
        session.settle(5, 0.3)
        assert session.total_bytes - before < 500  # ninety of them would be some 9000


def test_a_slow_line_ends_on_the_newest_page() -> None:
    """How much it is given in how long is `tests/tui/test_line.py`'s, and a row of the bench."""
    with sample() as session:
        session.set_speed(termios.B9600)
        session.wait_for(READY)
        session.settle(5, 0.5)
        for _ in range(100):
            session.send(b"1")
            session.idle(0.02)
        session.wait_for("Question 101 of")
        session.settle(5, 0.4)
        assert "Question 101 of" in session.text


def test_one_key_draws_a_garbled_screen_again() -> None:
    with sample() as session:
        session.wait_for(READY)
        session.press("1 2")
        session.wait_for(r"answers \[12\]")
        session.settle(5, 0.3)
        whole = seen(session.terminal)
        session.terminal.feed(b"\x1b[5;5H\x1b[7mnoise on the line" * 3)
        session.press("C-l")
        session.settle(5, 0.3)
        assert seen(session.terminal) == whole
        session.press("3")
        session.wait_for(r"answers \[123\]")


def test_help_names_the_key_that_draws_again(tmp_path: Path) -> None:
    with program(tmp_path) as session:
        Nurse(session, "fi").sees("new assessment", "?")
        session.wait_for(speech("fi")("Keys everywhere"))
        session.idle(SLOW_S)
        session.press("PgDn")
        words = speech("fi")("draw the screen again, if a bad line has garbled it").split()
        session.wait_for("Ctrl-L")
        session.wait_for(r"\s+".join(words))


def test_a_window_that_shrank_and_grew_back_is_whole_again() -> None:
    with sample() as session:
        session.wait_for(READY)
        session.settle(5, 0.3)
        session.resize(60, 20)
        session.resize(80, 24)
        session.wait_for("80x24")
        session.settle(5, 0.4)
        lines = session.text.split("\n")
        assert lines[0] == "Question 1 of at most 99"
        assert len(lines) == 21
        assert lines[-1].startswith(READY)


def test_cursor_stands_at_the_question_the_pointer_and_the_entry(tmp_path: Path) -> None:
    with program(tmp_path) as session:
        cursor = session.terminal.screen.cursor
        nurse = Nurse(session, "fi")
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1")
        session.settle(5, 0.3)
        assert "25" in session.terminal.modes  # it can be seen
        assert session.text.split("\n")[cursor.y].split()[:2] == first_words("phq9.1")
        session.press("Down")
        session.settle(5, 0.3)
        assert session.text.split("\n")[cursor.y][cursor.x] == ">"
        session.press("h sleep:300 o l e n")
        session.settle(5, 0.3)
        assert session.text.split("\n")[cursor.y].strip() == "olen"
        assert cursor.x == 5


@pytest.mark.parametrize(
    ("options", "env", "lines"),
    [
        ((), {"TERM": "vt100", "PORRAS_GLYPHS": None}, False),
        ((), {"LANG": "C", "LC_ALL": None, "PORRAS_GLYPHS": None}, False),
        (("--glyphs", "ascii"), {}, False),
        (("--glyphs", "unicode"), {"TERM": "linux", "PORRAS_GLYPHS": None}, True),
    ],
    ids=["vt100", "LANG=C", "asked for", "asked for all"],
)
def test_a_terminal_without_glyphs_shows_letters_and_plain_signs(
    tmp_path: Path, options: tuple[str, ...], env: dict[str, str | None], lines: bool
) -> None:
    with program(tmp_path, *options, **env) as session:
        Nurse(session, "fi").sees("new assessment", "?")
        session.settle(5, 0.3)
        others = {char for char in session.text if char > "\xff"}
        assert bool(others) == lines
        assert "ä" in session.text
