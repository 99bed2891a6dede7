"""What the terminal does to the program, and what the program leaves behind.

Failing here means a lost answer, an answer nobody gave, or a broken terminal at the desk.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.terminal.session import DiedError, Session, runs
from tui.terminal.driver import Output

PROGRAM = [sys.executable, "-m", "tests.terminal.samples.questions"]
READY = r"0-3 answer"
ROOT = Path(__file__).parents[2]


both_painters = pytest.mark.parametrize("painter", ["porras", "textual"])
by_night = pytest.mark.parametrize(
    "painter", ["porras", pytest.param("textual", marks=pytest.mark.nightly)]
)
"""For what hardly depends on who paints."""


def questions(
    *options: str,
    painter: str = "porras",
    env: Mapping[str, str] | None = None,
    bytes_per_s: float = 0.0,
) -> Session:
    settings = {"PORRAS_PAINTER": painter, **(env or {})}
    command = [*PROGRAM, *options]
    return Session(command, cwd=ROOT, env=settings, bytes_per_s=bytes_per_s)


def assert_left_as_found(session: Session) -> None:
    """The shell gets back its line settings, its screen, and a cursor; nothing readable stays."""
    assert session.sane
    assert session.left_on == set()
    assert "25" in session.terminal.modes
    assert "Traceback" not in session.text
    assert "Question" not in session.text


@both_painters
def test_quits_in_order(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        assert not session.sane
        session.press("2 x")
        assert session.wait_exit() == 0
        assert_left_as_found(session)


@by_night
@pytest.mark.parametrize(
    "garbage",
    [b"\xe4", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80"],
    ids=["ae", "bom", "half", "half pair"],
)
def test_byte_of_another_encoding_is_no_answer_and_no_end(garbage: bytes, painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.send(garbage)
        session.wait_for("not UTF-8")
        session.press("1 2")
        session.wait_for(r"answers \[12\] not UTF-8$")
        session.press("x")
        assert session.wait_exit() == 0


@by_night
@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x00",
        b"\x1b[1;9P",  # a function key with a modifier that nothing here knows
        b"\x1b[99;1;2x",
        b"\x1b[<0;11;12M\x1b[<0;11;12m",  # mouse
        b"\x1b[M !1",
        b"\x1b]11;rgb:1111/2222/3333\x1b\\",
        b"\x1b[?1;2c",
        b"\x1b[48;2;3;1;1t",
        b"\x1b[99999999999u",
        b"\x9b3~",  # Delete as an old terminal in 8-bit mode sends it
    ],
)
def test_what_no_key_sends_answers_nothing(garbage: bytes, painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.send(garbage)
        session.idle(0.3)
        session.press("2")
        session.wait_for(r"answers \[2\]")


@by_night
def test_flood_of_escapes_leaves_the_program_usable(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.send(b"\x1b" * 200_000)
        session.idle(1.0)
        session.press("3")
        session.wait_for(r"answers \[3\]", 2)


ENDINGS = [
    *[
        (painter, number)
        for painter in ("porras", "textual")
        for number in (signal.SIGTERM, signal.SIGHUP)
    ],
    *[("porras", number) for number in (signal.SIGINT, signal.SIGQUIT)],
    *[
        pytest.param("textual", n, marks=pytest.mark.nightly)
        for n in (signal.SIGINT, signal.SIGQUIT)
    ],
]


@pytest.mark.parametrize(("painter", "number"), ENDINGS)
def test_signal_ends_the_program_in_order(painter: str, number: int, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with questions(f"mark={mark}", "in-order", painter=painter) as session:
        session.wait_for(READY)
        session.press("1")
        session.signal(number)
        assert session.wait_exit() == 128 + number
        assert mark.read_text() == "unmounted"
        assert_left_as_found(session)


@both_painters
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_on_a_slow_line_leaves_no_page_behind(
    painter: str, number: int, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    with questions(f"mark={mark}", painter=painter, bytes_per_s=400) as session:
        session.wait_for(READY)
        for digit in b"123" * 6:  # the signal comes while pages are on their way
            session.send(bytes([digit]))
            time.sleep(0.005)
        session.idle(0.1)
        session.signal(number)
        assert session.wait_exit() == 128 + number
        with contextlib.suppress(DiedError):  # what was sent has come to its end
            session.settle(20, 1.0)
        assert mark.read_text() == "unmounted"
        assert_left_as_found(session)


def test_second_signal_changes_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with questions(f"mark={mark}") as session:
        session.wait_for(READY)
        session.signal(signal.SIGTERM)
        session.signal(signal.SIGHUP)
        session.signal(signal.SIGTERM)
        assert session.wait_exit() in (129, 143)
        assert mark.exists()


@both_painters
def test_closed_terminal_ends_the_program_in_order(tmp_path: Path, painter: str) -> None:
    mark, empty = tmp_path / "mark", tmp_path / "empty"
    with questions(f"mark={mark}", f"empty={empty}", "in-order", painter=painter) as session:
        session.wait_for(READY)
        session.hang_up()
        assert session.wait_exit() == 129
        assert mark.read_text() == "unmounted"
        assert int(empty.read_text()) < 10  # no thread goes round and round on the dead terminal


def test_closed_terminal_without_a_signal_ends_it_too(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with Session(["setsid", "--fork", "--wait", *PROGRAM, f"mark={mark}"], cwd=ROOT) as session:
        session.wait_for(READY)
        session.settle(5, 0.3)  # nothing is being written, so only reading can tell
        program = session.tree()[-1]
        session.hang_up()  # SIGHUP goes to setsid alone
        end = time.perf_counter() + 10
        while not mark.exists() and time.perf_counter() < end:
            time.sleep(0.02)
        assert mark.exists()
        time.sleep(0.5)
        assert not runs(program)


def test_output_to_a_lost_terminal_is_told_once_and_dropped() -> None:
    told: list[str] = []
    reading, writing = os.pipe()
    output = Output(writing, lambda: told.append("lost"))
    assert output.write("ä") == 1
    assert os.read(reading, 9) == "ä".encode()
    os.close(reading)
    output.write("b")
    output.write("c")
    os.close(writing)
    assert told == ["lost"]


@by_night
def test_hung_program_is_ended_as_a_last_resort(tmp_path: Path, painter: str) -> None:
    mark = tmp_path / "mark"
    with questions("stall", f"mark={mark}", painter=painter) as session:
        session.wait_for(READY)
        session.idle(0.5)
        session.signal(signal.SIGTERM)
        assert session.wait_exit() == 143
        assert not mark.exists()  # it did hang, so nothing ran in order
        assert_left_as_found(session)


@both_painters
def test_terminal_that_takes_nothing_does_not_stop_the_end(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.freeze()
        for _ in range(60):  # more than Textual queues before it waits for the terminal
            session.send(b"1")
            time.sleep(0.02)
        session.signal(signal.SIGTERM)
        end = time.perf_counter() + 15
        while not session.ended and time.perf_counter() < end:
            time.sleep(0.05)
        assert session.ended
        assert session.wait_exit() == 143
        assert session.sane


@both_painters
@pytest.mark.parametrize("warned", [True, False], ids=["SIGTSTP", "SIGSTOP"])
def test_stopped_program_goes_on_where_it_was(warned: bool, painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.press("1")
        session.signal(signal.SIGTSTP if warned else signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(session.pid, os.WUNTRACED)[1])
        session.idle(0.2)
        if warned:
            assert_left_as_found(session)
        session.signal(signal.SIGCONT)
        session.wait_for(r"answers \[1\]")
        session.idle(0.3)
        session.press("2 3")
        session.wait_for(r"answers \[123\]")
        session.press("x")
        assert session.wait_exit() == 0
        assert_left_as_found(session)


@by_night
def test_paste_answers_nothing_and_a_long_one_is_told(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.send(b"\x1b[200~" + b"1" * 1_000_000 + b"\x1b[201~")
        session.wait_for(r"answers \[\] too much 1000000", 5)
        session.idle(0.2)
        session.press("2")
        session.wait_for(r"answers \[2\]", 2)


@by_night
def test_paste_without_marks_answers_nothing_either(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.send(b"1" * 200_000)
        session.wait_for(r"answers \[\] too much 200000", 5)
        session.idle(0.5)
        session.press("2")
        session.wait_for(r"answers \[2\]", 2)


def test_paste_without_an_end_does_not_swallow_what_follows() -> None:
    with questions() as session:
        session.wait_for(READY)
        session.send(b"\x1b[200~abc")
        session.wait_for("pasted 3", 5)
        session.press("2")
        session.wait_for(r"answers \[2\]", 2)


@by_night
def test_long_paste_into_a_field_is_refused_whole(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.press("n")
        session.idle(0.3)
        session.send(b"\x1b[200~" + b"word " * 20_000 + b"\x1b[201~")
        session.wait_for("too much 100000", 5)
        session.press("a")
        session.wait_for("note 1", 5)


@both_painters
def test_resize_storm(painter: str) -> None:
    generator = random.Random(7)
    with questions(painter=painter) as session:
        session.wait_for(READY)
        for _ in range(150):
            session.resize(generator.randint(1, 200), generator.randint(1, 60))
            session.read(0.005)
        session.resize(1, 1)
        session.idle(0.2)
        session.resize(80, 24)
        session.wait_for("80x24")
        session.press("1")
        session.wait_for(r"answers \[1\]")
        session.wait_for("Question 2 of at most 99")


@by_night
@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1", "TEXTUAL_THEME": "ansi-dark"},
        {"TERM": "linux"},
        {"TERM": "vt220"},
        {"TERM": "screen"},
        {"TERM": "tmux-256color"},
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1"},
        {"COLUMNS": "10", "LINES": "3"},
    ],
    ids=lambda env: " ".join(f"{name}={value}" for name, value in env.items()),
)
def test_works_on_plain_terminals(env: dict[str, str], painter: str) -> None:
    with questions(env=env, painter=painter) as session:
        session.wait_for(READY)
        session.press("1")
        session.wait_for(r"answers \[1\]")
        assert "\\u" not in session.text
        assert "80x24" in session.text
        colours = [cell for cell in session.terminal.cells() if _coloured(cell)]
        assert colours == []
        session.press("x")
        assert session.wait_exit() == 0
        assert_left_as_found(session)


def _coloured(cell: object) -> bool:
    return getattr(cell, "fg", "") != "default" or getattr(cell, "bg", "") != "default"


@pytest.mark.parametrize("stream", ["2>/dev/null", "2>{file}", ">{file}"])
def test_redirecting_one_stream_does_not_hide_the_screen(stream: str, tmp_path: Path) -> None:
    redirected = stream.format(file=tmp_path / "out")
    with Session(["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", *PROGRAM], cwd=ROOT) as session:
        session.wait_for(READY)
        session.press("1")
        session.wait_for(r"answers \[1\]")


def _answers_after_typing_ahead(session: Session) -> str:
    session.wait_for(READY)
    session.idle(0.3)
    for _ in range(10):
        session.send(b"1")
        time.sleep(0.003)
    session.idle(0.5)
    found = re.search(r"answers \[(1*)\]", session.text)
    assert found
    return found[1]


@by_night
def test_type_ahead_answers_only_the_question_that_is_drawn(painter: str) -> None:
    # On a busy machine the next question may be drawn between two keys; six times running it is
    # not.
    for _ in range(6):
        with questions("guard", painter=painter) as session:
            answers = _answers_after_typing_ahead(session)
            session.press("2 sleep:200 3")
            session.wait_for(rf"answers \[{answers}23\]")
        if answers == "1":
            return
    assert answers == "1"


@by_night
def test_control_c_is_a_key(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.press(r"C-c C-z 'C-\'", response_s=0.1)
        session.press("1")
        session.wait_for(r"answers \[1\]")


@by_night
def test_nothing_is_sent_when_nothing_happens(painter: str) -> None:
    with questions(painter=painter) as session:
        session.wait_for(READY)
        session.settle(5, 0.5)
        assert session.idle(1.5) == 0


def test_no_code_that_old_terminals_stumble_over() -> None:
    with questions() as session:
        session.wait_for(READY)
        session.press("1 x")
        session.wait_exit()
        modes = session.terminal.seen_modes
        assert modes == {"1049", "25", "2004", "7"}
        assert set(session.terminal.sequences) <= set("ABCDHJKmnhl")


def test_kill_is_seen_as_a_kill() -> None:
    with questions() as session:
        session.wait_for(READY)
        assert session.kill() == -signal.SIGKILL
        assert not session.sane
