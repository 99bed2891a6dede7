"""Whether this terminal can show the program, and how the program must be set for it.

Nothing here imports Textual, which reads its settings while it is imported.
"""

from __future__ import annotations

import codecs
import locale
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias, cast

from casework.language import N_
from stepping.characters import escape_unfit
from tui.full_screen.smallest import COLUMNS, ROWS

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

SLOW_BITS_PER_S = 38400
"""A terminal's speed setting from here on is a mere default; below it, it is the line's."""

_SLOW = (300, 600, 1200, 2400, 4800, 9600, 19200)
"""The line speeds below that, in bits a second."""

_LAST_WORDS = 4000
"""Bytes of standard error that are shown once the screens are gone."""

_NO_SCREEN = ("", "dumb", "unknown", "emacs")


@dataclass(frozen=True)
class Refusal:
    """Why the program cannot start here: a translatable text, and the values named in it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format_map(self.values)


Glyphs: TypeAlias = Literal["unicode", "ascii"]
PainterName: TypeAlias = Literal["porras", "textual"]
ThemeName: TypeAlias = Literal["standard", "contrast", "mono"]

_WITHOUT_GLYPHS = ("vt", "linux", "dumb", "ansi", "cons", "sun", "wy", "pcvt", "unknown")
"""How the names (TERM) of terminals begin whose fonts have letters, but hardly more."""

_PLAIN = ("vt1", "vt2", "dumb", "wy", "sun", "unknown")
"""And of those that know nothing but what a VT100 does: no colours, no dim, no italic."""

_EIGHT_COLOURS = ("linux", "ansi", "cons", "pcvt", "cygwin", "xterm-color", "screen.")
"""And of those with eight colours; on these, the brighter ones are lost or something else."""

_MANY_COLOURS = ("truecolor", "24bit")

_ERASE_IN_COLOUR = (
    *("xterm", "linux", "putty", "rxvt", "konsole", "gnome", "vte", "alacritty", "st-"),
    *("iterm", "nsterm", "cons25", "mlterm", "ms-terminal"),
)
"""And of those that fill what they erase with the present ground (bce in terminfo)."""

_NOT_SO = ("xterm-color", "xterm-kitty")

_WITHIN = {"TMUX": "tmux", "STY": "screen"}
"""The variables by which a program knows that another one draws on the terminal for it."""


@dataclass(frozen=True)
class Ability:
    """What a terminal can show, and who paints on it.

    `colours` is 0, 8 or 16; a `plain` terminal has only bold, underline, blink and reverse. What
    is erased takes the present ground where it `erases_in_colour`.
    """

    colours: int = 16
    plain: bool = False
    glyphs: Glyphs = "unicode"
    painter: PainterName = "porras"
    theme: ThemeName = "standard"
    erases_in_colour: bool = False


@dataclass(frozen=True)
class ConsoleFacts:
    """What is known of a console of Windows, where neither TERM nor a locale says anything.

    Porras writes UTF-16 into it; the `code_page`, 0 where there is no console, is that of other
    programs. Without a `vector_font` it has the letters of one code page and little more.
    """

    code_page: int = 0
    vector_font: bool = True
    in_terminal: bool = False
    """Whether Windows Terminal shows it."""

    @property
    def has_glyphs(self) -> bool:
        """Whether lines, blocks and arrows come out."""
        return self.vector_font or self.in_terminal


def find_console() -> ConsoleFacts | None:
    """Return what is known of the console of this process; None on other systems than Windows."""
    if sys.platform != "win32":
        return None
    from tui.terminal.windows import console

    code_page, in_terminal = console.find_code_page(), bool(os.environ.get("WT_SESSION"))
    return ConsoleFacts(code_page, console.has_vector_font(), in_terminal)


def detect_ability(
    env: Mapping[str, str],
    glyphs: Glyphs | None = None,
    painter: PainterName | None = None,
    theme: ThemeName | None = None,
    console: ConsoleFacts | None = None,
) -> Ability:
    """Tell from TERM, COLORTERM, NO_COLOR and the locale what the terminal can show.

    A `console` of Windows has its sixteen colours, and tells itself what its font has. What is
    asked for (`glyphs`, `painter`, `theme`, else PORRAS_GLYPHS and so on) weighs more; but without
    colours every theme is `mono`.
    """
    term = env.get("TERM", "") if console is None else ""
    asked, by = glyphs or env.get("PORRAS_GLYPHS"), painter or env.get("PORRAS_PAINTER")
    if console is None:
        poor = term.startswith(_WITHOUT_GLYPHS) or _locale_of(env) in ("", "C", "POSIX")
    else:
        poor = not console.has_glyphs
    dressed = theme or env.get("PORRAS_THEME")
    colours = 0 if dressed == "mono" else _colours(env, term)
    return Ability(
        colours=colours,
        plain=term.startswith(_PLAIN),
        glyphs="ascii" if asked == "ascii" or (asked != "unicode" and poor) else "unicode",
        painter="textual" if by == "textual" else "porras",
        theme="mono" if not colours else "contrast" if dressed == "contrast" else "standard",
        erases_in_colour=console is not None or _erases_in_colour(env, term),
    )


def find_multiplexer(env: Mapping[str, str]) -> str | None:
    """Return which program draws on the terminal for this one: tmux, screen, or none."""
    return next((name for variable, name in _WITHIN.items() if env.get(variable)), None)


def _erases_in_colour(env: Mapping[str, str], term: str) -> bool:
    """Only where it is sure; elsewhere blanks are written."""
    known = term.startswith(_ERASE_IN_COLOUR) and not term.startswith(_NOT_SO)
    return known and find_multiplexer(env) is None


def _colours(env: Mapping[str, str], term: str) -> int:
    if env.get("NO_COLOR") or term.startswith(_PLAIN) or term.endswith(("-m", "-mono")):
        return 0
    if env.get("COLORTERM", "") in _MANY_COLOURS or "256" in term:
        return 16
    return 8 if term.startswith(_EIGHT_COLOURS) else 16


def _locale_of(env: Mapping[str, str]) -> str:
    """Return the locale of characters, by the first variable that is set.

    Under LANG=C, Python itself sets LC_CTYPE to C.UTF-8, which says nothing about the terminal.
    """
    coerced = env.get("LC_CTYPE") == "C.UTF-8"
    names = ("LC_ALL", "LANG") if coerced else ("LC_ALL", "LC_CTYPE", "LANG")
    return next((env[name] for name in names if env.get(name)), "")


def check_terminal(
    env: Mapping[str, str],
    stdin_isatty: bool,
    stdout_isatty: bool,
    stderr_isatty: bool,
    size: tuple[int, int],
    encoding: str,
    console: ConsoleFacts | None = None,
) -> Refusal | None:
    """Return why the screens cannot be shown, or None when they can.

    The screen goes to standard output or standard error, whichever is a terminal; keys come
    from standard input. `size` is (columns, rows); (0, 0) is an unknown size, which some
    serial lines have, and is not refused. `encoding` is the character set of the locale; with a
    `console` of Windows neither that nor TERM counts.
    """
    redirected = not stdin_isatty or not (stdout_isatty or stderr_isatty)
    if console is None:
        return (
            _refuse_redirection(redirected)
            or _refuse_term(env.get("TERM", ""))
            or _refuse_encoding(encoding)
            or _refuse_size(*size)
        )
    return _refuse_no_console(env, redirected) or _refuse_size(*size)


def _refuse_no_console(env: Mapping[str, str], redirected: bool) -> Refusal | None:
    if not redirected:
        return None
    if env.get("MSYSTEM"):
        return Refusal(
            N_(
                "Porras needs a console of Windows for its screens, and this window is none. Start "
                "it so: winpty porras. Or start it from Windows Terminal."
            )
        )
    return Refusal(
        N_(
            "Porras needs a console for its screens, but input or output is a file or a pipe. "
            "Start it without redirection, from Windows Terminal or the command prompt."
        )
    )


def _refuse_redirection(redirected: bool) -> Refusal | None:
    if redirected:
        return Refusal(
            N_(
                "Porras needs a terminal for its screens, but input or output is a file or a "
                "pipe. Start it without redirection; over ssh, with the option -t."
            )
        )
    return None


def _refuse_term(term: str) -> Refusal | None:
    if term in _NO_SCREEN:
        return Refusal(
            N_(
                "The variable TERM is “{term}”, which means a terminal without a screen. "
                "Set it to what your terminal is, for example: export TERM=xterm"
            ),
            {"term": term},
        )
    return None


def _refuse_encoding(encoding: str) -> Refusal | None:
    if not _can_draw(encoding):
        return Refusal(
            N_(
                "The character set is {encoding}; Porras needs UTF-8, or letters such as ä come "
                "out wrong. Set your terminal to UTF-8, then: export LC_ALL=C.UTF-8"
            ),
            {"encoding": encoding},
        )
    return None


def _refuse_size(columns: int, rows: int) -> Refusal | None:
    if (columns and columns < COLUMNS) or (rows and rows < ROWS):
        return Refusal(
            N_(
                "The window is {columns} columns by {rows} rows; Porras needs at least "
                "{need_columns} by {need_rows}. Make the window larger or the letters smaller, and "
                "start again."
            ),
            {"columns": columns, "rows": rows, "need_columns": COLUMNS, "need_rows": ROWS},
        )
    return None


def _can_draw(encoding: str) -> bool:
    """UTF-8 is asked for; ASCII only says that nobody chose, as under LANG=C."""
    try:
        return codecs.lookup(encoding).name in ("utf-8", "ascii")
    except LookupError:
        return False


def check_this_terminal() -> Refusal | None:
    """Check the terminal that this process runs in."""
    ttys = [_isatty(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)]
    encoding, console = locale.getencoding(), find_console()
    return check_terminal(os.environ, ttys[0], ttys[1], ttys[2], get_size(), encoding, console)


def prepare_textual(env: MutableMapping[str, str] | None = None) -> None:
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
    """Return whether a stream is a terminal; it may be missing altogether (None), or closed."""
    return isinstance(stream, TextIOWrapper) and not stream.closed and stream.isatty()


def get_size() -> tuple[int, int]:
    """Return (columns, rows) of the window, zeros where nobody knows."""
    for descriptor in range(3):
        try:
            return tuple(os.get_terminal_size(descriptor))  # type: ignore[return-value]
        except OSError:
            continue
    return 0, 0


def get_line_speed(descriptors: Iterable[int] = range(3)) -> int | None:
    """Return the bits a second that a slow line is set to; None where it is fast or unknown.

    The first of the descriptors that is a terminal tells.
    """
    if sys.platform == "win32":
        return None
    import termios

    speeds = {getattr(termios, f"B{bits}"): bits for bits in _SLOW}
    for descriptor in descriptors:
        with suppress(termios.error):
            return speeds.get(termios.tcgetattr(descriptor)[5])
    return None


@contextmanager
def hold_back_stderr() -> Iterator[None]:
    """Keep what libraries write to standard error off the screens; show its end afterwards.

    Written by code that knows no terminal, it would stand in the middle of a page. Where the
    screens are drawn on standard error itself, or where it is a file, nothing is changed.
    """
    if not (_isatty(sys.stdout) and _isatty(sys.stderr)):
        yield
        return
    terminal, usual = os.dup(2), sys.stderr
    with _aside() as file:
        os.dup2(file.fileno(), 2)
        if sys.platform == "win32":  # its own stream writes to consoles and nothing else
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        try:
            yield
        finally:
            sys.stderr.flush()
            sys.stderr = usual
            os.dup2(terminal, 2)
            os.close(terminal)
            file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_WORDS))
            with suppress(OSError):  # the terminal may be gone
                words = file.read().decode(errors="surrogateescape")
                _tell_last(escape_unfit(words.replace("\r\n", "\n"), lines=True))


def _tell_last(words: str) -> None:
    """Write to standard error; on Windows by its stream, for a console has a code page."""
    if sys.platform == "win32":
        sys.stderr.write(words)
        sys.stderr.flush()
    else:
        os.write(2, words.encode())


def _aside() -> BinaryIO:
    """Open a file in memory, or one without a name; on a full disk, one that keeps nothing."""
    if sys.platform == "linux":
        with suppress(OSError):
            return os.fdopen(os.memfd_create("errors"), "rb+")
    try:
        return cast("BinaryIO", tempfile.TemporaryFile())
    except OSError:
        return Path(os.devnull).open("rb+")
