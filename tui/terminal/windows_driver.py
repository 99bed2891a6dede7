"""The terminal driver for Windows: draws cells on the console and reads its key events.

No code is sent to a terminal: `screen` draws on a screen buffer of our own, which the system takes
away with the process, so that even a killed one leaves no page behind.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time

from textual.app import App

from tui.terminal.keyboard import PAUSE_S
from tui.terminal.painted_driver import PaintedDriver
from tui.terminal.windows.console import Console
from tui.terminal.windows.ending import minding_console
from tui.terminal.windows.keys import Typed, type_key
from tui.terminal.windows.screen import ConsoleScreen


class ConsoleOutput:
    """The console for the writing thread; quiet once it is `gone`."""

    def __init__(self, console: Console, lost: threading.Event) -> None:
        self._board = console
        self._lost = lost
        self._lock = threading.Lock()
        self._screen = ConsoleScreen(console, *console.size, console.usual)
        self.abandoned = False

    @property
    def gone(self) -> bool:
        """Whether the console takes nothing any more."""
        return self._lost.is_set()

    @gone.setter
    def gone(self, gone: bool) -> None:
        if gone:
            self._lost.set()

    def keeps_pace(self, text: str) -> bool:
        """Draw a text; a console always keeps pace."""
        with self._lock:
            if not self.gone and not self.abandoned:
                try:
                    self._screen.feed(text)
                except OSError:
                    self._lost.set()
        return True

    def fit(self, columns: int, rows: int) -> None:
        """Draw on a window of this size from here on."""
        with self._lock:
            self._board.fit()
            self._screen.fit(columns, rows)

    def fileno(self) -> int:
        """Return the descriptor of standard output; a console has no speed that it could tell."""
        return 1


class ConsoleDriver(PaintedDriver):
    """Our driver on a console of Windows."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._board = Console()
        self._lost = threading.Event()
        self._output: ConsoleOutput = ConsoleOutput(self._board, self._lost)
        self._typed = Typed()
        self._window = self._board.size
        self._ended = threading.Event()
        self._reading: threading.Thread | None = None
        self._minding = contextlib.ExitStack()
        self._take_painter()

    # -- taking the console over, and leaving it -----------------------------

    def start_application_mode(self) -> None:
        """Show our own screen, draw on it in a thread, and read single keys in another one."""
        self._minding.enter_context(minding_console(self.leave))
        self._board.enter()
        self._fit()
        if self._painter is not None:
            self._start_writer(self._painter)
        self._ended.clear()
        self._reading = threading.Thread(target=self._run_input_thread, name="keys", daemon=True)
        self._reading.start()

    def disable_input(self) -> None:
        """Read no more keys."""
        self._ended.set()
        if self._reading is not None and self._reading is not threading.current_thread():
            self._reading.join()
        self._reading = None

    def stop_application_mode(self) -> None:
        """Show again what was there before."""
        if self._painter is not None:
            self._painter.close()
        self.disable_input()
        self._finish_writing()
        self._board.leave()
        self._minding.close()

    def _break_off(self, status: int) -> None:
        self._board.leave()
        os._exit(status)

    # -- writing -----------------------------------------------------------

    def write(self, data: str) -> None:
        """Draw what codes say, before the next picture."""
        if self._writer is not None:
            self._writer.send(data)

    def _window_size(self) -> tuple[int, int]:
        with contextlib.suppress(OSError):
            self._window = self._board.size
        return self._window

    def _fit(self) -> None:
        self._output.fit(*self._window_size())

    def _resized(self) -> None:
        self._fit()
        super()._resized()

    # -- reading -----------------------------------------------------------

    def _stops_reading(self) -> bool:
        return self._ended.is_set()

    def _await_bytes(self) -> bytes | None:
        end = time.monotonic() + PAUSE_S
        while (left := end - time.monotonic()) > 0 and not self._ended.is_set():
            try:
                events = self._board.read_keys(left)
                self._mind_size()
            except OSError:
                return b""
            if data := self._typed.encode("".join(map(type_key, events))):
                return data
        return b"" if self._lost.is_set() else None

    def _mind_size(self) -> None:
        """Tell the application when the window has another size than before."""
        if self._board.size != self._window:
            self._window = self._board.size
            with contextlib.suppress(RuntimeError):  # the loop has already ended
                self._event_loop.call_soon_threadsafe(self._resized)
