"""The real program on another day: its clock begins at the instant given first, and goes on.

python -m tests.terminal.dated 2026-01-12T09:00+02:00 --db FILE --lang fi
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from tests.terminal.nimble import quicken
from tui import launch
from tui.cli import porras


def main() -> None:
    """Open the program."""
    began, opened = datetime.fromisoformat(sys.argv.pop(1)), time.monotonic()
    launch.now = lambda: began + timedelta(seconds=time.monotonic() - opened)
    quicken()
    porras()


if __name__ == "__main__":
    main()
