"""Whether the program starts here; a nurse who is refused must read why and what to do."""

from __future__ import annotations

import string
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.session import Session
from tui.terminal import SETTINGS, Refusal, check_terminal, prepare

ROOT = Path(__file__).parents[2]
CURRENT = [sys.executable, "-c", "from tui.terminal import current; print('[', current(), ']')"]
GOOD_ENV = {"TERM": "xterm-256color"}


def refusal(
    env: dict[str, str] = GOOD_ENV,
    ttys: tuple[bool, bool, bool] = (True, True, True),
    size: tuple[int, int] = (80, 24),
    encoding: str = "UTF-8",
) -> Refusal | None:
    return check_terminal(env, *ttys, size, encoding)


@pytest.mark.parametrize(
    "term", ["xterm", "linux", "vt220", "screen", "tmux-256color", "xterm-kitty"]
)
def test_ordinary_terminals_are_fine(term: str) -> None:
    assert refusal({"TERM": term}) is None


@pytest.mark.parametrize("encoding", ["UTF-8", "utf8", "ANSI_X3.4-1968", "US-ASCII"])
def test_utf8_is_fine_and_so_is_no_choice(encoding: str) -> None:
    assert refusal(encoding=encoding) is None


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (0, 0)])
def test_large_and_unknown_sizes_are_fine(size: tuple[int, int]) -> None:
    assert refusal(size=size) is None


@pytest.mark.parametrize("ttys", [(True, False, True), (True, True, False)])
def test_one_redirected_output_is_fine(ttys: tuple[bool, bool, bool]) -> None:
    assert refusal(ttys=ttys) is None


@pytest.mark.parametrize("ttys", [(False, True, True), (True, False, False), (False, False, False)])
def test_no_terminal(ttys: tuple[bool, bool, bool]) -> None:
    assert "redirection" in str(refusal(ttys=ttys))


@pytest.mark.parametrize("env", [{}, {"TERM": ""}, {"TERM": "dumb"}, {"TERM": "unknown"}])
def test_terminal_without_a_screen(env: dict[str, str]) -> None:
    message = str(refusal(env))
    assert f"“{env.get('TERM', '')}”" in message
    assert "export TERM=xterm" in message


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "ISO-8859-15", "cp1252", "no such thing", ""])
def test_terminal_that_is_not_utf8(encoding: str) -> None:
    assert f"set is {encoding};" in str(refusal(encoding=encoding))
    assert "UTF-8" in str(refusal(encoding=encoding))


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (1, 1), (0, 10)])
def test_window_that_is_too_small(size: tuple[int, int]) -> None:
    assert f"{size[0]} columns by {size[1]} rows" in str(refusal(size=size))


def test_every_refusal_has_values_for_its_text_and_says_what_to_do() -> None:
    found = [
        refusal({}),
        refusal(ttys=(False, True, True)),
        refusal(size=(1, 1)),
        refusal(encoding="ISO-8859-1"),
    ]
    for each in found:
        assert each is not None
        names = {name for _, name, _, _ in string.Formatter().parse(each.text) if name}
        assert names == set(each.values)
        assert any(word in str(each) for word in ("Start it", "Set ", "Make "))


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({}, r"\[ None \]"),
        ({"TERM": "dumb"}, "dumb"),
        ({"TERM": None}, "TERM"),
        ({"LC_ALL": "C"}, r"\[ None \]"),
        ({"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, r"\[ None \]"),
    ],
)
def test_the_terminal_this_process_runs_in(env: dict[str, str | None], says: str) -> None:
    with Session(CURRENT, env=env, cwd=ROOT) as session:
        session.wait_for(r"\[[^\[]* \]")
        session.wait_for(says, 1)


def test_small_window_is_measured() -> None:
    with Session(CURRENT, 60, 20, cwd=ROOT) as session:
        session.wait_for("60 columns by 20 rows")


@pytest.mark.parametrize("stdin", [subprocess.DEVNULL, subprocess.PIPE])
def test_pipes_and_files_are_seen(stdin: int) -> None:
    done = subprocess.run(
        CURRENT, stdin=stdin, capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "redirection" in done.stdout


def test_closed_streams_are_no_terminal() -> None:
    program = "import sys; sys.stdin = None; from tui.terminal import current; print(current())"
    with Session([sys.executable, "-c", program], cwd=ROOT) as session:
        session.wait_for("redirection")


def test_settings_do_not_overrule_the_user() -> None:
    env = {"TEXTUAL_THEME": "nord"}
    prepare(env)
    assert env["TEXTUAL_THEME"] == "nord"
    assert {name: env[name] for name in SETTINGS if name != "TEXTUAL_THEME"} == {
        name: value for name, value in SETTINGS.items() if name != "TEXTUAL_THEME"
    }


def test_prepare_reaches_textual_and_lets_every_letter_through() -> None:
    program = (
        "import sys; from tui.terminal import prepare; prepare();"
        "assert 'textual' not in sys.modules; from textual import constants;"
        "print(constants.TEXTUAL_ANIMATIONS, constants.DEFAULT_THEME, chr(0xE4) + chr(0x6F22))"
    )
    env = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with Session([sys.executable, "-c", program], env=env, cwd=ROOT) as session:
        session.wait_for("none ansi-dark ä漢")
