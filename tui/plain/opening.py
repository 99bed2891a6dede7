"""Opens the program line by line, and says at the end that nothing is lost."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from screens.desk import Desk
from store.places import Places
from tui.app import closed, fault_text
from tui.flow import Flow
from tui.plain.paper import Ended, Paper
from tui.plain.stand import Stand

Result = TypeVar("Result")


def open_plain(desk: Desk, places: Places, paper: Paper, *, demo: bool) -> int:
    """Work until the nurse closes the program, and return the exit status.

    0 also at the end of input at the start; 1 where it ends anywhere else; 128 + n after signal n.
    """
    stand = Stand(desk, places, paper)
    try:
        paper.put(
            desk.t(
                "Porras line by line. Type what stands in brackets and press Enter. ! or 112: "
                "emergency card. ?: help. q: pause."
            )
        )
        _at_once(Flow(stand, desk, places, demo=demo).run())
    except Ended as end:
        _say_last(paper, stand.leave())
        _say_last(paper, _farewell(desk))
        return end.status
    except Exception as error:
        _say_last(paper, fault_text(error, desk))
        return 1
    finally:
        _say_last(paper, stand.leave())
        _say_last(paper, closed(desk))
    return 0


def _farewell(desk: Desk) -> str:
    """Close the store and say what is safe; where none was open there is no draft to go on with."""
    if desk.opened is None:
        return desk.t("Porras ends. No store was open, and nothing was recorded.")
    barred = desk.opened.barred
    if said := closed(desk) or (barred and desk.said(barred)):
        return said
    return desk.t(
        "Porras ends. Every answer given is stored: start it again and go on with the draft."
    )


def _say_last(paper: Paper, text: str) -> None:
    """Say a last sentence if there is one, to whoever is still there."""
    if not text:
        return
    with suppress(Ended):
        paper.say("")
        paper.put(text)


def _at_once(task: Coroutine[Any, Any, Result]) -> Result:
    """Run what never waits for anything, without a loop of events."""
    try:
        task.send(None)
    except StopIteration as end:
        result: Result = end.value
        return result
    raise RuntimeError("the flow waits for something that is not on paper")
