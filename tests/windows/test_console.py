"""The program in a console of Windows, cell by cell; run there, or under Wine (`make windows`)."""

from __future__ import annotations

import contextlib
import ctypes
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="needs a console of Windows")


def in_wine() -> bool:
    if sys.platform == "win32":
        return hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")
    return False


needs_windows = pytest.mark.skipif(
    in_wine(), reason="Wine 10 ends a process at Ctrl-Break without calling its handler"
)

PATIENCE_S = 240.0  # Wine on a busy machine reads the modules of the program for a minute
LEFT_CTRL = 0x08
ESCAPE, CTRL_C, CTRL_Z = (0x1B, "\x1b", 0), (0x43, "\x03", LEFT_CTRL), (0x5A, "\x1a", LEFT_CTRL)
ENTER = (0x0D, "\r", 0)


class Look(NamedTuple):
    """What the window shows."""

    lines: list[str]
    attributes: list[list[int]]
    cursor: tuple[int, int]
    buffer: tuple[int, int]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


class Desk:
    """A console and somebody before it."""

    def __init__(self, columns: int, rows: int, *command: str) -> None:
        self._observer = subprocess.Popen(
            [sys.executable, "-m", "tests.windows.observer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.ask("start", columns, rows, command, {})

    def ask(self, *what: object) -> Any:
        assert self._observer.stdin is not None
        assert self._observer.stdout is not None
        self._observer.stdin.write(json.dumps(what) + "\n")
        self._observer.stdin.flush()
        answer = json.loads(self._observer.stdout.readline())
        assert "is" in answer, answer
        return answer["is"]

    def look(self) -> Look:
        return Look(*self.ask("look"))

    def wait_for(self, shown: Callable[[Look], bool]) -> Look:
        end = time.monotonic() + PATIENCE_S
        while not shown(look := self.look()):
            if time.monotonic() > end:
                raise TimeoutError(look.text)
            time.sleep(0.2)
        return look

    def settle(self) -> Look:
        """Wait until nothing has changed for some time."""
        look = self.look()
        while True:
            time.sleep(3)
            before, look = look, self.look()
            if before == look:
                return look

    def press(self, *keys: str | tuple[int, str, int]) -> None:
        for key in keys:
            self.ask("press", [(0, key, 0) if isinstance(key, str) else key])
            time.sleep(0.3)

    def close(self) -> None:
        with contextlib.suppress(AssertionError, ValueError, OSError):  # it may have ended too
            self.ask("kill")
        self._observer.kill()
        self._observer.communicate()


def desk(columns: int, rows: int, *command: str) -> Iterator[Desk]:
    console = Desk(columns, rows, *command)
    try:
        yield console
    finally:
        console.close()


@pytest.fixture(scope="module")
def program() -> Iterator[Desk]:
    yield from desk(80, 25, "-m", "tui", "--demo", "--lang", "fi", "--glyphs", "unicode")


@pytest.fixture
def lines() -> Iterator[Desk]:
    yield from desk(80, 25, "-m", "tests.windows.lines")


def test_first_and_last_line_stand_where_they_belong(program: Desk) -> None:
    look = program.wait_for(lambda look: "työlista" in look.text)
    look = program.settle()
    assert len(look.lines) == 25
    assert look.lines[0].startswith(" HARJOITUS")
    assert "Porras" in look.lines[0]
    assert set(look.attributes[0]) == {0x70}  # the whole of the first line, to its last cell
    assert "F10 hätäkortti" in look.lines[-1]
    assert tuple(look.buffer) == (80, 25)  # nothing can have scrolled
    assert "·" in look.lines[0] or "—" in look.text  # more than a code page has


def test_colours_and_cursor_stand_on_what_is_meant(program: Desk) -> None:
    look = program.settle()
    stop = next(y for y, line in enumerate(look.lines) if "turvapysäytys" in line)
    assert 0x0C in look.attributes[stop]
    assert look.cursor[1] == next(y for y, line in enumerate(look.lines) if line[1] == ">")


def test_help_opens_and_escape_closes_it(program: Desk) -> None:
    program.settle()
    program.press("?")
    program.wait_for(lambda look: "turvapysäytys auki" not in look.text)
    program.settle()
    program.press(ESCAPE)
    look = program.wait_for(lambda look: "turvapysäytys auki" in look.text)
    assert look.lines[0].startswith(" HARJOITUS")


def test_ctrl_c_is_a_key_and_ends_nothing(program: Desk) -> None:
    program.settle()
    program.press(CTRL_C)
    program.wait_for(lambda look: "Ctrl ei sulje" in look.text)
    assert program.ask("wait", 0) is None


def test_another_size_is_drawn_anew(program: Desk) -> None:
    program.ask("resize", 120, 30)
    program.wait_for(lambda look: "F10" in look.lines[-1])
    look = program.settle()
    assert (len(look.lines), len(look.lines[0])) == (30, 120)
    assert set(look.attributes[0]) == {0x70}
    assert "F10 hätäkortti" in look.lines[-1]


@needs_windows
def test_ctrl_break_ends_it_in_order_and_leaves_the_console_as_it_was(program: Desk) -> None:
    program.settle()
    program.ask("send", 1)
    assert program.ask("wait", 30) == 130
    assert "HARJOITUS" not in program.look().text
    assert program.ask("mode") & 0x7 == 0x7


def test_a_secret_is_not_shown_and_letters_come_whole(lines: Desk) -> None:
    lines.wait_for(lambda look: "secret?\n" in "\n".join(map(str.rstrip, look.lines)))
    lines.press(*"sälx", (0x08, "\x08", 0), "ä", ENTER)
    lines.wait_for(lambda look: "line?" in look.text)
    lines.press(*"äöå", ENTER)
    look = lines.wait_for(lambda look: "got" in look.text)
    assert "got 4 True" in look.text
    assert "säl" not in look.text
    assert "> äöå" in look.text


def test_ctrl_z_ends_nothing_while_the_keyboard_is_held(lines: Desk) -> None:
    lines.wait_for(lambda look: "secret?" in look.text)
    lines.press("a", ENTER)
    lines.wait_for(lambda look: "line?" in look.text)
    lines.press("b", ENTER)
    lines.wait_for(lambda look: "got" in look.text)
    lines.press(CTRL_Z, ENTER)
    assert "held ''" in lines.wait_for(lambda look: "ends?" in look.text).text
    lines.press(CTRL_Z, ENTER)
    assert lines.ask("wait", 30) == 7


@needs_windows
def test_ctrl_break_ends_lines_at_a_question(lines: Desk) -> None:
    lines.wait_for(lambda look: "secret?" in look.text)
    lines.press("a", ENTER)
    lines.wait_for(lambda look: "line?" in look.text)
    lines.ask("send", 1)
    lines.press(ENTER)
    assert lines.ask("wait", 30) in (130, 149), lines.look().text
