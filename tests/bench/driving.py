"""The journey is recorded once in the program, then drawn again by whoever is compared with it.

A comparison of different pages is void and ends the run.
"""

from __future__ import annotations

import difflib
import json
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from screens.episode.recording.background import TITLE
from tests.bench.journey import Drawn, Journey, Turn
from tests.bench.picture import Picture, shown
from tests.terminal.keyscript import Step, key_bytes
from tests.terminal.main_job import ANSWERS, AWAKE_S, ROOT, SLOW_S, Nurse
from tests.terminal.session import KeyCost, Session

LANGUAGE = "fi"
PATIENCE_S = 30.0
BITS_A_BYTE = 10
"""On a serial line: eight bits, a start bit and a stop bit."""

_SPEEDS = {9600: termios.B9600}
"""Settings of lines that are as slow as they say; a fast one says nothing of what lies behind."""


class VoidError(SystemExit):
    """Two programs did not show the same page."""


def program(database: Path, *options: str, module: str = "tests.terminal.nimble") -> list[str]:
    """Return the command that starts the program on a training store beside a database."""
    argv = [sys.executable, "-m", module, "--demo", "--db", str(database), "--lang", LANGUAGE]
    return [*argv, *options]


def unmodified(database: Path) -> list[str]:
    """Return the same with Textual's own driver, which sends all that Textual sends."""
    return program(database, module="tests.terminal.samples.unmodified")


def curses_program(file: Path) -> list[str]:
    """Return the command that shows written pages on curses."""
    return [sys.executable, "-m", "tests.terminal.samples.curses_pages", str(file)]


def write_pages(journey: Journey, file: Path) -> None:
    """Write the pages of a journey for `curses_program`."""
    pages = [{"rows": page.runs(), "cursor": page.cursor} for page in journey.pages()]
    file.write_text(json.dumps(pages), encoding="utf-8")


# -- recording -------------------------------------------------------------


class _Recorder(Session):
    """A session that keeps what came of each key, until the next one is pressed."""

    def __init__(self, argv: Sequence[str]) -> None:
        super().__init__(argv, cwd=ROOT)
        self.page = ""
        self.answering = False
        self.drawn: list[Drawn] = []
        self._before = shown(self.terminal)
        self._cost: KeyCost | None = None

    def do(
        self, step: Step, limit_s: float = PATIENCE_S, response_s: float = 1.0
    ) -> KeyCost | None:
        """Note what the key before has cost in the end, then press this one."""
        self.note()
        self._turn = Turn(self.page, step.value, self.answering)
        self._bytes = self.total_bytes
        self._cost = super().do(step, limit_s, response_s)
        self._burst_ended = self.last_output
        return self._cost

    def note(self) -> None:
        """Keep what came of the last key, which may have been more than its first burst."""
        now = shown(self.terminal)
        if self._cost is not None:
            ms = (self._cost.done_ms or 0.0) + (self.last_output - self._burst_ended) * 1000
            count, cells = self.total_bytes - self._bytes, now.changed(self._before)
            self.drawn.append(Drawn(self._turn, count, cells, ms, now))
        self._before, self._cost = now, None


def record(database: Path) -> Journey:
    """Go through the journey in the program itself, on a store that nobody has used yet."""
    with _Recorder(program(database)) as session:
        nurse = Nurse(session, LANGUAGE)
        nurse.sees("new assessment")
        session.idle(SLOW_S)
        start, start_bytes = shown(session.terminal), session.total_bytes
        session.page = "client card"
        nurse.fills_in_client()
        session.answering = True
        for each in ANSWERS:
            session.page = each.question
            nurse.answers(each)
        session.answering = False
        _confirm(session, nurse)
        session.note()
    return Journey(start_bytes, start, session.drawn)


def _confirm(session: _Recorder, nurse: Nurse) -> None:
    session.page = "result"
    session.wait_for("A3 ")
    session.idle(SLOW_S)
    session.press("Enter")
    session.page = "confirmation"
    nurse.sees("Confirm or change the step")
    session.idle(SLOW_S)
    session.press("Enter")
    nurse.sees(TITLE)
    session.idle(SLOW_S)


# -- drawing again ---------------------------------------------------------


class _Line(Session):
    """A session that is paced like a line of a speed; 0 is as fast as the machine."""

    def __init__(self, argv: Sequence[str], bits_per_s: int) -> None:
        env = {"LC_ALL": "C.UTF-8"}
        super().__init__(argv, cwd=ROOT, env=env, bytes_per_s=bits_per_s / BITS_A_BYTE)
        self._speed = _SPEEDS.get(bits_per_s)

    def __enter__(self) -> Self:
        super().__enter__()
        if self._speed is not None:
            settings = termios.tcgetattr(self._fd)
            settings[4] = settings[5] = self._speed
            termios.tcsetattr(self._fd, termios.TCSANOW, settings)
        return self

    @property
    def arrived(self) -> float:
        """When the last byte has come through the line."""
        return max(self.last_output, self._next_read)

    def complete(self, wanted: Picture, where: str) -> None:
        """Read until a picture stands on the terminal."""
        target, end = wanted.masked(), time.perf_counter() + PATIENCE_S
        while (now := shown(self.terminal).masked()) != target:
            if time.perf_counter() > end:
                raise VoidError(f"not the same page, {where}\n{_difference(target, now)}")
            self.read(0.25)


def _difference(wanted: Picture, found: Picture) -> str:
    old, new = (
        [f"{number:3} {row}" for number, row in enumerate(each.runs())] for each in (wanted, found)
    )
    return "\n".join(difflib.unified_diff(old, new, "wanted", "found", lineterm="", n=0))


def replay(name: str, argv: Sequence[str], journey: Journey, bits_per_s: int = 0) -> Journey:
    """Press the keys of a recorded journey in another program, each once its page is complete.

    The line takes `bits_per_s`, or as much as the machine can where that is 0. VoidError where
    one of the pages does not come.
    """
    with _Line(argv, bits_per_s) as session:
        session.complete(journey.start, f"{name}: the start screen")
        session.idle(SLOW_S)
        start, start_bytes = shown(session.terminal), session.total_bytes
        drawn: list[Drawn] = []
        for each in journey.drawn:
            before = drawn[-1].picture if drawn else start
            drawn.append(_turn(session, each, before, f"{name}: {each.turn.page}"))
    return Journey(start_bytes, start, drawn)


def _turn(session: _Line, wanted: Drawn, before: Picture, where: str) -> Drawn:
    turn, count, sent = wanted.turn, session.total_bytes, time.perf_counter()
    session.send(key_bytes(turn.key, session.terminal.application_keys))
    session.complete(wanted.picture, f"{where} {turn.key}")
    ms = (session.arrived - sent) * 1000
    session.idle(AWAKE_S if turn.answers else SLOW_S)
    now = shown(session.terminal)
    return Drawn(turn, session.total_bytes - count, now.changed(before), ms, now)
