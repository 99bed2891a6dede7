"""Stands between a program and its terminal as sshd does before a slow line.

    python -m tests.terminal.relay --bytes-per-s 960 --delay-ms 300 --left FILE -- program ...

It takes at once whatever the program writes, so that the program's own terminal never blocks,
and passes it on at the line's speed. Keys and answers go the other way, with the same delay.
SIGUSR1 makes the way to the terminal hang, SIGUSR2 go on; other signals are the program's. When
the program has ended and the line is empty, FILE gets what nobody has read: it would stand in the
shell's prompt.
"""

from __future__ import annotations

import argparse
import array
import contextlib
import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
import tty
from collections import deque
from collections.abc import Sequence
from pathlib import Path

_PIECE = 16
_LOOK_S = 0.01
_FORWARDED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGTSTP, signal.SIGCONT)


class Way:
    """One direction of a line: bytes, each with the moment at which it arrives."""

    def __init__(self, target: int, delay_s: float, bytes_per_s: float = 0.0) -> None:
        self.arrived_at = 0.0
        self._target = target
        self._delay_s = delay_s
        self._bytes_per_s = bytes_per_s
        self._free_at = 0.0
        self._on_way: deque[tuple[float, bytes]] = deque()

    @property
    def empty(self) -> bool:
        return not self._on_way

    def take(self, data: bytes) -> None:
        """Take any number of bytes."""
        step = _PIECE if self._bytes_per_s else len(data) or 1
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            self._free_at = max(self._free_at, time.monotonic())
            if self._bytes_per_s:
                self._free_at += len(piece) / self._bytes_per_s
            self._on_way.append((self._free_at + self._delay_s, piece))

    def deliver(self) -> None:
        """Write what has arrived by now."""
        while self._on_way and self._on_way[0][0] <= time.monotonic():
            _, piece = self._on_way.popleft()
            self.arrived_at = time.monotonic()
            while piece:
                piece = piece[os.write(self._target, piece) :]

    def hang(self, seconds: float) -> None:
        """Let everything that is on its way arrive so many seconds later."""
        self._free_at += seconds
        self._on_way = deque((due + seconds, piece) for due, piece in self._on_way)


class Relay:
    """A program in an inner terminal, and the line to the outer one (standard input, output)."""

    def __init__(self, argv: Sequence[str], bytes_per_s: float, delay_s: float) -> None:
        self._inner, self._program_side = pty.openpty()
        self._hung_at: float | None = None
        self._copy_size()
        opener = ["/bin/sh", "-c", 'exec "$@" 0<>"$0" 1>&0 2>&0', os.ttyname(self._program_side)]
        self._program = subprocess.Popen([*opener, *argv], start_new_session=True)
        self._to_terminal = Way(1, delay_s, bytes_per_s)
        self._to_program = Way(self._inner, delay_s)
        self._delay_s = delay_s

    def run(self) -> int:
        """Pass everything on until the program has ended and nothing is on its way."""
        tty.setraw(0)
        signal.signal(signal.SIGWINCH, lambda *_: self._copy_size())
        signal.signal(signal.SIGUSR1, lambda *_: self._hang())
        signal.signal(signal.SIGUSR2, lambda *_: self._go_on())
        for number in _FORWARDED:
            signal.signal(number, lambda number, _: self._program.send_signal(number))
        while self._program.poll() is None or not self._over():
            self._step()
        return self._program.returncode

    def unread(self) -> bytes:
        """What lies in the program's terminal for whoever reads next, complete line or not."""
        settings = termios.tcgetattr(self._program_side)
        settings[tty.LFLAG] &= ~termios.ICANON
        termios.tcsetattr(self._program_side, termios.TCSANOW, settings)
        count = array.array("i", [0])
        fcntl.ioctl(self._program_side, termios.FIONREAD, count)
        return os.read(self._program_side, count[0]) if count[0] else b""

    def _step(self) -> None:
        for descriptor in select.select([0, self._inner], [], [], _LOOK_S)[0]:
            way = self._to_program if descriptor == 0 else self._to_terminal
            with contextlib.suppress(OSError):
                way.take(os.read(descriptor, 1 << 16))
        if self._hung_at is None:
            self._to_terminal.deliver()
        self._to_program.deliver()

    def _over(self) -> bool:
        """Whether the last byte has come and its answer would have come back."""
        settled = self._to_terminal.arrived_at + 2 * self._delay_s + 0.2
        empty = self._to_terminal.empty and self._to_program.empty
        return empty and time.monotonic() > settled

    def _hang(self) -> None:
        self._hung_at = time.monotonic()

    def _go_on(self) -> None:
        if self._hung_at is not None:
            self._to_terminal.hang(time.monotonic() - self._hung_at)
            self._hung_at = None

    def _copy_size(self) -> None:
        termios.tcsetwinsize(self._inner, termios.tcgetwinsize(0))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bytes-per-s", type=float, default=960.0)
    parser.add_argument("--delay-ms", type=float, default=300.0)
    parser.add_argument("--left", type=Path)
    parser.add_argument("program", nargs="+")
    given = parser.parse_args()
    relay = Relay(given.program, given.bytes_per_s, given.delay_ms / 1000)
    status = relay.run()
    if given.left:
        given.left.write_bytes(relay.unread())
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main())
