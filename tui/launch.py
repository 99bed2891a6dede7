"""Opens the program: looks at the terminal first, then hands over to the application."""

from __future__ import annotations

import os
from datetime import datetime

from casework.language import speech
from casework.workspace import Workspace
from store.paths import find_answering
from tui import say
from tui.preload import disable_gc
from tui.settings import Settings
from tui.terminal import capabilities, leftover


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
    capabilities.prepare_textual()
    refusal = capabilities.check_this_terminal()
    if refusal is not None:
        t = speech(settings.speaks)
        why = t(refusal.text, **refusal.values)
        plainly = t("Line by line it works on any terminal: porras --plain")
        say.line(f"porras: {why} {plainly}", err=True)
        return 2

    disable_gc()
    from tui.app import PorrasApp

    app = PorrasApp(_workspace(settings), find_answering(settings.database), demo=demo)
    app.ability = capabilities.detect_ability(
        os.environ, settings.glyphs, settings.painter, settings.theme
    )
    app.at_most = settings.size
    with leftover.mark_terminal(), capabilities.hold_back_stderr():
        app.run(mouse=False)
    return app.return_code or 0


def _workspace(settings: Settings) -> Workspace:
    return Workspace(
        clock=now,
        pathways=settings.pathways,
        language=settings.speaks,
        language_asked=settings.language is not None,
    )


def _line_by_line(settings: Settings, *, demo: bool) -> int:
    from tui.line_mode.run import open_plain
    from tui.line_mode.stdio import standard

    stdio, places, workspace = (
        standard(),
        find_answering(settings.database),
        _workspace(settings),
    )
    workspace.areas  # noqa: B018 - what has been said on paper is not said again with the place
    with leftover.mark_terminal(lines=True), stdio.minding_signals():
        return open_plain(workspace, places, stdio.terminal, demo=demo)
