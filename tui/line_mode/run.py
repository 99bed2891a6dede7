"""Opens the program line by line, and says at the end that nothing is lost."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from casework.workspace import Workspace
from store.paths import StorePaths
from tui.app import closed, fault_text
from tui.flows.main import Flow
from tui.line_mode.app import LineModeApp
from tui.line_mode.line_io import Ended, LineTerminal

if TYPE_CHECKING:
    from screens.desk.wanted import Wanted

Result = TypeVar("Result")


def open_plain(
    workspace: Workspace,
    places: StorePaths,
    terminal: LineTerminal,
    *,
    demo: bool,
    begin: Wanted | None = None,
    tour: bool = False,
) -> int:
    """Work until the nurse closes the program, and return the exit status.

    0 also at the end of input at the start; 1 where it ends anywhere else; 128 + n after signal n.
    """
    app = LineModeApp(workspace, places, terminal)
    try:
        terminal.write(
            workspace.t(
                "Porras line by line. Type what stands in brackets and press Enter. ! or 112: "
                "emergency card. ?: help. q: pause."
            )
        )
        _at_once(Flow(app, workspace, places, demo=demo, begin=begin, tour=tour).run())
    except Ended as end:
        _say_last(terminal, app.end_beside())
        _say_last(terminal, _farewell(workspace))
        return end.status
    except Exception as error:
        _say_last(terminal, fault_text(error, workspace))
        return 1
    finally:
        _say_last(terminal, app.end_beside())
        _say_last(terminal, closed(workspace))
    return 0


def _farewell(workspace: Workspace) -> str:
    """Close the store and say what is safe; where none was open there is no draft to go on with."""
    if workspace.opened is None:
        return workspace.t("Porras ends. No store was open, and nothing was recorded.")
    barred = workspace.opened.barred
    if said := closed(workspace) or (barred and workspace.describe_error(barred)):
        return said
    return workspace.t(
        "Porras ends. Every answer given is stored: start it again and go on with the draft."
    )


def _say_last(terminal: LineTerminal, text: str) -> None:
    """Say a last sentence if there is one, to whoever is still there."""
    if not text:
        return
    with suppress(Ended):
        terminal.write_line("")
        terminal.write(text)


def _at_once(task: Coroutine[Any, Any, Result]) -> Result:
    """Run what never waits for anything, without a loop of events."""
    try:
        task.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    raise RuntimeError("the flow waits for something that is not on paper")
