"""The terminal driver for POSIX: quiet on the line, and hard to break.

It differs from Textual's own in this: only cells that differ are sent, and no picture that is
outdated before the line is free; input that is not UTF-8 is dropped and reported, a terminal that
goes away or a signal that asks for the end closes the application in order, what comes at once is
no keys, Ctrl-L draws everything again, and neither mouse, focus nor kitty keyboard codes are sent.
The one query is whether the terminal is well: its answer tells what has arrived there, and is never
a key. A key event's `time` is the monotonic moment at which its bytes were read.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    raise ImportError("Windows has no such terminals")

import contextlib
import os
import select
import signal
import termios
import tty
from collections.abc import Callable
from types import FrameType
from typing import Any

from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, ScreenResume

from tui.terminal.keyboard import PAUSE_S
from tui.terminal.leftover import LEAVE, WIPE
from tui.terminal.painted_driver import HANG_UP, HIDE_CURSOR, PaintedDriver

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""Signals that end the application in order, with exit status 128 + number."""

_HEAR_OUT_S = 2.0
"""How long the end waits for an answer that would otherwise stand in the shell's prompt."""

_UNUSED_CODES = (
    "\x1b[?1004h",
    "\x1b[?1004l",
    "\x1b[>",
    "\x1b[<",
    "\x1b]22;",
)  # focus reports, kitty keyboard, mouse pointer
_NEWER_CODES = ("\x1b[?1049", "\x1b[?25", "\x1b[?2004")
"""Second screen, cursor and paste marks, which the oldest terminals lack."""


class Output:
    """The terminal as a file for the writing thread: UTF-8, quiet once it is `gone`.

    `late` tells whether the last text had to wait for the terminal; a text that waits is dropped
    once `abandoned` is set.
    """

    def __init__(self, descriptor: int, lost: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._lost = lost
        self.gone = False
        self.late = False
        self.abandoned = False

    def write(self, text: str) -> int:
        """Write everything, or tell `lost` once and then drop all."""
        data = memoryview(text.encode("utf-8", "replace"))
        self.late = False
        while data and not self.gone and not self.abandoned:
            try:
                data = data[os.write(self._descriptor, data) :]
                self.late = self.late or bool(data)
            except BlockingIOError:
                self.late = True
                select.select([], [self._descriptor], [], PAUSE_S)
            except OSError:
                self.gone = True
                self._lost()
        return len(text)

    def keeps_pace(self, text: str) -> bool:
        """Write everything; tell whether the terminal took it at once."""
        self.write(text)
        return not self.late

    def flush(self) -> None:
        """Do nothing; nothing is buffered."""

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._descriptor


class TerminalDriver(PaintedDriver, LinuxDriver):
    """Textual's Linux driver, made for thin lines and rough ends."""

    class NotUtf8(Event):
        """Posted to the app once, when the terminal has sent something that is not UTF-8."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output = Output(_opened_anew(_terminal()), lambda: self.leave(HANG_UP))
        self._file: Any = self._output  # what Textual's writer thread writes to
        self._unknown = _UNUSED_CODES + (_NEWER_CODES if self._painted.ability.plain else ())
        self._suspended = self._told_foreign = False
        self._take_painter()
        for number in ENDING:
            signal.signal(number, self._on_ending)
        # Textual suspends inside the signal handler, where a lock that the interrupted
        # code holds would never be freed; the event loop is the safe place.
        signal.signal(signal.SIGTSTP, self._in_loop(self._suspend))
        signal.signal(signal.SIGCONT, self._in_loop(self._continue))

    # -- ending ------------------------------------------------------------

    def _on_ending(self, number: int, _frame: FrameType | None) -> None:
        if self._event_loop.is_closed():
            raise SystemExit(128 + number)
        self.leave(number)

    def _break_off(self, status: int) -> None:
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcflush(self.fileno, termios.TCIFLUSH)
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        output = self._output.fileno()
        with contextlib.suppress(OSError):
            if select.select([], [output], [], 0)[1]:
                known = [code for code in LEAVE if not code.startswith(self._unknown)]
                os.write(output, "".join([WIPE, *known]).encode())
        os._exit(status)

    # -- stopping and going on ---------------------------------------------

    def _in_loop(self, action: Callable[[], None]) -> Callable[[int, FrameType | None], None]:
        def handle(_number: int, _frame: FrameType | None) -> None:
            with contextlib.suppress(RuntimeError):
                self._event_loop.call_soon_threadsafe(action)

        return handle

    def _suspend(self) -> None:
        self._suspended = True
        self._sigtstp_application()

    def _continue(self) -> None:
        if not self._auto_restart:
            return
        if not self._suspended:  # stopped by SIGSTOP, which gives no warning
            self.suspend_application_mode()
            self._must_signal_resume = True
        self._painted.coming_back()
        self.resume_application_mode()
        self._suspended = self._must_signal_resume  # still set when in the background
        self._owner.refresh(layout=True)
        with contextlib.suppress(ScreenStackError):
            self._owner.screen.post_message(ScreenResume())  # no key counts before it is seen again

    def start_application_mode(self) -> None:
        """Take the terminal over: second screen, single keys, and our own pace of writing."""
        if self._painter is not None and self._writer is None:
            self._start_writer(self._painter)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._painter is None:
            return
        if self._must_signal_resume:  # still set: in the background the terminal is the shell's
            self._painter.close()
            self.close()
        else:
            self._keep_line_feeds()
            signal.signal(signal.SIGWINCH, self._in_loop(self._resized))

    def stop_application_mode(self) -> None:
        """Restore the terminal; nothing stays readable where there is no second screen."""
        if self._painter is not None:
            self._painter.close()
        if self._writer is not None and not self._output.gone:
            self._writer.hear_out(_HEAR_OUT_S)
        self.write(WIPE)
        super().stop_application_mode()

    def close(self) -> None:
        """Send what is left, as far as the terminal takes it."""
        self._finish_writing()
        super().close()

    # -- writing -----------------------------------------------------------

    def _keep_line_feeds(self) -> None:
        """Let a line feed only go down: the shortest way to the next line, as in curses."""
        with contextlib.suppress(termios.error):
            settings = termios.tcgetattr(self.fileno)
            settings[tty.OFLAG] &= ~termios.OPOST
            termios.tcsetattr(self.fileno, termios.TCSANOW, settings)

    def repaint(self) -> None:
        """Draw everything again, from any thread."""
        if self._painter is not None:
            self._keep_line_feeds()  # whatever garbled the screen may have changed that too
        super().repaint()

    def write(self, data: str) -> None:
        """Write to the terminal, without codes that it lacks or that nothing here has a use for.

        The cursor stays visible where it stands on what is read or typed.
        """
        if data.startswith(self._unknown) or (self._writer is not None and data == HIDE_CURSOR):
            return
        if self._writer is not None:
            self._writer.send(data)
        else:
            super().write(data)

    def _window_size(self) -> tuple[int, int]:
        for descriptor in (self.fileno, self._output.fileno()):
            with contextlib.suppress(OSError):
                columns, rows = os.get_terminal_size(descriptor)
                if columns and rows:
                    return columns, rows
        return 80, 24

    def _enable_mouse_support(self) -> None:
        pass

    def _disable_mouse_support(self) -> None:
        pass

    def _query_in_band_window_resize(self) -> None:
        pass

    def _request_terminal_sync_mode_support(self) -> None:
        pass

    # -- reading -----------------------------------------------------------

    def _stops_reading(self) -> bool:
        return self.exit_event.is_set()

    def _await_bytes(self) -> bytes | None:
        return self._read() if select.select([self.fileno], [], [], PAUSE_S)[0] else None

    def _found_foreign(self) -> None:
        if not self._told_foreign:
            self._told_foreign = True
            self.process_message(self.NotUtf8())

    def _read(self) -> bytes:
        """Return what has come, nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""


def _terminal() -> int:
    """Return the descriptor that is the terminal: standard output, or standard error."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and stream.isatty():
            return stream.fileno()
    return 2


def _opened_anew(descriptor: int) -> int:
    """Open the same terminal so that no write waits; what other programs share stays as it is."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:  # not a terminal, or opened by another user
        return descriptor
