"""The terminal driver for POSIX: quiet on the line, and hard to break.

It differs from Textual's own in this: only cells that differ are sent, and no picture that is
outdated before the line is free; input that is not UTF-8 is dropped and reported, a terminal that
goes away or a signal that asks for the end closes the application in order, what comes at once is
no keys, Ctrl-L draws everything again, and neither mouse, focus nor kitty keyboard codes are sent.
The one query is whether the terminal is well: its answer tells what has arrived there, and is never
a key. A key event's `time` is the monotonic moment at which its bytes were read.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Protocol, cast

from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, Key, Resize, ScreenResume
from textual.geometry import Size

from tui.terminal.capabilities import Ability, get_line_speed
from tui.terminal.keyboard import PAUSE_S, KeyReader, StatusReport
from tui.terminal.leftover import LEAVE, WIPE
from tui.terminal.paint import flow_control
from tui.terminal.paint.painter import Painter
from tui.terminal.paint.writer import Writer

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""Signals that end the application in order, with exit status 128 + number."""

REPAINT_KEY = "ctrl+l"
"""The key that draws everything again, after a bad line has garbled the screen."""

_RESIZED_S = 0.15
"""By then Textual has drawn for a new size, or does not find it new."""

_HEAR_OUT_S = 2.0
"""How long the end waits for an answer that would otherwise stand in the shell's prompt."""

LAST_RESORT_S = 4.0
"""An application that has not ended this long after such a signal is ended at once."""

_UNUSED_CODES = (
    "\x1b[?1004h",
    "\x1b[?1004l",
    "\x1b[>",
    "\x1b[<",
    "\x1b]22;",
)  # focus reports, kitty keyboard, mouse pointer
_NEWER_CODES = ("\x1b[?1049", "\x1b[?25", "\x1b[?2004")
"""Second screen, cursor and paste marks, which the oldest terminals lack."""

_HIDE_CURSOR = "\x1b[?25l"


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


class PaintedApp(Protocol):
    """What the driver needs of the application besides what each one of Textual's has."""

    painter: Painter | None
    at_most: tuple[int, int] | None

    @property
    def ability(self) -> Ability:
        """What the terminal can show."""

    def new_painter(self, size: tuple[int, int]) -> Painter | None:
        """Return a painter for the terminal (columns, lines), None where Textual paints."""

    def coming_back(self) -> None:
        """Do what has to be done before the screen is drawn again after a stop."""


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
        self._output = Output(_opened_anew(_terminal()), lambda: self.leave(signal.SIGHUP))
        self._file: Any = self._output  # what Textual's writer thread writes to
        self._writer: Writer | None = None
        self._owner = app
        self._event_loop = asyncio.get_running_loop()
        self._painted = cast("PaintedApp", app)
        self._painter = self._painted.new_painter(self._get_terminal_size())
        self._painted.painter = self._painter
        self._unknown = _UNUSED_CODES + (_NEWER_CODES if self._painted.ability.plain else ())
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
            self._event_loop.call_soon_threadsafe(self._owner.exit, None, 128 + number)

    def _fail(self, error: Exception) -> None:
        """End the application as by a fault of its own; from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop has already ended
            self._event_loop.call_soon_threadsafe(self._owner._handle_exception, error)

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
        if self._writer is not None:
            self._writer.finish()
            self._output.abandoned = True
            self._writer.join()
            self._writer = None
        super().close()

    # -- writing -----------------------------------------------------------

    def _start_writer(self, painter: Painter) -> None:
        self._output.abandoned = False
        painter.open(*self._get_terminal_size())
        speed = get_line_speed([self._output.fileno()]) or 0
        asks = not speed and flow_control.answers(os.environ.get("TERM", ""))
        flow = flow_control.FlowControl(asks)
        self._writer = Writer(self._output.keeps_pace, painter.take, speed, flow, self._fail)
        painter.changed = self._writer.wake
        painter.once_shown = self._writer.once_shown
        painter.press = self._writer.press
        self._writer.start()

    def _keep_line_feeds(self) -> None:
        """Let a line feed only go down: the shortest way to the next line, as in curses."""
        with contextlib.suppress(termios.error):
            settings = termios.tcgetattr(self.fileno)
            settings[tty.OFLAG] &= ~termios.OPOST
            termios.tcsetattr(self.fileno, termios.TCSANOW, settings)

    def _resized(self) -> None:
        self._send_size()
        if self._painter is not None and self._writer is not None:
            self._painter.fit(*self._get_terminal_size())
            self._event_loop.call_later(_RESIZED_S, self._painter.changed)

    def _send_size(self) -> None:
        size = Size(*self._get_terminal_size())
        self.process_message(Resize(size, size))

    def repaint(self) -> None:
        """Draw everything again, from any thread."""
        if self._painter is not None:
            self._keep_line_feeds()  # whatever garbled the screen may have changed that too
            self._painter.forget()
            self._painter.changed()
        else:
            with contextlib.suppress(RuntimeError):
                self._event_loop.call_soon_threadsafe(partial(self._owner.refresh, layout=True))

    def write(self, data: str) -> None:
        """Write to the terminal, without codes that it lacks or that nothing here has a use for.

        The cursor stays visible where it stands on what is read or typed.
        """
        if data.startswith(self._unknown) or (self._writer is not None and data == _HIDE_CURSOR):
            return
        if self._writer is not None:
            self._writer.send(data)
        else:
            super().write(data)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size of the window, or of the part of it that is to be drawn in."""
        (columns, rows), most = self._window_size(), self._painted.at_most
        return (min(columns, most[0]), min(rows, most[1])) if most else (columns, rows)

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

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # whatever it was: nobody reads keys any more
            self._fail(error)

    def run_input_thread(self) -> None:
        """Read keys until the application ends or the terminal is gone."""
        reader = KeyReader()
        told = False
        while not self.exit_event.is_set():
            ready = select.select([self.fileno], [], [], PAUSE_S)[0]
            if ready:
                data = self._read()
                if not data:
                    self._output.gone = True
                    self.leave(signal.SIGHUP)
                    return
                events = reader.feed(data, time.monotonic())
            else:
                events = reader.pause(time.monotonic(), awaited=self._awaits_answer())
            for event in events:
                self._deliver(event)
            if reader.not_utf8 and not told:
                told = True
                self.process_message(self.NotUtf8())

    def _awaits_answer(self) -> bool:
        return self._writer is not None and self._writer.awaits_answer

    def _deliver(self, event: Event) -> None:
        if isinstance(event, StatusReport):
            if self._writer is not None:
                self._writer.answered()
        elif isinstance(event, Key) and event.key == REPAINT_KEY:
            self.repaint()
        else:
            self.process_message(event)

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
