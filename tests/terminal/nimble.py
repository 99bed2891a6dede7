"""The real program for fingers quicker than any hand's: every press is taken as it comes.

python -m tests.terminal.nimble --db FILE --lang en
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.widgets.fingers import ANY_PACE
from tui import start
from tui.__main__ import main

if TYPE_CHECKING:
    from screens.desk import Desk
    from tui.settings import Settings


def quicken() -> None:
    """Let no key be taken for one that is held."""
    real = start._desk

    def made(settings: Settings) -> Desk:
        desk = real(settings)
        desk.pace = ANY_PACE
        return desk

    start._desk = made


if __name__ == "__main__":
    quicken()
    main()
