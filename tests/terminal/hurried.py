"""The nimble program with a clock of its idle lock that runs a hundred times too fast.

python -m tests.terminal.hurried --db FILE --lang en
"""

from __future__ import annotations

from casework import idle_timer
from tests.terminal import nimble
from tui.cli import porras

TIMES = 100.0


def main() -> None:
    """Open the program."""
    real = idle_timer.uptime_s
    idle_timer.uptime_s = lambda: TIMES * real()
    nimble.quicken()
    porras()


if __name__ == "__main__":
    main()
