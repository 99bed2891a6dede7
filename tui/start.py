"""Opens the program: looks at the terminal first, then hands over to the application."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from screens.language import speech
from tui import leftover, say, terminal
from tui.ahead import hold_back_collecting
from tui.settings import Settings

if TYPE_CHECKING:
    from datetime import datetime

    from screens.desk import Desk


def now() -> datetime:
    """Return the present time as Finnish clocks show it, whatever the zone of this machine."""
    from store.times import local_time, utc_now

    return local_time(utc_now())


def open_program(settings: Settings, *, demo: bool, plain: bool = False) -> int:
    """Run the program, line by line if `plain`, and return its exit status.

    2 where the terminal cannot show it; 128 + n where signal n ended it.
    """
    if plain:
        return _line_by_line(settings, demo=demo)
    terminal.prepare()
    refusal = terminal.current()
    if refusal is not None:
        t = speech(settings.speaks)
        why = t(refusal.text, **refusal.values)
        plainly = t("Line by line it works on any terminal: porras --plain")
        say.line(f"porras: {why} {plainly}", err=True)
        return 2

    hold_back_collecting()
    from store.places import find_answering
    from tui.app import PorrasApp

    app = PorrasApp(_desk(settings), find_answering(settings.database), demo=demo)
    app.ability = terminal.ability_of(os.environ, settings.glyphs, settings.painter, settings.theme)
    with leftover.marked(), terminal.errors_aside():
        app.run(mouse=False)
    return app.return_code or 0


def _desk(settings: Settings) -> Desk:
    from screens.desk import Desk

    return Desk(
        clock=now,
        pathways=settings.pathways,
        language=settings.speaks,
        language_asked=settings.language is not None,
    )


def _line_by_line(settings: Settings, *, demo: bool) -> int:
    from store.places import find_answering
    from tui.plain.opening import open_plain
    from tui.plain.teletype import standard

    teletype, places, desk = standard(), find_answering(settings.database), _desk(settings)
    desk.areas  # noqa: B018 - what has been said on paper is not said again with the place
    with leftover.marked(lines=True), teletype.minding_signals():
        return open_plain(desk, places, teletype.paper, demo=demo)
