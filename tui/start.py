"""Opens the program: looks at the terminal first, then hands over to the application."""

from __future__ import annotations

import sys
from datetime import datetime

from screens.language import speech
from tui import terminal
from tui.settings import Settings


def now() -> datetime:
    """Return the present time with the zone of this machine."""
    return datetime.now().astimezone()


def open_program(settings: Settings, *, demo: bool) -> int:
    """Run the program and return its exit status.

    2 where the terminal cannot show it; 128 + n where signal n ended it.
    """
    terminal.prepare()
    refusal = terminal.current()
    if refusal is not None:
        sys.stderr.write(f"porras: {speech(settings.speaks)(refusal.text, **refusal.values)}\n")
        return 2

    from screens.desk import Desk
    from store.places import find
    from tui.app import PorrasApp

    desk = Desk(
        clock=now,
        pathways=settings.pathways,
        language=settings.speaks,
        language_asked=settings.language is not None,
    )
    app = PorrasApp(desk, find(settings.database), demo=demo)
    app.run(mouse=False)
    return app.return_code or 0
