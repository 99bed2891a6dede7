"""A class as its trainer sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from casework.training.classroom import Classroom
from casework.training.membership import look_for_classes
from casework.workspace import Workspace
from screens.base.error import ErrorScreen, PathwayErrorScreen
from screens.base.pick import ListItem, PickScreen
from screens.training.trainer.page import ClassScreen
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError
from store.errors import StoreError
from tui.flows.show import Show


async def show_class(workspace: Workspace, show: Show, folder: Path) -> None:
    """Show a class until it is left."""
    try:
        used = {pathway.id: pathway for pathway in workspace.pathways_in_use}
        room = Classroom(folder, used)
        room.record  # noqa: B018 - a class that cannot be used is told before its page is shown
        await show(ClassScreen(workspace, room))
    except StoreError as error:
        await show(ErrorScreen(workspace, error))
    except PathwayError as error:
        await show(PathwayErrorScreen(workspace, error))


async def choose_class(workspace: Workspace, show: Show, folders: Iterable[Path]) -> str:
    """Let the trainer choose among the classes here, the newest first; return what to say."""
    t = workspace.t
    classes, faults = look_for_classes(folders)
    found = sorted(classes, key=lambda each: each.record.opened)[::-1]
    for fault in faults:
        await show(ErrorScreen(workspace, fault))
    if not found:
        return t("There is no class here. Open one: porras class open NAME")
    items = [
        ListItem(
            each.record.name,
            t(
                "opened {day} · {count} seats",
                day=finnish_day(datetime.fromisoformat(each.record.opened)),
                count=len(each.record.seats),
            ),
        )
        for each in found
    ]
    if len(found) == 1:
        await show_class(workspace, show, found[0].folder)
        return ""
    title = (t("Which class?"), "")
    while (chosen := await show(PickScreen(workspace, title, items))) is not None:
        await show_class(workspace, show, found[chosen].folder)
    return ""
