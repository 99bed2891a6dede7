"""Gives its console a size, then runs in it: `python -m tests.windows.sized 80 25 -m tui`."""

from __future__ import annotations

import subprocess
import sys

from tests.windows.observer import resize
from tui.terminal.windows.ending import minding_console

resize(int(sys.argv[1]), int(sys.argv[2]))
with minding_console(lambda _: None):  # what comes is meant for the program
    sys.exit(subprocess.call([sys.executable, *sys.argv[3:]]))
