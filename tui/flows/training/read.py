"""Reading the client's part, on a second terminal or before a role-play."""

from __future__ import annotations

from screens.training.client_part import ClientPartScreen
from tui.flows.training.room import Room, choose_case


async def read_client_part(room: Room) -> str:
    """Show the client's part of one case after the other; return what to say on the menu."""
    workspace = room.practice.workspace
    while case := await choose_case(room, workspace.t("Play the client")):
        await room.show(ClientPartScreen(workspace, case))
    return ""
