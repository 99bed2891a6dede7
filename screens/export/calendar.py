"""The next contact as a file for a calendar: the code of the client, and nothing of the care."""

from __future__ import annotations

from typing import Any

from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.base.page import TRAINING, Page
from screens.export.to_file import Asked, FileToWrite
from stepping.interchange.calendar import BEGINS, as_calendar, find_calendar_entry
from store.codes import show
from store.output import Kind
from store.records import Client

CALENDAR = Kind(lambda beginning: beginning.startswith(BEGINS))


def calendar_of(workspace: Workspace, client: Client, episode: str) -> bytes | None:
    """Return the file of what is agreed now in an episode; `None` if nothing is to come.

    Raises:
        StoreError: If the store does not tell.
    """
    care = EpisodeSession.load(workspace, client, episode)
    entry = find_calendar_entry(care.episode, episode, workspace.today)
    if entry is None:
        return None
    practice = f"{TRAINING} " if workspace.training else ""
    return as_calendar(entry, f"Porras {practice}{show(client.code)}", workspace.clock())


def calendar_file(page: Page[Any], care: EpisodeSession) -> FileToWrite:
    """Return how a page writes the next contact to a file, as it is agreed at that moment."""
    workspace, t = page.workspace, page.t
    asked = Asked(
        t("Write the next contact to a file"),
        t(
            "Your calendar can open the file. It tells the day, the time and the client code. It "
            "does not follow what is agreed later: write it again then."
        ),
        f"~/{care.client.code}.ics",
        t("Nothing is written; choose another name."),
        t("The earlier contact in it is lost."),
    )

    def content() -> bytes | None:
        made = page.attempt(lambda: (calendar_of(workspace, care.client, care.id),))
        if made == (None,):
            page.say(t("No contact is agreed any more. Nothing was written."))
        return made[0] if made else None

    return FileToWrite(
        page, CALENDAR, asked, lambda: workspace.store.audit_log.log_export(care.id), content
    )
