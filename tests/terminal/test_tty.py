"""The measuring tool itself: a tool that lies would hide what the others are to find."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any, Self

import pytest

from tests.terminal import tty
from tests.terminal.drawing import draw_png
from tests.terminal.emulator import Terminal
from tests.terminal.keyscript import parse, size
from tests.terminal.session import DiedError, NotShownError, Session, runs
from tests.terminal.tty import main

SHELL = ["/bin/sh", "-c"]
ECHO = "stty -echo -icanon; echo ready; while read -r key; do [ $key = q ] && exit; echo $key; done"


def measured(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, dict[str, Any]]:
    status = main(list(argv))
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("script", "keys"),
    [
        ("Down*2 Enter", ["Down", "Down", "Enter"]),
        ("(Down Up)*2 q", ["Down", "Up", "Down", "Up", "q"]),
        ("(a b) c", ["a", "b", "c"]),
        ("'a b'", ["a", " ", "b"]),
        ("C-q M-x ä", ["C-q", "M-x", "ä"]),
        ("wait:a.b size:80x25", ["a.b", "80x25"]),
        ("", []),
    ],
)
def test_key_script(script: str, keys: list[str]) -> None:
    assert [step.value for step in parse(script)] == keys


@pytest.mark.parametrize("script", ["(Down", "Down)", "F99", "C-qq"])
def test_wrong_key_script(script: str) -> None:
    with pytest.raises(ValueError, match=r"key|\("):
        parse(script)


def test_wrong_size() -> None:
    with pytest.raises(ValueError, match="size"):
        size("80x0")


def test_terminal_skips_what_pyte_cannot_draw() -> None:
    terminal = Terminal(20, 3)
    terminal.feed(b"\x1b[>1u\x1b[?2026$p\x1b]52;c;aGk=\x07\x1b[=0;1uhi\x1b[3b\x1b[<u")
    assert terminal.text == "hiiii"


def test_terminal_joins_sequences_cut_between_reads() -> None:
    terminal = Terminal(20, 3)
    for byte in "\x1b[2;3Hä\x1b[0m\x1b]0;title\x1b\\!".encode():
        terminal.feed(bytes([byte]))
    assert terminal.text == "\n  ä!"


def test_terminal_draws_lines_and_answers_queries() -> None:
    terminal = Terminal(20, 3)
    terminal.feed(b"\x1b(0lqk\x1b(B lqk")
    assert terminal.text == "┌─┐ lqk"
    assert terminal.feed(b"\x1b[6n") == b"\x1b[1;8R"
    assert Terminal(20, 3, "modern").feed(b"\x1b[?2026$p") == b"\x1b[?2026;2$y"


def test_picture(tmp_path: Path) -> None:
    terminal = Terminal(20, 3)
    terminal.feed("\x1b[1;7mhi\x1b[0;31;4mä".encode())
    draw_png(terminal, tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")


def test_measures_and_checks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    options = ["--cmd", shlex.join([*SHELL, ECHO]), "--keys", "1 Enter 2 Enter", "--runs", "2"]
    options += ["--before", "7 Enter"]
    options += ["--response-ms", "100", "--quit", "q Enter", "--idle", "0.1", "--per-key"]
    status, result = measured(capsys, *options, "--raw", str(raw), "--expect", "^2$")
    assert status == 0, result
    assert (result["keys"], result["keys_without_response"]) == (4, 2)
    assert result["cells_per_key"] == 0.5
    assert result["bytes_per_cell"] == 3
    assert result["bytes_per_idle_s"] == 0
    assert result["exit_status"] == 0
    assert result["bytes_total"] == len(raw.read_bytes())
    assert result["max_rss_kb"] > 100
    failing = ["--expect", "nothing such", "--forbid", "ready", "--max", "bytes_start=1"]
    status, result = measured(capsys, *options, *failing)
    assert status == 1
    assert len(result["failed"]) == 3


@pytest.mark.parametrize(
    ("command", "status"),
    [("sleep 30", 2), ("echo hi; exit 3", 3), ("echo hi; sleep 30", 0)],
)
def test_exit_status(capsys: pytest.CaptureFixture[str], command: str, status: int) -> None:
    options = ["--cmd", shlex.join([*SHELL, command]), "--timeout", "0.5", "--response-ms", "50"]
    assert measured(capsys, *options, "--keys", "a")[0] == status


def test_slow_link_hands_on_little_at_a_time_and_then_is_busy() -> None:
    with Session([*SHELL, "seq 400; sleep 9"], bytes_per_s=960) as session:
        while "\n400" not in session.text:
            if burst := session.read(1):
                assert burst <= 960 * 0.02
                assert session._next_read - session.last_output == pytest.approx(burst / 960)


def test_speed_of_a_link_is_given_in_bits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    speeds = []

    class Seen(Session):
        def __enter__(self) -> Self:
            speeds.append(self.bytes_per_s)
            return super().__enter__()

    monkeypatch.setattr(tty, "Session", Seen)
    measured(capsys, "--cmd", shlex.join([*SHELL, "echo here; sleep 9"]), "--bps", "9600")
    assert speeds == [960.0]


def test_nothing_is_left_running() -> None:
    with Session([*SHELL, "trap '' HUP TERM; sleep 60 & echo up; wait"]) as session:
        session.wait_for("up")
        tree = session.tree()
    assert len(tree) == 2
    assert not any(runs(pid) for pid in tree)


def test_failed_wait_shows_the_screen() -> None:
    with Session([*SHELL, "echo here; sleep 9"]) as session:
        session.wait_for("here")
        with pytest.raises(NotShownError, match="here"):
            session.wait_for("there", 0.1)


def test_wait_on_a_program_that_ended_does_not_wait() -> None:
    with Session([*SHELL, "exit 4"]) as session, pytest.raises(DiedError, match="status 4"):
        session.wait_for("never")


def test_environment_is_given_and_taken_away() -> None:
    show = [sys.executable, "-c", "import os; print(os.environ.get('A'), os.environ.get('HOME'))"]
    with Session(show, env={"A": "b", "HOME": None}) as session:
        session.wait_for("b None")


def test_broken_line_settings_are_seen() -> None:
    with Session([*SHELL, "stty raw; echo done"]) as session:
        session.wait_exit()
        assert "done" in session.text
        assert not session.sane
