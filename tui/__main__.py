"""Starts Porras from the command line."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import suppress


def main() -> None:
    """Run the command line; imports stay inside so that each command loads only what it needs."""
    from tui.hardening import harden_process

    harden_process()
    if sys.platform != "win32":
        from tui.terminal.leftover import restore_terminals

        restore_terminals()
    from tui.cli import porras

    code: list[object] = []
    atexit.register(_end_at_once, code)  # the first one is called last, when all else is done
    try:
        porras.main(standalone_mode=True, prog_name="porras")
    except SystemExit as ended:
        code.append(ended.code)
        raise


def _end_at_once(codes: list[object]) -> None:
    """End the process where a thread that nobody waits for is still at work.

    Python would stop such a thread wherever it is, also inside a library, and that aborts: the exit
    status would tell of a crash.
    """
    if not codes or not any(each.daemon for each in threading.enumerate()):
        return
    for stream in (sys.stdout, sys.stderr):  # noqa: TID251 - nothing is printed by it
        with suppress(OSError, ValueError):  # a terminal that is gone, or a stream that is closed
            stream.flush()
    code = codes[0]
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
