"""The console of this process: its window, its cells, its keys and its modes.

What the system refuses is an OSError. Nothing here works on other systems.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has such a console")

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import byref, wintypes
from functools import partial

from store.windows.calls import close_handle, function, last_error, made_handle, open_handle
from tui.terminal.windows.keys import KeyEvent
from tui.terminal.windows.screen import Cell

PROCESSED_INPUT, LINE_INPUT, ECHO_INPUT, WINDOW_INPUT = 0x01, 0x02, 0x04, 0x08
_EXTENDED_FLAGS = 0x80
"""Without its neighbour, a click no longer holds up everything that is written."""

_SINGLE_KEYS = WINDOW_INPUT | _EXTENDED_FLAGS

_BOTH_WAYS, _SHARED, _TEXT_MODE = 0xC0000000, 0x3, 1
_KEY = 0x0001
_WAITED = 0x0
_AT_ONCE = 512
"""Events that are read at a time."""

_VECTOR_FONT = 0x04


class _Coord(ctypes.Structure):
    _fields_ = (("x", wintypes.SHORT), ("y", wintypes.SHORT))


class _Rect(ctypes.Structure):
    _fields_ = tuple((side, wintypes.SHORT) for side in ("left", "top", "right", "bottom"))


class _Info(ctypes.Structure):
    _fields_ = (
        ("size", _Coord),
        ("cursor", _Coord),
        ("attribute", wintypes.WORD),
        ("window", _Rect),
        ("most", _Coord),
    )


class _CharInfo(ctypes.Structure):
    _fields_ = (("char", wintypes.WORD), ("attribute", wintypes.WORD))


class _KeyRecord(ctypes.Structure):
    """An input record with a key event; the others are shorter."""

    _fields_ = (
        ("kind", wintypes.WORD),
        ("down", wintypes.BOOL),
        ("repeats", wintypes.WORD),
        ("key", wintypes.WORD),
        ("scan", wintypes.WORD),
        ("char", wintypes.WORD),
        ("state", wintypes.DWORD),
    )


class _Font(ctypes.Structure):
    _fields_ = (
        ("bytes", wintypes.ULONG),
        ("index", wintypes.DWORD),
        ("size", _Coord),
        ("family", wintypes.UINT),
        ("weight", wintypes.UINT),
        ("face", wintypes.WORD * 32),
    )


_kernel = partial(function, "kernel32")
_handle, _number = wintypes.HANDLE, ctypes.POINTER(wintypes.DWORD)

_make_screen = _kernel(
    *("CreateConsoleScreenBuffer", wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p),
    *(wintypes.DWORD, ctypes.c_void_p),
    result=_handle,
)
_get_info = _kernel("GetConsoleScreenBufferInfo", _handle, ctypes.POINTER(_Info))
_get_mode = _kernel("GetConsoleMode", _handle, _number)
_set_mode = _kernel("SetConsoleMode", _handle, wintypes.DWORD)
_set_size = _kernel("SetConsoleScreenBufferSize", _handle, _Coord)
_show = _kernel("SetConsoleActiveScreenBuffer", _handle)
_forget = _kernel("FlushConsoleInputBuffer", _handle)
_set_cursor = _kernel("SetConsoleCursorPosition", _handle, _Coord)
_set_cells = _kernel(
    *("WriteConsoleOutputW", _handle, ctypes.POINTER(_CharInfo), _Coord, _Coord),
    ctypes.POINTER(_Rect),
)
_write = _kernel(
    *("WriteConsoleW", _handle, wintypes.LPCWSTR, wintypes.DWORD, _number, ctypes.c_void_p)
)
_wait = _kernel("WaitForSingleObject", _handle, wintypes.DWORD, result=wintypes.DWORD)
_records = ctypes.POINTER(_KeyRecord)
_read_input = _kernel("ReadConsoleInputW", _handle, _records, wintypes.DWORD, _number)
_write_input = _kernel("WriteConsoleInputW", _handle, _records, wintypes.DWORD, _number)
_get_code_page = _kernel("GetConsoleOutputCP", result=wintypes.UINT)
_get_font = _kernel("GetCurrentConsoleFontEx", _handle, wintypes.BOOL, ctypes.POINTER(_Font))


def _done(worked: object) -> None:
    if not worked:
        raise last_error()


def _open(name: str) -> int:
    return open_handle(name, _BOTH_WAYS, _SHARED, 0)


@contextmanager
def _opened(name: str) -> Iterator[int]:
    handle = _open(name)
    try:
        yield handle
    finally:
        close_handle(handle)


def _info(screen: int) -> _Info:
    info = _Info()
    _done(_get_info(screen, byref(info)))
    return info


def _mode(keys: int) -> int:
    mode = wintypes.DWORD()
    _done(_get_mode(keys, byref(mode)))
    return mode.value


def _press(keys: int, record: _KeyRecord) -> None:
    count = wintypes.DWORD()
    _done(_write_input(keys, byref(record), 1, byref(count)))


def _size_of(window: _Rect) -> _Coord:
    return _Coord(window.right - window.left + 1, window.bottom - window.top + 1)


class Console:
    """The console of this process, with a screen of its own while the program is shown.

    The screen goes away with the program, however that ends.
    """

    def __init__(self) -> None:
        self._first = _open("CONOUT$")
        self._keys = _open("CONIN$")
        self._screen: int | None = None
        self._mode_before: int | None = None
        self._records = (_KeyRecord * _AT_ONCE)()

    # -- taking it over ----------------------------------------------------

    def enter(self) -> None:
        """Show a screen of our own, as large as the window, and take single keys."""
        self._mode_before = _mode(self._keys)
        _done(_set_mode(self._keys, _SINGLE_KEYS))
        self._screen = made_handle(_make_screen(_BOTH_WAYS, _SHARED, None, _TEXT_MODE, None))
        window = _info(self._first).window
        _set_size(self._screen, _size_of(window))
        _done(_show(self._screen))

    def leave(self) -> None:
        """Show again what was there before, and set the keyboard as it was."""
        if self._screen is not None:
            _show(self._first)
            close_handle(self._screen)
            self._screen = None
        if self._mode_before is not None:
            _forget(self._keys)
            _set_mode(self._keys, self._mode_before)
            self._mode_before = None

    # -- its window and cells ----------------------------------------------

    @property
    def _shown(self) -> int:
        return self._screen or self._first

    @property
    def usual(self) -> int:
        """The attribute of what is written without any colours."""
        return int(_info(self._first).attribute) & 0xFF

    @property
    def size(self) -> tuple[int, int]:
        """The size of the window (columns, lines)."""
        size = _size_of(_info(self._shown).window)
        return size.x, size.y

    def fit(self) -> None:
        """Make the screen as large as the window, as far as the system lets it."""
        if self._screen is not None:
            _set_size(self._screen, _Coord(*self.size))

    def draw(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        """Set cells of a line of the window."""
        window = _info(self._shown).window
        left, top = window.left + x, window.top + y
        region = _Rect(left, top, left + len(cells) - 1, top)
        drawn = (_CharInfo * len(cells))(
            *(_CharInfo(ord(char), attribute) for char, attribute in cells)
        )
        size = _Coord(len(cells), 1)
        _done(_set_cells(self._shown, drawn, size, _Coord(0, 0), byref(region)))

    def point(self, x: int, y: int) -> None:
        """Put the cursor on a cell of the window."""
        window = _info(self._shown).window
        _set_cursor(self._shown, _Coord(window.left + x, window.top + y))

    def ring(self) -> None:
        """Ring the bell."""
        _write(self._first, "\a", 1, None, None)

    # -- its keys ----------------------------------------------------------

    def read_keys(self, patience_s: float) -> list[KeyEvent]:
        """Return what the keyboard did, nothing after so many seconds without an event."""
        if _wait(self._keys, int(patience_s * 1000)) != _WAITED:
            return []
        count = wintypes.DWORD()
        _done(_read_input(self._keys, self._records, _AT_ONCE, byref(count)))
        return [
            KeyEvent(bool(each.down), each.key, chr(each.char), each.state, each.repeats)
            for each in self._records[: count.value]
            if each.kind == _KEY
        ]


def press_enter() -> None:
    """Press Enter for whoever reads a line, so that it looks about."""
    with _opened("CONIN$") as keys:
        _press(keys, _KeyRecord(_KEY, True, 1, 0x0D, 0, 0x0D, 0))


@contextmanager
def keyboard_without(flags: int) -> Iterator[None]:
    """Read lines without some of the flags of the console, such as ECHO_INPUT."""
    with _opened("CONIN$") as keys:
        before = _mode(keys)
        _done(_set_mode(keys, before & ~flags))
        try:
            yield
        finally:
            _set_mode(keys, before)


def forget_keys() -> None:
    """Forget what was typed and not yet read."""
    with _opened("CONIN$") as keys:
        _forget(keys)


def find_code_page() -> int:
    """Return the code page in which other programs write to the console, 0 for no console."""
    return int(_get_code_page())


def has_vector_font() -> bool:
    """Return whether the font of the console has more than the letters of one code page."""
    font = _Font(bytes=ctypes.sizeof(_Font))
    try:
        with _opened("CONOUT$") as screen:
            found = _get_font(screen, False, byref(font))
    except OSError:
        return False
    return bool(found and font.family & _VECTOR_FONT)
