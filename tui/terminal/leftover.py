"""What a program that was killed has left on its terminal, and the next one puts right.

Nobody can act on a kill -9: the page of a client stays, and the terminal takes single keys without
showing them. So while pages are shown a mark lies in the user's runtime folder, one for each
terminal, empty and locked; one that nobody holds any more tells the next start to set the terminal
as usual and to wipe it. A terminal that takes single keys, or shows none, is set as usual anyhow.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    raise ImportError("Windows has no such terminals")

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WIPE = "\x1b[m\x1b[H\x1b[2J"
"""Blanks the page that is shown, on whichever screen of the terminal."""

LEAVE = ("\x1b[?2004l", "\x1b[?7h", "\x1b[?1049l", "\x1b[?25h")
"""Marks of pastes off, lines wrapped, the first screen, and a cursor that is seen."""

_MOUSE_OFF = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l"
_SCROLLED = "\x1b[3J"
"""Forgets what can be scrolled back, where pages were printed line by line."""

_NO_SCREEN = {"dumb", "unknown", ""}

_KINDS = {b"": False, b"l": True}
"""What stands in a mark: nothing, or that pages were printed line by line."""


@contextmanager
def mark_terminal(*, lines: bool = False) -> Iterator[None]:
    """Keep a mark while pages are shown, `lines` where they are printed line by line."""
    held = _hold(lines=lines)
    try:
        yield
    finally:
        if held is not None:
            descriptor, path = held
            with suppress(OSError):
                path.unlink()
            os.close(descriptor)


def restore_terminals() -> None:
    """Set the terminal as usual, and wipe it, if a program that was killed has left it so."""
    terminal = _terminal()
    if terminal is None or not _in_front(terminal):
        return
    mark, flags = _taken_over(terminal), _flags(terminal)
    killed = mark is not None or "single keys" in flags
    if killed or flags:
        _set_as_usual(terminal)
    if killed:
        _write(terminal, lines=bool(mark))


def _hold(*, lines: bool) -> tuple[int, Path] | None:
    terminal = _terminal()
    path = None if terminal is None else _mark_of(terminal)
    if path is None:
        return None
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    except OSError:  # without a mark it works as well
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b"l" if lines else b"")
    except OSError:  # another program shows its pages on this terminal, and is stopped just now
        os.close(descriptor)
        return None
    return descriptor, path


def _taken_over(terminal: int) -> bool | None:
    """Take the mark of a program that is no more, if there is one: whether it printed lines."""
    path = _mark_of(terminal)
    if path is None:
        return None
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
        return _KINDS.get(os.read(descriptor, 2), False)
    except OSError:  # its program is stopped, and goes on later
        return None
    finally:
        os.close(descriptor)


def _mark_of(terminal: int) -> Path | None:
    """Return where the mark of a terminal lies; None if it has no name or the user no folder."""
    try:
        name = "porras-screen" + os.ttyname(terminal).replace("/", "-")
    except OSError:  # as in a container, whose /dev does not hold the terminal it was entered from
        return None
    home = Path(os.environ.get("HOME") or "/nowhere")
    for folder in (
        os.environ.get("XDG_RUNTIME_DIR"),
        Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "porras",
    ):
        if folder and _is_own(Path(folder)):
            return Path(folder) / name
    return None


def _is_own(folder: Path) -> bool:
    """Return whether nobody else can put anything there."""
    with suppress(OSError):
        found = folder.stat()
        mine = found.st_uid == os.geteuid() and not found.st_mode & 0o022
        return mine and stat.S_ISDIR(found.st_mode)
    return False


def _terminal() -> int | None:
    """Return a descriptor of this program that is a terminal."""
    return next((number for number in (0, 1, 2) if os.isatty(number)), None)


def _in_front(terminal: int) -> bool:
    """Return whether this program may set the terminal; in the background it would be stopped."""
    with suppress(OSError):
        return os.tcgetpgrp(terminal) == os.getpgrp()
    return False


def _flags(terminal: int) -> set[str]:
    """Return how the terminal differs from the usual; one that is no screen is left alone."""
    import termios

    if os.environ.get("TERM", "dumb") in _NO_SCREEN:  # an editor that echoes by itself
        return set()
    with suppress(termios.error):
        local = termios.tcgetattr(terminal)[3]
        odd = {"single keys": termios.ICANON, "nothing shown": termios.ECHO}
        return {name for name, flag in odd.items() if not local & flag}
    return set()


def _set_as_usual(terminal: int) -> None:
    """Set the terminal as `stty sane` does, as far as this program changes anything."""
    import termios

    with suppress(termios.error):
        now = termios.tcgetattr(terminal)
        now[0] |= termios.BRKINT | termios.ICRNL | termios.IXON
        now[0] &= ~(termios.INLCR | termios.IGNCR)
        now[1] |= termios.OPOST | termios.ONLCR
        now[3] |= termios.ISIG | termios.ICANON | termios.ECHO | termios.ECHOE | termios.ECHOK
        now[3] |= termios.IEXTEN
        now[6][termios.VEOF], now[6][termios.VINTR] = b"\x04", b"\x03"
        now[6][termios.VQUIT], now[6][termios.VSUSP] = b"\x1c", b"\x1a"
        termios.tcsetattr(terminal, termios.TCSANOW, now)


def _write(terminal: int, *, lines: bool) -> None:
    """Wipe the page and leave its screen, as far as the terminal takes it without a wait."""
    if os.environ.get("TERM", "dumb") in _NO_SCREEN:
        return
    codes = "".join([WIPE, *LEAVE, _MOUSE_OFF, *([WIPE, _SCROLLED] if lines else [])])
    with suppress(OSError):
        flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY
        descriptor = os.open(os.ttyname(terminal), flags)
        try:
            os.write(descriptor, codes.encode())
        finally:
            os.close(descriptor)
