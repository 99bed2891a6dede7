"""The real program for fingers quicker than any hand's: every press is taken as it comes.

python -m tests.terminal.nimble --db FILE --lang en
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.base.key_pace import ANY_PACE
from tui import launch
from tui.__main__ import main

if TYPE_CHECKING:
    from casework.workspace import Workspace
    from tui.settings import Settings


def quicken() -> None:
    """Let no key be taken for one that is held."""
    real = launch._workspace

    def made(settings: Settings) -> Workspace:
        workspace = real(settings)
        workspace.pace = ANY_PACE
        return workspace

    launch._workspace = made


if __name__ == "__main__":
    quicken()
    main()
