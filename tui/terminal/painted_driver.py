"""What our drivers of terminals have in common: the painter, its thread, the keys, the end.

Only cells that differ are sent, and no picture that is outdated before the line is free; what comes
at once is no keys, Ctrl-L draws everything again, and whoever loses the terminal ends in order.
A key event's `time` is the moment at which it was read.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from functools import partial
from typing import Protocol, cast

from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, Resize
from textual.geometry import Size

from tui.terminal.capabilities import Ability, get_line_speed
from tui.terminal.keyboard import KeyReader, StatusReport
from tui.terminal.paint import flow_control
from tui.terminal.paint.painter import Painter
from tui.terminal.paint.writer import Writer

REPAINT_KEY = "ctrl+l"
"""The key that draws everything again, after a bad line has garbled the screen."""

HANG_UP, INTERRUPT, TERMINATE = 1, 2, 15
"""The numbers of these signals, on systems that lack one of them too."""

LAST_RESORT_S = 4.0
"""An application that has not ended this long after it was asked to is ended at once."""

_RESIZED_S = 0.15
"""By then Textual has drawn for a new size, or does not find it new."""

HIDE_CURSOR = "\x1b[?25l"


class PaintedApp(Protocol):
    """What a driver needs of the application besides what each one of Textual's has."""

    painter: Painter | None
    at_most: tuple[int, int] | None

    @property
    def ability(self) -> Ability:
        """What the terminal can show."""

    def new_painter(self, size: tuple[int, int]) -> Painter | None:
        """Return a painter for the terminal (columns, lines), None where Textual paints."""

    def coming_back(self) -> None:
        """Do what has to be done before the screen is drawn again after a stop."""


class TerminalOutput(Protocol):
    """The terminal as the writing thread sees it."""

    gone: bool
    abandoned: bool
    """A text that waits for the terminal is dropped."""

    def keeps_pace(self, text: str) -> bool:
        """Write everything; tell whether the terminal took it at once."""

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""


class PaintedDriver(Driver):
    """A driver under our painter; a system's own says how bytes come and go."""

    _output: TerminalOutput

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._writer: Writer | None = None
        self._owner = app
        self._event_loop = asyncio.get_running_loop()
        self._painted = cast("PaintedApp", app)
        self._painter: Painter | None = None
        self._leaving = False

    def _take_painter(self) -> None:
        """Ask the application for a painter, once the size of the terminal can be known."""
        self._painter = self._painted.new_painter(self._get_terminal_size())
        self._painted.painter = self._painter

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

    def _break_off(self, status: int) -> None:
        """Put the terminal right as far as it takes that at once, and end the process."""
        raise NotImplementedError

    def _finish_writing(self) -> None:
        """Send what is left, as far as the terminal takes it."""
        if self._writer is not None:
            self._writer.finish()
            self._output.abandoned = True
            self._writer.join()
            self._writer = None

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
            self._painter.forget()
            self._painter.changed()
        else:
            with contextlib.suppress(RuntimeError):
                self._event_loop.call_soon_threadsafe(partial(self._owner.refresh, layout=True))

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size of the window, or of the part of it that is to be drawn in."""
        (columns, rows), most = self._window_size(), self._painted.at_most
        return (min(columns, most[0]), min(rows, most[1])) if most else (columns, rows)

    def _window_size(self) -> tuple[int, int]:
        raise NotImplementedError

    # -- reading -----------------------------------------------------------

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # whatever it was: nobody reads keys any more
            self._fail(error)

    def run_input_thread(self) -> None:
        """Read keys until the application ends or the terminal is gone."""
        reader = KeyReader()
        while not self._stops_reading():
            data = self._await_bytes()
            if data is None:
                events = reader.pause(time.monotonic(), awaited=self._awaits_answer())
            elif data:
                events = reader.feed(data, time.monotonic())
            else:
                self._output.gone = True
                self.leave(HANG_UP)
                return
            for event in events:
                self._deliver(event)
            if reader.not_utf8:
                self._found_foreign()

    def _stops_reading(self) -> bool:
        raise NotImplementedError

    def _await_bytes(self) -> bytes | None:
        """Return what is typed within a pause, None for nothing, b"" from a lost terminal."""
        raise NotImplementedError

    def _found_foreign(self) -> None:
        """Take note that something came that is not UTF-8; told again and again."""

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
