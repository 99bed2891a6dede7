"""The program on Textual's own terminal driver and updates, as they come; arguments as for it."""

from __future__ import annotations

from contextlib import nullcontext

from tests.terminal.nimble import quicken
from tui.__main__ import main
from tui.terminal import capabilities


def take_back() -> None:
    """Give the application the methods of Textual that its own ones stand before."""
    capabilities.prepare_textual()  # before Textual is first imported
    from textual.app import App

    from tui.terminal.app import TerminalApp

    for name in ("get_driver_class", "_display"):
        setattr(TerminalApp, name, getattr(App, name))
    # That driver draws on standard error, which the program keeps for other words.
    capabilities.hold_back_stderr = nullcontext  # type: ignore[assignment]


if __name__ == "__main__":
    take_back()
    quicken()
    main()
