"""Putting the training store back from within: what to begin with, then a word that is typed."""

from __future__ import annotations

from functools import partial

from casework.language import N_
from casework.training.caseload import caseload
from casework.workspace import Workspace
from screens.base.pick import ListItem, PickScreen
from screens.base.prompt import PromptScreen
from screens.training.reset import BeginAnewScreen, what_goes
from store.paths import StorePaths
from store.training.opening import open_training, six_clients
from store.training.reset import look, reset_training
from tui.flows.training.room import Room

_WORD = N_("anew")
"""What is typed, so that no stray key begins anew."""


async def begin_anew(room: Room, places: StorePaths) -> str:
    """Ask with what and whether to begin anew, and do it; return what to say on the menu."""
    workspace = room.practice.workspace
    t = workspace.t
    beginnings = [
        ListItem(t("Six clients"), t("as at first")),
        ListItem(t("200 clients"), t("18 months of care, for worklist and reports")),
    ]
    chosen = await room.show(PickScreen(workspace, (t("Begin anew"), ""), beginnings))
    if chosen is None or not await _is_meant(room, places):
        return ""
    filling = caseload() if chosen else six_clients()
    workspace.close()
    make = partial(reset_training, places.training, workspace.clock, filling)
    page = BeginAnewScreen(workspace, make)
    await room.show(page)
    workspace.use(open_training(places.training, workspace.clock))
    if page.failed:
        await room.tell(page.failed)
        return ""
    return t("The training store is as it begins, with today as its day.")


async def _is_meant(room: Room, places: StorePaths) -> bool:
    workspace = room.practice.workspace
    t, word = workspace.t, workspace.t(_WORD)
    held = look(places.training)
    goes = what_goes(t, held.clients, held.drafts) if held else []
    ask = t("Type the word {word} and press Enter.", word=word)
    prompt = PromptScreen(
        workspace,
        t("Begin anew"),
        "\n\n".join((" ".join(goes), ask)),
        check=partial(_check, workspace, word),
        longest=20,
    )
    return await room.show(prompt) is not None


def _check(workspace: Workspace, word: str, text: str) -> str | None:
    same = text.strip().casefold() == word.casefold()
    return None if same else workspace.t("This is not the word.")
