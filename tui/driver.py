"""The terminal driver for POSIX: quiet on the line, and hard to break.

It differs from Textual's own in this: input that is not UTF-8 is dropped and reported, a
terminal that goes away or a signal that asks for the end closes the application in order, a
paste is capped, and neither mouse, focus, kitty keyboard nor query codes are sent. A key event's
`time` is the monotonic moment at which its bytes were read.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event

from tui.keyboard import PAUSE_S, KeyReader

if TYPE_CHECKING:
    from textual.app import App

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""Signals that end the application in order, with exit status 128 + number."""

LAST_RESORT_S = 3.0
"""An application that has not ended this long after such a signal is ended at once."""

_UNUSED_CODES = (
    "\x1b[?1004h",
    "\x1b[?1004l",
    "\x1b[>",
    "\x1b[<",
    "\x1b]22;",
)  # focus reports, kitty keyboard, mouse pointer
_CLEAR = "\x1b[H\x1b[2J"
_LEAVE = b"\x1b[H\x1b[2J\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[?25h"


class Output:
    """The terminal as a file for the writer thread: unbuffered UTF-8, quiet once it is gone."""

    def __init__(self, descriptor: int, lost: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._lost = lost
        self._gone = False

    def write(self, text: str) -> int:
        """Write everything, or tell `lost` once and then drop all."""
        data = memoryview(text.encode("utf-8", "replace"))
        while data and not self._gone:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # someone else made the shared terminal non-blocking
                select.select([], [self._descriptor], [], PAUSE_S)
            except OSError:
                self._gone = True
                self._lost()
        return len(text)

    def flush(self) -> None:
        """Do nothing; nothing is buffered."""

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._descriptor


class TerminalDriver(LinuxDriver):
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
        self._output = Output(_terminal(), lambda: self.leave(signal.SIGHUP))
        self._file: Any = self._output  # what Textual's writer thread writes to
        self._leaving = False
        self._suspended = False
        for number in ENDING:
            signal.signal(number, self._on_ending)
        # Textual suspends inside the signal handler, where a lock that the interrupted
        # code holds would never be freed; the event loop is the safe place.
        signal.signal(signal.SIGTSTP, self._in_loop(self._suspend))
        signal.signal(signal.SIGCONT, self._in_loop(self._continue))

    # -- ending ------------------------------------------------------------

    def leave(self, number: int) -> None:
        """End the application in order, with exit status 128 + number; from any thread."""
        if self._leaving:
            return
        self._leaving = True
        last_resort = threading.Timer(LAST_RESORT_S, self._break_off, [128 + number])
        last_resort.daemon = True
        last_resort.start()
        with contextlib.suppress(RuntimeError):  # the loop has already ended
            self._loop.call_soon_threadsafe(self._app.exit, None, 128 + number)

    def _on_ending(self, number: int, _frame: FrameType | None) -> None:
        if self._loop.is_closed():
            raise SystemExit(128 + number)
        self.leave(number)

    def _break_off(self, status: int) -> None:
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        output = self._output.fileno()
        with contextlib.suppress(OSError):
            if select.select([], [output], [], 0)[1]:
                os.write(output, _LEAVE)
        os._exit(status)

    # -- stopping and going on ---------------------------------------------

    def _in_loop(self, action: Callable[[], None]) -> Callable[[int, FrameType | None], None]:
        def handle(_number: int, _frame: FrameType | None) -> None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(action)

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
        self.resume_application_mode()
        self._suspended = self._must_signal_resume  # still set when in the background
        self._app.refresh(layout=True)

    def stop_application_mode(self) -> None:
        """Restore the terminal; nothing stays readable where there is no second screen."""
        self.write(_CLEAR)
        super().stop_application_mode()

    # -- writing -----------------------------------------------------------

    def write(self, data: str) -> None:
        """Write to the terminal, without the codes that nothing here has a use for."""
        if not data.startswith(_UNUSED_CODES):
            super().write(data)

    def _get_terminal_size(self) -> tuple[int, int]:
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

    def run_input_thread(self) -> None:
        """Read keys until the application ends or the terminal is gone."""
        reader = KeyReader()
        told = False
        while not self.exit_event.is_set():
            ready = select.select([self.fileno], [], [], PAUSE_S)[0]
            if ready:
                data = self._read()
                if not data:
                    self.leave(signal.SIGHUP)
                    return
                events = reader.feed(data, time.monotonic())
            else:
                events = reader.pause(time.monotonic())
            for event in events:
                self.process_message(event)
            if reader.not_utf8 and not told:
                told = True
                self.process_message(self.NotUtf8())

    def _read(self) -> bytes:
        """Return what has come, nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""


def _terminal() -> int:
    """The descriptor that is the terminal: standard output, or standard error."""
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and stream.isatty():
            return stream.fileno()
    return 2
