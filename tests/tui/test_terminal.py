"""Whether the program starts here; a nurse who is refused must read why and what to do."""

from __future__ import annotations

import string
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from store.paths import PATHWAYS
from tests.store.test_pathway_files import lay_out
from tests.terminal.session import Session
from tui.commands.doctor_finding import DoctorFinding
from tui.commands.doctor_terminal import TerminalSetting, describe
from tui.settings import Settings
from tui.terminal.capabilities import SETTINGS, Refusal, ThemeName, check_terminal, prepare_textual

ROOT = Path(__file__).parents[2]
CURRENT = [
    sys.executable,
    "-c",
    "from tui.terminal.capabilities import check_this_terminal as check; print('[', check(), ']')",
]
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


@pytest.mark.parametrize("size", [(64, 18), (80, 24), (200, 60), (0, 0)])
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


@pytest.mark.parametrize("size", [(63, 24), (64, 17), (1, 1), (0, 10)])
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
    program = (
        "import sys; sys.stdin = None;"
        " from tui.terminal.capabilities import check_this_terminal; print(check_this_terminal())"
    )
    with Session([sys.executable, "-c", program], cwd=ROOT) as session:
        session.wait_for("redirection")


def test_settings_do_not_overrule_the_user() -> None:
    env = {"TEXTUAL_THEME": "nord"}
    prepare_textual(env)
    assert env["TEXTUAL_THEME"] == "nord"
    assert {name: env[name] for name in SETTINGS if name != "TEXTUAL_THEME"} == {
        name: value for name, value in SETTINGS.items() if name != "TEXTUAL_THEME"
    }


def test_prepare_reaches_textual_and_lets_every_letter_through() -> None:
    program = (
        "import sys; from tui.terminal.capabilities import prepare_textual; prepare_textual();"
        "assert 'textual' not in sys.modules; from textual import constants;"
        "print(constants.TEXTUAL_ANIMATIONS, constants.DEFAULT_THEME, chr(0xE4) + chr(0x6F22))"
    )
    env = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with Session([sys.executable, "-c", program], env=env, cwd=ROOT) as session:
        session.wait_for("none ansi-dark ä漢")


# -- what the doctor says of it -----------------------------------------------------------------


def told(
    env: dict[str, str],
    *,
    size: tuple[int, int] = (80, 24),
    speed: int | None = None,
    theme: ThemeName | None = None,
    language: str = "en",
) -> dict[str, DoctorFinding]:
    """What is told of a terminal, by name."""
    settings = Settings(None, PATHWAYS, language, theme=theme)
    found = describe(settings, TerminalSetting(env, size, "UTF-8", speed))
    return {each.name: each for each in found}


def test_the_doctor_tells_what_the_terminal_is_taken_for_and_what_to_set() -> None:
    found = told({"TERM": "linux", "LANG": "fi_FI.UTF-8"})
    assert "“linux”, the window 80 columns by 24 rows" in found["terminal type"].text
    assert found["terminal type"].values["encoding"] == "UTF-8"
    assert "export TERM=" in found["terminal type"].do
    assert found["colours"].values == {"colours": 8, "theme": "standard"}
    assert (found["signs"].values["glyphs"], found["painter"].values["painter"]) == (
        "ascii",
        "porras",
    )
    assert all(each.do for each in found.values())
    assert not {"within", "ssh", "line speed"} & set(found), "nothing is told that is not there"


def test_the_doctor_tells_what_lies_between_the_program_and_the_eye() -> None:
    env = {"TERM": "screen", "STY": "4711.work", "SSH_TTY": "/dev/pts/3"}
    found = told(env, size=(0, 0), speed=9600, language="fi")
    assert found["within"].values == {"program": "screen"}
    assert "stty 9600" in found["within"].do, "screen hides how slow the line is"
    assert found["terminal type"].do.endswith("TERM=screen")
    assert "ssh" in found["ssh"].text
    assert found["line speed"].values == {"bits_per_s": 9600}
    assert "koko ei ole tiedossa" in found["terminal type"].text
    assert "line speed" not in told({"TERM": "xterm"}, speed=38400)


def test_the_doctor_warns_where_a_theme_cannot_be_had() -> None:
    found = told({"TERM": "xterm", "NO_COLOR": "1"}, theme="contrast")["colours"]
    assert (found.mark, found.values["theme"]) == ("WARNING", "mono")
    assert "contrast" in found.means
    assert "NO_COLOR" in found.do
    assert told({"TERM": "xterm"}, theme="contrast")["colours"].mark == "OK"


def test_the_doctor_looks_at_the_terminal_that_it_runs_in(tmp_path: Path) -> None:
    # Our own pathways would be proven for long, and this is about the terminal.
    own = lay_out(tmp_path / "county" / "mine").parent
    places = ["--db", str(tmp_path / "p.db"), "--pathways", str(own)]
    argv = [sys.executable, "-m", "tui", *places, "doctor"]
    with Session(argv, 50, 60, cwd=ROOT, env={"TERM": "xterm", "TMUX": "/tmp/x,1,0"}) as session:
        line = termios.tcgetattr(session._program_side)
        line[4] = line[5] = termios.B9600
        termios.tcsetattr(session._program_side, termios.TCSANOW, line)
        assert session.wait_exit() in (0, 1)
        rows = session.raw.decode().splitlines()
    shown = " ".join(word for row in rows for word in row.split())
    assert "“xterm”, the window 50 columns by 60 rows" in shown
    assert "inside tmux" in shown
    assert "9600 bits a second" in shown
    assert any("porras --painter textual" in row for row in rows), "a command stays on one line"
    assert all(len(row) < 50 for row in rows if str(tmp_path) not in row)
