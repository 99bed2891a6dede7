"""The way to a backup: where it goes, then how it went."""

from __future__ import annotations

from pathlib import Path

from casework.desk.backup import suggest_folder
from casework.workspace import Workspace
from screens.base.error import ErrorScreen
from screens.base.prompt import Refused, ValuePrompt
from screens.desk.backup import BackupScreen
from store.errors import StoreError
from tui.flows.show import Show

_LONGEST = 400
"""Characters that a folder's path may have here."""


async def make_backup(workspace: Workspace, show: Show) -> str:
    """Ask where, and make a backup; after a failure ask again. Return what to say at the start."""
    t = workspace.t
    try:
        begin_with = str(suggest_folder(workspace.store))
    except StoreError as error:
        await show(ErrorScreen(workspace, error))
        return ""

    def read(text: str) -> Path:
        named = text.strip('"')  # as Windows puts them around a path that it copies
        if not named or "\0" in named:
            raise Refused(t("Type the folder."))
        return Path(named)

    about = t(
        "Type the folder where it goes. A stick has to be plugged in first. The copy opens with "
        "today's passphrases alone."
    )
    while True:
        asked = ValuePrompt(
            workspace,
            t("Where does the backup go?"),
            about,
            read,
            begin_with=begin_with,
            longest=_LONGEST,
        )
        if (folder := await show(asked)) is None:
            return ""
        made = await show(BackupScreen(workspace, folder))
        if made is None:
            return t("The backup was left before it was finished: make another.")
        if made:
            return t("The backup is made and read back.")
        begin_with = str(folder)
