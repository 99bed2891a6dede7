"""Whether this terminal can show the program, and how the program must be set for it.

Nothing here imports Textual, which reads its settings while it is imported.
"""

from __future__ import annotations

import codecs
import locale
import os
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from io import TextIOWrapper

from screens.language import N_

COLUMNS, ROWS = 80, 24
"""The smallest screen that shows every page whole, in character cells."""

SETTINGS = {
    "TEXTUAL_ANIMATIONS": "none",
    "TEXTUAL_SMOOTH_SCROLL": "0",
    "TEXTUAL_THEME": "ansi-dark",
    "TEXTUAL_COLOR_SYSTEM": "standard",
}
"""What Textual is told through the environment, read once when it is imported.

The theme uses the terminal's own two colours, so that nothing is lost without colour. Switched
to later, together with NO_COLOR, it would draw black on black; so it is chosen before the App.
"""

_NO_SCREEN = ("", "dumb", "unknown", "emacs")


@dataclass(frozen=True)
class Refusal:
    """Why the program cannot start here: a translatable text, and the values named in it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format_map(self.values)


def check_terminal(
    env: Mapping[str, str],
    stdin_isatty: bool,
    stdout_isatty: bool,
    stderr_isatty: bool,
    size: tuple[int, int],
    encoding: str,
) -> Refusal | None:
    """Return why the screens cannot be shown, or None when they can.

    The screen goes to standard output or standard error, whichever is a terminal; keys come
    from standard input. `size` is (columns, rows); (0, 0) is an unknown size, which some
    serial lines have, and is not refused. `encoding` is the character set of the locale.
    """
    if not stdin_isatty or not (stdout_isatty or stderr_isatty):
        return Refusal(
            N_(
                "Porras needs a terminal for its screens, but input or output is a file or a "
                "pipe. Start it without redirection; over ssh, with the option -t."
            )
        )
    term = env.get("TERM", "")
    if term in _NO_SCREEN:
        return Refusal(
            N_(
                "The variable TERM is “{term}”, which means a terminal without a screen. "
                "Set it to what your terminal is, for example: export TERM=xterm"
            ),
            {"term": term},
        )
    if not _can_draw(encoding):
        return Refusal(
            N_(
                "The character set is {encoding}; Porras needs UTF-8, or letters such as ä come "
                "out wrong. Set your terminal to UTF-8, then: export LC_ALL=C.UTF-8"
            ),
            {"encoding": encoding},
        )
    columns, rows = size
    if (columns and columns < COLUMNS) or (rows and rows < ROWS):
        return Refusal(
            N_(
                "The window is {columns} columns by {rows} rows; Porras needs at least 80 by 24. "
                "Make the window larger or the letters smaller, and start again."
            ),
            {"columns": columns, "rows": rows},
        )
    return None


def _can_draw(encoding: str) -> bool:
    """UTF-8 is asked for; ASCII only says that nobody chose, as under LANG=C."""
    try:
        return codecs.lookup(encoding).name in ("utf-8", "ascii")
    except LookupError:
        return False


def current() -> Refusal | None:
    """Check the terminal that this process runs in."""
    env = dict(os.environ)
    if sys.platform == "win32":
        env.setdefault("TERM", "windows")
    ttys = [_isatty(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)]
    return check_terminal(env, ttys[0], ttys[1], ttys[2], _size(), locale.getencoding())


def prepare(env: MutableMapping[str, str] | None = None) -> None:
    """Set Textual for thin and plain terminals; call it before Textual is first imported.

    The standard streams write UTF-8 from here on, whatever the locale, so that a message with
    letters beyond ASCII is never an error.
    """
    env = os.environ if env is None else env
    for name, value in SETTINGS.items():
        env.setdefault(name, value)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not _is_utf8(stream):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _is_utf8(stream: TextIOWrapper) -> bool:
    return codecs.lookup(stream.encoding).name == "utf-8"


def _isatty(stream: object) -> bool:
    """A standard stream may be missing altogether (None), or closed."""
    return isinstance(stream, TextIOWrapper) and not stream.closed and stream.isatty()


def _size() -> tuple[int, int]:
    for descriptor in range(3):
        try:
            return tuple(os.get_terminal_size(descriptor))  # type: ignore[return-value]
        except OSError:
            continue
    return 0, 0
