"""A program running in a terminal of its own, driven by a test.

    with Session([sys.executable, "-m", "tui"]) as session:
        session.wait_for("Question 1")
        session.press("2")
        assert "Question 2" in session.text
        session.press("x")
        assert session.wait_exit() == 0

Needs Linux: memory, CPU time and descendants are read from /proc.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pty
import re
import select
import signal
import statistics
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.terminal.emulator import Replies, Terminal
from tests.terminal.keyscript import Step, key_bytes, parse, size

PATIENCE_S = 60.0
"""How long one wait may take before a test fails; far more than any of them should need."""

_REAP_S = 2.0
_ITS_TERMINAL = {"TERM": "xterm-256color", "PORRAS_GLYPHS": "unicode"}
# What the shell of the person at the keyboard must not bring into a test.
_NOT_INHERITED = ("COLUMNS", "LINES", "NO_COLOR", "ESCDELAY")


class DiedError(Exception):
    """The program ended before what was waited for."""


class NotShownError(AssertionError):
    """The screen did not show in time what was waited for."""


@dataclass
class KeyCost:
    """What one key cost: bytes, changed character cells, and time to its first and last byte."""

    key: str
    bytes: int = 0
    cells: int = 0
    first_ms: float | None = None
    done_ms: float | None = None


class Session:
    """Starts a program in a pty, draws what it sends, and ends it and its descendants.

    An `env` value of None takes the variable away. `bytes_per_s` stands in for a slow link, may be
    changed on the way, and is 0 where nothing holds up. `dialect` holds the keys for which this
    terminal sends something else than most.
    """

    def __init__(
        self,
        argv: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        *,
        env: Mapping[str, str | None] | None = None,
        cwd: str | Path | None = None,
        settle_s: float = 0.08,
        replies: Replies = "basic",
        bytes_per_s: float = 0.0,
        dialect: Mapping[str, bytes] | None = None,
    ) -> None:
        self.argv = list(argv)
        self.terminal = Terminal(columns, rows, replies)
        self.raw = bytearray()
        self.exit_status: int | None = None
        self.rss_kb = self.tree_rss_kb = 0
        self.cpu_s = 0.0
        self.settle_s = settle_s
        self._env = _environment(env or {})
        self._cwd = cwd
        self.bytes_per_s = bytes_per_s
        self._next_read = 0.0
        self._dialect = dict(dialect or {})

    def __enter__(self) -> Self:
        self._fd, self._program_side = pty.openpty()
        self.resize(self.terminal.screen.columns, self.terminal.screen.lines)
        self._tty_before = termios.tcgetattr(self._program_side)
        self.started = self.last_output = time.perf_counter()
        # A session leader's first opened terminal becomes its controlling one. A shell does
        # it, since Python code between fork and exec is unsafe in a program with threads.
        opener = ["/bin/sh", "-c", 'exec "$@" 0<>"$0" 1>&0 2>&0', os.ttyname(self._program_side)]
        self._process = subprocess.Popen(
            opener + self.argv, env=self._env, cwd=self._cwd, start_new_session=True
        )
        self.pid = self._process.pid
        os.set_blocking(self._fd, False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        for descriptor in (self._fd, self._program_side):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    # -- what is seen ------------------------------------------------------

    @property
    def text(self) -> str:
        """The screen as lines, without trailing blanks."""
        return self.terminal.text

    @property
    def total_bytes(self) -> int:
        """How many bytes the program has sent."""
        return len(self.raw)

    @property
    def sane(self) -> bool:
        """Whether the line settings (as of `stty`) are those from before the program ran."""
        return termios.tcgetattr(self._program_side) == self._tty_before

    @property
    def left_on(self) -> set[str]:
        """Terminal modes still on that a shell does not want: alternate screen, mouse, paste."""
        return self.terminal.modes - {"7", "25"}

    def read(self, timeout: float) -> int:
        """Wait for one burst of output, draw it and return its size; DiedError at the end."""
        timeout -= self._wait_for_link(timeout)
        ready = select.select([self._fd], [], [], max(timeout, 0))[0]
        data = b""
        if ready:
            limit = max(1, int(self.bytes_per_s * 0.02)) if self.bytes_per_s else 65536
            with contextlib.suppress(BlockingIOError):
                data = self._from_program(limit)
        elif self._reap():
            raise DiedError(f"exit status {self.exit_status}\n{self.text}")
        if data:
            self.last_output = time.perf_counter()
            if self.bytes_per_s:
                self._next_read = self.last_output + len(data) / self.bytes_per_s
            self.raw += data
            if answer := self.terminal.feed(data):
                self.send(answer)
        return len(data)

    def _wait_for_link(self, timeout: float) -> float:
        pause = min(self._next_read - time.perf_counter(), timeout)
        if pause <= 0:
            return 0.0
        time.sleep(pause)
        return pause

    def _from_program(self, limit: int) -> bytes:
        try:
            return os.read(self._fd, limit)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            self._reap(_REAP_S)
            raise DiedError(f"exit status {self.exit_status}\n{self.text}") from None

    def settle(self, limit_s: float, quiet_s: float | None = None) -> int:
        """Read until output is quiet, or limit_s is over; return how many bytes came."""
        quiet_s = self.settle_s if quiet_s is None else quiet_s
        start = last = time.perf_counter()
        count = 0
        while True:
            now = time.perf_counter()
            wait = min(max(last, self._next_read) + quiet_s, start + limit_s) - now
            if wait <= 0:
                return count
            if got := self.read(wait):
                last = time.perf_counter()
                count += got

    def idle(self, seconds: float) -> int:
        """Let the program run for a time; return how many bytes came."""
        before, end = self.total_bytes, time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return self.total_bytes - before

    def shows(self, pattern: str, limit_s: float = PATIENCE_S) -> bool:
        """Read until the screen matches the pattern; tell whether it did in time."""
        regex = re.compile(pattern, re.MULTILINE)
        end = time.perf_counter() + limit_s
        while not regex.search(self.text):
            left = end - time.perf_counter()
            if left <= 0:
                return False
            self.read(min(left, 0.25))
        return True

    def wait_for(self, pattern: str, limit_s: float = PATIENCE_S) -> None:
        """Read until the screen matches the pattern; NotShownError when it does not."""
        if not self.shows(pattern, limit_s):
            raise NotShownError(f"{pattern!r} is not on the screen:\n{self.text}")

    # -- what is done ------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send bytes as if typed, and do not wait for a response."""
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._fd, view) :]
            except BlockingIOError:
                if not select.select([], [self._fd], [], 0.05)[1]:
                    self.read(0)  # the program may be waiting for us to take its output

    def press(self, script: str, response_s: float = 1.0) -> list[KeyCost]:
        """Run a key script, each key after the response to the one before."""
        return [cost for step in parse(script) if (cost := self.do(step, response_s=response_s))]

    def do(
        self, step: Step, limit_s: float = PATIENCE_S, response_s: float = 1.0
    ) -> KeyCost | None:
        """Do one step of a key script."""
        if step.kind == "key":
            return self._press_key(step.value, limit_s, response_s)
        if step.kind == "wait":
            self.wait_for(step.value, limit_s)
        elif step.kind == "sleep":
            self.idle(int(step.value) / 1000)
        else:
            self.resize(*size(step.value))
            self.settle(limit_s, 0.3)
        return None

    def _press_key(self, key: str, limit_s: float, response_s: float) -> KeyCost:
        cost = KeyCost(key)
        before = self.terminal.cells()
        sent = time.perf_counter()
        self.send(self._dialect.get(key) or key_bytes(key, self.terminal.application_keys))
        while not cost.bytes and (left := sent + response_s - time.perf_counter()) > 0:
            cost.bytes = self.read(left)
        if not cost.bytes:
            return cost
        cost.first_ms = (self.last_output - sent) * 1000
        with contextlib.suppress(DiedError):  # this may be the key that ends the program
            cost.bytes += self.settle(limit_s)
        cost.done_ms = (self.last_output - sent) * 1000
        after = self.terminal.cells()
        cost.cells = sum(old != new for old, new in zip(before, after, strict=False))
        return cost

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program gets SIGWINCH."""
        self.terminal.resize(columns, rows)
        termios.tcsetwinsize(self._fd, (rows, columns))

    def set_speed(self, speed: int) -> None:
        """Say that the line has another speed, a `termios.B…`; it is no slower for that."""
        settings = termios.tcgetattr(self._program_side)
        settings[4] = settings[5] = speed
        termios.tcsetattr(self._program_side, termios.TCSANOW, settings)

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def kill(self) -> int:
        """Kill the program as a power cut would (SIGKILL), and return its exit status."""
        self.signal(signal.SIGKILL)
        return self.wait_exit()

    def freeze(self) -> None:
        """Make the terminal take no output any more, as a dead line or Ctrl-S does."""
        termios.tcflow(self._program_side, termios.TCOOFF)

    def hang_up(self) -> None:
        """Close the terminal, as when a connection is lost; only the exit can be seen then."""
        os.close(self._program_side)
        os.close(self._fd)

    # -- the process -------------------------------------------------------

    @property
    def ended(self) -> bool:
        """Whether the program has ended; looks without reading its output."""
        return self._reap()

    def wait_exit(self, limit_s: float = PATIENCE_S) -> int:
        """Read until the program ends; return its exit status, -n when a signal n ended it."""
        end = time.perf_counter() + limit_s
        while not self._reap():
            if time.perf_counter() > end:
                raise NotShownError(f"the program did not end:\n{self.text}")
            try:
                self.read(0.01)
            except OSError:  # hung up
                time.sleep(0.01)
            except DiedError:
                break
        with contextlib.suppress(OSError, DiedError):
            self.settle(0.2, 0.05)
        assert self.exit_status is not None
        return self.exit_status

    def tree(self) -> list[int]:
        """The program and its descendants."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                stat = (entry / "stat").read_text()
                parent = int(stat[stat.rindex(")") + 2 :].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
        found = [self.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def sample(self) -> None:
        """Note the peak memory and the CPU time of the program and its descendants so far."""
        tree_kb, cpu = 0, 0.0
        for pid in self.tree():
            with contextlib.suppress(OSError, ValueError):
                status = Path(f"/proc/{pid}/status").read_text()
                match = re.search(r"VmHWM:\s+(\d+)", status)
                kb = int(match[1]) if match else 0
                cpu += _cpu_s(pid)
                tree_kb += kb
                if pid == self.pid:
                    self.rss_kb = max(self.rss_kb, kb)
        self.tree_rss_kb = max(self.tree_rss_kb, tree_kb)
        self.cpu_s = max(self.cpu_s, cpu)

    def _reap(self, limit_s: float = 0.0) -> bool:
        end = time.perf_counter() + limit_s
        while self.exit_status is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.exit_status = self._process.returncode = os.waitstatus_to_exitcode(status)
                self.cpu_s = max(self.cpu_s, usage.ru_utime + usage.ru_stime)
            elif time.perf_counter() >= end:
                return False
            else:
                time.sleep(0.002)
        return True

    def stop(self) -> None:
        """End the program and everything in its process group, if it still runs."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.exit_status is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, number)
                with contextlib.suppress(NotShownError):
                    self.wait_exit(1.0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _NOT_INHERITED and not name.startswith("TEXTUAL")
    }
    unasked = {"PORRAS_TOUR": "no"}
    merged: dict[str, str | None] = {**kept, **unasked, **_ITS_TERMINAL, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def _cpu_s(pid: int) -> float:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def until(done: Callable[[], bool], look: Callable[[], object] | None = None) -> None:
    """Look until something is so; NotShownError when it is not in time.

    `look` is what to do between two looks, instead of only letting time pass.
    """
    end = time.perf_counter() + PATIENCE_S
    while not done():
        if time.perf_counter() > end:
            raise NotShownError("what was waited for has not come")
        look() if look else time.sleep(0.05)


def runs(pid: int) -> bool:
    """Tell whether a process is alive; one that ended and was never waited for is not."""
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def spread(values: Sequence[float]) -> dict[str, float] | None:
    """Median, 95th percentile and maximum of some values; None when there are none."""
    if not values:
        return None
    ranked = sorted(values)
    p95 = ranked[max(0, -(-len(ranked) * 95 // 100) - 1)]
    found = {"median": statistics.median(ranked), "p95": p95, "max": ranked[-1]}
    return {name: round(value, 2) for name, value in found.items()}
