"""Runs programs in a hidden console, presses keys there and reads its cells; asked line by line.

It is a process of its own, since it has to leave the console of the tests for the program's. Each
line of input is a list of JSON, the name of a method and its arguments, and gives one line back.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has such a console")

import ctypes
import json
import os
import subprocess
import time
from ctypes import byref, wintypes

from tui.terminal.windows import console as parts

_leave = parts._kernel("FreeConsole")
_set_stream = parts._kernel("SetStdHandle", wintypes.DWORD, wintypes.HANDLE)
_attach = parts._kernel("AttachConsole", wintypes.DWORD)
_get_cells = parts._kernel(
    *("ReadConsoleOutputW", wintypes.HANDLE, ctypes.POINTER(parts._CharInfo), parts._Coord),
    *(parts._Coord, ctypes.POINTER(parts._Rect)),
)
_set_window = parts._kernel(
    "SetConsoleWindowInfo", wintypes.HANDLE, wintypes.BOOL, ctypes.POINTER(parts._Rect)
)
_mind = parts._kernel("SetConsoleCtrlHandler", ctypes.c_void_p, wintypes.BOOL)
_send = parts._kernel("GenerateConsoleCtrlEvent", wintypes.DWORD, wintypes.DWORD)

_NO_WINDOW = 0x08000000
_NEW_GROUP = 0x00000200
_CTRL = 0x08
STANDARD = (-10, -11, -12)


class Observer:
    """One program at a time, and the console in which it runs."""

    program: subprocess.Popen[bytes]
    keys: int

    def start(self, columns: int, rows: int, command: list[str], env: dict[str, str]) -> bool:
        """Start a program in a console of this size, in which it has all three streams."""
        _leave()
        for number in STANDARD:
            _set_stream(number & 0xFFFFFFFF, None)
        # The first process sizes its console, and only then starts the program in it.
        sized = [sys.executable, "-m", "tests.windows.sized", str(columns), str(rows), *command]
        self.program = subprocess.Popen(
            sized, creationflags=_NO_WINDOW | _NEW_GROUP, env={**os.environ, **env}
        )
        end = time.monotonic() + 30
        while not _attach(self.program.pid) and time.monotonic() < end:
            time.sleep(0.1)
        self.keys = parts._open("CONIN$")
        return True

    def look(self) -> tuple[list[str], list[list[int]], tuple[int, int], tuple[int, int]]:
        """Return the lines of the window, their attributes, the cursor and the size of it all."""
        with parts._opened("CONOUT$") as screen:  # whichever is shown now
            info = parts._info(screen)
            window, size = info.window, parts._size_of(info.window)
            columns, rows = size.x, size.y
            cells = (parts._CharInfo * (columns * rows))()
            shown = parts._Rect(window.left, window.top, window.right, window.bottom)
            parts._done(_get_cells(screen, cells, size, parts._Coord(0, 0), byref(shown)))
        lines = [cells[y * columns : (y + 1) * columns] for y in range(rows)]
        return (
            ["".join(chr(cell.char or 32) for cell in line) for line in lines],
            [[cell.attribute for cell in line] for line in lines],
            (info.cursor.x - window.left, info.cursor.y - window.top),
            (info.size.x, info.size.y),
        )

    def press(self, keys: list[tuple[int, str, int]]) -> bool:
        """Press keys, each a virtual key code, a character and what is held with it."""
        for key, char, state in keys:
            for down in (True, False):
                record = parts._KeyRecord(parts._KEY, down, 1, key, 0, ord(char), state)
                parts._press(self.keys, record)
        return True

    def mode(self) -> int:
        """Return how the keyboard of the console is set."""
        return parts._mode(self.keys)

    def resize(self, columns: int, rows: int) -> bool:
        """Give the window another size, as by its corner."""
        resize(columns, rows)
        return True

    def send(self, kind: int) -> bool:
        """Send an event to all programs of the console: 0 Ctrl-C, 1 Ctrl-Break."""
        _mind(None, True)
        return bool(_send(kind, 0 if kind == 0 else self.program.pid))

    def kill(self) -> bool:
        """End the program, and what it has started, without asking."""
        whole = ["taskkill", "/F", "/T", "/PID", str(self.program.pid)]
        subprocess.run(whole, capture_output=True, check=False)
        self.program.kill()
        return True

    def wait(self, patience_s: float) -> int | None:
        """Return the exit status, None for a program that still runs."""
        try:
            return self.program.wait(patience_s)
        except subprocess.TimeoutExpired:
            return None


def resize(columns: int, rows: int) -> None:
    """Make the window and the buffer this large: the window fits into the buffer all the time."""
    with parts._opened("CONOUT$") as screen:
        now = parts._info(screen)
        most = parts._Coord(max(columns, now.size.x), max(rows, now.size.y))
        parts._done(parts._set_size(screen, most))
        window = parts._Rect(0, 0, columns - 1, rows - 1)
        parts._done(_set_window(screen, True, byref(window)))
        parts._done(parts._set_size(screen, parts._Coord(columns, rows)))


def main() -> None:
    """Answer until the input ends."""
    observer = Observer()
    out = sys.stdout
    for line in sys.stdin:
        name, *given = json.loads(line)
        try:
            answer = {"is": getattr(observer, name)(*given)}
        except OSError as error:
            answer = {"error": repr(error)}
        out.write(json.dumps(answer) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
