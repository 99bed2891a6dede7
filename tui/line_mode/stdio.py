"""The terminal as a teletype: lines go out, lines come in, and nothing moves the cursor.

A line typed before its question was put is thrown away where somebody types; a pipe is read line by
line. A signal ends the program at a question, never while something is stored. While the keyboard
is held no key sends one.
"""

from __future__ import annotations

import getpass
import re
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from io import StringIO, TextIOWrapper
from types import FrameType
from typing import TextIO

from screens.base.lines import harmless
from stepping.characters import escape_unfit
from tui.line_mode.line_io import Ended, LineTerminal, folded
from tui.line_mode.signal_keys import SignalKeys
from tui.terminal.windows.ending import minding_console

PROMPT = "> "
_USUAL = (80, 24)
_PIPE = 13
"""The number of SIGPIPE, which not every system names."""
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_INTERRUPTS = (2, 21)
"""SIGINT, and what Ctrl-Break is on Windows: the keys that hurry."""
_SCROLLED = "\x1b[3J"
"""Forgets what can be scrolled back; a terminal that does not know it passes over it."""
_PADDING = re.compile(rb"\$<[^>]*>")
_ASCII = str.maketrans(
    {"→": ">", "←": "<", "–": "-", "…": "...", "“": '"', "”": '"', "’": "'", "·": "-", "×": "x"}
)
"""What stands in for a sign that the terminal's character set does not have."""


class StdioTerminal:
    """Says and asks on two streams; use it as a context, which takes care of signals."""

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._source = source
        self._sink = sink
        self._typed = source.isatty()
        self._waits = False
        self._signal = 0
        self._signal_keys = SignalKeys(source)

    @property
    def terminal(self) -> LineTerminal:
        """This terminal as the program sees it."""
        return LineTerminal(
            self.write_line,
            self.read_line,
            columns,
            self._typed,
            self.flush,
            self.sleep,
            hold_keys=self.hold_keys,
            can_clear=lambda: bool(self._clearing),
            clear=self.clear,
            ring=self.ring,
        )

    @cached_property
    def _clearing(self) -> str:
        return _clearing(self._sink) if self._typed else ""

    @contextmanager
    def minding_signals(self) -> Iterator[None]:
        """Let interrupt, hang-up and termination end the program at the next question."""
        numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
        before = {number: signal.signal(number, self._came) for number in numbers}
        if hasattr(signal, "SIGCONT"):
            before[signal.SIGCONT] = signal.signal(signal.SIGCONT, self._resumed)
        try:
            with minding_console(self._lose_console, interrupts=False):
                yield
        finally:
            self._signal_keys.restore()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _resumed(self, *_: object) -> None:
        """Hold the keyboard again: the shell has set the terminal as it likes."""
        if self._signal_keys.disabled:
            self._signal_keys.disable()

    def _lose_console(self, number: int) -> None:
        """Take note, in a thread of the system, that a window of Windows is being closed."""
        self._signal = number
        if sys.platform == "win32":
            from tui.terminal.windows.console import press_enter

            press_enter()  # whoever waits for a line sees that it is the last one

    def _came(self, number: int, _: FrameType | None) -> None:
        if number in _INTERRUPTS and self._signal_keys.disabled:
            return
        self._signal = number
        if self._waits:
            self._waits = False
            raise Ended(128 + number)

    def write_line(self, line: str) -> None:
        """Put one line out."""
        self._write(escape_unfit(line, lines=True) + "\n")

    def _write(self, text: str) -> None:
        try:
            self._sink.write(_writable(text, self._sink.encoding))
            self._sink.flush()
        except BrokenPipeError:
            raise Ended(128 + _PIPE) from None
        except OSError:
            raise Ended(1) from None

    def read_line(self, secret: bool) -> str:
        """Return the next line.

        Raises:
            EOFError: If there is none, or only the beginning of one: it may have been cut short.
            Ended: If a signal came.
        """
        with self._waiting():
            return self._unseen() if secret and self._typed else self._seen(secret)

    def hold_keys(self, held: bool) -> bool:
        """Take the keys away that end the program, or give them back; false where they stay."""
        if held:
            return self._signal_keys.disable()
        self._signal_keys.restore()
        return True

    def clear(self) -> None:
        """Take off what stands here and above; where that cannot be, move a page away from it."""
        self._write(self._clearing or "\n" * shutil.get_terminal_size(_USUAL).lines)

    def ring(self) -> None:
        """Ring the bell, where somebody may hear it."""
        if self._typed:
            self._write("\a")

    def sleep(self, seconds: float) -> None:
        """Let some seconds pass; a signal ends the program meanwhile.

        What is typed then is not shown: a lock waits so, and it may be a passphrase.
        """
        with self._waiting(), _unseen_keys(self._source):
            time.sleep(seconds)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Let a signal end the program at once, and one that came before too."""
        self._waits = True
        try:
            self._end_on_signal()
            yield
            self._end_on_signal()
        finally:
            self._waits = False

    def _end_on_signal(self) -> None:
        if self._signal:
            raise Ended(128 + self._signal)

    def _seen(self, secret: bool) -> str:
        self._write(PROMPT)
        try:
            line = self._source.readline()
        except OSError:  # the terminal is gone
            raise EOFError from None
        if not line.endswith("\n"):
            if self._typed and self._holds_its_end(line):
                return ""
            raise EOFError
        line = line.rstrip("\r\n")
        if not self._typed:
            shown = "" if secret else harmless(line)
            for row in folded(shown, columns() - len(PROMPT)):
                self.write_line(row)
        return line

    def _holds_its_end(self, line: str) -> bool:
        """Ctrl-Z ends the input on Windows, or Ctrl-C a line; not while the keyboard is held."""
        return sys.platform == "win32" and self._signal_keys.disabled and not line

    def _unseen(self) -> str:
        if sys.platform == "win32":
            from tui.terminal.windows.console import ECHO_INPUT, keyboard_without

            # msvcrt would take arrow keys for letters, and show nothing of a line's editing
            with keyboard_without(ECHO_INPUT):
                line = self._seen(secret=True)
            self.write_line("")
            return line
        with warnings.catch_warnings():
            # getpass would rather read with echo than not at all; better not at all.
            warnings.simplefilter("error", getpass.GetPassWarning)
            try:
                return getpass.getpass(PROMPT)
            except getpass.GetPassWarning:
                raise EOFError from None
            except UnicodeDecodeError:  # another character set than the passphrase was chosen in
                return ""

    def flush(self) -> None:
        """Wait until the question is out, and forget what was typed before that."""
        if not self._typed:
            return
        if sys.platform == "win32":
            from tui.terminal.windows.console import forget_keys

            forget_keys()
            return
        import termios

        with suppress(termios.error, OSError, ValueError):
            if self._sink.isatty():
                termios.tcdrain(self._sink)
            termios.tcflush(self._source, termios.TCIFLUSH)


@contextmanager
def _unseen_keys(source: TextIO) -> Iterator[None]:
    """Show nothing of what is typed, and forget it; a pipe shows nothing by itself."""
    if not source.isatty():
        yield
        return
    if sys.platform == "win32":
        from tui.terminal.windows.console import ECHO_INPUT, forget_keys, keyboard_without

        with keyboard_without(ECHO_INPUT):
            yield
        forget_keys()
        return
    import termios

    try:
        usual = termios.tcgetattr(source)
        quiet = [*usual]
        quiet[3] &= ~termios.ECHO
        termios.tcsetattr(source, termios.TCSANOW, quiet)
    except (termios.error, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        with suppress(termios.error, OSError, ValueError):
            termios.tcsetattr(source, termios.TCSAFLUSH, usual)


def standard() -> StdioTerminal:
    """Return the teletype on standard input and output; a closed one is empty."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    return StdioTerminal(sys.stdin or StringIO(), sys.stdout or StringIO())


def _clearing(sink: TextIO) -> str:
    """Return what clears the screen and its scrollback; nothing where terminfo knows of none."""
    try:
        import curses
    except ImportError:
        return ""
    try:
        curses.setupterm(fd=sink.fileno())
    except (curses.error, OSError, ValueError):
        return ""
    clear = _PADDING.sub(b"", curses.tigetstr("clear") or b"")
    return clear.decode("ascii") + _SCROLLED if clear.startswith(b"\x1b[") else ""


def columns() -> int:
    """Return the width of the terminal in cells, or 80 where nobody knows it."""
    return shutil.get_terminal_size(_USUAL).columns


def _writable(text: str, encoding: str | None) -> str:
    """Return a text in the character set of the output, the rest in ASCII as well as may be."""
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII)
    return text
