"""What a program leaves around it: core dumps, open files, messages of faults, Textual's own logs.

An answer may stand in any variable and in the text of any exception. So nothing here repeats a
value: of a fault only its class and the places in the code are told.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from stepping.characters import escape_unfit

PRIVATE = 0o077
"""The rights that a new file never gives: any to the group, any to others."""

_TELLING = ("TEXTUAL", "TEXTUAL_DEBUG", "TEXTUAL_LOG", "TEXTUAL_PRESS", "TEXTUAL_SHOW_RETURN")
_TELLING_TOO = ("TEXTUAL_DEVTOOLS_", "TEXTUAL_SCREENSHOT")
"""Variables by which Textual writes keys, screens or messages to a file or to a socket."""

_PR_SET_DUMPABLE = 4  # linux/prctl.h
_PLACES = 12
"""Places of a fault that are told, the last ones; the first are those of the libraries."""


def harden_process() -> None:
    """Make this process keep to itself; to be called once, before anything else is read.

    No core dump, and on Linux no look into its memory by other programs of the same user; new
    files for their owner alone; no logs of Textual; no plug-ins that see every answer; faults
    without values. What the system does not offer is left out without a word.
    """
    os.umask(PRIVATE)
    forbid_dumps()
    clear_log_variables(os.environ)
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    sys.excepthook = _on_fault
    threading.excepthook = _on_thread_fault
    sys.unraisablehook = _on_lost_fault
    warnings.showwarning = _on_warning
    logging.lastResort = _Bare(logging.WARNING)


def forbid_dumps() -> None:
    """Let no crash write the memory of this process to a disk, and no debugger read it."""
    if sys.platform == "win32":
        with suppress(ImportError, OSError, AttributeError):
            from store.windows import sessions

            sessions.keep_crashes_bare()
        return
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A system may hand a core to a program of its own, whatever the limit; so not this either.
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def clear_log_variables(environment: MutableMapping[str, str]) -> None:
    """Take out the variables that make Textual write down keys, screens or messages."""
    for name in list(environment):
        if name in _TELLING or name.startswith(_TELLING_TOO):
            del environment[name]


def locate_fault(error: BaseException) -> str:
    """Return the class of a fault and the places that led to it, one a line; never a value.

    The class of what caused it comes first, if something did.
    """
    lines: list[str] = []
    seen: set[int] = set()
    fault: BaseException | None = error
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        lines[:0] = [type(fault).__name__, *_frames(fault.__traceback__)]
        fault = fault.__cause__ or fault.__context__
    return "\n".join(lines)


def _frames(trace: TracebackType | None) -> list[str]:
    walked = list(traceback.walk_tb(trace))[-_PLACES:]
    return [
        f"  {Path(frame.f_code.co_filename).name}:{line} in {frame.f_code.co_name}"
        for frame, line in walked
    ]


def _on_fault(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        _say("porras: interrupted")
        return
    what = said(
        "a fault in the program itself. Everything that was recorded before it is stored. "
        "Please report these places in the code; they hold nothing about a client."
    )
    if part := find_missing_part(error):
        what = said(
            "a part of the program is missing: {part}. Everything that was recorded before it is "
            "stored. Install Porras anew; if that does not help, report these places in the code."
        ).format(part=part)
    _say(f"porras: {what}")
    _say(locate_fault(error))


def said(text: str) -> str:
    """Return a text in the language that is spoken, in English where that cannot be looked up."""
    try:
        from tui.spoken import said as spoken

        return spoken(text)
    except Exception:  # whatever else fails, the fault itself is told
        return text


def find_missing_part(error: BaseException | None) -> str:
    """Return the name of the library that could not be read; nothing of any other fault."""
    name = error.name if isinstance(error, ImportError) else None
    return name.partition(".")[0] if name else ""


def _on_thread_fault(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        _on_fault(args.exc_type, args.exc_value, args.exc_traceback)


def _on_lost_fault(args: sys.UnraisableHookArgs) -> None:
    """Tell of a fault without the usual words, which hold a picture of the object."""
    if args.exc_value is not None:
        _say(f"porras: {locate_fault(args.exc_value)}")


def _on_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Tell where something warned, never of what."""
    del message, file, line  # pydantic for one shows values in its warnings
    _say(f"porras: {category.__name__}, {Path(filename).name}:{lineno}")


class _Bare(logging.Handler):
    """Tells where a library warned, never of what: asyncio for one shows values in its messages."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the level, the logger and the place of the call."""
        _say(f"porras: {record.levelname} of {record.name}, {record.module}:{record.lineno}")


def _say(text: str) -> None:
    stream: TextIO | None = sys.stderr
    with suppress(OSError, ValueError, AttributeError):
        if stream is not None:
            stream.write(escape_unfit(text, lines=True) + "\n")
            stream.flush()
