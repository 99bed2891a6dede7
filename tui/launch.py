"""Opens the program: looks at the terminal first, then hands over to the application."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

from casework.language import speech
from casework.workspace import Workspace
from store.paths import StorePaths, find_answering
from store.training.places import seat_places
from tui import say
from tui.preload import disable_gc
from tui.settings import Settings
from tui.terminal import capabilities

if TYPE_CHECKING:
    from screens.desk.wanted import Wanted


def now() -> datetime:
    """Return the present time as Finnish clocks show it, whatever the zone of this machine."""
    from store.times import local_time, utc_now

    return local_time(utc_now())


def open_program(
    settings: Settings, *, demo: bool, plain: bool = False, begin: Wanted | None = None
) -> int:
    """Run the program, line by line if `plain`, and return its exit status.

    `begin` is what comes before the start is shown.

    2 where the terminal cannot show it; 128 + n where signal n ended it.
    """
    if plain:
        return _line_by_line(settings, demo=demo, begin=begin)
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

    app = PorrasApp(_workspace(settings), find_places(settings), demo=demo, begin=begin)
    app.tour = settings.tour
    app.ability = capabilities.detect_ability(
        os.environ,
        settings.glyphs,
        settings.painter,
        settings.theme,
        capabilities.find_console(),
    )
    app.at_most = settings.size
    with _marked_terminal(), capabilities.hold_back_stderr():
        app.run(mouse=False)
    return app.return_code or 0


def _marked_terminal(*, lines: bool = False) -> AbstractContextManager[None]:
    """Mark the terminal as one that has to be put right if this program is killed.

    Windows does that by itself: there the screen of a program goes away with it.
    """
    if sys.platform == "win32":
        return nullcontext()
    from tui.terminal.leftover import mark_terminal

    return mark_terminal(lines=lines)


def _workspace(settings: Settings) -> Workspace:
    return Workspace(
        clock=now,
        pathways=settings.pathways,
        vignettes=settings.vignettes,
        language=settings.speaks,
        language_asked=settings.language is not None,
        seat=settings.seat,
        classes=settings.classes,
        content=settings.chosen,
    )


def find_places(settings: Settings) -> StorePaths:
    """Return where the stores are; that of training is the one of the seat."""
    return seat_places(find_answering(settings.database), settings.seat)


def _line_by_line(settings: Settings, *, demo: bool, begin: Wanted | None) -> int:
    from tui.line_mode.run import open_plain
    from tui.line_mode.stdio import standard

    stdio, places, workspace = (
        standard(),
        find_places(settings),
        _workspace(settings),
    )
    workspace.areas  # noqa: B018 - what has been said on paper is not said again with the place
    with _marked_terminal(lines=True), stdio.minding_signals():
        return open_plain(
            workspace, places, stdio.terminal, demo=demo, begin=begin, tour=settings.tour
        )
