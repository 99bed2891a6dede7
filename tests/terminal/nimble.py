"""The real program for fingers quicker than any hand's: every press is taken as it comes.

python -m tests.terminal.nimble --db FILE --lang en
"""

from __future__ import annotations

from tui.__main__ import main
from tui.full_screen import key_pace

ANY_PACE = key_pace.Pace(0, 0, 0, 0)
"""Takes every press as it comes, however fast."""


def quicken() -> None:
    """Let no key be taken for one that is held."""
    vars(key_pace)["Pace"] = lambda: ANY_PACE


if __name__ == "__main__":
    quicken()
    main()
